"""A mail that opens a ticket: whose it is, what it says, and what is answered at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.advance import Desk, NewId, start
from gateway.desk.causes import Request
from gateway.desk.commands import command_lines, without_commands
from gateway.desk.policy import Agent, Policy
from gateway.desk.ticket import Article, Author
from gateway.intake.opening import Opening, opening, subject_of
from gateway.intake.reading import Reading
from gateway.intake.verdict import TicketFacts, Verdict
from gateway.kept import article_of, files_of, learn
from gateway.store import facts, tickets
from gateway.store.mails import SpooledMail
from gateway.store.transaction import Transaction


def open_from(
    tx: Transaction, desk: Desk, mail: SpooledMail, reading: Reading, verdict: Verdict, now: datetime, new_id: NewId
) -> tuple[int, str]:
    """The number of the new ticket, and the id of the article that the mail became on it."""
    policy = desk.policy
    begins = opening(reading, policy, mail.mailbox, verdict.requester)
    agent = policy.agent_of(reading.sender.email) if verdict.proven and reading.sender else None
    mails_words = _articles(tx, mail, reading, verdict, agent, new_id)
    before = facts.ticket_facts(tx, [verdict.ticket]).get(verdict.ticket) if verdict.ticket else None
    request = Request(
        number=tickets.next_number(tx, policy.start),
        mailbox=begins.mailbox.id,
        subject=subject_of(reading, policy.prefix, forwarded=verdict.requester is not None),
        requester=begins.requester,
        article=mails_words[0],
        further=mails_words[1:],
        category=begins.category,
        priority=begins.priority,
        language=begins.language,
        team=begins.team,
        tier=begins.tier,
        assignee=begins.assignee,
        organisation=begins.organisation,
        tags=begins.tags,
        by=f"agent:{agent.id}" if agent else "requester",
        participants=verdict.brings or begins.participants,
        machine=reading.machine,
        acknowledge=verdict.acknowledge,
        withheld=verdict.unacknowledged or None,
        suspects=(*verdict.match.suspects, *verdict.twins),
    )
    if verdict.decision == "follow_up" and before is not None:
        request = _following(request, before, policy, machine=reading.machine)
    if request.acknowledge and begins.reply_with:
        request = replace(request, reply=_answer(begins, policy, now, new_id))
    ticket = start(tx, desk, request, now, new_id, files_of(reading))
    learn(tx, reading, verdict, ticket.number, now)
    return ticket.number, request.article.id


def _articles(
    tx: Transaction, mail: SpooledMail, reading: Reading, verdict: Verdict, agent: Agent | None, new_id: NewId
) -> tuple[Article, ...]:
    """The mail; what an agent wrote to the customer as an answer; what one forwards as its first sender's words, with
    the agent's own as a note."""
    judged = verdict if agent else replace(verdict, sender_role="requester")
    whole = article_of(tx, mail, reading, judged, new_id, "in", "private" if verdict.private else "public",
                       agent.id if agent else "")  # fmt: skip
    if agent is not None and verdict.reached:
        author = replace(whole.author, name=agent.name)
        return (replace(whole, direction="out", author=author, reached=verdict.reached),)
    parts, original = reading.parts, verdict.requester
    if agent is None or original is None or not parts.original:
        return (whole,)
    theirs = replace(
        whole,
        visibility="public",
        author=Author("requester", original.name, original.email),
        text=parts.original,
        message_id=None,  # the agent's own mail, which its first sender has never seen
    )
    words = without_commands(parts.above) if orders_above(reading, verdict) else parts.above
    note = replace(whole, id=new_id(), direction="internal", text=words, attachments=())
    return (theirs, note) if words else (theirs,)


def orders_above(reading: Reading, verdict: Verdict) -> str:
    """The commands that an agent wrote above a mail they forward, or "". A fresh mail has no code of ours: without the
    pass of the server they are words like others."""
    if verdict.requester is None or not verdict.proven or reading.passed != "pass":
        return ""
    return "\n".join(each.text for each in command_lines(reading.parts.above))


def _following(request: Request, before: TicketFacts, policy: Policy, *, machine: bool) -> Request:
    """A ticket that follows another one stays with those who had it, where they are still there. Whom it is from has
    the name that we know, where their mail says none."""
    asked = request.requester
    known = before.requester_name if asked.email == before.requester and not asked.name else asked.name
    return replace(
        request,
        requester=replace(asked, name=known),
        category=before.category if before.category in policy.categories else request.category,
        team=before.team if before.team in policy.teams else request.team,
        assignee=before.assignee,
        acknowledge=request.acknowledge if machine else "follow_up_opened",
        follow_up_of=before.number,
    )


def _answer(begins: Opening, policy: Policy, now: datetime, new_id: NewId) -> Article:
    """What a rule answers with, its places not yet filled: it goes out in the acknowledgement."""
    text = policy.answers[begins.reply_with].text.within(begins.language)
    author = Author("gateway", policy.public_name, begins.mailbox.address)
    return Article(new_id(), now, "out", "public", author, "", text)
