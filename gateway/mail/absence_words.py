"""The words of absence notes and acknowledgements, by language: tables that `absence` and `automatic` search with.

A line a language; add words here, not conditions elsewhere. All are compared in lower case.
"""

from __future__ import annotations

import re
import unicodedata


def _any(*lines: str) -> str:
    return "|".join(lines)


# What mail servers and clients put before the subject they answer, and what an absence note calls itself.
TITLES = _any(
    r"auto(?=\s?:)|auto(?:matic|mated|matisch)?[- ]?(?:reply|replay|response|answer|responder)|autoreply"
    r"|automated (?:reply|"
    r"response|message)",
    r"out[- ]of[- ](?:the[- ])?office|ooo\b|away from (?:the |my )?(?:office|desk|mail)|vacation (?:reply|message|"
    r"notice)",
    r"abwesen(?:d\b|heits\w+)|automatische (?:antwort|r[üu]ckantwort|abwesenheit\w*)|au(?:ß|ss)er haus|"
    r"ich bin (?:abwesend|nicht im)",
    r"r[ée]ponse automatique|message d'absence|notification d'absence|absence du bureau|avis d'absence",
    r"respuesta autom[áa]tica|fuera de (?:la )?oficina|aviso de ausencia",
    r"risposta automatica|fuori (?:sede|ufficio)|avviso di assenza",
    r"resposta autom[áa]tica|fora do escrit[óo]rio|aus[êe]ncia tempor[áa]ria",
    r"automatisch antwoord|automatische beantwoording|afwezig(?:heids?\w*)?\b|niet op kantoor",
    r"autosvar|automatisk(?:t)? svar|fr[åa]nvar(?:o\w*|ande\b)|frav[æa]r\w*|ikke p[åa] kontoret",
    r"automaattinen (?:vastaus|ilmoitus)|poissa(?:oloilmoitus)?\b|automaatvastus",
    r"automatyczna odpowied[źz]|odpowied[źz] automatyczna|autoodpowied[źz]|poza biurem",
    r"automatick[áa] odpov[ěe][ďd]|mimo kancel[áa][řr]|nep[řr][íi]tomnost",
    r"automatikus v[áa]lasz|h[áa]zon k[íi]v[üu]l|r[ăa]spuns automat|automatski odgovor|samodejni odgovor",
    r"otomatik (?:yan[ıi]t|cevap)|ofis d[ıi][şs][ıi]nda|αυτόματη απάντηση|εκτός γραφείου",
    r"автоматический ответ|автоответ\w*|вне офиса|нет на рабочем месте|автоматична відповідь|автовідповідь",
    r"自動応答|自動返信(?:メール)?|不在(?:通知|のお知らせ|連絡)|自动(?:回复|答复)|自動(?:回覆|回復)|不在办公室"
    r"|자동 ?(?:응답|"
    r"회신)|부재중",
    r"رد تلقائي|خارج المكتب|תשובה אוטומטית|מענה אוטומטי|מחוץ למשרד|balasan otomatis|trả lời tự động|ตอบกลับอัตโนมัติ",
)

# What such a note says of its writer.
PHRASES = _any(
    r"(?:i am|i'm|i’m|i will be|i'll be|i shall be|currently|we are|we're|will be)[^.\n]{0,48}(?:out of (?:the |"
    r"my )?office|"
    r"\bout\b[^.\n]{0,12}(?:until|till|from|today|starting|through)|\baway\b|on [^.\n]{0,24}\b(?:leave|holidays?|"
    r"vacation|pto|sabbatical|business trip)|absent|"
    r"not (?:in|at) (?:the |my )?(?:office|work|desk)|travel+ing|off work|unavailable)",
    r"\booo\b|\b(?:is|are|be|remain) closed (?:until|till|from|through|between)|not available (?:until|till)|"
    r"^[ \t]{0,8}out of (?:the )?office\b|limited access to (?:my )?e-?mail|(?:when i|upon my|on my|until i|"
    r"after i) return\b|"
    r"return(?:ing)? to (?:the office|work)|(?:i will|i'll) (?:be back|return)|back in the office",
    r"nicht (?:im|am|in) (?:haus|büro|buero|dienst|arbeitsplatz|der firma)|\babwesend\b|außer haus|ausser haus|"
    r"im urlaub|in urlaub|"
    r"wieder (?:im büro|im haus|für sie|da\b|erreichbar|zurück)|(?:bin|erreichen sie mich)(?:[^.\n]"
    r"|(?<=\d)\.){0,60}(?:wieder|"
    r"nicht erreichbar|zurück)|elternzeit|betriebsferien|(?:büro|kanzlei|praxis|betrieb|geschäft|firma)\w{0,20}[^\n"
    r"]{0,60}geschlossen|krank(?:heit|gemeldet|\b)|mutterschutz"
    r"|wird nicht weitergeleitet|dienstreise",
    r"\b(?:suis|serai|actuellement)[^.\n]{0,40}(?:absente?|en congés?|en vacances|en déplacement|indisponible|"
    r"hors du bureau)|"
    r"^[ \t]{0,8}(?:absente?|en congés?) (?:du|jusqu)|de retour (?:le|au|à partir)|bureaux? [^.\n"
    r"]{0,30}fermés?|pendant mon absence|en mon absence",
    r"fuera de (?:la|mi) oficina|de vacaciones|\bausente\b|estar[ée] de (?:vuelta|regreso)|durante mi ausencia|"
    r"no estar[ée] disponible|de baja|estoy de viaje|vuelvo el|oficinas? [^.\n]{0,30}cerrad",
    r"fuori (?:ufficio|sede)|\bassente\b|in (?:ferie|vacanza|trasferta)|(?:sarò|saro') di ritorno|rientrerò|"
    r"durante la mia assenza|torner[òo]\b|uffici[^.\n]{0,30}chius[io]",
    r"fora do escrit[óo]rio|de férias|em férias|estarei ausente|estou ausente|retornarei|regressarei"
    r"|de volta (?:no|na|em|a|dia)|"
    r"durante a minha ausência",
    r"\bafwezig\b|niet (?:op kantoor|aanwezig|bereikbaar)|met (?:vakantie|verlof)|op vakantie|(?:ben|"
    r"weer) (?:ik )?(?:weer )?(?:terug|aanwezig|op kantoor|bereikbaar)|kantoor[^.\n]{0,30}gesloten",
    r"inte (?:på kontoret|i tjänst)|(?:är|var) ledig|på semester|har semester|åter (?:på kontoret|den|i tjänst"
    r"|\d)|är tillbaka|åter på kontoret|\bfrånvarande\b|"
    r"föräldraledig|tjänste?ledig|kontoret[^.\n]{0,30}stängt",
    r"på ferie|har ferie|ikke på kontoret|ude af kontoret|tilbage på kontoret|tilbake på (?:kontoret|jobb)|"
    r"\bfraværende\b|holder ferie|på barsel|bortreist|ute av kontoret|ikke til stede|i permisjon",
    r"\bpoissa\b|lomalla\b|toimisto[^.\n]{0,30}suljettu|\bpalaan\b|tavoitettavissa|puhkusel",
    r"\bnieobecn\w+|poza biurem|na urlopie|przebywam[^.\n]{0,20}urlop|\bwróc[ęe]|\bwracam|będę dostępn",
    r"nep[řr][íi]tom\w+|dovolen\w+|(?:mimo|nejsem v) kancel\w+|vr[áa]t[íi]m se|zp[ěe]t budu|neprítom\w+"
    r"|szabadság\w*|távol vagyok|házon kívül",
    r"\bîn concediu|\bin concediu|ofis(?:te değil| dışında)|izinde|izinli|tatilde|döneceğim|εκτός γραφείου"
    r"|σε άδεια|na godišnjem",
    r"отсутств\w+|в отпуске|вне офиса|\bвернусь\b|в командировке|буду (?:на месте|на связи|доступ\w+)"
    r"|меня (?:нет|не будет)|на больничном|"
    r"у відпустці|відсутн\w+|мене (?:немає|не буде)|у відрядженні|\bповернуся\b",
    r"不在(?:に|と|で|の|にし)|休暇(?:を|中|の)|お休みを|夏季休業|休業|出張(?:中|のため)|不在(?:办公室|辦公室)|"
    r"休(?:年)?假|度假|出差|外出中|부재 ?중|휴가 ?(?:중|입니다|로)|출장 ?(?:중|으로)|자리를 비",
    r"خارج المكتب|في (?:إجازة|اجازة)|غير متواجد|سأعود|عند عودتي|מחוץ למשרד|בחופש\w*|לא נמצאת? במשרד|\bאחזור\b",
)

# A desk's machine telling that a mail has arrived.
RECEIVED = _any(
    r"(?:we(?:'ve| have)?|have) (?:now |successfully )?received your (?:e-?mail|message|request|enquiry|inquiry|"
    r"ticket|query|report)",
    r"your (?:\w+ )?(?:e-?mail|message|request|ticket|case|enquiry|inquiry|query)[^.\n]{0,60}(?:has been|was|"
    r"is) (?:successfully )?(?:received|"
    r"created|logged|registered|opened|submitted|recorded)|(?:a|new) (?:support )?(?:ticket|case|"
    r"request) (?:has been|was) (?:created|opened)",
    r"(?:will|shall) (?:get back to|respond to|reply to|be in touch with|contact|answer) you[^.\n]{0,40}(?:within|"
    r"as soon|shortly|soon|hours|days)",
    r"(?:wir haben )?ihre? (?:e-?mail|nachricht|anfrage|ticket|meldung)[^.\n]{0,40}(?:erhalten|eingegangen|"
    r"erfasst|empfangen)|"
    r"eingangsbest[äa]tigung|haben ihre (?:e-?mail|nachricht|anfrage)",
    r"nous avons bien (?:re[çc]u|enregistr[ée])|votre (?:demande|message|e-?mail|ticket)[^.\n]{0,40}(?:re[çc]ue?|"
    r"enregistr[ée]e?|prise? en compte)|"
    r"accus[ée] de r[ée]ception",
    r"hemos recibido (?:su|tu)|su (?:solicitud|mensaje|consulta|ticket)[^.\n]{0,40}(?:recibid|registrad|cread)|"
    r"acuse de recibo",
    r"abbiamo ricevuto (?:la|il|le) (?:sua|tua|suo|tuo|vostra)|la (?:sua|tua|"
    r"vostra) richiesta[^.\n]{0,40}(?:ricevuta|registrata|presa in carico)",
    r"recebemos (?:a |o )?(?:sua|seu)|(?:sua|o seu|a sua) (?:solicita[çc][ãa]o|mensagem|"
    r"pedido)[^.\n]{0,40}(?:recebid|registrad)",
    r"(?:we|wij) hebben (?:uw|je) [^.\n]{0,30}ontvangen|uw (?:bericht|e-?mail|aanvraag|"
    r"verzoek)[^.\n]{0,30}ontvangen|ontvangstbevestiging",
    r"vi har (?:tagit emot|mottagit|modtaget|mottatt)|olemme vastaanottaneet|mottagningsbekr|"
    r"bekr[æa]ftelse p[åa] modtagelse",
    r"otrzymaliśmy (?:twoj|pa[ńn]st|pana|pani)|zgłoszenie (?:zostało|nr)|obdrželi jsme|přijali jsme|megkaptuk|"
    r"am primit|(?:talebiniz|mesajınız) al[ıi]n",
    r"ваш[еа]? (?:обращение|запрос|заявка|письмо|сообщение)[^.\n]{0,40}(?:получен|принят|зарегистрирован)|"
    r"ваше звернення|λάβαμε το",
    r"(?:お問い?合わ?せ|ご連絡)[^。\n]{0,30}(?:受け付け|受付|承り)|受け付けました|自動(?:送信|配信)(?:メール)?|"
    r"已收到(?:您|你)的|我们已(?:经)?收到|접수되었습니다",
)

# A gatekeeper that wants a person to prove to be one before it lets our mail in.
CHALLENGES = _any(
    r"confirm (?:that )?you (?:are (?:a )?(?:human|real|person|not)|sent)|prove (?:that )?you(?:'re|"
    r" are) (?:a )?(?:human|not a)",
    r"(?:message|e-?mail|mail) (?:is|has been) (?:being )?(?:held|waiting|quarantined|paused|"
    r"pending)[^.\n]{0,60}(?:confirm|verif|approv|until)",
    r"(?:reply to|answer) this (?:message|e-?mail|mail)[^.\n]{0,40}(?:to (?:confirm|verify|be delivered|"
    r"have your)|in order)",
    r"sender (?:address )?verification|verify (?:that )?you sent|add(?:ed)? (?:you )?to (?:my|the|his|"
    r"her) (?:allow|white|approved)",
    r"best[äa]tigen sie[^.\n]{0,40}(?:absender|kein spam|zustellung)|confirmez (?:que vous|votre (?:envoi|"
    r"message))|confirme (?:que|su) (?:env|es)",
)

# Mailboxes that nobody reads: an answer would go nowhere.
UNATTENDED = _any(
    r"no[-_.]?reply\w*|do[-_.]?not[-_.]?reply\w*|not?[-_.]?respond\w*|nicht[-_.]?antworten|"
    r"ne[-_.]?pas[-_.]?repondre|no[-_.]?responder|"
    r"non[-_.]?rispondere|nao[-_.]?responda?|mailer[-_.]?daemon|mail[-_.]?daemon|mdaemon|post[-_]?master|bounces?|"
    r"double-bounce|"
    r"auto[-_.]?(?:reply|responder|response|notify)",
)

_MONTHS = (
    "يناير ינואר january januar jänner janvier enero gennaio janeiro januari "
    "tammikuu styczeń stycznia leden ledna ianuarie "
    "január ocak январь января січня ιανουαρίου",
    "فبراير פברואר february februar feber février febrero febbraio fevereiro "
    "februari helmikuu luty lutego únor února "
    "februarie február şubat февраль февраля лютого φεβρουαρίου",
    "مارس מרץ מרס march märz mars marzo março maart marts maaliskuu marzec "
    "marca březen března martie március mart март марта "
    "березня μαρτίου",
    "أبريل ابريل إبريل אפריל april avril abril aprile huhtikuu kwiecień "
    "kwietnia duben dubna aprilie április nisan апрель апреля квітня "
    "απριλίου",
    "مايو מאי may mai mayo maggio maio mei maj toukokuu maja květen května május mayıs май мая травня μαΐου",
    "يونيو יוני june juni juin junio giugno junho kesäkuu czerwiec czerwca "
    "červen června iunie június haziran июнь июня "
    "червня ιουνίου",
    "يوليو יולי july juli juillet julio luglio julho heinäkuu lipiec lipca "
    "červenec července iulie július temmuz июль июля "
    "липня ιουλίου",
    "أغسطس اغسطس אוגוסט august août aout agosto augustus augusti elokuu "
    "sierpień sierpnia srpen srpna augusztus ağustos август "
    "августа серпня αυγούστου",
    "سبتمبر ספטמבר september septembre septiembre settembre setembro syyskuu "
    "wrzesień września září szeptember septembrie "
    "eylül сентябрь сентября вересня σεπτεμβρίου",
    "أكتوبر اكتوبر אוקטובר october oktober octobre octubre ottobre outubro "
    "lokakuu październik października říjen října október "
    "octombrie ekim октябрь октября жовтня οκτωβρίου",
    "نوفمبر נובמבר november novembre noviembre novembro marraskuu listopad "
    "listopada noiembrie kasım ноябрь ноября листопада "
    "νοεμβρίου",
    "ديسمبر דצמבר december dezember décembre diciembre dicembre dezembro joulukuu grudzień grudnia prosinec prosince "
    "decembrie aralık desember декабрь декабря грудня δεκεμβρίου",
)

_WEEKDAYS = (
    "monday mon montag lundi lunes lunedì segunda segunda-feira maandag måndag mandag maanantai maanantaihin "
    "poniedziałek poniedziałku poniedziałkiem "
    "pondělí pondelok hétfő luni pazartesi понедельник понедельника понеділка δευτέρα 月曜日 月曜 周一 星期一 월요일",
    "tuesday tue tues dienstag mardi martes martedì terça terça-feira dinsdag tisdag tirsdag tiistai wtorek "
    "wtorku úterý utorok kedd marți salı "
    "вторник вторника вівторка τρίτη 火曜日 火曜 周二 星期二 화요일",
    "wednesday wed mittwoch mercredi miércoles mercoledì quarta quarta-feira woensdag onsdag keskiviikko środa "
    "środy středa stredu szerda miercuri "
    "çarşamba среда среды середи τετάρτη 水曜日 水曜 周三 星期三 수요일",
    "thursday thu thur thurs donnerstag jeudi jueves giovedì quinta quinta-feira donderdag torsdag torstai "
    "czwartek czwartku čtvrtek štvrtok csütörtök joi "
    "perşembe четверг четверга четверга πέμπτη 木曜日 木曜 周四 星期四 목요일",
    "friday fri freitag vendredi viernes venerdì sexta sexta-feira vrijdag fredag perjantai piątek piątku pátek "
    "piatok péntek vineri cuma "
    "пятница пятницы п'ятниці παρασκευή 金曜日 金曜 周五 星期五 금요일",
    "saturday sat samstag sonnabend samedi sábado sabato zaterdag lördag lørdag lauantai sobota soboty sobotu "
    "szombat sâmbătă cumartesi "
    "суббота субботы суботи σάββατο 土曜日 土曜 周六 星期六 토요일",
    "sunday sun sonntag dimanche domingo domenica zondag söndag søndag sunnuntai niedziela niedzieli neděle "
    "nedeľa vasárnap duminică pazar "
    "воскресенье воскресенья неділі κυριακή 日曜日 日曜 周日 星期日 星期天 일요일",
)

TODAY = (
    r"today|heute|aujourd'hui|hoy|oggi|hoje|vandaag|idag|i dag|tänään|dzisiaj|dziś|dnes|ma\b|bugün|сегодня|"
    r"сьогодні|今日|本日|今天|오늘"
)
TOMORROW = (
    r"tomorrow|morgen|demain|mañana|domani|amanhã|imorgon|i morgon|i morgen|huomenna|jutro|zítra|holnap|yarın|"
    r"завтра|明日|明天|내일"
)
NEXT_WEEK = (
    r"next week|nächste[rn]? woche|kommende[rn]? woche|(?:la )?semaine prochaine|la próxima semana|"
    r"la semana que viene|la settimana prossima|"
    r"(?:a )?próxima semana|volgende week|nästa vecka|næste uge|neste uke|ensi viikolla|w przyszłym tygodniu|"
    r"příští týden|jövő hét|"
    r"следующей недел\w+|来週|下周|다음 ?주"
)

# Before a date: "I return on" it ...
RETURNS = _any(
    r"\bback\b|return\w*|resum\w+|available (?:again )?(?:from|on|as of)|reach(?:able)? (?:again )?(?:from|on)",
    r"wieder|zurück|zurueck|rückkehr|de retour|qu'à partir du?|qu’à partir du?|retour|reprise|de vuelta"
    r"|de regreso|regres\w+|vuelvo|volver\w+|"
    r"reincorpor\w+",
    r"ritorn\w+|rientr\w+|torner[òo]|disponibile dal|retorn\w+|de volta|volt(?:o|arei|ar)\b|terug"
    r"|weer (?:aanwezig|bereikbaar)|"
    r"tillbaka|åter|tilbage|tilbake|palaan|jälleen|takaisin",
    r"wr[óo]c\w+|wracam|powr[óo]t|dostępn\w+ od|vr[áa]t[íi]m|zp[ěe]t|opět|vissza\w*|revin|döne\w+|вернусь|"
    r"верну\w+|выйду|буду (?:на связи|доступ\w+|в офисе|на месте)|поверн[еу]\w+|επιστρέφω|سأعود|أعود|العودة|"
    r"אחזור|אשוב|אהיה זמינה?|חזרה",
)
# ... "I am away until" it ...
UNTIL = _any(
    r"until|till|til\b|'til|through|thru|up to|to|bis|jusqu'(?:au|à|en)|jusqu’(?:au|à)|au|hasta|al?|fino (?:al?|"
    r"a)|até|tot en met|tot|t/m|till och med|til og med|till|til|fram till|frem til|förrän|før|"
    r"t\.?o\.?m\.?|do|aż do|až do|po|pînă|până|la|по|до|έως|μέχρι|至|到|截至|حتى|إلى|لغاية|עד",
)
# ... "from" it: the day the absence begins, unless the writer is back from then.
FROM = (
    r"from|since|starting|beginning|as of|between|vom|ab|seit|zwischen|du|depuis|à partir du|entre|del?|desde|dal|"
    r"a partire dal|desde|van|vanaf|från|fra|od|с|з|από|自|从|從|من|מ"
)
# Behind a date, in languages that put it so: "5月4日まで", "4.5. asti", "am 4. Mai wieder".
BEHIND_RETURNS = (
    r"(?:bin ich |sind wir |ist )?(?:wieder|zurück)(?! (?:am|ab|den|zum)\b)|(?:je )?(?:suis|serai) de retour"
    r"|ben ik (?:weer|terug)|"
    r"är jag (?:tillbaka|åter)|"
    r"er jeg tilbage|に(?:復帰|戻|出社|帰)|(?:より|から)(?:通常|出社|営業|業務|対応)|以降|出社|"
    r"(?:回来|回來|返回|恢复|上班|回到)|부터 ?(?:근무|정상|출근|업무|다시|복귀)|에 (?:복귀|출근)|"
    r"(?:t[ae]\b|d[ae]\b)?\s?(?:[^\W\d_]{4,12}\s){0,2}(?:döne|dönüş|ofiste ol|işe başla)|(?:i'll|i will) be back"
)
BEHIND_UNTIL = r"まで|迄|까지|asti|saakka|(?:(?:\w{1,3}|tarihine)\s)?kadar|között|期间|期間|-?ig\b|之前|为止|為止|止"
ABSENT = (
    r"out|away|off|absent|leave|holiday|vacation|abwesend|nicht|urlaub|absente?|congé|ausente|fuera|vacaciones|"
    r"assente|fuori|ferie|afwezig|"
    r"frånvarande|ferie|semester|poissa|nieobecn\w+|отсутств\w+|不在"
)


def plain(word: str) -> str:
    """Lower case without accents, so that "März", "marz" and "MÄRZ" are one."""
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in folded if not unicodedata.combining(char))


def _month_table() -> dict[str, int]:
    """Names and their beginnings of three to five letters, where those mean one month only."""
    names: dict[str, int] = {}
    beginnings: dict[str, set[int]] = {}
    for number, line in enumerate(_MONTHS, start=1):
        for name in map(plain, line.split()):
            names[name] = number
            for length in (3, 4, 5):
                beginnings.setdefault(name[:length], set()).add(number)
    unique = {beginning: months.pop() for beginning, months in beginnings.items() if len(months) == 1}
    return {**unique, **names, "sept": 9, "mrt": 3, "mrz": 3, "dic": 12}


def _alternatives(names: set[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


MONTHS = _month_table()
MONTH_NAMES = _alternatives({*MONTHS, *(name for line in _MONTHS for name in line.split())})
WEEKDAYS = {plain(name): day for day, line in enumerate(_WEEKDAYS) for name in line.split()}
WEEKDAY_NAMES = _alternatives({name for line in _WEEKDAYS for name in line.split()})


def month(word: str) -> int | None:
    """The number of a month by its name or abbreviation, inflected or not, or None."""
    name = plain(word).rstrip(".").removeprefix("ב")  # Hebrew writes "in" as part of the word; no month begins so
    if name in MONTHS:
        return MONTHS[name]
    return next((MONTHS[name[:length]] for length in (5, 4) if len(name) > length and name[:length] in MONTHS), None)
