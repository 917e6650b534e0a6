"""Absence notes as people write them and servers send them, sent on Monday 20 April 2026: (subject, text, day of return
or last day of absence)."""

from __future__ import annotations

from typing import Final

NOTES: Final = {
    "en": (
        (
            "Automatic reply: Export fails",
            "Hello,\n\nThank you for your email. I am currently out of the office with no "
            "access to email. I will return on Monday, May 4th.\n\nFor urgent matters please contact "
            "sales@acme.example.",
            "2026-05-04",
        ),
        (
            "Out of Office: Export fails",
            "I'm on annual leave until Tuesday 5 May 2026 and will reply on my return.",
            "2026-05-05",
        ),
        (
            "Auto: Export fails",
            "I'll be out of the office from 4/20/2026 through 5/4/2026. Please call 555-1234.",
            "2026-05-04",
        ),
        ("Automatic reply: Export", "I am OOO this week, back on Mon 27 Apr.", "2026-04-27"),
        (
            "Automatic reply: Export",
            "I am on maternity leave and will be back in the office on September 1st, 2026.",
            "2026-09-01",
        ),
        ("OOO Re: Export", "Thanks for your message! I'm away on vacation and returning May 4.", "2026-05-04"),
        (
            "Automatic reply: Export",
            "I will be traveling with limited access to email, returning to the office on 05/04.",
            "2026-05-04",
        ),
        ("Automatic reply: x", "I am out of the office 20th April to 1st May, returning on 4th May.", "2026-05-04"),
        ("Automatic reply: x", "I am out of the office for the day and will be back tomorrow.", "2026-04-21"),
        ("Automatic reply: x", "I am not in the office until the 4th of May.", "2026-05-04"),
        ("Automatic reply: x", "Our office is closed until 4 May 2026. We will answer your mail then.", "2026-05-04"),
    ),
    "de": (
        (
            "Automatische Antwort: Export",
            "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Ich bin bis einschließlich 4. Mai 2026 "
            "nicht im Büro. Ihre E-Mail wird nicht weitergeleitet. In dringenden Fällen: 030 123456.",
            "2026-05-04",
        ),
        (
            "Abwesenheitsnotiz: Export",
            "Ich bin vom 20.04.2026 bis zum 04.05.2026 im Urlaub und habe keinen Zugriff auf meine E-Mails.",
            "2026-05-04",
        ),
        ("Automatische Antwort: Export", "Ich bin ab dem 5.5.26 wieder für Sie da.", "2026-05-05"),
        (
            "Automatische Antwort",
            "Ich befinde mich derzeit in Elternzeit. Ab 01.09.2026 bin ich wieder erreichbar.",
            "2026-09-01",
        ),
        ("Abwesend: Export", "Danke für Ihre Mail. Ich bin am Montag, den 4. Mai, zurück.", "2026-05-04"),
        ("Automatische Antwort", "Unser Büro ist vom 24. April bis 3. Mai geschlossen.", "2026-05-03"),
        ("Automatische Antwort", "Ich bin erst wieder am Dienstag erreichbar.", "2026-04-21"),
        ("Automatische Antwort: x", "Ich bin krankheitsbedingt abwesend.", None),
        (
            "Automatische Antwort: x",
            "Sehr geehrte Damen und Herren,\nich bin heute nicht im Hause. Morgen bin ich wieder erreichbar.",
            "2026-04-21",
        ),
    ),
    "fr": (
        (
            "Réponse automatique : Export",
            "Bonjour,\n\nJe suis actuellement absente du bureau jusqu'au 4 mai 2026 inclus. En cas "
            "d'urgence, merci de contacter le 01 23 45 67 89.\n\nCordialement",
            "2026-05-04",
        ),
        ("Absence du bureau Re: Export", "Je suis en congés du 20/04/2026 au 04/05/2026.", "2026-05-04"),
        ("Réponse automatique : x", "Je serai de retour au bureau le mardi 5 mai.", "2026-05-05"),
        ("Réponse automatique : x", "Absent jusqu’au lundi 4 mai, je répondrai à mon retour.", "2026-05-04"),
        ("Réponse automatique : x", "Je suis en congé maternité jusqu'au 1er septembre 2026.", "2026-09-01"),
        ("Réponse automatique : x", "Nos bureaux sont fermés jusqu'au 4 mai.", "2026-05-04"),
        (
            "Réponse automatique : x",
            "Je suis en déplacement et ne consulterai mes mails qu'à partir du 5 mai.",
            "2026-05-05",
        ),
    ),
    "es": (
        (
            "Respuesta automática: Export",
            "Hola,\n\nActualmente me encuentro fuera de la oficina y regresaré el lunes 4 de mayo de 2026. Gracias.",
            "2026-05-04",
        ),
        (
            "Fuera de la oficina: Export",
            "Estaré de vacaciones del 20/04/2026 al 04/05/2026, ambos inclusive.",
            "2026-05-04",
        ),
        ("Respuesta automática: x", "Estoy de baja hasta el 1 de septiembre.", "2026-09-01"),
        ("Respuesta automática: x", "Me encuentro ausente hasta el próximo lunes 27 de abril.", "2026-04-27"),
        ("Respuesta automática: x", "Estoy de viaje. Vuelvo el 5 de mayo.", "2026-05-05"),
    ),
    "it": (
        (
            "Risposta automatica: Export",
            "Buongiorno,\n\nsono fuori ufficio fino al 4 maggio 2026 compreso. Per urgenze contattare Anna.",
            "2026-05-04",
        ),
        ("Fuori sede: Export", "Sarò in ferie dal 20/04/2026 al 04/05/2026.", "2026-05-04"),
        ("Risposta automatica: x", "Rientrerò in ufficio martedì 5 maggio.", "2026-05-05"),
        ("Risposta automatica: x", "Sono assente e tornerò il 5 maggio", "2026-05-05"),
        ("Risposta automatica: x", "I nostri uffici resteranno chiusi fino al 4 maggio", "2026-05-04"),
    ),
    "pt": (
        (
            "Resposta automática: Export",
            "Olá,\n\nEncontro-me ausente do escritório até 4 de maio de 2026. Responderei no meu regresso.",
            "2026-05-04",
        ),
        ("Resposta automática: x", "Estou de férias de 20/04/2026 a 04/05/2026.", "2026-05-04"),
        ("Fora do escritório: x", "Estarei fora do escritório e retornarei em 5 de maio.", "2026-05-05"),
        ("Resposta automática: x", "Estarei de volta na segunda-feira, dia 4 de maio.", "2026-05-04"),
    ),
    "nl": (
        (
            "Automatisch antwoord: Export",
            "Beste,\n\nIk ben afwezig tot en met maandag 4 mei 2026. Voor dringende zaken kunt u "
            "bellen met 020 1234567.",
            "2026-05-04",
        ),
        ("Automatische beantwoording: x", "Ik ben met vakantie van 20 april t/m 4 mei.", "2026-05-04"),
        ("Afwezig: x", "Dinsdag 5 mei ben ik weer op kantoor.", "2026-05-05"),
        ("Automatisch antwoord: x", "Ik ben niet op kantoor. Vanaf 5 mei ben ik weer bereikbaar.", "2026-05-05"),
    ),
    "pl": (
        (
            "Automatyczna odpowiedź: Export",
            "Dzień dobry,\n\nobecnie przebywam na urlopie. Wracam 4 maja 2026 r. W pilnych "
            "sprawach proszę o kontakt z biurem.",
            "2026-05-04",
        ),
        ("Odpowiedź automatyczna: x", "Jestem nieobecna w pracy w dniach 20.04.2026 - 04.05.2026.", "2026-05-04"),
        ("Automatyczna odpowiedź: x", "Nieobecność do 4 maja włącznie.", "2026-05-04"),
        ("Automatyczna odpowiedź: x", "Będę dostępny od 5 maja.", "2026-05-05"),
        ("Poza biurem: x", "Jestem poza biurem do poniedziałku.", "2026-04-27"),
    ),
    "cs": (
        (
            "Automatická odpověď: Export",
            "Dobrý den,\n\nod 20. 4. do 4. 5. 2026 čerpám dovolenou. V naléhavých případech volejte kolegu.",
            "2026-05-04",
        ),
        ("Automatická odpověď: x", "Jsem mimo kancelář do 4. května 2026.", "2026-05-04"),
        ("Nepřítomnost: x", "Vrátím se v pondělí 4. května.", "2026-05-04"),
        ("Automatická odpověď: x", "Nejsem v kanceláři, zpět budu 5.5.2026.", "2026-05-05"),
    ),
    "sv": (
        (
            "Autosvar: Export",
            "Hej!\n\nJag är på semester och åter på kontoret måndagen den 4 maj. Vid brådskande ärenden, "
            "kontakta växeln.",
            "2026-05-04",
        ),
        ("Automatiskt svar: x", "Jag är ledig till och med 4 maj 2026.", "2026-05-04"),
        ("Frånvarande: x", "Jag är inte på kontoret förrän den 4 maj.", "2026-05-04"),
        ("Automatiskt svar: x", "Jag är föräldraledig t.o.m. 2026-09-01.", "2026-09-01"),
        ("Autosvar: x", "Jag är tjänsteledig och åter 5/5.", "2026-05-05"),
    ),
    "da": (
        (
            "Automatisk svar: Export",
            "Hej\n\nJeg holder ferie og er tilbage på kontoret mandag den 4. maj 2026.",
            "2026-05-04",
        ),
        ("Autosvar: x", "Jeg er ikke på kontoret i perioden 20. april - 4. maj 2026.", "2026-05-04"),
        ("Fravær: x", "Jeg er på barsel til og med den 1. september.", "2026-09-01"),
        ("Automatisk svar: x", "Jeg er fraværende frem til den 4/5.", "2026-05-04"),
    ),
    "no": (
        ("Automatisk svar: Export", "Hei,\n\nJeg har ferie og er tilbake på jobb 4. mai.", "2026-05-04"),
        ("Fravær: x", "Jeg er ikke på kontoret før mandag 4. mai.", "2026-05-04"),
        ("Automatisk svar: x", "Jeg er bortreist til og med 04.05.2026.", "2026-05-04"),
        ("Automatisk svar: x", "Jeg er ute av kontoret frem til 4. mai 2026", "2026-05-04"),
    ),
    "fi": (
        ("Automaattinen vastaus: Export", "Hei,\n\nolen lomalla ja palaan töihin maanantaina 4.5.2026.", "2026-05-04"),
        ("Poissa: x", "Olen poissa toimistolta 20.4.-4.5.2026.", "2026-05-04"),
        ("Automaattinen vastaus: x", "Olen vuosilomalla 4.5. saakka.", "2026-05-04"),
        ("Automaattinen vastaus: x", "Olen tavoitettavissa jälleen 5. toukokuuta.", "2026-05-05"),
    ),
    "ru": (
        (
            "Автоматический ответ: Export",
            "Здравствуйте!\n\nЯ нахожусь в отпуске до 4 мая 2026 г. По срочным вопросам обращайтесь к коллегам.",
            "2026-05-04",
        ),
        ("Автоответ: x", "В период с 20.04.2026 по 04.05.2026 буду отсутствовать на рабочем месте.", "2026-05-04"),
        ("Автоматический ответ: x", "Вернусь в офис в понедельник, 4 мая.", "2026-05-04"),
        ("Автоматический ответ: x", "Меня нет в офисе. Буду на связи с 5 мая.", "2026-05-05"),
        ("Нет на рабочем месте: x", "Нахожусь в командировке до 4 мая включительно", "2026-05-04"),
    ),
    "uk": (
        ("Автоматична відповідь: Export", "Доброго дня!\n\nЯ у відпустці до 4 травня 2026 року.", "2026-05-04"),
        ("Автовідповідь: x", "З 20.04.2026 по 04.05.2026 мене не буде на робочому місці.", "2026-05-04"),
        ("Автоматична відповідь: x", "Повернуся 5 травня.", "2026-05-05"),
        ("Автоматична відповідь: x", "Мене немає в офісі до понеділка.", "2026-04-27"),
    ),
    "tr": (
        (
            "Otomatik yanıt: Export",
            "Merhaba,\n\n4 Mayıs 2026 tarihine kadar izinde olacağım. Acil durumlar için ofisi arayın.",
            "2026-05-04",
        ),
        ("Otomatik Yanıt: x", "20.04.2026 - 04.05.2026 tarihleri arasında yıllık izindeyim.", "2026-05-04"),
        ("Ofis dışında: x", "Ofis dışındayım, 5 Mayıs'ta döneceğim.", "2026-05-05"),
        ("Otomatik yanıt: x", "4 Mayıs Pazartesi günü ofiste olacağım, şu an ofiste değilim.", "2026-05-04"),
    ),
    "ja": (
        (
            "自動応答: Export",
            "メールありがとうございます。\n\n誠に勝手ながら、2026年5月4日(月)まで休暇をいただいております。",
            "2026-05-04",
        ),
        (
            "不在のお知らせ Re: x",
            "4月20日から5月4日まで出張のため不在にしております。5月5日以降にご連絡いたします。",
            "2026-05-05",
        ),
        ("自動返信: x", "ただいま不在にしております。5/7(木)より通常業務に戻ります。", "2026-05-07"),
        ("自動返信メール", "ゴールデンウィーク期間中（4/29～5/6）は休業とさせていただきます。", "2026-05-06"),
        ("自動応答: x", "本日はお休みをいただいております。明日出社いたします。", "2026-04-21"),
    ),
    "zh": (
        ("自动回复: Export", "您好，\n\n我目前正在休假，将于2026年5月4日返回办公室。如有急事请致电。", "2026-05-04"),
        ("自动答复: x", "我于4月20日至5月4日出差，期间无法及时回复邮件。", "2026-05-04"),
        ("自動回覆: x", "您好，我目前不在辦公室，將於5月5日回來。", "2026-05-05"),
        ("自动回复: x", "我在2026-04-20至2026-05-04期间休年假。", "2026-05-04"),
    ),
    "ko": (
        ("자동 회신: Export", "안녕하세요.\n\n현재 휴가 중이며 2026년 5월 4일에 복귀합니다.", "2026-05-04"),
        ("부재중: x", "4월 20일부터 5월 4일까지 출장으로 자리를 비웁니다.", "2026-05-04"),
        ("자동 응답: x", "저는 5월 5일(화)부터 근무합니다. 지금은 부재중입니다.", "2026-05-05"),
    ),
    "ar": (
        ("رد تلقائي: Export", "مرحبا،\n\nأنا حاليا خارج المكتب حتى 4 مايو 2026 وسأرد عند عودتي.", "2026-05-04"),
        ("رد تلقائي: x", "أنا في إجازة من 20 أبريل إلى 4 مايو.", "2026-05-04"),
        ("خارج المكتب: x", "سأعود إلى العمل يوم 05/05/2026.", "2026-05-05"),
    ),
    "he": (
        (
            "תשובה אוטומטית: Export",
            "שלום,\n\nאני מחוץ למשרד עד 4 במאי 2026. לעניינים דחופים אנא פנו למשרד.",
            "2026-05-04",
        ),
        ("מענה אוטומטי: x", "אני בחופשה מ-20.4.2026 עד 4.5.2026.", "2026-05-04"),
        ("תשובה אוטומטית: x", "אחזור למשרד ב-5 במאי.", "2026-05-05"),
    ),
    "hu": (
        ("Automatikus válasz: Export", "2026. április 20. és május 4. között szabadságon vagyok.", "2026-05-04"),
        ("Automatikus válasz: x", "Szabadságon vagyok május 4-ig.", "2026-05-04"),
    ),
    "ro": (("Răspuns automat: Export", "Sunt în concediu până pe 4 mai 2026.", "2026-05-04"),),
    "el": (("Αυτόματη απάντηση: Export", "Βρίσκομαι εκτός γραφείου έως 4 Μαΐου 2026.", "2026-05-04"),),
}
# The forms of a date, each with the day that is meant.
DATES: Final = (
    ("I return Monday, the 4th of May.", "2026-05-04"),
    ("I'm away until next Tuesday.", "2026-04-21"),
    ("Return date: 4 May 2026", "2026-05-04"),
    ("I am out of office until further notice.", None),
    ("Out of office 4-May-2026? I am away till 4-May-2026.", "2026-05-04"),
    ("I am away until 2026/05/04", "2026-05-04"),
    ("I am away until 04-05-2026.", "2026-05-04"),
    ("I am away until May 04, 2026", "2026-05-04"),
    ("I am away April 27-May 1.", "2026-05-01"),
    ("I am away April 27 - 30.", "2026-04-30"),
    ("I am on leave from 27-30 April 2026.", "2026-04-30"),
    ("Ich bin vom 27. bis 30. April im Urlaub.", "2026-04-30"),
    ("Ich bin vom 27.–30.04.2026 im Urlaub.", "2026-04-30"),
    ("Je suis absent du 20 au 24 avril.", "2026-04-24"),
    ("Estoy de vacaciones del 20 al 24 de abril.", "2026-04-24"),
    ("Sono in ferie dal 20 al 24 aprile.", "2026-04-24"),
    ("Estou de férias de 20 a 24 de abril.", "2026-04-24"),
    ("Jag har semester 27/4-4/5.", "2026-05-04"),
    ("Jeg er på ferie uge 18 og er tilbage mandag d. 4. maj.", "2026-05-04"),
    ("Ich bin in KW 18 nicht im Haus und ab 4.5. wieder da.", "2026-05-04"),
    ("I am out for two weeks.", None),
    ("I will be out of the office this week and back on Monday, 27th.", "2026-04-27"),
    ("I am out until Monday 27th April at 9am.", "2026-04-27"),
    ("I am out of the office until 9am on Monday 27 April.", "2026-04-27"),
    ("I'll be back at my desk Wednesday April 22nd.", "2026-04-22"),
    ("Ich bin am 22.04. wieder erreichbar, am 21.04. nicht im Haus.", "2026-04-22"),
    (
        "Ich bin ab sofort bis 04.05.2026 abwesend. Meine Vertretung Frau Meier erreichen Sie bis 30.04. unter 0123.",
        "2026-05-04",
    ),
    ("I am on leave. My return is planned for the beginning of June 2026.", "2026-06-01"),
    ("I'm out of office starting 27 April.", None),
    ("I'm on parental leave, returning in September.", "2026-09-01"),
    ("Abwesend ab 27.04.2026, zurück am 4. Mai.", "2026-05-04"),
    ("Nieobecny 20-24.04.2026", "2026-04-24"),
    ("Jestem na urlopie od 20 do 24 kwietnia.", "2026-04-24"),
    ("В отпуске с 20 по 24 апреля.", "2026-04-24"),
    ("У відпустці з 20 до 24 квітня.", "2026-04-24"),
    ("20-24 Nisan tarihleri arasında izindeyim.", "2026-04-24"),
    ("4月20日～24日まで休暇をいただいております。", "2026-04-24"),
    ("我于4月20日至24日休假。", "2026-04-24"),
    ("Ik ben met vakantie van 20 tot en met 24 april.", "2026-04-24"),
    ("Dovolená 20.-24.4.2026", "2026-04-24"),
    ("Jeg holder ferie fra d. 20. til d. 24. april.", "2026-04-24"),
)
