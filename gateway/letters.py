"""A notice and a ticket's story become a letter: its texts rendered, its headers said (CONTRACT §7).

Pure: what it is made of are values, and the same values make the same letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gateway.dates import Locale
from gateway.desk.notice import Notice
from gateway.desk.outcome import Remark
from gateway.desk.policy import Mailbox, Policy
from gateway.desk.spans import Range
from gateway.desk.ticket import Article, AttachmentRef, Ticket
from gateway.letters_customer import CustomerView, PublicStory, customer_view
from gateway.letters_files import enclosure, small_images, worth_sending
from gateway.letters_long import enclosed, is_too_long
from gateway.letters_staff import StaffView, staff_view
from gateway.letters_view import first_name, mailbox_of, mailto, public, shown_name
from gateway.mail import thread
from gateway.mail.fold import one_line
from gateway.mail.letter import Enclosure, Letter
from gateway.mail.render import Rendered, TemplateProblem, Templates
from gateway.mail.thread import Keys

NO_TICKET: Final = 0  # its code proves who answers a letter about no ticket in particular
REFERENCES: Final = 900  # characters; relays refuse header blocks that grow for ever
TITLE: Final = 180  # characters of a customer's subject in ours, so that the token always stands behind it
_FROM_CUSTOMERS: Final = frozenset({"agent_new", "agent_reply"})
# Absences and receipts of machines are of no use to a machine; a person's letter may be answered by an absence note,
# which moves the reminders. Never `All`: that would switch off the reports on what did not arrive (MS-OXCMAIL).
_SUPPRESS_TO_MACHINE: Final = "DR, RN, NRN, OOF, AutoReply"
_SUPPRESS_TO_PERSON: Final = "DR, RN, NRN, AutoReply"


@dataclass(frozen=True, slots=True)
class Story:
    """What a letter may draw on. `articles` are all of the ticket, oldest first.

    `seen`: Message-IDs that this very recipient has seen, their own mails' and our letters', oldest first. `spent`:
    what the organisation has used of this month's allowance. `ticket` None: a letter about no ticket in particular.
    `tickets`: those that the letter is a list of (my_tickets, agent_digest), in the order to be shown. `mailed`: when
    we wrote to this very recipient about the ticket, oldest first. `answers_in`: how long the desk's first responses
    took lately, on average; `lately`: the present phase, where the desk tells that. `logos`: the small images of our
    words that stand on other tickets too, by their hashes. `remarks`: what customers wrote beside their ratings.
    """

    ticket: Ticket | None
    articles: tuple[Article, ...] = ()
    seen: tuple[str, ...] = ()
    spent: timedelta | None = None
    tickets: tuple[Ticket, ...] = ()
    mailed: tuple[datetime, ...] = ()
    answers_in: timedelta | None = None
    lately: Range | None = None
    logos: frozenset[str] = frozenset()
    remarks: tuple[Remark, ...] = ()


def write(
    notice: Notice, story: Story, policy: Policy, templates: Templates, keys: Keys, now: datetime, letter_id: str
) -> Letter:
    """`letter_id` is random. By the operator's templates, or, where one of those fails at run time, by the built-in
    one: the letter goes out. TemplateProblem where that fails too, which is a mistake of ours."""
    try:
        return written(notice, story, policy, templates, keys, now, letter_id)
    except TemplateProblem:
        return written(notice, story, policy, templates.builtin(), keys, now, letter_id)


def written(
    notice: Notice, story: Story, policy: Policy, templates: Templates, keys: Keys, now: datetime, letter_id: str
) -> Letter:
    """The letter by these templates or not at all: TemplateProblem."""
    ticket = story.ticket
    staff = notice.audience in ("agent", "admin")
    language = templates.language_of(notice.letter, *_languages(notice, ticket, policy))
    locale = Locale(language, ZoneInfo(policy.timezone))
    addresses = _addresses(notice, ticket, policy, keys)
    in_reply_to, references = threading(story.seen)
    token = thread.subject_token(keys, policy.prefix, ticket.number) if ticket else ""
    subject = _subject(ticket, policy, token, answering=in_reply_to is not None)
    enclosures = _enclosures(notice, story, policy)
    sent = {file.sha256: file.content_id or "" for file in enclosures}
    view: CustomerView | StaffView
    if staff:
        view = staff_view(
            notice, ticket, story.articles, story.tickets, policy, locale, reply_to=addresses.reply,
            note_to=addresses.note, subject=subject, token=token, sent=sent, now=now, remarks=story.remarks,
        )  # fmt: skip
    else:
        view = customer_view(
            notice,
            PublicStory(
                ticket, public(_visible(notice, story)), story.spent, story.tickets, story.mailed, story.answers_in,
                story.lately,
            ),
            policy, locale, reply_to=addresses.reply, subject=subject, token=token, sent=sent, now=now,
        )  # fmt: skip
    rendered = _rendered(templates, language, notice.letter, view)
    return Letter(
        id=letter_id,
        once=notice.once,
        name=notice.letter,
        ticket=ticket.number if ticket else None,
        to_name=shown_name(notice.to.name) if notice.audience != "stranger" else "",
        to=notice.to.email,
        from_name=_from_name(notice, story, policy, templates, language),
        from_=mailbox_of(ticket, policy).address,
        reply_to=addresses.note if notice.private and addresses.note else addresses.reply,
        reply_to_name=_reply_to_name(notice, ticket, policy),
        envelope_from=addresses.envelope,
        message_id=thread.message_id(keys, ticket.number if ticket else 0, letter_id, policy.domain),
        in_reply_to=in_reply_to,
        references=references,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        date=now,
        not_before=now + notice.delay,
        auto_submitted=notice.automation,
        language=language,
        enclosures=enclosures,
        headers=_headers(notice, ticket, policy, addresses.reply, rendered.subject),
        article=notice.article,
        author=notice.author or "",
    )


def _visible(notice: Notice, story: Story) -> Sequence[Article]:
    """What came from a merged ticket is for those alone who were on it."""
    hidden = story.ticket.hidden_from(notice.to.email) if story.ticket else frozenset()
    return [article for article in story.articles if article.id not in hidden]


def threading(seen: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """In-Reply-To and References from what the recipient has seen: the first id and as many of the last as fit."""
    ids = [identifier for identifier in dict.fromkeys(seen) if len(identifier) < REFERENCES // 2]
    if not ids:
        return None, ()
    room = REFERENCES - len(ids[0])
    kept: list[str] = []
    for identifier in reversed(ids[1:]):
        room -= len(identifier) + 1
        if room < 0:
            break
        kept.insert(0, identifier)
    return ids[-1], (ids[0], *kept)


# -- addresses ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Addresses:
    reply: str
    note: str
    envelope: str


def _addresses(notice: Notice, ticket: Ticket | None, policy: Policy, keys: Keys) -> _Addresses:
    """Where replies, private notes ("" where that cannot be) and reports on this letter go ("" is the null sender)."""
    box: Mailbox = mailbox_of(ticket, policy)
    to = notice.to.email
    if ticket is None or box.reply_address == "none":
        coded = notice.audience == "agent" and box.reply_address != "none"
        reply = thread.reply_address(keys, box.address, NO_TICKET, to) if coded else box.address
        return _Addresses(reply, "", box.address if notice.automation == "no" else "")
    note = thread.note_address(keys, box.address, ticket.number, to) if notice.audience == "agent" else ""
    return _Addresses(
        reply=thread.reply_address(keys, box.address, ticket.number, to),
        note=note,
        envelope=thread.bounce_address(keys, box.address, ticket.number, to),
    )


def _languages(notice: Notice, ticket: Ticket | None, policy: Policy) -> tuple[str, ...]:
    """Staff read the desk's language, customers their own."""
    if notice.audience in ("agent", "admin") or ticket is None:
        return (policy.language,)
    return (ticket.language, policy.language)


# -- headers -----------------------------------------------------------------------------------------------------------


def _subject(ticket: Ticket | None, policy: Policy, token: str, *, answering: bool) -> str:
    """The same for the whole life of the ticket, but for "Re: ": clients make a new conversation of a changed one."""
    if ticket is None:
        return policy.public_name
    title = one_line(ticket.subject, TITLE) or policy.reference(ticket.number)
    match policy.subject_token:
        case "suffix":
            title = f"{title} {token}"
        case "prefix":
            title = f"{token} {title}"
        case "none":
            pass
    return f"Re: {title}" if answering else title


def _from_name(notice: Notice, story: Story, policy: Policy, templates: Templates, language: str) -> str:
    """ "Ana from Acme Support" where her words are in it, "Maria Lopez via Acme Support" where a customer's are."""
    article = next((one for one in story.articles if one.id == notice.article), None)
    if article is None or article.visibility == "held" or notice.audience == "stranger":
        return policy.public_name
    agent = policy.agents.get(notice.author or "")
    if agent is not None and article.author.role == "agent" and (notice.audience == "agent" or _is_public(article)):
        return templates.phrase(language, "from_person", {"person": first_name(agent.name), "desk": policy.public_name})
    if notice.letter in _FROM_CUSTOMERS and article.author.role in ("requester", "participant"):
        name = shown_name(article.author.name) or article.author.email.partition("@")[0]
        return templates.phrase(language, "from_customer", {"person": name, "desk": policy.public_name})
    return policy.public_name


def _is_public(article: Article) -> bool:
    return article.visibility == "public" and article.direction == "out"


def _reply_to_name(notice: Notice, ticket: Ticket | None, policy: Policy) -> str:
    if ticket is None or notice.audience != "agent":
        return policy.public_name
    reference = policy.reference(ticket.number)
    name = shown_name(ticket.requester.name) or policy.public_name
    return f"{policy.public_name} ({reference})" if notice.private else f"{name} ({reference})"


def _headers(
    notice: Notice, ticket: Ticket | None, policy: Policy, reply_to: str, subject: str
) -> tuple[tuple[str, str], ...]:
    suppress = _SUPPRESS_TO_PERSON if notice.automation == "no" else _SUPPRESS_TO_MACHINE
    found = [("X-Auto-Response-Suppress", suppress)]
    if ticket is not None:
        found.append(("X-Ticket", policy.reference(ticket.number)))
    found.append(("X-Ticket-Letter", notice.letter))
    found.append(("X-Ticket-Loop", f"{policy.name}@{policy.domain}"))
    if notice.audience == "participant":
        found.append(("List-Unsubscribe", f"<{mailto(reply_to, subject, 'LEAVE')}>"))
    if notice.audience == "agent":
        found += _staff_headers(notice, ticket, policy)
    if notice.agent and ticket is not None and mailbox_of(ticket, policy).reply_address != "none":
        found.append(("List-Unsubscribe", f"<{mailto(reply_to, subject, '/mute')}>"))
    return tuple(found)


def _staff_headers(notice: Notice, ticket: Ticket | None, policy: Policy) -> list[tuple[str, str]]:
    """For the filters of agents' mail clients; a customer's copy tells nothing of the inside."""
    reason = notice.reason or notice.letter.removeprefix("agent_")
    found = [("X-Ticket-Reason", reason.replace("_", "-").replace(" ", "-"))]
    if ticket is not None:
        found += [
            ("X-Ticket-Status", ticket.status),
            ("X-Ticket-Category", ticket.category),
            ("X-Ticket-Phase", ticket.phase),
            ("X-Ticket-Priority", ticket.priority),
            ("X-Ticket-Assignee", ticket.assignee or ""),
            ("X-Ticket-Team", ticket.team or ""),
        ]
    if notice.letter == "agent_warning" or notice.reason == "alert":
        found += [("Importance", "high"), ("X-Priority", "1")]
    local = re.sub(r"[^a-z0-9-]+", "-", mailbox_of(ticket, policy).address.partition("@")[0].lower()).strip("-")
    found.append(("List-Id", f"{policy.public_name} tickets <tickets.{local or 'desk'}.{policy.domain}>"))
    return [(name, value) for name, value in found if value]


# -- files and texts ---------------------------------------------------------------------------------------------------


def _enclosures(notice: Notice, story: Story, policy: Policy) -> tuple[Enclosure, ...]:
    """The files of the article that the letter carries, in order, as far as they fit (`attachments_out`, bytes).

    A customer gets those of our own articles, images where they stand in the text, never their own back, and before
    them our words where they are too long for the letter itself; nobody gets files of a mail that is held.
    """
    article = next((one for one in story.articles if one.id == notice.article), None)
    staff = notice.audience == "agent"
    if article is None or article.visibility == "held" or not (staff or _is_public(article)):
        return ()
    limit, chosen = policy.limits.attachments_out, dict[str, Enclosure]()
    if not staff and story.ticket is not None and is_too_long(article.text):
        whole = enclosed(article.text, policy.reference(story.ticket.number))
        limit -= whole.size
        chosen[whole.sha256] = whole
    for ref in _files(article, story, staff=staff):
        if ref.sha256 not in chosen and ref.size <= limit:
            limit -= ref.size
            chosen[ref.sha256] = enclosure(ref if not staff else replace(ref, inline=False), policy.domain)
    return tuple(chosen.values())


def _files(article: Article, story: Story, *, staff: bool) -> list[AttachmentRef]:
    """Staff have seen nothing of a ticket that the letter does not bring."""
    earlier = () if staff else public(one for one in story.articles if one.at < article.at)
    seen = {ref.sha256 for one in earlier for ref in one.attachments}
    logos = small_images(article.attachments) if staff else story.logos
    return worth_sending(article.text, article.attachments, seen, logos)


def _rendered(templates: Templates, language: str, letter: str, view: CustomerView | StaffView) -> Rendered:
    values: Mapping[str, object] = {field.name: getattr(view, field.name) for field in fields(view)}
    words = "_staff_words" if isinstance(view, StaffView) else "_words"
    return templates.render(language, letter, values, words)
