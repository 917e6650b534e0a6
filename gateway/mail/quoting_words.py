"""The words mail clients write around what they quote, forward or sign: one table an idea, a row a language.

Sources: what Outlook, Exchange, Gmail, Apple Mail, Thunderbird, Yahoo, Yandex, QQ, Samsung and BlackBerry write in
these languages. Words are lower case and compared whole. A word that two languages share stands in both rows.
"""

from __future__ import annotations

from typing import Final, Literal

HeaderKind = Literal["from", "date", "to", "cc", "subject", "other"]


def _by_word(*rows: tuple[HeaderKind, str]) -> dict[str, HeaderKind]:
    return {word.strip(): kind for kind, words in rows for word in words.split("|")}


def _words(*rows: str) -> tuple[str, ...]:
    return tuple(word for row in rows for word in row.split("|"))


# The names of the fields in a header block. English, then Germanic, Romance, Slavic, the others.
HEADER_WORDS: Final[dict[str, HeaderKind]] = _by_word(
    ("other", "reply-to|reply to|importance|priority|attachments|organization|organisation|sender|bcc|resent-from"),
    (
        "other",
        "antwort an|wichtigkeit|priorität|anlagen|anhänge|répondre à|importance|pièces jointes|risposta|rispondi a",
    ),
    (
        "other",
        "responder a|responder para|importancia|antwoord aan|svar til|svara till|odpowiedz do|odpověď|ответить|yanıt",
    ),
    ("from", "from|von|absender|van|afzender|från|avsändare|fra|afsender|avsender"),
    ("from", "de|expéditeur|remitente|remetente|da|mittente|de la|expeditor"),
    ("from", "od|nadawca|odesílatel|odosielateľ|šalje|pošiljatelj|от|от кого|отправитель|від|від кого|відправник|от:"),
    ("from", "lähettäjä|saatja|kellelt|feladó|küldő|gönderen|kimden|από|nuo|siuntėjas|sūtītājs|từ|người gửi"),
    ("from", "差出人|送信者|发件人|寄件者|寄件人|發件人|보낸 사람|보낸사람|발신|من|המאת|מאת|שולח|จาก|dari"),
    ("date", "date|sent|sent at|datum|gesendet|gesendet am|verzonden|verzonden op|skickat|skickat den|sendt|dato|send"),
    ("date", "envoyé|envoyé le|date d'envoi|message du|fecha|enviado|enviado el|enviada|enviada em|enviado em|data"),
    ("date", "data de envio|inviato|inviato il|data invio|trimis|dată|data trimiterii"),
    (
        "date",
        "wysłano|wysłane|odesláno|dátum|odoslané|poslano|дата|изпратено|отправлено|дата отправки",
    ),
    ("date", "надіслано|відправлено|lähetetty|päivämäärä|päiväys"),
    (
        "date",
        "saadetud|saatmisaeg|kuupäev|elküldve|küldve|tarih|gönderildi|gönderilme tarihi",
    ),
    ("date", "gönderim tarihi|ημερομηνία|στάλθηκε|išsiųsta|nosūtīts|ngày|đã gửi|วันที่|tanggal"),
    (
        "date",
        "日付|日時|送信日時|日期|时间|時間|发送时间|发送日期|傳送時間|寄件日期|發送時間|날짜|보낸 날짜|보낸날짜|일시",
    ),
    ("date", "التاريخ|تاريخ|تم الإرسال|تاريخ الإرسال|أرسل|أُرسلت|תאריך|נשלח|נשלח ב"),
    ("to", "to|an|empfänger|aan|ontvanger|naar|till|mottagare|til|modtager|mottaker"),
    ("to", "à|a|pour|destinataire|para|destinatario|destinatário|al|către|catre|destinatar"),
    ("to", "do|dla|komu|pro|pre|adresát|prima|za|primatelj|кому|получатель|отримувач|одержувач|до"),
    ("to", "vastaanottaja|kellele|saaja|adressaat|címzett|kime|alıcı|προς|kam|gavėjas|đến|tới|người nhận|ถึง|kepada"),
    ("to", "宛先|收件人|收件者|받는 사람|받는사람|수신|إلى|אל|עבור"),
    ("cc", "cc|kopie|kopie an|kopia|kopi|copie|copie à|copia|cópia|kopio|kópia|kopija|koopia|másolat|másolatot kap"),
    ("cc", "c.c|dw|do wiadomości|копия|копія|bilgi|κοιν|αντίγραφο|抄送|副本|抄送人|참조|نسخة|نسخة إلى|עותק|สำเนา"),
    ("subject", "subject|betreff|betr|thema|onderwerp|ämne|emne|objet|sujet|asunto|oggetto|assunto|assumpte|subiect"),
    ("subject", "temat|předmět|predmet|naslov|тема|относно|aihe|teema|pealkiri|tárgy|konu|θέμα|tema|temats|chủ đề"),
    ("subject", "件名|主题|主旨|主題|제목|الموضوع|נושא|หัวข้อ|เรื่อง|subjek|perihal"),
)

# Finnish "VS:" is an answer (vastaus), Danish and Norwegian "VS:" a forward (videresendt): these words tell which.
FINNISH_HEADER_WORDS: Final = frozenset({"lähettäjä", "lähetetty", "vastaanottaja", "aihe", "päivämäärä"})

# Verbs that end an attribution ("On … X wrote:").
END_VERBS: Final = _words(
    "wrote|writes|sent|has written|schrieb|geschrieben|schrieb folgendes|skrev|skreiv|skrev følgende|schreef",
    "geschreven|a écrit|écrit|écrivait|a ecrit|escribió|escribio|ha escrito|ha scritto|scriveva|scrisse",
    "escreveu|va escriure|ha escrit|a scris|napisał|napisała|napisał(a)|napisał/a|pisze|napsal|napsala",
    "napsal(a)|napísal|napísala|napísal(a)|je napisao|je napisala|je napisao/la|napisao|napisao je|piše",
    "je napisal|napisal|napisala|написал|написала|написал(а)|пишет|писал|писал(а)|написав|написав(-ла)|написав(ла)",
    "написав/ла|пише|писав|написа|kirjoitti|kirjutas",
    "írta|ezt írta|rašė|parašė|rakstīja|yazdı|şunu yazdı|şunları yazdı|έγραψε|đã viết|menulis|เขียนว่า|เขียน",
    "写道|寫道|写|写到|寫到|のメール|書きました|さんは書きました|님이 작성|이(가) 작성|작성|작성함|님의 말",
    "쓴 글|썼습니다",
    "كتب|كتبت|כתב|כתבה|כתב/ה|skrifaði|idatzi zuen",
    "כתב(ה)",
)
# English clients begin with "On" or give an address: "2024-05-03 10:11 mail sent:" is a line of a log.
ENGLISH_VERBS: Final = frozenset({"wrote", "writes", "sent", "has written"})
LOG_WORDS: Final = frozenset({"error", "warn", "warning", "info", "debug", "fatal", "notice", "trace", "exception"})
# Verbs after which a name or a date follows before the colon ("Am … schrieb X:", "X skrev den …:").
MIDDLE_VERBS: Final = _words(
    " schrieb | skrev | skreiv | schreef | heeft | kirjoitti | kirjutas | wrote on | wrote at | a écrit le ",
    " escribió el | escreveu em | ha scritto il | napisał w dniu | napsal dne | tarihinde | időpontban | пише ",
    " писал | написал | יום | מאת | كتب | כתב | بواسطة | skrifaði | ایمیل | 에 |님이 ",
    " escreveu no dia | escrit el |írta (| yazdı (| napisana przez | del dia | schreef op | pisze w dniu ",
)
# First persons: who tells what he wrote ("Wie ich am 3. Mai an x schrieb:") quotes nothing.
FIRST_PERSONS: Final = frozenset(
    _words(
        "i|we|as|ich|wir|wie|je|j'ai|nous|comme|yo|como|io|come|eu|ik|wij|zoals|jag|vi|jeg|som|minä|me|én|mi",
        "eu|ja|my",
        "jak|já|я|мы|ми|как|як|ben|biz|εγώ|私|我|我们|나",
    )
)
FIRST_PERSON_ENDS: Final = _words(
    " i wrote| we wrote| i sent| we sent| ich schrieb| wir schrieben| j'ai écrit| ho scritto| ik geschreven",
)
# Words an attribution starts with.
STARTERS: Final = frozenset(
    _words(
        "on|at|am|den|der|d.|op|på|le|el|em|no|il|in|a|la|pe|în|dnia|w|dne|dňa|dana|u|na|на|в|στις|την|vào|pada|lúc",
        "em:|von|在|於|于|في|בתאריך|ב|ב-|เมื่อ|quoting|citando|zitat|zitiere|citeren",
    )
)

# Between dashes: the client quotes what is answered (or, with the subject of a forward, forwards it).
ORIGINAL_LINES: Final = frozenset(
    _words(
        "original message|original email|originalmessage|original-nachricht|reply message|ursprüngliche nachricht",
        "originalnachricht|ursprüngliche mail|ursprungliche nachricht|originalmail|message d'origine",
        "message original|message initial|mail original|e-mail d'origine|mensaje original|correo original",
        "messaggio originale|messaggio original|mensagem original|oorspronkelijk bericht|origineel bericht",
        "oorspronkelijke bericht|missatge original|ursprungligt meddelande|originalmeddelande|ursprungligt mejl",
        "oprindelig meddelelse|oprindelig besked|original meddelelse|opprinnelig melding|original melding",
        "opprinnelig e-post|alkuperäinen viesti|algne kiri|algsõnum|eredeti üzenet|mesaj original|mesajul original",
        "oryginalna wiadomość|wiadomość oryginalna|wiadomość źródłowa|původní zpráva|původní e-mail|pôvodná správa",
        "izvorna poruka|originalna poruka|izvirno sporočilo|исходное сообщение|оригинальное сообщение",
        "первоначальное сообщение|исходное письмо|початкове повідомлення|оригінальне повідомлення",
        "вихідне повідомлення|оригинално съобщение|оригинално писмо|orijinal mesaj|özgün ileti|orijinal ileti",
        "özgün mesaj",
        "asıl mesaj|αρχικό μήνυμα|thư gốc|tin nhắn gốc|pesan asli|元のメッセージ|元のメール",
        "original message / 元のメッセージ|原始邮件|原始郵件|原邮件|回复的原邮件|回复邮件|原始信息|原始訊息",
        "원본 메시지|원본 메일|원본메시지|원본메일|원본 이메일|original message(원본)|الرسالة الأصلية|رسالة أصلية",
        "ההודעה המקורית|הודעה מקורית|oriģinālais ziņojums",
    )
)
# In a line framed by "#", "-", "=" or "*": another desk asks to write above its own letter.
WRITE_ABOVE: Final = _words(
    "reply above this line|type your reply above|write your reply above|reply above the line|respond above this line",
    "above this line to|antworten sie oberhalb|antwort oberhalb|oberhalb dieser zeile|über dieser linie",
    "au-dessus de cette ligne|encima de esta línea|por encima de esta|sopra questa linea|sopra questa riga",
    "acima desta linha|boven deze lijn|boven deze regel|powyżej tej linii|nad touto řádkou|nad tímto řádkem",
    "ovanför denna linje|ovanför den här linjen|over denne linje|over denne linjen|выше этой линии|над этой чертой",
    "bu satırın üstüne|この行より上|この線より上|在此行上方|이 줄 위에",
)
# Between dashes: the client forwards.
FORWARD_LINES: Final = frozenset(
    _words(
        "forwarded message|forwarded email|forward message|forwarded mail|begin forwarded message",
        "weitergeleitete nachricht|weitergeleitete mail|weitergeleitete e-mail|weiterleitung|message transféré",
        "message transmis|message réexpédié|e-mail transféré|courriel transféré|mensaje reenviado|correo reenviado",
        "mensaje remitido|missatge reenviat|messaggio inoltrato|inoltrato|mensagem encaminhada",
        "mensagem reencaminhada|e-mail encaminhado|doorgestuurd bericht|doorgestuurde bericht|doorgezonden bericht",
        "vidarebefordrat meddelande|vidarebefordrat mejl|vidarebefordrat brev|videresendt meddelelse",
        "videresendt besked|videresendt melding|videresendt e-post|videresendt mail|edelleenlähetetty viesti",
        "välitetty viesti|välitetty viesti / fwd.msg|edasi saadetud kiri|edastatud kiri|edastatud sõnum",
        "továbbított üzenet|továbbított levél|mesaj redirecționat|mesaj redirectionat|mesaj înaintat",
        "treść przekazanej wiadomości|przekazana wiadomość|wiadomość przekazana|wiadomość przekazywana dalej",
        "přeposlaná zpráva|předaná zpráva|přeposlaný e-mail|preposlaná správa|proslijeđena poruka",
        "posredovano sporočilo|prosleđena poruka|пересылаемое сообщение|перенаправленное сообщение",
        "пересланное сообщение|пересылаемое письмо|пересланное письмо|переслане повідомлення",
        "перенаправлене повідомлення|пересланий лист|препратено съобщение|iletilen ileti|iletilen mesaj",
        "yönlendirilen ileti|yönlendirilmiş mesaj|yönlendirilen mesaj|προωθημένο μήνυμα|thư được chuyển tiếp",
        "pesan terusan|ข้อความที่ส่งต่อ|persiųstas laiškas|転送されたメッセージ|転送メッセージ|転送メール",
        "转发的邮件|转发邮件|轉寄郵件|轉寄的郵件|轉寄訊息|转发邮件信息|已转发邮件|전달된 메시지|전달된 메일",
        "전달 메시지|رسالة معاد توجيهها|رسالة مُعاد توجيهها|הודעה שהועברה|הודעה מועברת|pārsūtītais ziņojums",
    )
)
# A line of its own with a colon, no dashes: Apple Mail.
FORWARD_OPENINGS: Final = frozenset(
    _words(
        "begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié",
        "début du message transféré|inicio del mensaje reenviado|inicio del mensaje remitido",
        "inizio messaggio inoltrato|início da mensagem reencaminhada|início da mensagem encaminhada",
        "begin doorgestuurd bericht|vidarebefordrat brev|vidarebefordrat mejl|videresendt besked",
        "start på videresendt besked|videresendt melding|start på videresendt melding|välitetty viesti alkaa",
        "edastatud kirja algus|továbbított levél kezdete|începutul mesajului redirecționat",
        "începe mesajul redirecționat|začátek přeposílané zprávy|začátek přeposlané zprávy",
        "začiatok preposlanej správy|započni proslijeđenu poruku|początek przekazywanej wiadomości",
        "początek przesyłanej dalej wiadomości|początek przekazanej wiadomości|начало переадресованного сообщения",
        "начало пересылаемого сообщения|початок листа, що пересилається|початок переадресованого повідомлення",
        "початок пересланого повідомлення|iletilmiş mesajın başlangıcı|yönlendirilmiş iletinin başlangıcı",
        "転送されたメッセージ|以下は転送されたメッセージです|下面是被转发的邮件|开始转发的邮件|开始转发邮件",
        "開始轉寄郵件|以下是轉寄的郵件|전달된 메시지 시작|بداية الرسالة المعاد توجيهها|תחילת ההודעה שהועברה",
        "αρχή προωθημένου μηνύματος|bắt đầu thư được chuyển tiếp",
    )
)

# Subject prefixes of a forward. `FWD` clients print a forward line or a header block, always; of the others, Outlook's,
# Outlook for Mac forwards below a mere attribution.
FWD_PREFIXES: Final = frozenset({"fwd"})
FORWARD_PREFIXES: Final = FWD_PREFIXES | frozenset(
    _words(
        "fw|wg|tr|rv|i|enc|vs|vl|vb|pd|ilt|redir|tov|továbbítás|továbbítva|doorst|reenv|rif|edasi|fwd msg|πρθ",
        "προωθ|пер|пересл|hl|yml|trs|prosl|proslijeđeno|weitergeleitet|doorgestuurd|reenviado|转发|轉寄|轉發",
        "転送|전달|إعادة توجيه|הועבר|chuyển tiếp|vidarebefordrat",
        "videresendt",
    )
)
REPLY_PREFIXES: Final = frozenset(
    _words(
        "re|aw|antw|antwort|sv|svar|ref|res|r|rp|rép|resp|odp|vá|ynt|yan|ats|atb|vast|vs|ha|отв|відп|απ|σχετ|回复",
        "回覆|答复|返信|답장|회신|رد|השב|תגובה|trả lời|bls|на",
    )
)

# The signature of a device or an app. A line that starts so …
DEVICE_STARTS: Final = _words(
    "sent from |sent via |sent with |sent using |sent on the go|get outlook for |gesendet von ",
    "gesendet mit |gesendet über |von meinem |von unterwegs gesendet|diese nachricht wurde von meinem ",
    "holen sie sich outlook|laden sie outlook|outlook für |outlook for |envoyé de |envoyé depuis ",
    "envoyé à partir |envoyé via |envoyé avec |télécharger outlook |obtenir outlook |obtenez outlook ",
    "enviado desde |enviado con |enviado do |enviado de |enviado a partir |enviado pelo |enviada do ",
    "enviado via |obtener outlook |obtenha o outlook |obter o outlook |descarga outlook |inviato da ",
    "inviato dal |inviato con |ottieni outlook |scarica outlook |verzonden vanaf |verzonden van ",
    "verzonden met |verstuurd vanaf |verstuurd met |verstuurd van |outlook voor |download outlook ",
    "skickat från |skickades från |hämta outlook |sendt fra |sendt med |hent outlook |få outlook ",
    "skaff deg outlook |lähetetty |hanki outlook |saadetud |hankige outlook |wysłano z |wysłane z |wysłano za ",
    "pobierz outlook |pobierz aplikację outlook |odesláno z |odesláno ze |odoslané z |získejte outlook ",
    "získať outlook |získajte outlook |stáhnout outlook |poslano s |poslano sa |poslano iz |elküldve |küldve ",
    "az én |a outlook |trimis de pe |trimis din |obțineți outlook |отправлено с |отправлено из ",
    "отправлено через |скачать outlook |получить outlook |надіслано з |надіслано із |відправлено з ",
    "відправлено із |отримати outlook |στάλθηκε από |изпратено от |išsiųsta iš |được gửi từ |đã gửi từ ",
    "dikirim dari |发自|發自|来自我的|來自我的|从我的|從我的|发送自|傳送自|获取 outlook|取得 outlook",
    "下载 outlook|获取适用于 |取得 ios 版|取得 android 版|iphoneから|ipadから|outlook for|나의 |내 |أرسلت من",
    "أُرسلت من|مرسل من|مُرسل من",
    "تم الإرسال من",
    "احصل على outlook|الحصول على outlook|נשלח מ|הורד את outlook|קבל את outlook|השג את outlook|yahoo mail|yahoo mail:",
    "von yahoo mail|securely sent with |obtén outlook |obtenga outlook |skaffa outlook |pobierz program outlook ",
    "získat outlook |скачайте outlook |получите outlook |отримайте outlook |отправлено со |надіслано зі ",
    "verzonden vanuit ",
)
# … or ends so.
DEVICE_ENDS: Final = _words(
    "から送信|で送信|gesendet|gönderildi|gönderilmiştir|에서 보냄|에서 전송|보냄|보냈습니다|傳送|发送|küldve",
    "lähetetty",
    "を入手|を取得|を入手する|edinin|다운로드|다운로드하세요|받기",
)
# With one of these named such a line is a signature, commas and full stop or not …
DEVICE_BRANDS: Final = _words(
    "iphon|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|redmi|blackberry|nokia|motorola|oneplus|wiko|outlook",
    "yahoo|gmail|windows|airmail|thunderbird|proton|gmx|web.de|t-online|mail.ru|yandex|яндекс|почты|bluemail|k-9",
    "aol|superhuman|mailspring|zoho|tutanota|mymail|mailbird|xperia|aquos|网易|네이버",
)
# … with one of these only if it reads like no sentence.
DEVICE_WORDS: Final = _words(
    "smartphone|handy|mobil|mobile|tablet|telefon|téléphone|telefoon|móvil|celular|puhelim|телефон|смартфон",
    "手机|手機|携帯|スマートフォン|스마트폰|휴대폰|mail app|unterwegs|on the go|teléfono|telefono|telemóvel|mobiel",
    "mobiltelefon|spark|newton|boxer|tuta |telekom|orange|pixel|هاتف|جوال|טלפון|נייד",
)

# … and may be sorry for how it was written.
EXCUSES: Final = _words(
    "excuse|brevity|typos|terse|apologi|pardon|forgive|entschuldig|tippfehler|kürze|brièveté|fautes|brevedad|errores",
    "brevità|errori|brevidade|erros|kortheid|typefouten|zwięzłość|literówki|kortfattet|kortfattad|краткость|опечатки",
)

# What a paragraph of a disclaimer says: two of one row make one.
DISCLAIMER_WORDS: Final = (
    _words("confidential|intended recipient|intended solely|privileged|received this|in error|unauthori|disclos"),
    _words("vertraulich|irrtümlich|nicht der richtige|bestimmungsgemäß|vernichten sie|unbefugte|adressat|weitergabe"),
    _words("confidentiel|destinataire|par erreur|détruire|usage exclusif|strictement interdit|diffusion"),
    _words("confidencial|destinatari|por error|por erro|eliminarlo|uso exclusivo|prohibid|proibid|privilegiad"),
    _words("riservat|destinatari|per errore|cancellarlo|distrugger|esclusivo|divulgazione|d.lgs"),
    _words("vertrouwelijk|geadresseerde|ten onrechte|abusievelijk|vernietigen|uitsluitend bestemd|openbaarmaking"),
    _words("poufn|adresat|omyłkow|przez pomyłkę|wyłącznie dla|usunięcie|zabronion|tajemnic"),
    _words("důvěrn|adresát|omylem|určen výhradně|výlučně|dôvern|smazat|vymažte"),
    _words("konfidentiel|fortrolig|konfidensiell|mottagare|modtager|mottaker|av misstag|ved en fejl|ved en feil"),
    _words("luottamuksellinen|vastaanottaja|vahingossa|erehdyksessä|ilmoita|hävitä"),
    _words("конфиденциальн|адресат|по ошибке|уничтож|исключительно|конфіденційн|помилково|знищ"),
    _words("gizli|alıcı|yanlışlıkla|siliniz|muhatab|yasal"),
    _words("bizalmas|címzett|tévedésből|törölje|confidențial|destinatar|din greșeală|povjerljiv|greškom"),
    _words("機密|受信者|誤って|削除|破棄|保密|收件人|错误|錯誤|删除|刪除"),
    _words("기밀|수신인|수신자|잘못|삭제|سري|المستلم|بالخطأ|חסוי|נמען|בטעות"),
)

# Own words that say the answers stand in the quoted text, which is then kept whole although nothing marks them.
INLINE_WORDS: Final = _words(
    "inline|in-line|in line below|in red|in blue|in green|in bold|interleaved|between the lines",
    "see my comments|see my answers|my answers below|answers below|comments below|replies below|in rot|in blau",
    "in grün|farbig|siehe unten|im text unten|zwischen den zeilen|meine antworten|en rouge|en bleu|en vert",
    "dans le texte|ci-dessous|en rojo|en azul|en verde|más abajo|in rosso|in blu|qui sotto|di seguito",
    "em vermelho|em azul|abaixo|in het rood|in het blauw|hieronder|zie onder|w tekście|na czerwono",
    "na niebiesko|poniżej|červeně|modře|níže|i rött|i blått|nedan|med rødt|nedenfor|punaisella|alla|красным",
    "синим|ниже|в тексте|червоним|синім|нижче|kırmızı|aşağıda|インライン|赤字|下記|红色|红字|下面|빨간|아래에",
)
