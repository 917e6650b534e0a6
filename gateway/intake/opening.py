"""What a new ticket begins as: its mailbox, category, priority, team, language, and who it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from gateway.desk.policy import Category, Mailbox, Policy, Then
from gateway.desk.ticket import Person
from gateway.intake import rules
from gateway.intake.company import borrowed_name, joining
from gateway.intake.reading import Reading
from gateway.mail.address import split_plus
from gateway.mail.message import Address
from gateway.mail.quoting_subject import is_forward_prefix, prefix_of

NO_SUBJECT = "(no subject)"
_LONGEST_SUBJECT = 250
_MOST_FORWARDS = 10


@dataclass(frozen=True, slots=True)
class Opening:
    mailbox: Mailbox
    category: str
    priority: str
    language: str
    requester: Person
    team: str | None
    tier: str | None
    assignee: str | None
    organisation: str | None
    tags: tuple[str, ...]
    participants: tuple[Person, ...]
    rules: tuple[str, ...]
    reply_with: str = ""


def opening(reading: Reading, policy: Policy, mailbox_id: str = "", original: Person | None = None) -> Opening:
    """`mailbox_id`: the mailbox that fetched the mail, whatever its recipients say; "" lets them say. `original`: who
    wrote what an agent forwards; nobody joins by the agent's own Cc."""
    mailbox = policy.mailboxes.get(mailbox_id) or mailbox_of(reading, policy)
    guessed = guess_category(reading, policy, mailbox)
    said, names = rules.applied(reading, guessed, policy)
    category = policy.categories.get(said.category or guessed) or next(iter(policy.categories.values()))
    requester = original or _requester(reading, policy, said)
    organisation = organisation_of(requester.email, policy)
    borrowed = borrowed_name(reading, policy)
    return Opening(
        mailbox=mailbox,
        category=category.id,
        priority=said.priority or guess_priority(reading, policy, category, organisation),
        language=said.language or (reading.language if reading.language in policy.languages else policy.language),
        requester=requester,
        team=said.team or _tiers_team(policy, said.tier) or team_of(policy, category, organisation),
        tier=said.tier or category.tier or (policy.tiers[0].id if policy.tiers else None),
        assignee=said.assignee or None,
        organisation=organisation,
        tags=(*said.tags, *((f"name-of:{borrowed}",) if borrowed else ())),
        participants=joining(reading, policy) if original is None else (),
        rules=names,
        reply_with=said.reply_with,
    )


def mailbox_of(reading: Reading, policy: Policy) -> Mailbox:
    """By the envelope (DUTIES ACC-15), then by To and Cc; mail to postmaster alone is the first mailbox's."""
    message = reading.message
    shown = (address.email for address in (*message.to, *message.cc))
    for address in (*reading.envelope.rcpt_tos, *shown):
        mailbox = policy.mailbox_of(split_plus(address.lower())[0])
        if mailbox is not None:
            return mailbox
    return policy.first_mailbox


def guess_category(reading: Reading, policy: Policy, mailbox: Mailbox) -> str:
    """By an address of the category's own, then by its words in subject and text, then the mailbox's."""
    message = reading.message
    shown = tuple(address.email for address in (*message.to, *message.cc))
    reached = {split_plus(address.lower())[0] for address in (*reading.envelope.rcpt_tos, *shown)}
    for category in policy.categories.values():
        if reached.intersection(category.addresses):
            return category.id
    said = f"{message.subject}\n{reading.parts.reply or message.text}".lower()
    for category in policy.categories.values():
        if any(has_word(said, word) for word in category.words):
            return category.id
    return mailbox.category


def guess_priority(reading: Reading, policy: Policy, category: Category, organisation: str | None) -> str:
    """The most urgent priority whose words the mail has, else the organisation's, else the category's."""
    said = f"{reading.message.subject}\n{reading.parts.reply or reading.message.text}".lower()
    worded = [p for p in policy.priorities.values() if any(has_word(said, word) for word in p.words)]
    if worded:
        return min(worded, key=lambda priority: priority.order).id
    theirs = policy.organisations[organisation].priority if organisation else ""
    wanted = theirs or category.priority
    return wanted if wanted in policy.priorities else next(iter(policy.priorities))


def has_word(said: str, word: str) -> bool:
    """`word` (or words) stands in `said` (lower case) as words of its own, not inside another one."""
    wanted = word.lower()
    start = said.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        before = start == 0 or not said[start - 1].isalnum()
        if before and (end == len(said) or not said[end].isalnum()):
            return True
        start = said.find(wanted, start + 1)
    return False


def organisation_of(email: str, policy: Policy) -> str | None:
    domain = email.rpartition("@")[2]
    return next((o.id for o in policy.organisations.values() if domain in o.domains), None)


def team_of(policy: Policy, category: Category, organisation: str | None) -> str | None:
    """The organisation's own team, the first tier's, the one that has the category, or the only one."""
    if organisation and policy.organisations[organisation].team:
        return policy.organisations[organisation].team
    tier = next((tier for tier in policy.tiers if tier.id == category.tier), None)
    if tier is not None:
        return tier.team
    having = next((team.id for team in policy.teams.values() if category.id in team.categories), None)
    if having is not None:
        return having
    if policy.tiers:
        return policy.tiers[0].team
    return next(iter(policy.teams)) if len(policy.teams) == 1 else None


def _tiers_team(policy: Policy, tier: str) -> str:
    return next((each.team for each in policy.tiers if each.id == tier), "")


def subject_of(reading: Reading, prefix: str, *, forwarded: bool = False) -> str:
    """The customer's subject without Re: and without our token, one line, or "(no subject)". Of a mail that an agent
    forwards, without the Fwd: of the agent's client too."""
    subject = clean_subject(reading.message.subject, prefix)
    for _ in range(_MOST_FORWARDS if forwarded else 0):
        if not is_forward_prefix(prefix_of(subject)):
            break
        subject = clean_subject(re.split("[:：]", subject, maxsplit=1)[1], prefix)
    return subject[:_LONGEST_SUBJECT] or NO_SUBJECT


def clean_subject(subject: str, prefix: str) -> str:
    """Reply prefixes of many languages are cut from the front, bracketed references of ours from anywhere."""
    reference = re.compile(rf"\[{re.escape(prefix)}-[0-9]{{1,10}}(?:-[a-z2-7]{{1,8}})?\]", re.I | re.A)
    words = " ".join(reference.sub(" ", subject).split())
    start = 0
    while True:  # linear: each turn looks at the next few characters alone (vector B33 has 25,000 prefixes)
        colon = words.find(":", start, start + _LONGEST_PREFIX)
        if colon < 0 or words[start:colon].strip().lower() not in _REPLY_PREFIXES:
            return words[start:].strip()
        start = colon + 1


_LONGEST_PREFIX = 16
_REPLY_PREFIXES = frozenset(
    """
        re aw antw sv vs ynt odp res rif ref atb 回复 回覆 答复 ответ отв відп hre trả ots
        """.split()
) | {
    "r",
    "re^2",
    "re[2]",
    "re[3]",
    "re[4]",
    "antwort",
    "antwoord",
    "svar",
    "réponse",
    "yanıt",
    "返信",
    "답장",
    "תגובה",
    "رد",
}


def _is_ours(reading: Reading, policy: Policy) -> bool:
    """Our server passed the form, or the mail came from a network of our own and no server has said a word."""
    if reading.passed != "unknown":
        return reading.passed == "pass"
    try:
        peer = ip_address(reading.envelope.peer)
    except ValueError:
        return False
    return any(peer in ip_network(each) for each in policy.security.trusted_networks)


def _requester(reading: Reading, policy: Policy, said: Then) -> Person:
    """A contact form writes for somebody else: only where a rule says so, and only for a form that was proven."""
    sender = reading.sender or Address()
    message = reading.message
    if (
        said.requester == "reply_to"
        and len(message.reply_to) == 1
        and message.reply_to[0].email
        and _is_ours(reading, policy)
    ):
        sender = message.reply_to[0]
    return Person(sender.name, sender.email)
