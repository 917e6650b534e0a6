"""Values that tests of the store begin with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gateway.desk.events import ArticleAdded, Event, StatusChanged, TicketOpened
from gateway.desk.evolve import replay
from gateway.desk.ticket import Article, Author, Ticket
from gateway.mail.letter import Letter

T0 = datetime(2026, 4, 14, 7, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

MAIL = (
    b"Received: from mx.customer.example by mx.acme.example; Tue, 14 Apr 2026 09:11:58 +0200\r\n"
    b"From: Maria Lopez <maria@customer.example>\r\n"
    b"To: support@acme.example\r\n"
    b"Subject: The export fails\r\n"
    b"Date: Tue, 14 Apr 2026 09:11:50 +0200\r\n"
    b"Message-ID: <one@customer.example>\r\n"
    b"\r\n"
    b"It stops at 40 %.\r\n"
)


def mail_of(n: int, size: int = 0) -> bytes:
    """Another mail for every `n`, with at least `size` octets of body."""
    head = MAIL.replace(b"<one@", b"<m%d@" % n)
    return head + b"".join(b"%076d\r\n" % line for line in range(size // 78))


def opened(number: int, at: datetime = T0, **changes: object) -> TicketOpened:
    event = TicketOpened(
        at=at,
        by="requester",
        number=number,
        mailbox="support",
        subject="The export fails",
        requester_name="Maria Lopez",
        requester_email="maria@customer.example",
        category="bug",
        priority="high",
        team="first-line",
        tags=("export",),
    )
    return replace(event, **changes)  # type: ignore[arg-type]


def worked(number: int) -> list[Event]:
    """A ticket with a few events."""
    return [
        opened(number),
        ArticleAdded(at=T0, by="requester", article=f"a{number}", direction="in", visibility="public"),
        StatusChanged(at=T0 + MINUTE, by="agent:ana", before="new", after="open"),
    ]


def ticket_of(events: list[Event]) -> Ticket:
    ticket = replay(events)
    assert ticket is not None
    return ticket


def article(id_: str, **changes: object) -> Article:
    plain = Article(
        id=id_,
        at=T0,
        direction="in",
        visibility="public",
        author=Author("requester", "Maria Lopez", "maria@customer.example"),
        subject="The export fails",
        text="It stops at 40 %.",
        message_id="<one@customer.example>",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def letter(id_: str, **changes: object) -> Letter:
    plain = Letter(
        id=id_,
        once=f"once-{id_}",
        name="reply",
        ticket=None,
        to_name="Maria Lopez",
        to="maria@customer.example",
        from_name="Ana from Acme Support",
        from_="support@acme.example",
        reply_to="support+1042.aaaaaaaaaaaaaaaa@acme.example",
        envelope_from="support+b1042.bbbbbbbbbbbbbbbb@acme.example",
        message_id=f"<t1042.{id_}@acme.example>",
        subject="The export fails [ACME-1042-k7qm]",
        text="Looking into it.",
        html="<p>Looking into it.</p>",
        date=T0,
        not_before=T0,
        auto_submitted="no",
        references=("<one@customer.example>",),
        headers=(("X-Ticket", "ACME-1042"),),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
