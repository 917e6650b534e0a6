"""Charsets as mails declare them, or do not: the text is what was written."""

from __future__ import annotations

import base64
from typing import Final

import pytest

from gateway.mail.charset import decode
from gateway.mail.parse import parse

# (the label, the text, the charset its bytes are really in).
BODIES: Final = (
    ("gb2312", "您好，我们的導出功能有問題，镕基。", "gbk"),
    ("", "您好，我们昨天购买的产品无法使用，请尽快处理，谢谢。", "gbk"),
    ("us-ascii", "您好，我们昨天购买的产品无法使用", "gbk"),
    ("iso-8859-1", "您好，我们昨天购买的产品无法使用", "gbk"),
    ("utf-8", "您好，我们昨天购买的产品无法使用", "gbk"),
    ("big5", "您好，匯出功能無法使用，請協助處理。", "big5"),
    ("", "您好，匯出功能無法使用，請協助處理，謝謝您的幫忙。", "big5"),
    ("big5", "喺度唔得，請幫手睇下", "big5hkscs"),
    ("euc-kr", "안녕하세요. 내보내기가 되지 않습니다.", "euc-kr"),
    ("", "안녕하세요. 내보내기가 되지 않습니다. 확인 부탁드립니다.", "euc-kr"),
    ("ks_c_5601-1987", "똠방각하 펲시콜라", "cp949"),
    ("shift_jis", "①㈱テスト～エクスポートできません。", "cp932"),
    ("", "お世話になっております。エクスポートができません。", "cp932"),
    ("", "お世話になっております。エクスポートができません。", "euc-jp"),
    ("euc-jp", "お世話になっております。", "euc-jp"),
    ("iso-2022-jp", "お世話になっております。", "iso-2022-jp"),
    ("", "お世話になっております。", "iso-2022-jp"),
    ("utf-8", "お世話になっております。", "iso-2022-jp"),
    ("iso-2022-kr", "안녕하세요", "iso-2022-kr"),
    ("hz-gb-2312", "您好，我们", "hz"),
    ("", "Здравствуйте, экспорт не работает. Помогите, пожалуйста.", "koi8-r"),
    ("koi8-r", "Доброго дня, експорт не працює, є питання, її файл", "koi8-u"),
    ("", "Здравствуйте, экспорт не работает. Помогите, пожалуйста.", "cp1251"),
    ("iso-8859-1", "Здравствуйте, экспорт не работает.", "cp1251"),
    ("ibm866", "Здравствуйте", "cp866"),
    ("windows-874", "สวัสดีครับ ส่งออกไม่ได้", "cp874"),
    ("tis-620", "สวัสดีครับ", "cp874"),
    ("", "สวัสดีครับ ส่งออกไม่ได้ ช่วยด้วยครับ", "cp874"),
    ("utf-7", "Grüße – ok", "utf-7"),
    ("utf-16", "Grüße", "utf-16"),
    ("", "Grüße aus Köln", "utf-16"),
    ("iso-8859-1", "“It’s €5” – ok", "cp1252"),
    ("iso-8859-1", "Grüße aus Köln", "utf-8"),
    ("us-ascii", "Grüße aus Köln", "utf-8"),
    ("utf-8", "Grüße aus Köln", "latin-1"),
    ("", "Grüße aus Köln", "latin-1"),
    ("iso-8859-2", "Zażółć gęślą jaźń", "iso-8859-2"),
    ("windows-1250", "Zażółć gęślą jaźń „ok”", "cp1250"),
    ("iso-8859-2", "Žluťoučký kůň „ok” š", "cp1250"),
    ("iso-8859-9", "Şikayet: dışa aktarma çalışmıyor, ığ", "cp1254"),
    ("windows-1255", "שלום, הייצוא לא עובד", "cp1255"),
    ("iso-8859-8-i", "שלום, הייצוא לא עובד", "iso-8859-8"),
    ("", "שלום, הייצוא לא עובד. אנא עזרו לי בבקשה.", "cp1255"),
    ("windows-1256", "مرحبا، التصدير لا يعمل", "cp1256"),
    ("", "مرحبا، التصدير لا يعمل. الرجاء المساعدة في أقرب وقت.", "cp1256"),
    ("iso-8859-6", "مرحبا", "iso-8859-6"),
    ("iso-8859-7", "Καλημέρα, δεν λειτουργεί", "iso-8859-7"),
    ("", "Καλημέρα, η εξαγωγή δεν λειτουργεί. Παρακαλώ βοηθήστε.", "cp1253"),
    ("windows-1253", "Καλημέρα ’Αλλο €", "cp1253"),
    ("windows-1257", "Ačiū, eksportas neveikia ž", "cp1257"),
    ("windows-1258", "Xin chào", "cp1258"),
    ("macintosh", "Grüße “ok”", "mac_roman"),
    ("cp-850", "Grüße", "cp850"),
    ("ibm437", "Grüße", "cp437"),
    ("windows-1252http-equivcontent-type", "Grüße – ok", "cp1252"),
    ('"utf-8"', "Grüße", "utf-8"),
    ("utf-8;format=flowed", "Grüße", "utf-8"),
    ("iso8859_15", "Grüße €", "iso-8859-15"),
    ("x-nonsense", "Grüße", "utf-8"),
    ("charset=utf-8", "Grüße", "utf-8"),
    ("utf-8", "Preis: 5 € – ok", "cp1252"),
    ("gb18030", "您好🙂", "gb18030"),
    ("windows-949", "똠", "cp949"),
    ("x-x-big5", "您好", "big5"),
)
# Words of a subject or a file's name, without any label.
WORDS: Final = (
    ("您好", "gbk"),
    ("退款", "gbk"),
    ("报告.pdf", "gbk"),
    ("请假", "gbk"),
    ("咨询产品价格", "gbk"),
    ("Re: 订单问题", "gbk"),
    ("發票", "big5"),
    ("訂單問題", "big5"),
    ("안녕", "euc-kr"),
    ("견적서.hwp", "euc-kr"),
    ("문의드립니다", "euc-kr"),
    ("お見積り", "cp932"),
    ("お見積り", "euc-jp"),
    ("Счет", "cp1251"),
    ("Вопрос по заказу", "cp1251"),
    ("Счет", "koi8-r"),
    ("ЗАКАЗ", "cp1251"),
    ("ЗАКАЗ", "koi8-r"),
    ("שאלה", "cp1255"),
    ("สอบถาม", "cp874"),
    ("Größe", "cp1252"),
    ("¡¿Qué?! ÑÑ", "cp1252"),
    ("“…”", "cp1252"),
    ("PROCÉDÉ ÉÉ", "cp1252"),
    ("«Été»", "cp1252"),
    ("Töölöön äijä ääni", "cp1252"),
    ("ŒÆØÅ", "cp1252"),
    ("––––", "cp1252"),
    ("€€€€", "cp1252"),
    ("······", "cp1252"),
    ("°°°°", "cp1252"),
    ("½ ¼ ¾ ± ²", "cp1252"),
    ("5 ± 3 µm, m², ¾ © ® ™", "cp1252"),
    ("£5 ¥6 ¢7", "cp1252"),
    ("Ãlvares São João", "cp1252"),
    ("ÃÕ ãõ ÂÊ", "cp1252"),
)
HEAD: Final = b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain"


@pytest.mark.parametrize(("label", "text", "charset"), BODIES)
@pytest.mark.parametrize("encoding", ["base64", "8bit"])
def test_a_body_is_read_whatever_its_label_says(label: str, text: str, charset: str, encoding: str) -> None:
    data = text.encode(charset)
    if encoding == "8bit" and b"\0" in data:
        pytest.skip("two-byte units cannot travel in lines")
    body = base64.encodebytes(data) if encoding == "base64" else data
    declared = f"; charset={label}".encode() if label else b""
    mail = HEAD + declared + f"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
    assert parse(mail).text == text


@pytest.mark.parametrize(("text", "charset"), WORDS)
def test_a_few_bare_words_are_read(text: str, charset: str) -> None:
    assert decode(text.encode(charset))[0] == text


def test_a_subject_without_a_label_is_in_the_charset_of_the_body() -> None:
    head, body = "Subject: 請求書\r\n\r\n", "お世話になっております。エクスポートができません。"
    assert parse((head + body).encode("cp932")).subject == "請求書"
