"""Rows of the configuration become the policy of the desk. Only for configurations without an error."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, time

from gateway.config import keys
from gateway.config.keys import Root
from gateway.config.tables import Row
from gateway.desk.calendar import Calendar
from gateway.desk.policy import (
    Agent,
    Answer,
    Category,
    Hook,
    LetterPolicy,
    Limits,
    Link,
    Mailbox,
    Organisation,
    Pending,
    Phase,
    Policy,
    Priority,
    Rule,
    Security,
    Solved,
    Stale,
    Team,
    Text,
    Then,
    Tier,
    When,
)

DEFAULT_CATEGORY = "question"
DEFAULT_PRIORITY = "medium"
DEFAULT_CALENDAR = "office"
ORDERS = {"critical": 1, "high": 2, "medium": 3, "low": 4}
_NINE_TO_SIX = {weekday: ((time(9), time(18)),) for weekday in range(5)}


def policy(root: Row, closed: Mapping[str, frozenset[date]], answers: Mapping[str, Answer]) -> Policy:
    """The policy. `closed` are the closed dates of each calendar, `answers` the saved answers by name."""
    gateway, tickets = root[Root.gateway], root[Root.tickets]
    say = _Words(gateway[keys.Gateway.language])
    return Policy(
        name=gateway[keys.Gateway.name],
        public_name=gateway[keys.Gateway.public_name],
        domain=gateway[keys.Gateway.domain],
        prefix=tickets[keys.Tickets.prefix],
        mailboxes=_mailboxes(root),
        categories=_categories(root, say),
        priorities=_priorities(root, say),
        calendars=_calendars(root, closed),
        language=gateway[keys.Gateway.language],
        languages=gateway[keys.Gateway.languages],
        timezone=gateway[keys.Gateway.timezone],
        calendar=gateway[keys.Gateway.calendar],
        support_call_url=gateway[keys.Gateway.support_call_url],
        phone=gateway[keys.Gateway.phone],
        links=say.links(gateway[keys.Gateway.links]),
        start=tickets[keys.Tickets.start],
        subject_token=tickets[keys.Tickets.subject_token],
        reopen_window=tickets[keys.Tickets.reopen_window],
        thanks_keeps_closed=tickets[keys.Tickets.thanks_keeps_closed],
        undo_window=tickets[keys.Tickets.undo_window],
        pending=_pending(root[Root.pending]),
        solved=Solved(root[Root.solved][keys.Solved.close_after], root[Root.solved][keys.Solved.rating]),
        on_hold_update_every=root[Root.on_hold][keys.OnHold.update_every],
        stale=Stale(root[Root.stale][keys.Stale.after], root[Root.stale][keys.Stale.repeat]),
        tiers=tuple(_tier(row) for row in root[Root.tier]),
        agents={name: _agent(name, row) for name, row in root[Root.agent].items()},
        teams={name: _team(name, row, say) for name, row in root[Root.team].items()},
        organisations={name: _organisation(name, row) for name, row in root[Root.organisation].items()},
        rules=tuple(_rule(row) for row in root[Root.rule]),
        letters={name: _letter(row) for name, row in root[Root.letter].items()},
        answers=answers,
        security=_security(root[Root.security], root[Root.listen]),
        limits=_limits(root[Root.limits]),
        admins=root[Root.admin][keys.Admin.notify],
        hooks=tuple(_hook(name, row) for name, row in root[Root.hook].items()),
    )


def titled(name: str) -> str:
    """A table's name as people read it: "change-request" is "Change request"."""
    text = name.replace("-", " ").replace("_", " ").strip()
    return text[:1].upper() + text[1:]


@dataclasses.dataclass(frozen=True, slots=True)
class _Words:
    """Texts for customers, with the desk's own `language` for those whose language a text does not have."""

    language: str

    def text(self, text: Text | None, otherwise: str = "") -> Text:
        if text is None:
            return Text(otherwise)
        return dataclasses.replace(text, default=dict(text.languages).get(self.language, text.default))

    def ours(self, english: str, german: str) -> Text:
        return self.text(Text(english, (("en", english), ("de", german))))

    def links(self, rows: tuple[Row, ...]) -> tuple[Link, ...]:
        return tuple(Link(self.text(row[keys.Link.text]), row[keys.Link.url]) for row in rows)


def _mailboxes(root: Row) -> dict[str, Mailbox]:
    """An address that only a category names is one of its mailbox, else of one in its domain, else of the first."""
    box = keys.Mailbox
    rows = root[Root.mailbox]
    aliases = {name: list(row[box.aliases]) for name, row in rows.items()}
    written = {address for name, row in rows.items() for address in (row[box.address], *aliases[name])}
    for category, of_category in root[Root.category].items():
        for address in of_category[keys.Category.addresses]:
            if address not in written:
                domain = address.rpartition("@")[2]
                theirs = [name for name, row in rows.items() if row[box.category] == category]
                beside = [name for name, row in rows.items() if row[box.address].endswith(f"@{domain}")]
                aliases[next(iter([*theirs, *beside, *rows]))].append(address)
    return {
        name: Mailbox(name, row[box.address], tuple(aliases[name]), row[box.category], row[box.reply_address])
        for name, row in rows.items()
    }


def _categories(root: Row, say: _Words) -> dict[str, Category]:
    rows, name = root[Root.category], DEFAULT_CATEGORY
    found = {name: _category(name, row, say) for name, row in rows.items()}
    boxes = root[Root.mailbox].values()
    if not rows or (name not in rows and any(row[keys.Mailbox.category] == name for row in boxes)):
        found[name] = Category(
            name, say.ours("Question", "Frage"), _default_phases(say), priority=_default_priority(root)
        )
    return found


def _default_priority(root: Row) -> str:
    """ "medium", or the least urgent one of a desk that has none of this name."""
    rows = root[Root.priority]
    if not rows or DEFAULT_PRIORITY in rows:
        return DEFAULT_PRIORITY
    return max(rows, key=lambda name: _order(name, rows[name]))


def _default_phases(say: _Words) -> tuple[Phase, ...]:
    answered = Phase("answered", say.ours("Answered", "Beantwortet"), final=True)
    return Phase("received", say.ours("Request received", "Anfrage erhalten")), answered


def _category(name: str, row: Row, say: _Words) -> Category:
    key = keys.Category
    return Category(
        id=name,
        name=say.text(row[key.name], titled(name)),
        phases=tuple(_phase(phase, say) for phase in row[key.phase] or ()) or _default_phases(say),
        addresses=row[key.addresses],
        words=row[key.words],
        choose=row[key.choose],
        priority=row[key.priority],
        note=say.text(row[key.note]),
        helps=say.text(row[key.helps]),
        links=say.links(row[key.links]),
        costs=row[key.costs],
        tier=row[key.tier] or None,
        revisit=row[key.revisit],
        measured=row[key.measured],
        update_every=row[key.update_every],
    )


def _phase(row: Row, say: _Words) -> Phase:
    key = keys.Phase
    return Phase(
        id=row[key.id],
        name=say.text(row[key.name], titled(row[key.id])),
        meaning=say.text(row[key.meaning]),
        next=say.text(row[key.next]),
        headline=say.text(row[key.headline]),
        note=say.text(row[key.note]),
        expect=row[key.expect],
        links=say.links(row[key.links]),
        final=row[key.final],
        hidden_until_reached=row[key.hidden_until_reached],
        enter_on=row[key.enter_on],
    )


def _order(name: str, row: Row) -> int:
    return row[keys.Priority.order] or ORDERS.get(name, ORDERS[DEFAULT_PRIORITY])


def _priorities(root: Row, say: _Words) -> dict[str, Priority]:
    calendar = root[Root.gateway][keys.Gateway.calendar]
    rows, name = root[Root.priority], DEFAULT_PRIORITY
    asked = any(row[keys.Category.priority] == name for row in root[Root.category].values())
    key = keys.Priority
    found = {
        name: Priority(
            id=name,
            name=say.text(row[key.name], titled(name)),
            order=_order(name, row),
            words=row[key.words],
            calendar=row[key.calendar] or calendar,
            first_response=row[key.first_response],
            first_response_outside=row[key.first_response_outside],
            first_response_by=row[key.first_response_by],
            resolution=row[key.resolution],
            assign_within=row[key.assign_within],
            alert=row[key.alert],
            halts=row[key.halts],
            update_every=row[key.update_every],
            update_once_late=row[key.update_once_late],
            warn_at=row[key.warn_at],
        )
        for name, row in rows.items()
    }
    if not rows or (name not in rows and asked):
        found[name] = Priority(name, Text(titled(name)), ORDERS[name], calendar=calendar)
    return found


def _calendars(root: Row, closed: Mapping[str, frozenset[date]]) -> dict[str, Calendar]:
    """Of a desk whose own calendar no table describes: Monday to Friday, 9 to 18."""
    zone, own = root[Root.gateway][keys.Gateway.timezone], root[Root.gateway][keys.Gateway.calendar]
    found = {
        name: calendar(name, row, zone, closed.get(name, frozenset())) for name, row in root[Root.calendar].items()
    }
    return found if own in found else {own: Calendar(own, zone, _NINE_TO_SIX), **found}


def calendar(name: str, row: Row, zone: str, closed: frozenset[date]) -> Calendar:
    """The calendar of a row whose hours could be read."""
    hours, own_zone = row.get(keys.Calendar.hours), row.get(keys.Calendar.timezone)
    return Calendar(name, own_zone or zone, hours or {}, closed, always=hours is None)


def _pending(row: Row) -> Pending:
    key = keys.Pending
    return Pending(row[key.reminders], row[key.close_after], row[key.send_between], row[key.out_of_office_pauses])


def _tier(row: Row) -> Tier:
    patience = row[keys.Tier.escalate_after]
    return Tier(row[keys.Tier.id], row[keys.Tier.team], patience or ())


def _agent(name: str, row: Row) -> Agent:
    key = keys.Agent
    return Agent(
        id=name,
        name=row[key.name],
        email=row[key.email],
        also=row[key.also],
        teams=row[key.teams],
        role=row[key.role],
        notify=row[key.notify],
        signature=row[key.signature],
        unix_user=row[key.unix_user],
        phone=row[key.phone],
        calendar=row[key.calendar],
        away=row[key.away],
    )


def _team(name: str, row: Row, say: _Words) -> Team:
    key = keys.Team
    return Team(name, say.text(row[key.name], titled(name)), row[key.email] or "", row[key.assign], row[key.categories])


def _organisation(name: str, row: Row) -> Organisation:
    key = keys.Organisation
    return Organisation(
        id=name,
        name=row[key.name] or titled(name),
        domains=row[key.domains],
        contact=row[key.contact] or "",
        manager=row[key.manager],
        allowance=row[key.allowance],
        priority=row[key.priority],
        team=row[key.team],
    )


def _rule(row: Row) -> Rule:
    when, then = row[keys.Rule.when], row[keys.Rule.then]
    asked, done = keys.When, keys.Then
    return Rule(
        name=row[keys.Rule.name],
        when=When(
            from_=when[asked.from_],
            from_domain=when[asked.from_domain],
            to=when[asked.to],
            subject=when[asked.subject],
            any=when[asked.any],
            header=when[asked.header_],
            list_id=when[asked.list_id],
            language=when[asked.language],
            category=when[asked.category],
        ),
        then=Then(
            category=then[done.category],
            priority=then[done.priority],
            team=then[done.team],
            assignee=then[done.assignee],
            tier=then[done.tier],
            tags=then[done.tag],
            language=then[done.language] or "",
            requester=then[done.requester],
            hold=then[done.hold],
            drop=then[done.drop],
            reply_with=then[done.reply_with],
        ),
        go_on=row[keys.Rule.continue_],
    )


def _hook(name: str, row: Row) -> Hook:
    return Hook(name, row[keys.Hook.on], row[keys.Hook.command], row[keys.Hook.timeout])


def _letter(row: Row) -> LetterPolicy:
    key = keys.Letter
    return LetterPolicy(row[key.enabled], row[key.to], row[key.merge_within])


def _security(row: Row, listen: Row) -> Security:
    key = keys.Security
    return Security(
        trust_auth_results=row[key.trust_auth_results],
        agents_must_pass=row[key.agents_must_pass],
        strangers=row[key.strangers],
        cc_joins=row[key.cc_joins],
        junk_header=row[key.junk_header],
        quote_to_strangers=row[key.quote_to_strangers],
        trusted_networks=tuple(str(network) for network in listen[keys.Listen.trusted_networks]),
    )


def _limits(row: Row) -> Limits:
    key = keys.Limits
    return Limits(
        message_size=row[key.message_size],
        attachments_out=row[key.attachments_out],
        new_tickets=row[key.new_tickets],
        automatic_letters=row[key.automatic_letters],
        all_automatic_letters=row[key.all_automatic_letters],
        connections=row[key.connections],
        connections_per_ip=row[key.connections_per_ip],
    )
