"""What an agent sees below their text in the editor: whom it goes to, and what was said last."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from gateway.cli.acting import number
from gateway.cli.failure import UNKNOWN, Failure
from gateway.cli.present import clean, clean_block
from gateway.desk.evolve import replay
from gateway.desk.policy import Policy
from gateway.desk.recipients import readers
from gateway.desk.ticket import Article, Ticket
from gateway.letters_long import beginning
from gateway.letters_view import category_of
from gateway.office import Office
from gateway.store import articles, tickets

_ARTICLES = 5
_CHARACTERS = 2_000  # of each


def drafted(at: Office, n: str, *, private: bool = False) -> str:
    """Lines that the editor's text is rid of afterwards. Failure (67) before anybody has written for nothing."""
    policy = at.desk.policy
    with at.db.snapshot() as tx:
        ticket = tickets.load(tx, number(n, policy), replay)
        if ticket is None:
            raise Failure(UNKNOWN, f"there is no ticket {n}")
        said = [one for one in articles.of(tx, ticket.number) if one.visibility != "held" and one.text.strip()]
    lines = [*_head(ticket, policy, private=private), f"{'-' * 50} newest first"]
    for article in reversed(said[-_ARTICLES:]):
        lines += _article(article, policy)
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def _head(ticket: Ticket, policy: Policy, *, private: bool) -> Iterator[str]:
    first, *others = (clean(f"{person.name} <{person.email}>").strip() for person, _ in readers(ticket))
    yield (
        "A private note: no customer sees it." if private else f"To: {first}     Cc: {', '.join(others) or '(nobody)'}"
    )
    phase = category_of(ticket, policy).phase(ticket.phase)
    name = phase.name.default if phase else ticket.phase
    yield f"{policy.reference(ticket.number)} {clean(ticket.subject)}: {ticket.status.replace('_', ' ')}, {clean(name)}"


def _article(article: Article, policy: Policy) -> Iterator[str]:
    at = article.at.astimezone(ZoneInfo(policy.timezone))
    note = ", NOTE" if article.visibility == "private" else ""
    yield f"{clean(article.author.name or article.author.email)}, {at:%a %d %b %H:%M}{note}:"
    whole = article.text.strip("\n")
    shown = beginning(whole, _CHARACTERS)
    yield from (f"  {line}" for line in clean_block(shown).splitlines())
    if len(shown) < len(whole):
        yield "  …"
