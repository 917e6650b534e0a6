"""Which event is worth which letter, to whom: the desk's post, decided.

What goes to customers is in `notices_customer`, what goes to staff in `notices_staff`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.desk.events import Event
from gateway.desk.events_time import KeptQuiet
from gateway.desk.notice import Notice
from gateway.desk.notices_customer import to_customers
from gateway.desk.notices_staff import to_staff
from gateway.desk.policy import Policy
from gateway.desk.ticket import Ticket


def notices(ticket: Ticket, events: Sequence[Event], policy: Policy) -> Iterator[Notice]:
    """The letters that `events` (the last ones of `ticket`, which has them all) are worth, oldest first.

    A letter that is switched off (`[letter.x] enabled = false`) is not written. The numbers of the events make the
    keys under which each letter is written once.
    """
    first = ticket.version - len(events) + 1
    quiet = any(isinstance(event, KeptQuiet) for event in events)
    for index, event in enumerate(events):
        once = f"{ticket.number}:{first + index}"
        written = list(to_staff(ticket, event, events, policy, once))
        if not quiet:
            written += to_customers(ticket, event, events, policy, once)
        for notice in written:
            rule = policy.letters.get(notice.letter)
            if rule is None or rule.enabled:
                yield notice
