"""Delivery reports that follow no RFC: who failed, and why, read from the words.

Qmail, Exim, Postfix, sendmail since 1989, Exchange, Domino, web mailers, carriers: half of all failures
come as prose. They share a shape: a machine's sender, a sentence that mail was not delivered, the failed addresses
set off from the prose (a line that starts with one, a label, an SMTP command), the reason beneath.
So nothing here knows a product by name; the tables hold the sentences and the places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gateway.mail.address import normal
from gateway.mail.dsn_service import service_notification
from gateway.mail.dsn_status import best
from gateway.mail.message import Bounce, BounceAction, BouncedRecipient, Message
from gateway.mail.returned import Notice, message_id_of

_MOST_RECIPIENTS = 200
_DIAGNOSTIC = 500
_ABOVE = 200  # so much of the text above an address tells whether a new item begins with it

# No address holds these; the wide ones stand around addresses in Chinese and Japanese reports.
_OUTSIDE = r"\s<>\"'()\[\],;:@（）：；，。、＜＞「」【】“”‘’«»"
_ADDRESS = rf"[^{_OUTSIDE}]{{1,128}}@[^{_OUTSIDE}/\\]{{1,255}}"
_ANY_ADDRESS = re.compile(_ADDRESS)

# Senders that are machines for certain (their names are reserved by custom) ...
_DAEMON = re.compile(
    r"(?:mailer|mail|smtp|delivery)[-_. ]?daemon|\bmdaemon\b|mail[-_. ]?deliver(?:y|er)?[-_. ]?(?:sub)?[-_. ]?system|"
    r"delivery (?:sub)?system|\bNDR (?:administrator|agent|generator)|double-bounce@"
    r"|microsoftexchange[0-9a-f]{32}@|^\s*<>\s*$|mail (?:system )?administrator|mailer-daemon",
    re.I,
)
# ... and those behind which a person may sit.
_OFFICE = re.compile(
    r"\b(?:post[-_ ]?master|no[-_.]?reply|do[-_.]?not[-_.]?reply|system administrator|mail ?admin|sysadmin|bounces?|"
    r"mail(?:er)?[-_. ]?(?:gateway|server|service|robot)|notifications?)\b",
    re.I,
)

# What a report's subject says. Anchored at its start: a person's answer to a report begins with "Re:" or "Fwd:".
_SUBJECT = re.compile(
    r"^\W{0,4}(?:\S{1,80}\s)?(?:undeliver(?:able|ed)|delivery (?:status )?(?:notification|failure|report|error|"
    r"has failed|problem)|"
    r"(?:mail|message|e-?mail) (?:delivery|system|fail(?:ure|ed)|status|error)|message you sent (?:was "
    r")?(?:blocked|rejected)|failure (?:notice|delivery)|"
    r"(?:mail |message )?returned (?:mail|to sender|message)|(?:failed|permanent|temporary) (?:delivery|mail)|"
    r"(?:non[- ]?delivery|nondeliverable)|could(?: not|n'?t) (?:be )?(?:deliver|send)|can'?t deliver|"
    r"warning: (?:message|could not send)|there was an error sending|notice: mail delivery|delayed mail|"
    r"(?:message|mail) (?:could not|not|cannot|can'?t|was not|wasn'?t|delayed)|postfix smtp server: errors|"
    r"rejected mail|"
    r"unzustellbar|zustell(?:ung|fehler|bericht|problem)|mail(?:zustellung)? (?:fehlgeschlagen|nicht)|"
    r"nicht zugestellt|"
    r"non remis|non distribu|[eé]chec de (?:la )?(?:remise|distribution)|message non|avis de non|"
    r"no se (?:ha )?(?:pudo|podido) entregar|no entregado|no se puede entregar|correo devuelto|error de entrega|"
    r"impossibile recapitare|mancat[ao] (?:recapito|consegna)|non recapit|"
    r"onbestelbaar|niet bezorgd|kan niet worden (?:bezorgd|afgeleverd)|"
    r"n[aã]o foi (?:poss[ií]vel|entregue)|n[ãa]o [ée] poss[íi]vel entregar|falha na entrega|mensagem (?:n[aã]o"
    r"|devolvida)|"
    r"kunde inte leverera|olevererbart|det gick inte att leverera|kan ikke leveres|kunne ikke leveres|kan "
    r"inte levereras|"
    r"ei voi(?:da|tu) toimittaa|toimitus ep[äa]onnistui|teslim edile|k[ée]zbes[íi]t(?:hetetlen|[ée]si)|nelivrabil|"
    r"δεν [^\n]{0,24}παραδο|μη παραδο|غير قابل للتسليم|تعذر (?:ال)?تسليم|לא ניתן למסי?ר|מסירה נכשלה|"
    r"niedostarcz|nie mo[zż]na dostarczy|zwrot|nedoru[cč]|"
    r"недостав|не доставлен|не уда(?:ется|лось) доставить|не вда(?:ється|лося) доставити|ваше сообщение не"
    r"|сбой доставки|"
    r"配信(?:エラー|不能|失敗|できません)|(?:メール)?送信エラー|メールエラー|届きません|送信できません|未配信|不達|"
    r"退信|投递失败|未送达|无法(?:投递|送达)|未传递|系统退信|無法(?:傳遞|投遞)|반송|(?:메일|메시지)[^\n"
    r"]{0,12}(?:전송|"
    r"배달|전달)|전송 ?실패|배달 ?실패)",
    re.I,
)

# What a report's own words say.
_WORDS = re.compile(
    r"(?:could(?: not|n[’']?t)|can(?:not|[’']t| not)|was(?: not|n[’']?t)|(?:has|have) not(?: yet)?|unable to|"
    r"not able to|wasn't able to|"
    r"trouble|failed to|error (?:occurred )?(?:while )?(?:trying to )?|problem|did not|"
    r"impossible to)\s{1,3}(?:yet )?(?:be |been )?"
    r"(?:deliver|reach|sent|send\b|accepted)|"
    r"delivery problems|non-?delivered|[ée]chec de (?:la )?(?:remise|distribution|livraison)|error de entrega|"
    r"fehler bei der[^\n]{0,20}zustellung|zustellung[^\n]{0,60}(?:fehlgeschlagen|gescheitert)|"
    r"mancat[ao] (?:recapito|consegna)|"
    r"falha na entrega|bezorging[^\n]{0,40}mislukt|leverans[^\n]{0,40}misslyck|"
    r"deliver[^\n]{0,60}(?:fail|delayed|unsuccessful|incomplete|error|permanent)|undeliver(?:able|ed)|"
    r"error (?:occurred|has occurred|delivering)|(?:had|returned|have) [^\n]{0,40}(?:fatal|delivery|permanent|"
    r"transient) error|"
    r"transcript of (?:the )?session|fatal errors|rejected by (?:a|the) remote|rejected your message|was rejected by|"
    r"did not reach|following (?:recipient|address)[^\n]{0,40}(?:fail|did not|reject)|address(?:es|\(es\))? failed|"
    r"giv(?:en|ing) up|error message below|unknown user:|mailbox exceeds|returned permanent errors|"
    r"tried to contact[^\n]{0,40}may not exist|account is disabled|not be delivered|message was (?:not |un)deliver|"
    r"fail(?:ed|ing) addresses|(?:automatically|been) (?:rejected|refused|returned)|refused by the recipient|"
    r"(?:empf[äa]nger|recipients?|destinataires?)[^\n]{0,24}(?:nicht erreicht|not reached)|"
    r"nicht zugestellt|nicht übermittelt|unzustellbar|konnte nicht|"
    r"n'a pas pu [êe]tre|n'ont pas pu|impossible de remettre|pas [ée]t[ée] (?:remis|distribu|d[ée]livr)|"
    r"no se (?:ha )?(?:pudo|podido|puede)[^\n]{0,20}entreg|no pudo ser entregado|"
    r"non [èe] stato (?:possibile|recapitat|consegnat)|impossibile recapitare|"
    r"niet worden (?:bezorgd|afgeleverd)|niet bezorgd|n[ãa]o (?:foi|p[ôo]de|pode) [^\n]{0,20}entreg|"
    r"kunde inte|kan ikke leveres|kunne ikke leveres|nie (?:mog[lł]a|może|można)[^\n]{0,24}dostarcz|"
    r"nepodařilo[^\n]{0,16}doručit|nedoručen|ei voi(?:da|tu) toimittaa|teslim edile|k[ée]zbes[íi]t(?:hetetlen|eni)|"
    r"nu (?:a putut|poate) fi livrat|δεν [^\n]{0,24}παραδο|لم يتم تسليم|تعذر (?:ال)?تسليم|לא (?:נמסר|ניתן למסור)|"
    r"не вда(?:ється|лося) доставити|не може бути доставлен|"
    r"не может быть доставлен|не удалось доставить|не было доставлен|"
    r"送信できません|配信できません|届きません|送信に失敗|配送できません|エラー|"
    r"无法(?:投递|送达|发送)|退回|被退|未能|無法(?:傳送|遞送)|(?:전송|배달|전달)(?:하지|되지|에 실패|할 수 없)",
    re.I,
)

_DELAYED = re.compile(
    r"not yet received|about a delay|continue trying|will be retried|(?:has|have) (?:not yet been|been delayed)|"
    r"warning message only|"
    r"delivery (?:attempts )?will continue|"
    r"still (?:be )?(?:trying|retried)|will (?:keep|continue) (?:trying|to (?:try|attempt))|will retry|"
    r"delivery incomplete|"
    r"could not send message for past|delivery (?:is |has been |status notification \()?delay|delayed \d|"
    r"will try (?:again )?(?:for|until)|not yet been delivered|temporary problem delivering|verzögert|"
    r"(?:livraison|remise)[^\n]{0,20}(?:retard|diff[ée]r)|(?:entrega|mensaje)[^\n]{0,20}(?:retras|demor)|"
    r"задержан|遅延|再送(?:します|を試み)|延迟",
    re.I,
)
_DELAYED_SUBJECT = re.compile(r"\bdelay|warning: (?:message|could not send)|verzögert|retard|retras|遅延|задерж", re.I)
_DELIVERED = re.compile(
    r"(?:was|were|been) (?:successfully )?delivered (?:to|successfully)|successfully (?:delivered|relayed)|"
    r"delivery via [^\n]{1,200}\n?[^\n]{0,80}\b250\b|(?:delivery )?report that you requested|"
    r"delivered to (?:mailbox|command|file)|"
    r"delivery (?:was |is )?success|relayed to (?:a|the) (?:remote|next|destination)|success \(mailbox\)|"
    r"erfolgreich zugestellt",
    re.I,
)
_RELAYED = re.compile(r"relayed", re.I)

# --- where the failed addresses stand, the surest place first -------------------------------------------------------

# At the start of a line, bare, bulleted, quoted or in angles: <a@b.example>: host mx.example said
_LINE_START = re.compile(
    rf"^(?P<indent>[ \t]{{0,12}})(?:(?:[*•·-]|>{{1,3}})\s{{1,3}})?[\"'<\[]?(?P<address>{_ADDRESS})[>\"'\]:]?"
    r"(?P<alone>[ \t]{0,8}(?:<[^\n<>]{3,200}>)?[ \t:.,;]{0,8}$)?",
    re.M,
)
# A line that only an address can follow may not end in the middle of a sentence, nor name the sender.
_OPEN_SENTENCE = re.compile(r"[\w,]\s*$")
_NAMES_THE_SENDER = re.compile(r"(?:\bby|\bfrom|\bsender|contact|postmaster|reply-?to|administrator)\W*$", re.I)
# "550 5.1.1 <a@b.example>... User unknown"
_TRANSCRIPT = re.compile(
    rf"^[ \t]{{0,8}}[245]\d\d[ -](?:\d\.\d{{1,3}}\.\d{{1,3}}[ ])?<?(?P<address>{_ADDRESS})>?\.\.\.", re.M
)
# "Final-Recipient: rfc822; a@b.example" written into the text
_STATUS_FIELD = re.compile(
    rf"^[ \t>]{{0,8}}(?:Final|Original|"
    rf"Failed)-Recipient:\s{{0,4}}(?:[\w-]{{1,20}}\s?;\s{{0,4}})?<?(?P<address>{_ADDRESS})",
    re.M | re.I,
)
# Behind a label or an SMTP command: >>> RCPT TO:<a@b.example>
_LABEL = re.compile(
    r"(?:RCPT TO|(?:failed |e-?mail |recipient(?:'s)? |original |final )?(?:recipient|address(?:ee)?)(?:s|"
    r"\(s\))?(?: address)?|addressed to|"
    rf"destinataire|empf[äa]nger|destinatario|geadresseerde|получатель|宛先|受信者|"
    rf"收件人)\s?[:=]\s{{0,8}}[<\"']?(?P<address>{_ADDRESS})",
    re.I,
)
# In a sentence about a mail: your message to a@b.example could not
_SENTENCE = re.compile(
    r"(?:(?:deliver\w*|undeliver\w*|messages?|mail|send|sent|reach|rejected)\b[^\n@]{0,60}?\b(?:to|for)|attempts|"
    r"errors|"
    r"(?:unknown|invalid|no such|exceeds allowed)[^\n@]{0,24}|an|à|voor|aan|para|per|dla|do|адресу)"
    rf"\s?:?\s{{1,3}}[<\"']?(?P<address>{_ADDRESS})",
    re.I,
)
# As the subject of one: a@b.example does not exist
_SUBJECT_OF = re.compile(
    rf"[<\"']?(?P<address>{_ADDRESS})[>\"']?\s{{1,3}}(?:is |was |does |could |has |cannot |can't |not |n'a|wurde|"
    rf"konnte|no |non |niet |не )",
    re.I,
)
# On one line with the reply it got.
_WITH_ITS_REPLY = re.compile(rf"(?P<address>{_ADDRESS})[^\n@]{{0,120}}[\s:][45]\d\d[ -]")
_PLACES = (_STATUS_FIELD, _TRANSCRIPT, _LABEL, _SENTENCE, _SUBJECT_OF, _WITH_ITS_REPLY)

# Behind these lines Exchange repeats itself for administrators, with addresses of its own making.
_FOR_ADMINISTRATORS = re.compile(
    r"^\s{0,8}(?:diagnostic information for admin|diagnoseinformation|informations de diagnostic|"
    r"informaci[oó]n de diagn|"
    r"diagnostische gegevens|informazioni (?:di )?diagnostic|informa[cç][oõ]es de diagn|диагностическ|"
    r"管理者(?:向け|用)|more info for email admins)",
    re.I | re.M,
)
_DOMAIN = re.compile(r"@[^\s<>\"(),;:]{1,255}")
_QUOTED_LINE = re.compile(r"^[>|].*$", re.M)
_FOR_CLAUSE = re.compile(rf"\bfor <?(?P<address>{_ADDRESS})")


def read_wild(message: Message, notice: Notice) -> Bounce | None:
    """A report in prose, or None where the mail is none."""
    if not is_report(message, notice):
        return None
    from_service = service_notification(message, notice)
    if from_service is not None:
        return from_service
    action = _action(message, notice)
    words = notice.text
    found = recipients(message, notice)
    blocks = _blocks(words, found)
    return Bounce(
        action=action,
        recipients=tuple(
            BouncedRecipient(
                address, _status(blocks.get(address, ""), words, action), _diagnostic(blocks.get(address, ""))
            )
            for address in found
        ),
        original_message_id=message_id_of(notice, message),
        original_headers=notice.headers,
    )


def is_report(message: Message, notice: Notice) -> bool:
    """A machine sent it, and it says that a mail was not (or not yet, or well) delivered.

    A mailer-daemon, a null sender or X-Failed-Recipients are sure signs of the machine, and then the subject will do.
    A postmaster may be a person: the words must say it, name an address or a reply code, and answer nobody.
    """
    if message.header("x-failed-recipients"):
        return True
    daemon = is_daemon(message)
    if not daemon and not _is_office(message):  # most mail: it need not be searched for a report's words
        return False
    own = _QUOTED_LINE.sub("", notice.text)
    said = bool(_WORDS.search(own))
    titled = bool(_SUBJECT.match(message.subject))
    if daemon:
        return said or titled
    if service_notification(message, notice) is not None:
        return True
    if not said or not (titled or notice.headers or re.search(r"\b[45]\d\d\b", own)):
        return False
    return bool(named_recipients(message, notice)) or bool(best("", own))


def is_daemon(message: Message) -> bool:
    """The sender is of the mailer-daemon family, or null (RFC 5321 §4.5.5)."""
    path = message.header("return-path").strip()
    return path == "<>" or bool(_DAEMON.search(_sender(message))) or bool(_DAEMON.search(path))


def _is_office(message: Message) -> bool:
    """A person may sit behind this sender, or a machine."""
    return bool(_OFFICE.search(_sender(message))) or message.header("auto-submitted").lower().startswith("auto-")


def recipients(message: Message, notice: Notice) -> tuple[str, ...]:
    """The addresses that failed, in the order of the report; from the returned mail where the words name none."""
    return named_recipients(message, notice) or _addressees(notice) or _mentioned(message, notice)


def named_recipients(message: Message, notice: Notice) -> tuple[str, ...]:
    """The addresses that the report itself says have failed."""
    failed = _distinct(_ANY_ADDRESS.findall(" ".join(message.header_all("x-failed-recipients"))[:65_536]))
    if failed:
        return failed
    words = notice.text
    shown = _FOR_ADMINISTRATORS.split(words, maxsplit=1)[0]
    own = {address.email for address in (*message.to, *message.from_)}
    for text in dict.fromkeys((shown, words)):
        named = (
            _distinct(_STATUS_FIELD.findall(text)) or _distinct(_lines(text)) or _distinct(_TRANSCRIPT.findall(text))
        )
        if named:
            return tuple(address for address in named if address not in own) or named
        told = tuple(address for address in _places(text) if address not in own)
        if told:
            return told
    return ()


def _mentioned(message: Message, notice: Notice) -> tuple[str, ...]:
    """The first address that the words mention at all, unless it is a party's to the report."""
    own = {address.email for address in (*message.to, *message.from_)}
    mentioned = (address for address in _distinct(_ANY_ADDRESS.findall(notice.text)) if address not in own)
    return tuple(address for address in mentioned if not _OFFICE.search(address) and not _DAEMON.search(address))[:1]


def _lines(text: str) -> Iterator[str]:
    """Addresses that lines begin with, all at the indent of the first: deeper lines explain, they do not name."""
    indent: int | None = None
    for match in _LINE_START.finditer(text):
        before = text[max(0, match.start() - _ABOVE) : match.start()].rstrip(" \t")
        above = before.rstrip().rpartition("\n")[2][-80:]
        apart = before.endswith("\n\n") or not before.strip()
        width = len(match["indent"].expandtabs())
        outdented = len(above) - len(above.lstrip()) > width
        if _NAMES_THE_SENDER.search(above):
            continue
        if match["alone"] is None and not (apart or outdented) and "@" not in above and _OPEN_SENTENCE.search(above):
            continue
        if indent is None:
            indent = width
        if width == indent:
            yield match["address"]


def _places(text: str) -> tuple[str, ...]:
    return next((found for place in _PLACES if (found := _distinct(place.findall(text)))), ())


def _addressees(notice: Notice) -> tuple[str, ...]:
    """Whom the returned mail was for: its envelope recipient if a server noted it, else the only address of "
    "its To."""
    fields = dict(reversed(notice.headers))
    for name in ("x-envelope-to", "envelope-to", "x-original-to", "delivered-to", "to"):
        found = _distinct(_ANY_ADDRESS.findall(fields.get(name, "")[:4_096]))
        if found:
            return found if name != "to" else found[:_MOST_RECIPIENTS]
    received = (value for name, value in notice.headers if name == "received")
    return next((found for value in received if (found := _distinct(_FOR_CLAUSE.findall(value[:4_096])))), ())


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    addresses = (normal(address.rstrip(".")) for address in found)
    return tuple(dict.fromkeys(address for address in addresses if address))[:_MOST_RECIPIENTS]


def _blocks(text: str, addresses: tuple[str, ...]) -> dict[str, str]:
    """What the report says of each address: the lines from one that names it up to one that names another."""
    wanted = {address: [] for address in addresses}  # type: dict[str, list[str]]
    current = ""
    for line in text.split("\n"):
        named = [
            address for address in map(normal, (a.rstrip(".") for a in _ANY_ADDRESS.findall(line))) if address in wanted
        ]
        current = named[0] if named else current
        if current:
            wanted[current].append(line)
    return {address: "\n".join(lines) for address, lines in wanted.items()}


def _status(block: str, words: str, action: BounceAction) -> str:
    delayed = action == "delayed"
    if action in ("delivered", "relayed", "expanded"):
        return "2.0.0"
    return best("", block, delayed=delayed) or best("", words, delayed=delayed) or ("4.0.0" if delayed else "5.0.0")


def _diagnostic(block: str) -> str:
    return " ".join(block.split())[:_DIAGNOSTIC]


def _action(message: Message, notice: Notice) -> BounceAction:
    if _DELAYED_SUBJECT.search(message.subject) or _DELAYED.search(notice.text):
        return "delayed"
    if _DELIVERED.search(notice.text) and not _WORDS.search(notice.text):
        return "relayed" if _RELAYED.search(notice.text) else "delivered"
    return "failed"


def _sender(message: Message) -> str:
    """Names and mailboxes of From; a domain is no sign of a machine ("ndr.de" is a broadcaster)."""
    said = " ".join((message.header("from"), *(f"{who.name} <{who.email}>" for who in message.from_)))[:2_000]
    return _DOMAIN.sub("@", said)
