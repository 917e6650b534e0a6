"""A ticket that never was, for `template preview` and `check`: everything that a letter can show is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from gateway.desk.calendar import NeverOpens
from gateway.desk.events import Assigned, DeliveryFailed, Event, StatusChanged
from gateway.desk.events_time import ClockWarned, Delayed, Reminded
from gateway.desk.ladder import Plan, plan
from gateway.desk.notice import Audience, Automation, Notice
from gateway.desk.phrases import Phrase, spoken
from gateway.desk.policy import Agent, Category, Policy
from gateway.desk.ticket import Article, AttachmentRef, Author, Ladder, Link, Participant, Person, Status, Step, Ticket
from gateway.letters import Story
from gateway.letters_progress import after

CUSTOMER = Person("Maria Lopez", "maria@customer.example")
_HUMAN = frozenset({"reply", "question", "phase_changed", "solved", "progress", "call"})
_ANSWERS = frozenset(
    {"ack", "ack_stranger", "reopened", "follow_up_opened", "attachment_refused", "my_tickets", "agent_crossed"}
)
_NOTES = frozenset({"agent_note"})
_COLLEAGUES = frozenset({"agent_note", "agent_crossed"})
_STARTS = frozenset({"ack", "ack_stranger", "created_for_you", "follow_up_opened", "agent_new"})
_ENDS = frozenset({"solved", "closed"})
_LISTS = frozenset({"my_tickets", "agent_digest", "admin_alert"})
_STATUS: dict[str, Status] = {
    **dict.fromkeys(_STARTS, "new"),
    **dict.fromkeys(("question", "reminder", "reminder_last"), "pending"),
    "solved": "solved",
    "closed": "closed",
    "closed_no_answer": "closed",
}
_LINKS: dict[str, tuple[Link, ...]] = {
    "follow_up_opened": (Link("follow_up_of", 1001),),
    "merged": (Link("merged_into", 1001),),
}
_ABOUT: dict[str, str | None] = {
    "agent_held": "held",
    "agent_crossed": "answer",
    "agent_commands": None,
    "agent_stale": None,
}
_REASONS = {"agent_warning": "first response", "admin_alert": "support@acme.example cannot log in"}
_LINES: dict[str, tuple[str, ...]] = {
    "attachment_refused": ("setup.exe (4.2 MB): programs are not taken",),
    "agent_commands": (
        "> /phase review", Phrase("phase: {phase}, no date can be given", phase="Under review"),
        "> /time 30m", Phrase("{minutes} min, {total} in all", minutes=30, total="1 h 10 min"),
    ),
    "agent_crossed": ("3f2a9c41d0b7",),
    "admin_alert": ("support@acme.example: no login since 9:40 (the password was refused)", "queue: 12 letters wait"),
}  # fmt: skip


def sample_story(policy: Policy, now: datetime, letter: str = "", category: str = "", phase: str = "") -> Story:
    """Maria's request, as it is when `letter` is written about it.

    In `category` and `phase`: that of the first mailbox and its second step (its last where that is a final one and the
    letter is about the end) where not given.
    """
    chosen = policy.categories.get(category or policy.first_mailbox.category) or next(iter(policy.categories.values()))
    opened = now - timedelta(days=2, hours=1)
    agent = next(iter(policy.agents.values()), None)
    status = _STATUS.get(letter, "open")
    ends = chosen.phases[-1].id if letter in _ENDS and chosen.phases[-1].final else ""
    starts = chosen.phases[0].id if letter in _STARTS else ""
    ticket = Ticket(
        number=policy.start + 42,
        mailbox=policy.first_mailbox.id,
        subject="Invoice export stops with error 500",
        status=status,
        category=chosen.id,
        priority=chosen.priority if chosen.priority in policy.priorities else next(iter(policy.priorities)),
        requester=CUSTOMER,
        created_at=now if letter in _STARTS else opened,
        updated_at=now,
        steps=_steps(policy, chosen, phase or ends or starts, now if letter in _STARTS else opened, now),
        participants=(Participant("Jonas Weber", "jonas@customer.example"),),
        team=next(iter(policy.teams), None),
        assignee=agent.id if agent and letter not in _STARTS else None,
        language=policy.language,
        last_in=opened,
        links=_LINKS.get(letter, ()),
        solved_at=now if status in ("solved", "closed") else None,
        closed_at=now if status == "closed" else None,
        close_due=after(policy.office, now, policy.solved.close_after) if status == "solved" else None,
        told_at=now,
        ladder=Ladder(now, *_plan(letter, policy, now)) if status == "pending" else None,
        version=4,
    )
    if letter in _LISTS:
        if letter == "admin_alert":
            return Story(None)
        other = replace(ticket, number=policy.start + 17, subject="A second address on our invoices", status="pending")
        return Story(None, tickets=(ticket, other))
    if letter == "delayed" and ticket.step is not None:
        late = replace(ticket.step, entered=opened, by=now - timedelta(days=1))
        ticket = replace(ticket, steps=(*ticket.steps[:-1], late))
    mailed = (opened + timedelta(hours=1), now - timedelta(days=1))
    seen = ("<first.2026@mail.customer.example>",)
    return Story(ticket, _articles(opened, now, agent), seen, mailed=mailed)


def sample_notice(letter: str, policy: Policy, now: datetime) -> Notice:
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
    article = "note" if letter in _NOTES else "answer" if letter in _HUMAN else _ABOUT.get(letter, "question")
    return Notice(
        letter=letter,
        to=CUSTOMER if audience in ("requester", "stranger") else staff,
        audience=audience,
        automation=automation,
        once=f"sample:{letter}",
        article=article,
        agent=agent.id if agent and audience == "agent" else None,
        about=_about(letter, agent.id if agent else "", policy, now),
        reason=_REASONS.get(letter, ""),
        lines=tuple(spoken(line, policy.language) for line in _LINES.get(letter, ())),
        author=agent.id if agent and letter in _HUMAN | _COLLEAGUES else None,
        private=letter in _NOTES,
    )


def _plan(letter: str, policy: Policy, now: datetime) -> Plan:
    """The reminders still to come when `letter` goes out, and the closing."""
    gone = {"reminder": 1, "reminder_last": len(policy.pending.reminders)}.get(letter, 0)
    try:
        return plan(policy, now, gone=gone)
    except NeverOpens:
        return (), None


def _about(letter: str, agent: str, policy: Policy, now: datetime) -> Event | None:
    if letter in ("reminder", "reminder_last"):
        coming, closes = _plan(letter, policy, now)
        last = letter == "reminder_last"
        number = len(policy.pending.reminders) if last else 1
        return Reminded(at=now, by="gateway", number=number, last=last, coming=coming, closes=closes)
    if letter == "delayed":
        return Delayed(at=now, by="gateway", missed=now - timedelta(days=1))
    if letter == "agent_warning":
        return ClockWarned(at=now, by="gateway", clock="first_response", due=now + timedelta(hours=1))
    if letter == "agent_delivery_failed":
        return DeliveryFailed(
            at=now,
            by="gateway",
            letter="l1",
            recipient=CUSTOMER.email,
            status="5.2.2",
            diagnostic="552 mailbox is full",
        )
    if letter == "agent_assigned":
        return Assigned(at=now, by=f"agent:{agent}", assignee=agent)
    if letter in ("closed", "reopened"):
        return StatusChanged(at=now, by="requester", before="solved", after="closed" if letter == "closed" else "open")
    return None


def _steps(policy: Policy, category: Category, phase: str, opened: datetime, now: datetime) -> tuple[Step, ...]:
    ids = [one.id for one in category.phases]
    present = ids.index(phase) if phase in ids else min(1, len(ids) - 1)
    steps = []
    for index, one in enumerate(category.phases[: present + 1]):
        entered = now if index == present else opened + index * timedelta(hours=1)
        first, last = (one.expect.first, one.expect.last) if one.expect else (None, None)
        steps.append(Step(one.id, entered, after(policy.office, entered, first), after(policy.office, entered, last)))
    return tuple(steps)


def _articles(opened: datetime, now: datetime, agent: Agent | None) -> tuple[Article, ...]:
    ours = (
        Author("agent", agent.name, agent.email, agent.id) if agent else Author("agent", "Ana Ruiz", "ana@acme.example")
    )
    hers = Author("requester", CUSTOMER.name, CUSTOMER.email)
    file = AttachmentRef(1, "export-settings.xlsx", "application/vnd.ms-excel", 2_140_000, "a" * 64)
    shot = AttachmentRef(2, "screenshot.png", "image/png", 180_400, "b" * 64, inline=True, content_id="shot@mail")
    stranger = Author("stranger", "M. Lopez", "m.lopez@elsewhere.example")
    return (
        Article("question", opened, "in", "public", hers, "Invoice export stops with error 500", _QUESTION,
                message_id="<first.2026@mail.customer.example>", attachments=(file, shot)),
        Article("note", opened + timedelta(hours=1), "internal", "private", ours, "", _NOTE),
        Article("held", now, "in", "held", stranger, "Re: Invoice export", _HELD, mail_id="m42"),
        Article("answer", now, "out", "public", ours, "Invoice export stops with error 500", _ANSWER),
    )  # fmt: skip


_QUESTION = """\
Hello,

since this morning the export of all invoices of last year stops with
"error 500". Single months work. The settings are attached."""
_HELD = """\
It is me, from my private address. Has anything happened yet?"""
_NOTE = """\
Looks like the line break in the name of customer 4711 again, see the
export job of 9:02."""
_ANSWER = """\
I could see the error with your settings: one invoice has a line break
in the name of its customer, and the export stops there. Your data is
complete, nothing was lost.

Until we have mended it, an export by month works for every month but
March. See https://help.acme.example/export for the steps."""
