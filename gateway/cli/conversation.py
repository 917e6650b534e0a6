"""A ticket on a terminal: its head, its phases, and the conversation with its notes marked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from gateway.cli.present import clean, clean_block, style
from gateway.desk.policy import Policy
from gateway.desk.quotes import deciders, size_words
from gateway.desk.ticket import Article, Ticket
from gateway.office import Office
from gateway.store import articles, outbox
from gateway.store.transaction import Transaction

RULE = 78


def show_ticket(tx: Transaction, at: Office, ticket: Ticket, now: datetime, *, full: bool) -> None:
    policy = at.desk.policy
    delivery = outbox.delivery_of(tx, *ticket.letters_of)
    for line in _head(ticket, policy):
        click.echo(line)
    for place, article in enumerate(articles.of(tx, ticket.number), 1):
        click.echo()
        state = delivery.get(article.id, "") if article.direction == "out" else ""
        for line in _article(place, article, policy, state, full=full):
            click.echo(line)


def _head(ticket: Ticket, policy: Policy) -> Iterable[str]:
    requester = f"{ticket.requester.name} <{ticket.requester.email}>".strip()
    yield style(f"{policy.reference(ticket.number)}  {clean(ticket.subject)}", bold=True)
    facts = (ticket.category, ticket.priority, ticket.status, ticket.assignee or "nobody", requester)
    yield " · ".join(clean(fact) for fact in (*facts, ticket.organisation or "") if fact)
    yield " ── ".join(_steps(ticket, policy))
    if ticket.problem:
        yield f"problem {clean(ticket.problem)}"
    yield from _quote(ticket, policy)
    if ticket.tags or ticket.links:
        links = [f"{link.kind.replace('_', ' ')} {policy.reference(link.number)}" for link in ticket.links]
        yield " · ".join((*(f"tag:{clean(tag)}" for tag in ticket.tags), *links))


def _quote(ticket: Ticket, policy: Policy) -> Iterable[str]:
    quote = ticket.quote
    if quote is not None:
        since = f"{quote.at.astimezone(ZoneInfo(policy.timezone)):%d %b}"
        who = clean(" or ".join(deciders(ticket, policy)))
        yield f"quote open: {clean(size_words(quote.minutes, quote.amount))}, since {since}, {who} decides"


def _steps(ticket: Ticket, policy: Policy) -> Iterable[str]:
    """● entered, ○ ahead; the present one with the date by which it is usually left."""
    zone = ZoneInfo(policy.timezone)
    category = policy.categories.get(ticket.category)
    entered = {step.phase: step for step in ticket.steps}
    for phase in category.phases if category else ():
        step = entered.get(phase.id)
        if step is None:
            if not phase.hidden_until_reached:
                yield f"○ {phase.name.default}"
            continue
        when = f"{step.entered.astimezone(zone):%d %b}"
        if phase.id == ticket.phase and step.by is not None:
            yield f"● {phase.name.default} {when}, usually until {step.by.astimezone(zone):%a %d %b}"
        else:
            yield f"● {phase.name.default} {when}"


def _article(place: int, article: Article, policy: Policy, delivery: str, *, full: bool) -> Iterable[str]:
    author = article.author
    when = f"{article.at.astimezone(ZoneInfo(policy.timezone)):%a %d %b %Y %H:%M}"
    theirs = article.direction == "in"  # one word to the desk, or a machine's mail
    mark = {
        "public": "public",
        "private": "to us alone" if theirs else "NOTE, the customer cannot see it",
        "held": "HELD, somebody of us has to release it",
    }[article.visibility]
    state = f", {delivery}" if delivery else ""
    left = f"{'┃─' if article.visibility == 'private' else '──'} #{place} {clean(author.name or author.email)}  {when} "
    right = f" {mark}{state}"
    yield style(left + "─" * max(2, RULE - len(left) - len(right)) + right, fg=_colour(article))
    edge = "┃ " if article.visibility == "private" else ""
    for line in clean_block(article.text).splitlines():
        yield edge + line
    for each in article.attachments:
        yield f"{edge}  [{each.id}] {clean(each.name)} {_size(each.size)}"
    quoted = clean_block(article.quoted).splitlines()
    if full:
        yield from (f"{edge}> {line}" for line in quoted)
    elif quoted:
        yield f"{edge}  ({len(quoted)} quoted lines folded, --full)"


def _colour(article: Article) -> str:
    return {"public": "cyan", "private": "yellow", "held": "red"}[article.visibility]


def _size(octets: int) -> str:
    return f"{octets / 1_000_000:.1f} MB" if octets >= 1_000_000 else f"{max(1, round(octets / 1000))} kB"
