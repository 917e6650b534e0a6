"""The small readers under `parse`: charsets, encoded words, parameters, names, the pre-scan, languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail import names, params
from gateway.mail.charset import decode, known
from gateway.mail.language import guess
from gateway.mail.prescan import is_odd, prescan
from gateway.mail.words import text_of


@pytest.mark.parametrize(
    ("text", "sent_as", "label"),
    [
        ("山田です。会議について", "iso-2022-jp", "iso-2022-jp"),
        ("山田です。会議について", "iso-2022-jp", ""),
        ("①髙橋", "cp932", "shift_jis"),
        ("镕基总理", "gbk", "gb2312"),
        ("您好，导出失败了，请帮忙看一下。", "gbk", ""),
        ("您好，导出失败了，请帮忙看一下。", "gbk", "us-ascii"),
        ("Здравствуйте, экспорт не работает", "koi8-r", ""),
        ("Здравствуйте, экспорт не работает", "cp1251", "X-UNKNOWN"),
        ("안녕하세요 내보내기가 실패합니다", "cp949", "ks_c_5601-1987"),
        ("Größe “gut” – 5 €", "cp1252", "iso-8859-1"),
        ("Größe “gut” – 5 €", "cp1252", "utf-8"),
        ("Größe “gut” – 5 €", "utf-8", "iso-8859-1"),
        ("Größe", "utf-8", "DEFAULT"),
        ("สวัสดี", "cp874", "windows-874"),
        ("שלום", "iso-8859-8", "iso-8859-8-i"),
        ("łąka", "cp1250", "Windows-1250"),
        ("Grüße", "utf-16", "utf-16"),
        ("Grüße", "utf-7", "unicode-1-1-utf-7"),
    ],
)
def test_text_is_read_whatever_its_label_says(text: str, sent_as: str, label: str) -> None:
    assert decode(text.encode(sent_as), label)[0] == text


@pytest.mark.parametrize(
    "label", ["zlib", "rot13", "idna", "undefined", "unicode_escape", "base64", "a\0b", "x" * 500, "mbcs"]
)
def test_a_codec_that_is_no_charset_is_not_used(label: str) -> None:
    assert known(label) == ""
    assert decode(b"hello", label)[0] == "hello"


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "utf-8", "utf-16", "utf-7", "gb2312", "iso-2022-jp", "big5", "koi8-r", "hz", "nope"]),
)
def test_any_bytes_with_any_label_are_valid_text(data: bytes, label: str) -> None:
    decode(data, label)[0].encode("utf-8")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?w6Q=?= =?utf-8?q?_x?=", "ä x"),
        (b"=?utf-8?q?=C3?= =?utf-8?q?=A4?=", "ä"),
        (b"=?utf-8?b?R3L?= =?utf-8?b?DvMOfZQ==?=", "Grüße"),
        (b"a =?iso-8859-1?q?=FC?= b", "a ü b"),
        (b"a=?utf-8?q?b?=c", "abc"),
        (b"=?utf-8?q?has blanks?=", "has blanks"),
        ("=?utf-8?q?grün?=".encode(), "grün"),
        ("roh ü".encode(), "roh ü"),
        ("roh ü".encode("latin-1"), "roh ü"),
        (b"=?x-nope?q?=41?=", "A"),
        (b"=?utf\0-8?q?x?=", "x"),
        (b"=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        (b"=?utf-8?q?open", "open"),
    ],
)
def test_encoded_words_are_read_as_they_are_sent(value: bytes, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (b'attachment; filename="a b.pdf"', "a b.pdf"),
        (b"attachment; filename=a b.pdf", "a b.pdf"),
        (b"attachment; filename*=utf-8''%C3%A4.pdf", "ä.pdf"),
        (b"attachment; filename=x.pdf; filename*=utf-8''%C3%A4.pdf", "ä.pdf"),
        (b"attachment; filename*1*=%A4.pdf; filename*0*=utf-8''%C3", "ä.pdf"),
        (b'attachment; filename*0="long"; filename*1=".pdf"; filename*3=x', "long.pdf"),
        (b'attachment; filename="=?utf-8?q?=C3=A4.pdf?="', "ä.pdf"),
        (b"attachment; filename*=utf-8''=?utf-8?q?=C3=A4.pdf?=", "ä.pdf"),
        (b'attachment; filename="C:\\TEMP\\x.pdf"', "C:\\TEMP\\x.pdf"),
        (b'attachment; filename="a;b\\".pdf"; size=1', 'a;b".pdf'),
        (b'attachment; filename="open.pdf; size=1', "open.pdf"),
        ("attachment; filename=ü.pdf".encode(), "ü.pdf"),
    ],
)
def test_a_file_name_is_found_however_it_is_written(source: bytes, name: str) -> None:
    assert params.read(source).params["filename"] == name


def test_a_forgotten_semicolon_does_not_hide_the_charset() -> None:
    read = params.read(b"text/plain charset=koi8-r format=flowed")
    assert (read.value, read.params) == ("text/plain", {"charset": "koi8-r", "format": "flowed"})


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\win.ini", "win.ini"),
        ("C:\\TEMP\\Bericht.pdf", "Bericht.pdf"),
        ("%2e%2e%2fx%00.png", "%2e%2e%2fx%00.png"),
        ("evil.php\0.png", "evil.php.png"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie: x.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        (".\u200bhtaccess", "htaccess"),
        ("nul.txt", "_nul.txt"),
        ("name. . .", "name"),
        ("..", ""),
        ("u\u0308.txt", "ü.txt"),
        ("👩\u200d👧.png", "👩\u200d👧.png"),
        ("", ""),
    ],
)
def test_a_name_is_safe_to_show_and_to_save(sent: str, shown: str) -> None:
    assert names.clean(sent) == shown


@given(st.text(max_size=300))
def test_a_clean_name_is_short_and_stays_as_it_is(sent: str) -> None:
    name = names.clean(sent)
    assert len(name.encode()) <= 150
    assert not set(name) & set("/\\\0\r\n")
    assert name not in (".", "..")


def test_a_long_name_keeps_its_extension() -> None:
    assert names.clean("ü" * 200 + ".pdf") == "ü" * 73 + ".pdf"


def test_an_ordinary_mail_exceeds_nothing_and_is_not_odd() -> None:
    raw = b"From: a@b.example\r\nSubject: hi\r\n\r\n-- \r\n---\r\nbye"
    assert prescan(raw) == []
    assert not is_odd(raw)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"A: b\r\n" * 1001, "1001 header fields"),
        (b"A: b\r\n" * 501, "501 fields 'a'"),
        (b"A: " + b"x" * 110_000, "field 'a' of"),
        (b"".join(b"A%d: " % n + b"x" * 60_000 + b"\r\n" for n in range(5)), "header of"),
        (b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n" * 2001, "2001 delimiter lines"),
        (b"Content-Type: a/b" + b";a=b" * 201, "201 parameters"),
        (b"Subject: " + b"=?a?q?b?= " * 501, "501 encoded words"),
    ],
)
def test_every_cap_is_named_when_it_is_exceeded(raw: bytes, what: str) -> None:
    assert any(what in reason for reason in prescan(raw)), prescan(raw)
    assert is_odd(raw)


def test_a_patch_with_many_dashes_is_no_bomb() -> None:
    assert (
        prescan(b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\n" + b"--- a/x\r\n-- y\r\n" * 3000) == []
    )


def test_large_and_tnef_mails_are_odd() -> None:
    assert is_odd(b"From: a@b.example\r\n\r\n" + b"x" * 70_000)
    assert is_odd(b"From: a@b.example\r\nContent-Type: application/ms-tnef\r\n\r\nx")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello, the export is broken and I can not use it. Thanks", "en"),
        ("Guten Tag, der Export ist nicht möglich, bitte helfen Sie mir", "de"),
        ("Bonjour, je ne peux pas exporter les données avec votre outil", "fr"),
        ("Hola, no puedo exportar los datos con el programa, gracias", "es"),
        ("Buongiorno, non riesco a esportare i dati della mia azienda, grazie", "it"),
        ("Olá, não consigo exportar os dados, obrigado por uma resposta", "pt"),
        ("Goedemorgen, ik kan het bestand niet openen, bedankt voor de hulp", "nl"),
        ("Dzień dobry, nie mogę wyeksportować danych, proszę o pomoc", "pl"),
        ("Здравствуйте, экспорт не работает, что можно сделать", "ru"),
        ("Доброго дня, не працює експорт, дякую за допомогу", "uk"),
        ("エクスポートできません", "ja"),
        ("导出失败了，请帮忙", "zh"),
        ("내보내기가 실패합니다", "ko"),
        ("Merhaba, rapor için bir dosya var ama çok büyük", "tr"),
        ("1042", ""),
    ],
)
def test_a_language_is_guessed_from_script_and_little_words(text: str, language: str) -> None:
    assert guess(text) == language
