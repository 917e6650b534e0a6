"""One mail on a ticket is about something else: it becomes a ticket of its own, and its sender's.

The article moves, with its attachments; a note of it stays where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.advance import Desk, NewId, advance, load, start
from gateway.desk.causes import Request
from gateway.desk.causes_bonds import SplitsOff
from gateway.desk.events import ArticleAdded
from gateway.desk.notices_staff import moment
from gateway.desk.policy import Agent, Policy
from gateway.desk.refused import Refused
from gateway.desk.ticket import Article, Author, Person, Ticket
from gateway.intake.opening import NO_SUBJECT, clean_subject, organisation_of, team_of
from gateway.store import articles, events, mails, tickets
from gateway.store.transaction import Transaction

SHORTEST = 4  # letters of an id


class NoSuchArticle(LookupError):
    """There is none of this number or id on the ticket."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the new ticket is to be. `article` is its place in the conversation (from 1), or the first letters of its id
    or its mail's. `title` "": the mail's own subject; `category` "": that of the ticket it was on. `told`: its sender
    gets a letter about it."""

    article: str
    title: str = ""
    category: str = ""
    told: bool = True


def split(
    tx: Transaction, desk: Desk, number: int, wanted: Wanted, agent: Agent, now: datetime, new_id: NewId
) -> Ticket:
    """The new ticket. Raises Refused, NoSuchTicket and NoSuchArticle."""
    ticket = load(tx, number)
    story = articles.of(tx, number)
    gone = _chosen(ticket, story, wanted.article, desk.policy)
    _may_split(tx, ticket, gone, desk.policy)
    request = _request(ticket, gone, wanted, agent, desk.policy)
    after = start(tx, desk, replace(request, number=tickets.next_number(tx, desk.policy.start)), now, new_id)
    if gone.message_id is not None:
        articles.know_elsewhere(tx, gone.message_id, number, after.number)
    if gone.mail_id is not None:
        mails.hand_over(tx, gone.mail_id, ticket=after.number, by=agent.id, now=now)
    note = _note(gone, after, agent, desk.policy, now, new_id())
    files = tuple((ref.id, there) for there, ref in enumerate(gone.attachments, 1))
    advance(tx, desk, number, SplitsOff(f"agent:{agent.id}", after.number, gone.id, note, files), now, new_id)
    return after


def _chosen(ticket: Ticket, story: Sequence[Article], word: str, policy: Policy) -> Article:
    word = word.lower().removeprefix("#")
    if word.isdecimal() and 1 <= int(word) <= len(story):
        return story[int(word) - 1]
    found = [one for one in story if one.id.startswith(word) or (one.mail_id or "").startswith(word)]
    if len(found) == 1 and len(word) >= SHORTEST:
        return found[0]
    this = policy.reference(ticket.number)
    raise NoSuchArticle(f"{this} has no article {word}: name one by its number, from 1 to {len(story)}, or by its id")


def _may_split(tx: Transaction, ticket: Ticket, gone: Article, policy: Policy) -> None:
    this = policy.reference(ticket.number)
    if ticket.merged_into is not None:
        raise Refused(f"{this} was merged into {policy.reference(ticket.merged_into)}: split that one")
    if gone.direction != "in" or gone.visibility == "private" or not gone.author.email:
        raise Refused("only what a customer wrote becomes a ticket of its own")
    if policy.agent_of(gone.author.email) is not None and gone.author.email != ticket.requester.email:
        raise Refused("an agent wrote it: open a ticket for the customer instead")
    first = next(event.article for event in events.events_of(tx, ticket.number) if isinstance(event, ArticleAdded))
    if gone.id == first:
        raise Refused(f"it is what opened {this}: change its title or category instead")


def _request(ticket: Ticket, gone: Article, wanted: Wanted, agent: Agent, policy: Policy) -> Request:
    requester = Person(gone.author.name, gone.author.email)
    if requester.email == ticket.requester.email:
        requester = ticket.requester
    category = policy.categories[wanted.category or ticket.category]
    same = category.id == ticket.category
    organisation = organisation_of(requester.email, policy)
    own = category.priority if category.priority in policy.priorities else next(iter(policy.priorities))
    return Request(
        number=0,
        mailbox=ticket.mailbox,
        subject=wanted.title or clean_subject(gone.subject, policy.prefix) or NO_SUBJECT,
        requester=requester,
        article=_first(gone, requester),
        category=category.id,
        priority=ticket.priority if same else own,
        language=ticket.language,
        team=ticket.team if same else team_of(policy, category, organisation),
        tier=category.tier or (policy.tiers[0].id if policy.tiers else None),
        assignee=ticket.assignee,
        organisation=organisation,
        by=f"agent:{agent.id}",
        acknowledge="created_for_you" if wanted.told else None,
        split_from=ticket.number,
    )


def _first(gone: Article, requester: Person) -> Article:
    """The article as the first one of the new ticket."""
    files = tuple(replace(ref, id=number) for number, ref in enumerate(gone.attachments, 1))
    author = Author("requester", requester.name, gone.author.email)
    return replace(gone, visibility="public", author=author, attachments=files)


def _note(gone: Article, after: Ticket, agent: Agent, policy: Policy, now: datetime, note_id: str) -> Article:
    who, number = gone.author.name or gone.author.email, policy.reference(after.number)
    text = f"What {who} wrote on {moment(gone.at, policy)} goes on as {number}."
    return Article(
        id=note_id,
        at=now,
        direction="internal",
        visibility="private",
        author=Author("agent", agent.name, agent.email, agent.id),
        subject=after.subject,
        text=text,
    )
