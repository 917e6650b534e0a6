"""What more clients write above a quote: each client, each language, each of the forms it had over the years.

Attributions: John Doe wrote on 27 October 2021 at 09:31. Openings: several lines, from the first to the empty one.
"""

from __future__ import annotations

from typing import Final

# Gmail before 2018, with the date spelt out.
GMAIL_OLD: Final = {
    "any": "2021-10-27 9:31 GMT+02:00 John Doe <john@acme.example>:",
    "de": "Am 27. Oktober 2021 um 09:31 schrieb John Doe <john@acme.example>:",
    "fr": "Le 27 octobre 2021 à 09:31, John Doe <john@acme.example> a écrit :",
    "es": "El 27 de octubre de 2021, 9:31, John Doe <john@acme.example> escribió:",
    "it": "Il giorno 27 ottobre 2021 09:31, John Doe <john@acme.example> ha scritto:",
    "pt": "Em 27 de outubro de 2021 09:31, John Doe <john@acme.example> escreveu:",
    "nl": "Op 27 oktober 2021 09:31 schreef John Doe <john@acme.example>:",
    "sv": "Den 27 oktober 2021 09:31 skrev John Doe <john@acme.example>:",
    "da": "Den 27. oktober 2021 kl. 09.31 skrev John Doe <john@acme.example>:",
    "no": "27. oktober 2021 kl. 09:31 skrev John Doe <john@acme.example>:",
    "fi": "27. lokakuuta 2021 klo 9.31 John Doe <john@acme.example> kirjoitti:",
    "pl": "W dniu 27 października 2021 09:31 użytkownik John Doe <john@acme.example> napisał:",
    "cs": "Dne 27. října 2021 9:31 John Doe <john@acme.example> napsal(a):",
    "ru": "27 октября 2021 г., 9:31 пользователь John Doe <john@acme.example> написал:",
    "uk": "27 жовтня 2021 р. 09:31 John Doe <john@acme.example> написав:",
    "tr": "27 Ekim 2021 09:31 tarihinde John Doe <john@acme.example> yazdı:",
    "ko": "2021년 10월 27일 오전 9:31, John Doe <john@acme.example>님의 말:",
    "zh-CN": "在 2021年10月27日 上午9:31，John Doe <john@acme.example>写道：",
    "zh-TW": "John Doe <john@acme.example> 於 2021年10月27日上午9:31 寫道：",
    "ar": "بتاريخ 27 أكتوبر، 2021 9:31 ص، جاء من John Doe <john@acme.example>:",
    "ar, wrote": "في 27 أكتوبر 2021 9:31 ص، كتب John Doe <john@acme.example>:",
    "he": "בתאריך 27 באוקטובר 2021 בשעה 9:31, מאת John Doe <john@acme.example>:",
    "hu": "2021. október 27. 9:31 John Doe írta, <john@acme.example>:",
}
PROTON: Final = {
    "de": "John Doe <john@acme.example> schrieb am Mittwoch, 27. Oktober 2021 um 09:31:",
    "de, on": "Am Mittwoch, 27. Oktober 2021 um 09:31, schrieb John Doe <john@acme.example>:",
    "fr": "Le mercredi 27 octobre 2021 à 09:31, John Doe <john@acme.example> a écrit :",
    "es": "El miércoles, 27 de octubre de 2021 a las 9:31, John Doe <john@acme.example> escribió:",
    "it": "mercoledì 27 ottobre 2021 09:31, John Doe <john@acme.example> ha scritto:",
    "nl": "Op woensdag 27 oktober 2021 om 09:31 schreef John Doe <john@acme.example>:",
    "pl": "środa, 27 października 2021 09:31, John Doe <john@acme.example> napisał(a):",
    "ru": "среда, 27 октября 2021 г. в 09:31, John Doe <john@acme.example> написал(а):",
    "pt": "quarta-feira, 27 de outubro de 2021 às 09:31, John Doe <john@acme.example> escreveu:",
}
THUNDERBIRD_MORE: Final = {
    "en-GB": "On 27/10/2021 09:31, John Doe <john@acme.example> wrote:",
    "en, 12 hours": "On 10/27/2021 9:31 AM, John Doe wrote:",
    "en, spelt out": "On Wednesday, October 27, 2021 at 9:31 AM, John Doe wrote:",
    "en, date last": "John Doe wrote on 10/27/2021 9:31 AM:",
    "de, date last": "John Doe schrieb am 27.10.2021 um 09:31:",
    "fr, date last": "John Doe a écrit le 27/10/2021 à 09:31 :",
    "es, date last": "John Doe escribió el 27/10/2021 a las 9:31:",
    "it, date last": "John Doe ha scritto il 27/10/2021 alle 09:31:",
    "pt-BR, date last": "John Doe escreveu em 27/10/2021 09:31:",
    "nl, date last": "John Doe schreef op 27-10-2021 om 09:31:",
    "pl, date last": "John Doe pisze w dniu 27.10.2021 o 09:31:",
    "cs, date last": "John Doe napsal(a) dne 27. 10. 2021 v 9:31:",
    "sv, date last": "John Doe skrev den 2021-10-27 09:31:",
    "nn": "Den 27.10.2021 09:31, skreiv John Doe:",
    "ru, old": "27.10.2021 9:31, John Doe пишет:",
    "zh-TW": "John Doe 於 2021/10/27 上午 09:31 寫道:",
    "ja": "On 2021/10/27 09:31, John Doe wrote:",
    "ja, own words": "John Doe さんは書きました (2021/10/27 9:31):",
    "ko": "2021. 10. 27. 오전 9:31에 John Doe 이(가) 쓴 글:",
    "ar": "في 27/10/2021 09:31، كتب John Doe:",
    "he": "‫בתאריך 27/10/2021 בשעה 09:31, ‏John Doe כתב:‬",
    "el": "Στις 27/10/21 09:31, ο/η John Doe έγραψε:",
    "sl": "John Doe je 27. 10. 2021 ob 9:31 napisal:",
    "lt": "2021-10-27 09:31, John Doe rašė:",
    "is": "Þann 27.10.2021 09:31, skrifaði John Doe:",
    "eu": "2021/10/27 09:31(e)an, John Doe(e)k idatzi zuen:",
}
WEBMAIL: Final = {
    "Roundcube fr": "Le 2021-10-27 09:31, John Doe a écrit :",
    "Roundcube es": "El 2021-10-27 09:31, John Doe escribió:",
    "Roundcube it": "Il 2021-10-27 09:31 John Doe ha scritto:",
    "Roundcube pt": "Em 2021-10-27 09:31, John Doe escreveu:",
    "Roundcube nl": "John Doe schreef op 2021-10-27 09:31:",
    "Roundcube sv": "John Doe skrev den 2021-10-27 09:31:",
    "Roundcube da": "Den 2021-10-27 09:31, skrev John Doe:",
    "Roundcube no": "Den 2021-10-27 09:31, skrev John Doe:",
    "Roundcube fi": "John Doe kirjoitti 2021-10-27 09:31:",
    "Roundcube cs": "Dne 2021-10-27 09:31, John Doe napsal(a):",
    "Roundcube ru": "John Doe писал 2021-10-27 09:31:",
    "Roundcube uk": "27.10.2021 09:31, John Doe написав:",
    "Roundcube tr": "2021-10-27 09:31 tarihinde John Doe yazdı:",
    "Roundcube hu": "2021-10-27 09:31 időpontban John Doe ezt írta:",
    "Roundcube ro": "La 2021-10-27 09:31, John Doe a scris:",
    "Roundcube ja": "2021-10-27 09:31 に John Doe さんは書きました:",
    "Roundcube zh-CN": "在 2021-10-27 09:31，John Doe 写道：",
    "Roundcube zh-TW": "John Doe 於 2021-10-27 09:31 寫到：",
    "Roundcube ko": "2021-10-27 09:31에 John Doe 이(가) 쓴 글:",
    "Roundcube ar": "في 2021-10-27 09:31, John Doe كتب:",
    "Roundcube he": "בתאריך 2021-10-27 09:31, John Doe כתב:",
    "SOGo": "On Wednesday, October 27, 2021 09:31 CEST, John Doe <john@acme.example> wrote:",
    "SOGo de": "Am Mittwoch, Oktober 27, 2021 09:31 CEST, schrieb John Doe <john@acme.example>:",
    "SOGo fr": "Le Mercredi, Octobre 27, 2021 09:31 CEST, John Doe <john@acme.example> a écrit:",
    "Open-Xchange": "On 27/10/2021 09:31 CEST John Doe <john@acme.example> wrote:",
    "Open-Xchange de": "John Doe <john@acme.example> hat am 27.10.2021 09:31 CEST geschrieben:",
    "Open-Xchange it": "Il 27/10/2021 09:31 CEST John Doe <john@acme.example> ha scritto:",
    "Open-Xchange fr": "Le 27/10/2021 09:31 CEST, John Doe <john@acme.example> a écrit :",
    "Open-Xchange nl": "Op 27-10-2021 09:31 CEST schreef John Doe <john@acme.example>:",
    "Open-Xchange es": "El 27/10/2021 09:31 CEST John Doe <john@acme.example> escribió:",
    "Horde": "Quoting John Doe <john@acme.example>:",
    "Horde de": "Zitat von John Doe <john@acme.example>:",
    "Horde fr": "John Doe <john@acme.example> a écrit :",
    "Horde es": "John Doe <john@acme.example> escribió:",
    "Horde nl": "Citeren John Doe <john@acme.example>:",
    "Horde it": "Citando John Doe <john@acme.example>:",
    "SquirrelMail": "On Wed, October 27, 2021 9:31 am, John Doe wrote:",
    "Tutanota": "27 Oct 2021, 09:31 by john@acme.example:",
    "Tutanota de": "27. Okt. 2021, 09:31 von john@acme.example:",
    "Tutanota fr": "27 oct. 2021, 09:31 de john@acme.example:",
    "Fastmail": "On Wed, 27 Oct 2021, at 9:31 AM, John Doe wrote:",
    "Spark": "On 27 Oct 2021, 09:31 +0200, John Doe <john@acme.example>, wrote:",
    "Spark de": "Am 27. Okt. 2021, 09:31 +0200 schrieb John Doe <john@acme.example>:",
    "Spark fr": "Le 27 oct. 2021 à 09:31 +0200, John Doe <john@acme.example>, a écrit :",
    "Spark es": "El 27 oct. 2021 9:31 +0200, John Doe <john@acme.example>, escribió:",
    "Spark ru": "27 окт. 2021 г., 09:31 +0300, John Doe <john@acme.example>, писал:",
    "Airmail": "On 27 October 2021 at 09:31:36, John Doe (john@acme.example) wrote:",
    "Airmail de": "Am 27. Oktober 2021 um 09:31:36, John Doe (john@acme.example) schrieb:",
    "Newton": "On Wed, Oct 27, 2021 at 9:31am, John Doe <john@acme.example> wrote:",
    "HEY": "On October 27, 2021, John Doe <john@acme.example> wrote:",
    "Front": "On October 27, 2021, 9:31 AM GMT+2 john@acme.example wrote:",
    "Missive": "On October 27, 2021 at 9:31 AM, John Doe (john@acme.example) wrote:",
    "Mailbird": "On 27/10/2021 09:31:36, John Doe <john@acme.example> wrote:",
    "K-9": "On October 27, 2021 9:31:36 AM GMT+02:00, John Doe <john@acme.example> wrote:",
    "K-9 de": "Am 27. Oktober 2021 09:31:36 MESZ schrieb John Doe <john@acme.example>:",
    "K-9 fr": "Le 27 octobre 2021 09:31:36 GMT+02:00, John Doe <john@acme.example> a écrit :",
    "K-9 es": "El 27 de octubre de 2021 9:31:36 CEST, John Doe <john@acme.example> escribió:",
    "K-9 it": "Il 27 ottobre 2021 09:31:36 CEST, John Doe <john@acme.example> ha scritto:",
    "K-9 nl": "John Doe <john@acme.example> schreef op 27 oktober 2021 09:31:36 CEST:",
    "K-9 pl": "Dnia 27 października 2021 09:31:36 CEST, John Doe <john@acme.example> napisał(a):",
    "K-9 cs": "Dne 27. října 2021 9:31:36 SELČ, John Doe <john@acme.example> napsal:",
    "K-9 ru": "27 октября 2021 г. 9:31:36 GMT+03:00, John Doe <john@acme.example> пишет:",
    "K-9 uk": "27 жовтня 2021 р. 09:31:36 GMT+03:00, John Doe <john@acme.example> написав:",
    "K-9 sv": "John Doe <john@acme.example> skrev: (27 oktober 2021 09:31:36 CEST)",
    "K-9 da": "On 27. oktober 2021 09.31.36 CEST, John Doe <john@acme.example> wrote:",
    "K-9 fi": "John Doe <john@acme.example> kirjoitti 27. lokakuuta 2021 9.31.36 EEST:",
    "K-9 tr": "27 Ekim 2021 09:31:36 GMT+03:00 tarihinde John Doe <john@acme.example> yazdı:",
    "K-9 ja": "2021年10月27日 9:31:36 JST、John Doe <john@acme.example> のメール:",
    "K-9 zh-CN": "于 2021年10月27日 GMT+08:00 上午9:31:36, John Doe <john@acme.example> 写到:",
    "K-9 ko": "2021년 10월 27일 오전 9시 31분 36초 GMT+09:00, John Doe <john@acme.example>님이 작성함:",
    "wp.pl": "Dnia 27 października 2021 09:31 John Doe <john@acme.example> napisał(a):",
    "onet.pl": "W dniu 2021-10-27 09:31:36 użytkownik John Doe <john@acme.example> napisał:",
    "rambler.ru": "27.10.2021, 9:31, John Doe <john@acme.example>:",
    "i.ua": '27 жовтня 2021, 09:31:36, від "John Doe" <john@acme.example>:',
    "ukr.net": "27 жовтня 2021, 09:31:36, від John Doe <john@acme.example>:",
    "163.com": 'At 2021-10-27 09:31:36, "John Doe" <john@acme.example> wrote:',
    "163.com zh": '在 2021-10-27 09:31:36，"John Doe" <john@acme.example> 写道：',
    "Libero": "Il 27/10/2021 09:31 John Doe <john@acme.example> ha scritto:",
    "Yahoo Android": "On Wed, 27 Oct 2021 at 9:31, John Doe<john@acme.example> wrote:",
    "Yahoo Android fr": "Le mer., oct. 27, 2021 à 9:31, John Doe<john@acme.example> a écrit :",
    "Yahoo Android de": "Am Mi., Okt. 27, 2021 at 9:31 schrieb John Doe<john@acme.example>:",
    "Yahoo ja": "2021年10月27日水曜日 9:31:36 JST, John Doe <john@acme.example> は書きました:",
    "Yahoo nl": "Op woensdag 27 oktober 2021 09:31:36 CEST schreef John Doe <john@acme.example>:",
    "Yahoo sv": "Den onsdag 27 oktober 2021 09:31:36 CEST, John Doe <john@acme.example> skrev:",
    "Yahoo da": "Den onsdag den 27. oktober 2021 09.31.36 CEST skrev John Doe <john@acme.example>:",
    "Yahoo pl": "W dniu środa, 27 października 2021 09:31:36 CEST John Doe <john@acme.example> napisał(a):",
    "Yahoo tr": "27 Ekim 2021 Çarşamba 09:31:36 GMT+3 tarihinde John Doe <john@acme.example> yazdı:",
    "Yahoo ko": "2021년 10월 27일 수요일 오전 09시 31분 36초 GMT+9, John Doe <john@acme.example>님이 작성:",
    "Yahoo zh-TW": "John Doe <john@acme.example> 於 2021年10月27日 星期三 上午09:31:36 [GMT+8] 寫道：",
    "Evolution fr": "Le mercredi 27 octobre 2021 à 09:31 +0200, John Doe a écrit :",
    "Evolution es": "El mié, 27-10-2021 a las 09:31 +0200, John Doe escribió:",
    "Evolution pl": "Dnia 2021-10-27, śro o godzinie 09:31 +0200, John Doe pisze:",
    "Evolution ru": "В Ср, 27/10/2021 в 09:31 +0300, John Doe пишет:",
    "KMail fr": "Le mercredi 27 octobre 2021, 09:31:36 CEST John Doe a écrit :",
    "KMail nl": "Op woensdag 27 oktober 2021 09:31:36 CEST schreef John Doe:",
    "Geary": "On Wed, Oct 27, 2021 at 09:31, John Doe <john@acme.example> wrote:",
    "Claws": "On Wed, 27 Oct 2021 09:31:36 +0200\nJohn Doe <john@acme.example> wrote:",
    "Gnus": "John Doe <john@acme.example> writes:",
    "mutt, old": "* John Doe <john@acme.example> [2021-10-27 09:31]:",
    "The Bat": "Wednesday, October 27, 2021, 9:31:36 AM, you wrote:",
    "Pegasus": "On 27 Oct 2021 at 9:31, John Doe wrote:",
    "Eudora": "At 09:31 AM 10/27/2021, John Doe wrote:",
    "eGroupWare": "---------------- Original message -----------------",
    "Lotus Notes 8": "-----John Doe <john@acme.example> wrote: -----",
    "Lotus Notes 8 de": "-----John Doe <john@acme.example> schrieb: -----",
    "Lotus Notes fr": "-----John Doe <john@acme.example> a écrit : -----",
    "Lotus Notes es": "-----John Doe <john@acme.example> escribió: -----",
    "Zoho fr": "---- Le mer., 27 oct. 2021 09:31:50 +0200 John Doe <john@acme.example> a écrit ----",
    "Zoho de": "---- Am Mi., 27 Okt. 2021 09:31:50 +0200 schrieb John Doe <john@acme.example> ----",
    "Zoho es": "---- El mié, 27 oct 2021 09:31:50 +0200, John Doe <john@acme.example> escribió ----",
    "abv.bg": "-------- Оригинално писмо --------",
    "ukr.net, old": "--- Исходное сообщение ---",
    "seznam.cz": "---------- Původní e-mail ----------",
    "freenet": "---Ursprüngliche Nachricht---",
    "T-Online": "-----Original-Nachricht-----",
    "Zimbra de": "----- Ursprüngliche Mail -----",
    "Zimbra fr": "----- Mail original -----",
    "Zimbra pl": "----- Oryginalna wiadomość -----",
    "Daum": "--------- 원본 메일 ---------",
    "Samsung ko": "-------- 원본 이메일 --------",
    "sina": "----- 原始邮件 -----",
    "aliyun": "------------------原始邮件 ------------------",
    "Virgilio": "-----Messaggio Originale-----",
    "eM Client de": "------ Originalnachricht ------",
    "eM Client": "------ Original Message ------",
    "eM Client fr": "------ Message d'origine ------",
    "Samsung nl": "-------- Oorspronkelijk bericht --------",
    "Samsung tr": "-------- Orijinal mesaj --------",
    "Samsung hu": "-------- Eredeti üzenet --------",
    "Samsung he": "-------- הודעה מקורית --------",
    "Samsung ar": "-------- رسالة أصلية --------",
    "Samsung ja": "-------- 元のメッセージ --------",
    "Samsung zh": "-------- 原始信息 --------",
    "Samsung es": "-------- Mensaje original --------",
    "Samsung el": "-------- Αρχικό μήνυμα --------",
    "Samsung ro": "-------- Mesaj original --------",
    "Samsung fi": "-------- Alkuperäinen viesti --------",
    "Samsung sv": "-------- Originalmeddelande --------",
    "Samsung da": "-------- Oprindelig meddelelse --------",
    "Samsung no": "-------- Opprinnelig melding --------",
    "Samsung pt": "-------- Mensagem original --------",
    "Samsung pl": "-------- Oryginalna wiadomość --------",
    "Samsung uk": "-------- Оригінальне повідомлення --------",
}
# Only a verb, no date: Thunderbird's and others' short form. Above quote marks.
UNDATED: Final = {
    "en": "John Doe wrote:",
    "en, address": "john@acme.example wrote:",
    "de": "John Doe schrieb:",
    "fr": "John Doe a écrit :",
    "es": "John Doe escribió:",
    "it": "John Doe ha scritto:",
    "pt": "John Doe escreveu:",
    "nl": "John Doe schreef:",
    "pl": "John Doe napisał(a):",
    "cs": "John Doe napsal(a):",
    "sv": "John Doe skrev:",
    "fi": "John Doe kirjoitti:",
    "ru": "John Doe пишет:",
    "uk": "John Doe пише:",
    "tr": "John Doe yazdı:",
    "ja": "John Doe さんは書きました:",
    "zh-CN": "John Doe 写道:",
    "zh-TW": "John Doe 寫道:",
    "ko": "John Doe 이(가) 쓴 글:",
    "ar": "كتب John Doe:",
    "he": "John Doe כתב:",
    "hu": "John Doe írta:",
    "ro": "John Doe a scris:",
}
# Several lines, from the first to the last above the quoted words.
OPENINGS: Final = {
    "Samsung en": "-------- Original message --------\nFrom: John Doe <john@acme.example>\n"
    "Date: 27/10/2021 09:31 (GMT+01:00)\nTo: desk@acme.example\nSubject: Re: Export",
    "Samsung de": "-------- Ursprüngliche Nachricht --------\nVon: John Doe <john@acme.example>\n"
    "Datum: 27.10.21 09:31 (GMT+01:00)\nAn: desk@acme.example\nBetreff: Re: Export",
    "Samsung fr": "-------- Message d'origine --------\nDe : John Doe <john@acme.example>\n"
    "Date : 27/10/2021 09:31 (GMT+01:00)\nÀ : desk@acme.example\nObjet : Re: Export",
    "Samsung it": "-------- Messaggio originale --------\nDa: John Doe <john@acme.example>\n"
    "Data: 27/10/21 09:31 (GMT+01:00)\nA: desk@acme.example\nOggetto: Re: Export",
    "Samsung pl": "-------- Oryginalna wiadomość --------\nOd: John Doe <john@acme.example>\n"
    "Data: 27.10.2021 09:31 (GMT+01:00)\nDo: desk@acme.example\nTemat: Re: Export",
    "Samsung ko": "-------- 원본 이메일 --------\n발신: John Doe <john@acme.example>\n날짜: 21/10/27 오전 "
    "9:31 (GMT+09:00)\n"
    "받은 사람: desk@acme.example\n제목: Re: Export",
    "Samsung zh": "-------- 原始信息 --------\n由： John Doe <john@acme.example>\n日期： 2021/10/27 09:31 "
    "(GMT+08:00)\n"
    "收件人： desk@acme.example\n主题： Re: Export",
    "Samsung tr": "-------- Orijinal mesaj --------\nKimden: John Doe <john@acme.example>\n"
    "Tarih: 27.10.2021 09:31 (GMT+03:00)\nAlıcı: desk@acme.example\nKonu: Re: Export",
    "Samsung he": "-------- הודעה מקורית --------\nמאת: ‏John Doe ‏<john@acme.example>\n‏תאריך:27/10/2021 09:31 "
    "(GMT+02:00)\n"
    "‏אל: desk@acme.example\n‏נושא: Re: Export",
    "Outlook for Mac": "From: John Doe <john@acme.example>\nDate: Wednesday, October 27, 2021 at 9:31 AM\n"
    "To: desk@acme.example <desk@acme.example>\nSubject: Re: Export",
    "Outlook for Mac de": "Von: John Doe <john@acme.example>\nDatum: Mittwoch, 27. Oktober 2021 um 09:31\n"
    "An: desk@acme.example <desk@acme.example>\nBetreff: Re: Export",
    "Outlook da": "Fra: John Doe <john@acme.example>\nSendt: 27. oktober 2021 09:31\nTil: desk@acme.example\n"
    "Emne: SV: Export",
    "Outlook no": "Fra: John Doe <john@acme.example>\nSendt: onsdag 27. oktober 2021 09:31\n"
    "Til: desk@acme.example\nKopi: b@acme.example\nEmne: Re: Export",
    "Outlook sv": "Från: John Doe <john@acme.example>\nSkickat: den 27 oktober 2021 09:31\n"
    "Till: desk@acme.example\nKopia: b@acme.example\nÄmne: SV: Export",
    "Outlook ja": "差出人: John Doe <john@acme.example>\n送信日時: 2021年10月27日 9:31\n宛先: desk@acme.example\n"
    "CC: b@acme.example\n件名: Re: Export",
    "Outlook he": "מאת: John Doe <john@acme.example>\nנשלח: יום רביעי 27 אוקטובר 2021 09:31\nאל: desk@acme.example\n"
    "נושא: Re: Export",
    "Outlook ar": "من: John Doe <john@acme.example>\nتم الإرسال: الأربعاء، 27 أكتوبر، 2021 09:31 ص\n"
    "إلى: desk@acme.example\nالموضوع: Re: Export",
    "Outlook ar, marks": "\u200f\u200fمن: John Doe <john@acme.example>\n\u200f\u200fتاريخ الإرسال: 27/10/2021\n"
    "\u200f\u200fإلى: desk@acme.example\n\u200f\u200fالموضوع: Re: Export",
    "Outlook th": "จาก: John Doe <john@acme.example>\nส่ง: วันพุธที่ 27 ตุลาคม 2564 9:31\nถึง: desk@acme.example\n"
    "เรื่อง: Re: Export",
    "Outlook, bold": "*From:* John Doe <john@acme.example>\n*Sent:* Wednesday, October 27, 2021 9:31 AM\n"
    "*To:* desk@acme.example\n*Subject:* Re: Export",
    "Outlook, links": "From: John Doe <john@acme.example<mailto:john@acme.example>>\nSent: Wednesday, "
    "October 27, 2021\n"
    "To: desk@acme.example<mailto:desk@acme.example>\nSubject: Re: Export",
    "Outlook, no address": "From: John Doe\nSent: Wednesday, October 27, 2021 9:31 AM\nTo: Desk\nSubject: Re: Export",
    "Zimbra": '----- Original Message -----\nFrom: "John Doe" <john@acme.example>\nTo: desk@acme.example\n'
    "Sent: Wednesday, October 27, 2021 9:31:36 AM\nSubject: Re: Export",
    "Zimbra, new": 'From: "John Doe" <john@acme.example>\nTo: "desk" <desk@acme.example>\n'
    "Sent: Wednesday, October 27, 2021 9:31:36 AM\nSubject: Re: Export",
    "Zimbra fr": 'De: "John Doe" <john@acme.example>\nÀ: "desk" <desk@acme.example>\n'
    "Envoyé: Mercredi 27 Octobre 2021 09:31:36\nObjet: Re: Export",
    "Zimbra es": 'De: "John Doe" <john@acme.example>\nPara: "desk" <desk@acme.example>\n'
    "Enviados: Miércoles, 27 de Octubre 2021 9:31:36\nAsunto: Re: Export",
    "Zimbra pt": 'De: "John Doe" <john@acme.example>\nPara: "desk" <desk@acme.example>\n'
    "Enviadas: Quarta-feira, 27 de outubro de 2021 9:31:36\nAssunto: Re: Export",
    "Zimbra it": 'Da: "John Doe" <john@acme.example>\nA: "desk" <desk@acme.example>\n'
    "Inviato: Mercoledì, 27 ottobre 2021 9:31:36\nOggetto: Re: Export",
    "Zimbra ru": 'От: "John Doe" <john@acme.example>\nКому: "desk" <desk@acme.example>\n'
    "Отправленные: Среда, 27 Октябрь 2021 г 9:31:36\nТема: Re: Export",
    "GMX": 'Gesendet: Mittwoch, 27. Oktober 2021 um 09:31 Uhr\nVon: "John Doe" <john@acme.example>\n'
    "An: desk@acme.example\nBetreff: Re: Export",
    "GMX en": 'Sent: Wednesday, October 27, 2021 at 9:31 AM\nFrom: "John Doe" <john@acme.example>\n'
    "To: desk@acme.example\nSubject: Re: Export",
    "T-Online": "-----Original-Nachricht-----\nBetreff: Re: Export\nDatum: 2021-10-27T09:31:36+0200\n"
    'Von: "John Doe" <john@acme.example>\nAn: "desk@acme.example" <desk@acme.example>',
    "SFR": "========================================\n\nMessage du : 27/10/2021 09:31\nDe : John Doe "
    "<john@acme.example>\n"
    "A : desk@acme.example\nCopie à : \nSujet : Re: Export",
    "Orange": '> Message du 27/10/21 09:31\n> De : "John Doe" <john@acme.example>\n> A : desk@acme.example\n'
    "> Copie à : \n> Objet : Export\n>",
    "Libero": "----Messaggio originale----\nDa: john@acme.example\nData: 27-ott-2021 9.31\nA: <desk@acme.example>\n"
    "Ogg: Re: Export",
    "Virgilio": '-----Messaggio Originale-----\nDa: "John Doe" <john@acme.example>\nA: desk@acme.example\n'
    "Data invio: mercoledì 27 ottobre 2021 09:31\nOggetto: Re: Export",
    "interia.pl": 'Od: "John Doe" <john@acme.example>\nDo: "Desk" <desk@acme.example>;\n'
    "Wysłane: 9:31 Środa 2021-10-27\nTemat: Re: Export",
    "seznam.cz": "---------- Původní e-mail ----------\nOd: John Doe <john@acme.example>\nKomu: desk@acme.example\n"
    "Datum: 27. 10. 2021 9:31:36\nPředmět: Re: Export",
    "centrum.cz": '______________________________________________________________\n> Od: "John Doe" '
    "<john@acme.example>\n"
    "> Komu: desk@acme.example\n> Datum: 27.10.2021 09:31\n> Předmět: Export\n>",
    "ukr.net": '--- Исходное сообщение ---\nОт кого: "John Doe" <john@acme.example>\nДата: 27 октября 2021, 09:31:36',
    "ukr.net uk": '--- Оригінальне повідомлення ---\nВід кого: "John Doe" <john@acme.example>\nДата: 27 '
    "жовтня 2021, 09:31:36",
    "abv.bg": "-------- Оригинално писмо --------\nОт: John Doe john@acme.example\nОтносно: Re: Export\n"
    "До: desk@acme.example\nИзпратено на: 27.10.2021 09:31",
    "Naver": '-----Original Message-----\nFrom: "John Doe"<john@acme.example>\nTo: <desk@acme.example>;\nCc:\n'
    "Sent: 2021-10-27 (수) 09:31:36 (GMT+09:00)\nSubject: Re: Export",
    "Daum": "--------- 원본 메일 ---------\n보낸사람 : John Doe <john@acme.example>\n받는사람 : desk@acme.example\n"
    "날짜 : 2021년 10월 27일(수) 09:31:36\n제목 : Re: Export",
    "Outlook ko": "보낸 사람: John Doe <john@acme.example>\n보낸 날짜: 2021년 10월 27일 수요일 오전 9:31\n"
    "받는 사람: desk@acme.example\n제목: Re: Export",
    "QQ": '------------------\xa0原始邮件\xa0------------------\n发件人:\xa0"John Doe"<john@acme.example>;\n'
    '发送时间:\xa02021年10月27日(星期三) 上午9:31\n收件人:\xa0"desk"<desk@acme.example>;\n主题:\xa0Re: Export',
    "QQ en": '------------------\xa0Original\xa0------------------\nFrom: "John Doe"<john@acme.example>;\n'
    'Date: Wed, Oct 27, 2021 09:31 AM\nTo: "desk"<desk@acme.example>;\nSubject: Re: Export',
    "QQ for phones": '---Original---\nFrom: "John Doe"<john@acme.example>\nDate: Wed, Oct 27, 2021 09:31 AM\n'
    'To: "desk"<desk@acme.example>;\nSubject: Re: Export',
    "Foxmail": "发件人： John Doe\n发送时间： 2021-10-27 09:31\n收件人： desk\n主题： Re: Export",
    "Foxmail en": "From: John Doe\nDate: 2021-10-27 09:31\nTo: desk\nSubject: Re: Export",
    "sina": "----- 原始邮件 -----\n发件人：John Doe <john@acme.example>\n收件人：desk@acme.example\n"
    "主题：Re: Export\n"
    "日期：2021年10月27日 09点31分",
    "aliyun": "------------------------------------------------------------------\n发件人：John Doe "
    "<john@acme.example>\n"
    "发送时间：2021年10月27日(星期三) 09:31\n收件人：desk <desk@acme.example>\n主　题：Re: Export",
    "Yahoo Japan": '----- Original Message -----\n\nFrom: "John Doe" <john@acme.example>\nTo: desk@acme.example\n'
    "Date: 2021/10/27 (水) 09:31\nSubject: Re: Export",
    "Yahoo classic": "--- On Wed, 10/27/21, John Doe <john@acme.example> wrote:\n\nFrom: John Doe "
    "<john@acme.example>\n"
    "Subject: Re: Export\nTo: desk@acme.example\nDate: Wednesday, October 27, 2021, 9:31 AM",
    "Outlook Express": "----- Original Message ----- \nFrom: John Doe\nTo: desk@acme.example\n"
    "Sent: Wednesday, October 27, 2021 9:31 AM\nSubject: Re: Export",
    "AOL": "-----Original Message-----\nFrom: John Doe <john@acme.example>\nTo: desk@acme.example\n"
    "Sent: Wed, Oct 27, 2021 9:31 am\nSubject: Re: Export",
    "eM Client": '------ Original Message ------\nFrom: "John Doe" <john@acme.example>\nTo: desk@acme.example\n'
    "Sent: 27/10/2021 09:31:36\nSubject: Re: Export",
    "eM Client 9": '------ Original Message ------\nFrom "John Doe" <john@acme.example>\nTo desk@acme.example\n'
    "Date 27/10/2021 09:31:36\nSubject Re: Export",
    "Notes": "From:        John Doe/ACME\nTo:        Desk/ACME@ACME\nDate:        27/10/2021 09:31\nSubject: "
    "       Re: Export",
    "Notes de": 'Von:        "John Doe" <john@acme.example>\nAn:        <desk@acme.example>\nDatum:        '
    "27.10.2021 09:31\n"
    "Betreff:        Re: Export",
    "Notes, dashes": "-----John Doe <john@acme.example> wrote: -----\nTo: desk@acme.example\n"
    "From: John Doe <john@acme.example>\nDate: 27/10/2021 09:31\nSubject: Re: Export",
    "Notes de, dashes": "-----John Doe <john@acme.example> schrieb: -----\nAn: desk@acme.example\n"
    "Von: John Doe <john@acme.example>\nDatum: 27.10.2021 09:31\nBetreff: Re: Export",
    "GroupWise": '>>> "John Doe" <john@acme.example> 27/10/2021 09:31 >>>',
    "GroupWise, name": ">>> John Doe 10/27/2021 9:31 AM >>>",
    "Proton, 2022": "------- Original Message -------\nOn Wednesday, October 27th, 2021 at 9:31 AM,"
    " John Doe <john@acme.example> wrote:",
    "BlackBerry": "From: John Doe [mailto:john@acme.example]\nSent: Wednesday, October 27, 2021 09:31 AM\n"
    "To: Desk\nSubject: Re: Export",
    "Zendesk": "##- Please type your reply above this line -##",
    "Freshdesk": "On Wed, 27 Oct at 9:31 AM , John Doe <john@acme.example> wrote:",
    "Intercom": "---- Please reply above this line ----",
}
