"""A ticket that never was, for `template preview` and `check`: everything that a letter can show is in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway.desk.calendar import NeverOpens, add
from gateway.desk.notice import Audience, Automation, Notice
from gateway.desk.policy import Category, Policy
from gateway.desk.spans import Span
from gateway.desk.ticket import Article, AttachmentRef, Author, Participant, Person, Step, Ticket
from gateway.letters import Story

CUSTOMER = Person("Maria Lopez", "maria@customer.example")
_HUMAN = frozenset({"reply", "question", "phase_changed", "solved", "progress", "call"})
_ANSWERS = frozenset({"ack", "ack_stranger", "reopened", "follow_up_opened", "attachment_refused", "my_tickets"})
_NOTES = frozenset({"agent_note"})


def sample_story(policy: Policy, now: datetime, category: str = "", phase: str = "") -> Story:
    """Maria's request, in `category` and `phase`: those of the first mailbox and its second step where not given."""
    chosen = policy.categories.get(category or policy.first_mailbox.category) or next(iter(policy.categories.values()))
    opened = now - timedelta(days=2, hours=1)
    agent = next(iter(policy.agents.values()), None)
    ticket = Ticket(
        number=policy.start + 42,
        mailbox=policy.first_mailbox.id,
        subject="Invoice export stops with error 500",
        status="open",
        category=chosen.id,
        priority=chosen.priority if chosen.priority in policy.priorities else next(iter(policy.priorities)),
        requester=CUSTOMER,
        created_at=opened,
        updated_at=now,
        steps=_steps(policy, chosen, phase, opened, now),
        participants=(Participant("Jonas Weber", "jonas@customer.example"),),
        team=next(iter(policy.teams), None),
        assignee=agent.id if agent else None,
        language=policy.language,
        last_in=opened,
        version=4,
    )
    return Story(ticket, _articles(policy, opened, now), seen=("<first.2026@mail.customer.example>",))


def sample_notice(letter: str, policy: Policy) -> Notice:
    """What would have the letter written, about the article of the sample that fits it."""
    agent = next(iter(policy.agents.values()), None)
    audience: Audience = "requester"
    if letter == "ack_stranger":
        audience = "stranger"
    elif letter.startswith("agent_"):
        audience = "agent"
    elif letter == "admin_alert":
        audience = "admin"
    automation: Automation = "auto-generated"
    if letter in _HUMAN:
        automation = "no"
    elif letter in _ANSWERS:
        automation = "auto-replied"
    staff = Person(agent.name, agent.email) if agent else Person("", policy.first_mailbox.address)
    article = "note" if letter in _NOTES else "answer" if letter in _HUMAN else "question"
    return Notice(
        letter=letter,
        to=CUSTOMER if audience in ("requester", "stranger") else staff,
        audience=audience,
        automation=automation,
        once=f"sample:{letter}",
        article=article,
        agent=agent.id if agent and audience == "agent" else None,
        author=agent.id if agent and (letter in _HUMAN or letter in _NOTES) else None,
        private=letter in _NOTES,
    )


def _steps(policy: Policy, category: Category, phase: str, opened: datetime, now: datetime) -> tuple[Step, ...]:
    ids = [one.id for one in category.phases]
    last = ids.index(phase) if phase in ids else min(1, len(ids) - 1)
    steps = []
    for index, one in enumerate(category.phases[: last + 1]):
        entered = now if index == last else opened + index * timedelta(hours=1)
        ends = (_add(policy, entered, one.expect.first), _add(policy, entered, one.expect.last)) if one.expect else None
        steps.append(Step(one.id, entered, *(ends or (None, None))))
    return tuple(steps)


def _add(policy: Policy, start: datetime, span: Span) -> datetime | None:
    try:
        return add(policy.office, start, span)
    except NeverOpens:
        return None


def _articles(policy: Policy, opened: datetime, now: datetime) -> tuple[Article, ...]:
    agent = next(iter(policy.agents.values()), None)
    ours = (
        Author("agent", agent.name, agent.email, agent.id) if agent else Author("agent", "Ana Ruiz", "ana@acme.example")
    )
    hers = Author("requester", CUSTOMER.name, CUSTOMER.email)
    file = AttachmentRef(1, "export-settings.xlsx", "application/vnd.ms-excel", 2_140_000, "a" * 64)
    shot = AttachmentRef(2, "screenshot.png", "image/png", 180_400, "b" * 64, inline=True, content_id="shot@mail")
    return (
        Article("question", opened, "in", "public", hers, "Invoice export stops with error 500", _QUESTION,
                message_id="<first.2026@mail.customer.example>", attachments=(file, shot)),
        Article("note", opened + timedelta(hours=1), "internal", "private", ours, "", _NOTE),
        Article("answer", now, "out", "public", ours, "Invoice export stops with error 500", _ANSWER),
    )  # fmt: skip


_QUESTION = """\
Hello,

since this morning the export of all invoices of last year stops with
"error 500". Single months work. The settings are attached."""
_NOTE = """\
Looks like the line break in the name of customer 4711 again, see the
export job of 9:02."""
_ANSWER = """\
I could see the error with your settings: one invoice has a line break
in the name of its customer, and the export stops there. Your data is
complete, nothing was lost.

Until we have mended it, an export by month works for every month but
March. See https://help.acme.example/export for the steps."""
