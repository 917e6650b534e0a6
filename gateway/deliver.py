"""Mail from the spool onto the desk: what is known is gathered, the verdict given, and what it says done.

The spool row is settled in the same transaction as everything that follows from it: done twice is done once.
Reading (the expensive part, and pure) happens before; here is only what must be one unit of work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gateway import confirming, enquiry, held, reported
from gateway.advance import Desk, NewId, advance, load, write
from gateway.desk.causes import (
    AgentActed,
    ArticleAccepted,
    Cause,
    CustomerSaid,
    CustomerWrote,
    MachineWrote,
    MailHeld,
)
from gateway.desk.commands import command_lines
from gateway.desk.customer import is_private
from gateway.desk.notice import Notice
from gateway.desk.policy import Agent
from gateway.desk.ticket import Article, Direction, Person, Visibility
from gateway.intake.case import Case
from gateway.intake.chain import judge
from gateway.intake.company import joining
from gateway.intake.fingerprint import PERIOD, fingerprint
from gateway.intake.match import match
from gateway.intake.reading import Reading
from gateway.intake.spoken import candidate, spoken
from gateway.intake.thanks import is_thanks
from gateway.intake.verdict import Facts, Verdict
from gateway.kept import article_of, files_of, learn
from gateway.opened import open_from, orders_above
from gateway.ordered import Said, obey
from gateway.store import articles, facts, mails, people
from gateway.store.mails import Release, SpooledMail
from gateway.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was made of a mail: `ticket` is the one it went to, `tell` lines for the administrators."""

    verdict: Verdict
    ticket: int | None = None
    article: str | None = None
    tell: tuple[str, ...] = ()


def gather(tx: Transaction, reading: Reading, desk: Desk, now: datetime) -> Facts:
    """Everything the store knows that bears on this mail: a bounded number of queries, each by index."""
    policy, sender = desk.policy, reading.sender.email if reading.sender else ""
    wanted = list(reading.carriers.ids)
    if reading.about:
        wanted.append(reading.about)
    known = facts.known_ids(tx, wanted)
    numbers = (*reading.carriers.numbers, *(one.ticket for one in known))
    met = people.get(tx, sender)
    own_id = reading.message.message_id or ""
    limits, agent = policy.limits, policy.agent_of(sender) if sender else None
    found = facts.ticket_facts(tx, numbers)
    opened, answered = now - limits.new_tickets.per, now - limits.automatic_letters.per
    lately = facts.lately(tx, own_id, sender, opened=opened, answered=answered)
    gathered = Facts(
        tickets=found,
        ids=tuple(known),
        own_letter=lately.ours,
        sender_proven=met.proven_at is not None,
        sender_blocked=met.blocked,
        opened_recently=lately.opened,
        open_subjects=tuple(facts.open_subjects(tx, sender)) if sender else (),
        acknowledged_recently=lately.answered,
        alike=facts.alike_since(tx, fingerprint(reading), now - PERIOD),
        suppressed=met.suppression,
        answered=facts.answered(tx, found, agent.id) if agent else {},
    )
    if not found or candidate(reading, policy.languages) is None:
        return gathered
    target = Case(reading, gathered, match(reading, gathered, policy, desk.keys, now), policy, now).target
    return gathered if target is None else replace(gathered, whole=load(tx, target.number))


def deliver(
    tx: Transaction, desk: Desk, mail: SpooledMail, reading: Reading, now: datetime, new_id: NewId
) -> Delivered:
    """Judge `mail` and do it. A mail that somebody released is handled as proven."""
    known = gather(tx, reading, desk, now)
    verdict = judge(reading, known, desk.policy, desk.keys, now)
    if mail.released_by and mail.released_as not in ("retry", "confirm"):
        verdict = released(verdict, Case(reading, known, verdict.match, desk.policy, now), mail.released_as or "accept")
    done = _do(tx, desk, mail, reading, verdict, now, new_id)
    _settle(tx, mail, reading, done, now)
    return done


def released(verdict: Verdict, case: Case, how: Release) -> Verdict:
    """What a held mail becomes once somebody of us vouches for it: one word of it counts as if its sender had been
    proven when it came."""
    if verdict.decision != "hold":
        return verdict
    if verdict.ticket is not None:
        agents = verdict.sender_role == "agent"
        why = f"released; it was held because {verdict.reason}"
        private = agents and verdict.match.note
        word = spoken(case, "alias" if how == "alias" else verdict.sender_role, vouched=True)
        return replace(verdict, decision="append", proven=agents, private=private, reason=why, word=word)
    if case.reading.sender is None:
        return verdict
    return replace(verdict, decision="new_ticket", reason=f"released; it was held because {verdict.reason}")


def _do(
    tx: Transaction, desk: Desk, mail: SpooledMail, reading: Reading, verdict: Verdict, now: datetime, new_id: NewId
) -> Delivered:
    match verdict.decision:
        case "new_ticket" | "follow_up":
            return _opened(tx, desk, mail, reading, verdict, now, new_id)
        case "append" if verdict.sender_role == "agent" and verdict.proven:
            return _agent_wrote(tx, desk, mail, reading, verdict, now, new_id)
        case "append":
            return _customer_wrote(tx, desk, mail, reading, verdict, now, new_id)
        case "hold" if verdict.crossed is not None:
            return _crossed(tx, desk, mail, reading, verdict, now, new_id)
        case "hold" if verdict.ticket is not None and not verdict.quiet:
            article = article_of(tx, mail, reading, verdict, new_id, "in", "held")
            return _cause(tx, desk, reading, verdict, article, MailHeld(article, verdict.reason), now, new_id)
        case "file" if verdict.asks and reading.sender is not None:
            to = Person(reading.sender.name, reading.sender.email)
            own, closed = reading.message.message_id, verdict.asks == "all"
            enquiry.answer(tx, desk, to, mail=mail.id, message_id=own, closed=closed, now=now, new_id=new_id)
            return Delivered(verdict)
        case "file" if verdict.orders and reading.sender is not None:
            agent = desk.policy.agent_of(reading.sender.email)
            assert agent is not None
            sure, answered = _is_sure(mail, reading), reading.carriers.ids
            done = held.obey(tx, desk, held.Ordered(mail.id, agent, reading.parts.reply, answered, sure), now, new_id)
            return Delivered(verdict if done else _to_confirm(verdict, agent))
        case "hold" if verdict.once:
            sender = reading.sender.email if reading.sender else ""
            line = held.described(mail.id, sender, reading.message.subject, verdict.reason)
            held.tell(tx, desk, line, verdict.once, now, new_id, only=sender if verdict.tell == "agent" else "")
            return Delivered(verdict)
        case "file" if verdict.ticket is not None:
            return _machine_wrote(tx, desk, mail, reading, verdict, now, new_id)
        case _:
            return Delivered(verdict, tell=(verdict.reason,) if verdict.tell == "team" else ())


def _cause(
    tx: Transaction,
    desk: Desk,
    reading: Reading,
    verdict: Verdict,
    article: Article,
    cause: Cause,
    now: datetime,
    new_id: NewId,
) -> Delivered:
    assert verdict.ticket is not None
    ticket = advance(tx, desk, verdict.ticket, cause, now, new_id, files_of(reading), verdict.unanswered)
    return Delivered(verdict, ticket=ticket.number, article=article.id)


# -- people ------------------------------------------------------------------------------------------------------------


def _customer_wrote(
    tx: Transaction, desk: Desk, mail: SpooledMail, reading: Reading, verdict: Verdict, now: datetime, new_id: NewId
) -> Delivered:
    kept, word = _kept(tx, mail), verdict.word
    visibility: Visibility = "private" if word is not None and is_private(word) else "public"
    cause: Cause
    if kept is not None:
        article = replace(kept, visibility=visibility)
        how, by = mail.released_as, f"agent:{mail.released_by}"
        cause = ArticleAccepted(article, by, join=how == "join", alias=how == "alias", word=word)
    elif word is not None:
        article = article_of(tx, mail, reading, verdict, new_id, "in", visibility)
        cause = CustomerSaid(article, word)
    else:
        article = article_of(tx, mail, reading, verdict, new_id, "in", visibility)
        thanks = is_thanks(article.text, files=bool(article.attachments))
        cause = CustomerWrote(article, thanks=thanks, joins=joining(reading, desk.policy))
    done = _cause(tx, desk, reading, verdict, article, cause, now, new_id)
    learn(tx, reading, verdict, done.ticket, now)
    return done


def _kept(tx: Transaction, mail: SpooledMail) -> Article | None:
    """What a mail that was released now became while it was held."""
    before = mails.get(tx, mail.id) if mail.released_by else None
    found = articles.get(tx, before.article) if before and before.article else None
    return found[1] if found is not None else None


def _agent_wrote(
    tx: Transaction, desk: Desk, mail: SpooledMail, reading: Reading, verdict: Verdict, now: datetime, new_id: NewId
) -> Delivered:
    """An answer goes to the customer, a note stays; commands are carried out, and a transcript goes back. What was held
    of it gives way to what it is now."""
    agent = desk.policy.agent_of(reading.sender.email) if reading.sender else None
    assert agent is not None
    assert verdict.ticket is not None
    number, text = verdict.ticket, reading.parts.reply
    kept = _kept(tx, mail)
    if kept is not None:
        articles.take_out(tx, kept.id)

    def article(words: str, private: bool) -> Article:
        visibility: Visibility = "private" if private else "public"
        direction: Direction = "internal" if private else "out"
        made = article_of(tx, mail, reading, verdict, new_id, direction, visibility, agent.id)
        same = kept.id if kept is not None else made.id
        author = replace(made.author, name=agent.name)
        return replace(made, id=same, text=words, author=author, reached=verdict.reached)

    if command_lines(text) and not verdict.reached:  # the customer has read it as it is
        files = any(not each.inline for each in reading.message.attachments)
        sure, answered = _is_sure(mail, reading), reading.carriers.ids
        said = Said(
            mail.id, agent, text, note=verdict.private, files=files, article=article, answered=answered, sure=sure
        )
        obeyed = obey(tx, desk, number, said, now, new_id, files_of(reading))
        done = Delivered(_to_confirm(verdict, agent) if obeyed.waits else verdict, number, obeyed.article)
    else:
        answer = article(text, verdict.private)
        done = _cause(tx, desk, reading, verdict, answer, AgentActed(agent.id, article=answer), now, new_id)
    if kept is not None and done.article is None:
        articles.add(tx, desk.blobs, number, kept, files_of(reading), now)
    learn(tx, reading, verdict, done.ticket, now)
    return done


def _is_sure(mail: SpooledMail, reading: Reading) -> bool:
    """The trusted server passed the sender, or whoever reads the agent's mail has confirmed it."""
    return reading.passed == "pass" or mail.released_as == "confirm"


def _to_confirm(verdict: Verdict, agent: Agent) -> Verdict:
    return replace(verdict, decision="hold", reason=confirming.reason(agent), confirm=agent.id)


def _crossed(
    tx: Transaction, desk: Desk, mail: SpooledMail, reading: Reading, verdict: Verdict, now: datetime, new_id: NewId
) -> Delivered:
    """An answer that was written without knowing a colleague's: held on the ticket, and its writer told what there is
    already and how to let it in."""
    agent = desk.policy.agent_of(reading.sender.email) if reading.sender else None
    assert agent is not None
    assert verdict.crossed is not None
    assert verdict.ticket is not None
    article = article_of(tx, mail, reading, verdict, new_id, "out", "held", agent.id)
    done = _cause(tx, desk, reading, verdict, article, MailHeld(article, verdict.reason), now, new_id)
    notice = Notice(
        letter="agent_crossed", to=Person(agent.name, agent.email), audience="agent", automation="auto-replied",
        once=f"crossed:{mail.id}", article=verdict.crossed.article, agent=agent.id, author=verdict.crossed.agent,
        reason="crossed", lines=(mail.id[:12],),
    )  # fmt: skip
    write(tx, desk, load(tx, verdict.ticket), articles.of(tx, verdict.ticket), notice, now, new_id)
    return done


def _opened(
    tx: Transaction, desk: Desk, mail: SpooledMail, reading: Reading, verdict: Verdict, now: datetime, new_id: NewId
) -> Delivered:
    ticket, article = open_from(tx, desk, mail, reading, verdict, now, new_id)
    if orders := orders_above(reading, verdict):
        _ordered_above(tx, desk, mail, reading, verdict, ticket, orders, now, new_id)
    tell = (f"mail to postmaster: ticket {ticket}",) if "postmaster" in verdict.unacknowledged else ()
    return Delivered(verdict, ticket=ticket, article=article, tell=tell)


def _ordered_above(
    tx: Transaction, desk: Desk, mail: SpooledMail, reading: Reading, verdict: Verdict, ticket: int, orders: str,
    now: datetime, new_id: NewId,
) -> None:  # fmt: skip
    """What an agent orders who forwards: on the ticket that their mail has opened, without words."""
    agent = desk.policy.agent_of(reading.sender.email) if reading.sender else None
    assert agent is not None

    def article(words: str, private: bool) -> Article:
        made = article_of(tx, mail, reading, verdict, new_id, "internal", "private", agent.id)
        return replace(made, text=words, attachments=())

    obey(
        tx,
        desk,
        ticket,
        Said(mail.id, agent, orders, note=True, files=False, article=article, sure=True),
        now,
        new_id,
        {},
    )


# -- machines ----------------------------------------------------------------------------------------------------------


def _machine_wrote(
    tx: Transaction, desk: Desk, mail: SpooledMail, reading: Reading, verdict: Verdict, now: datetime, new_id: NewId
) -> Delivered:
    """Kept on the ticket as a note of the gateway's, with its own effect and no other."""
    assert verdict.ticket is not None
    article = article_of(tx, mail, reading, verdict, new_id, "in", "private")
    sort = " ".join((reading.kind, *reported.detail(reading)))
    until = reading.auto_reply.until if reading.auto_reply else None
    done = _cause(tx, desk, reading, verdict, article, MachineWrote(article, sort, until), now, new_id)
    reported.settle(tx, desk, reading, verdict, now, new_id)
    return done


# -- the end -----------------------------------------------------------------------------------------------------------


def _settle(tx: Transaction, mail: SpooledMail, reading: Reading, done: Delivered, now: datetime) -> None:
    verdict, message = done.verdict, reading.message
    state = {"hold": "held", "ignore": "dropped"}.get(verdict.decision, "done")
    sender = reading.sender or (message.from_[0] if message.from_ else None)
    mails.settle(
        tx,
        mail.id,
        now=now,
        state=state,  # type: ignore[arg-type]
        decision=verdict.decision,
        reason=verdict.reason,
        kind=reading.kind,
        ticket=done.ticket if done.ticket is not None else verdict.ticket,
        article=done.article,
        verdict={
            "by": verdict.match.by,
            "trace": [{"carrier": t.carrier, "value": t.value, "result": t.result} for t in verdict.match.trace],
            "sender_role": verdict.sender_role,
            "would": list(verdict.would),
            "rule": verdict.rule,
            "why_kind": reading.why_kind,
            "confirm": verdict.confirm,
        },
        message_id=message.message_id,
        from_email=sender.email if sender else "",
        subject=message.subject,
        fingerprint=fingerprint(reading),
    )
