"""What happened, as JSON lines (CONTRACT §6) and as a timeline to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.header import decode_header, make_header
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from gateway.desk.policy import Policy
from gateway.shown import instant
from gateway.simulation.scenario import Fault
from gateway.simulation.world import Broke, CameIn, Passed, WentOut

Json = dict[str, Any]

_FAULTS = {
    "relay_down": "the relay does not answer any more",
    "relay_up": "the relay answers again",
    "gateway_stop": "the gateway is stopped",
    "gateway_start": "the gateway is started",
}


def record(passed: CameIn | WentOut) -> Json:
    """A mail as an object; `text` of one that came in is what its writer wrote, without what it quotes."""
    if isinstance(passed, CameIn):
        mail = passed.mail
        return {
            "at": instant(passed.at),
            "direction": "in",
            "from": mail.from_,
            "to": list(mail.to),
            "subject": mail.subject,
            "letter": None,
            "ticket": passed.ticket,
            "text": mail.text,
            "headers": _headers(mail.headers),
            "decision": passed.decision,
            "reason": passed.reason,
        }
    letter = passed.letter
    return {
        "at": instant(passed.at),
        "direction": "out",
        "from": letter.from_,
        "to": [letter.to],
        "subject": letter.subject,
        "letter": letter.name,
        "ticket": letter.ticket,
        "text": letter.text,
        "headers": _headers(_head(passed.data)),
    }


def line(passed: Passed, policy: Policy) -> str:
    """ "Tue 14 Apr 09:12  gateway → maria@customer.example  ack  Re: Export fails" """
    match passed:
        case CameIn(at=at, mail=mail, ticket=ticket, decision=decision):
            where = policy.reference(ticket) if ticket is not None else ""
            to = ", ".join(mail.to) or "us"
            return f"{clock(at, policy)}  {mail.from_} → {to}  {mail.subject}  [{' '.join((decision, where)).strip()}]"
        case WentOut(at=at, letter=letter, back=back):
            where = policy.reference(letter.ticket) if letter.ticket is not None else ""
            comes = "  (will come back)" if back else ""
            return f"{clock(at, policy)}    gateway → {letter.to}  {letter.name}  {where}{comes}".rstrip()
        case Broke(at=at, fault=fault):
            return f"{clock(at, policy)}  -- {_fault(fault)}"
        case _:
            assert_never(passed)


def clock(at: datetime, policy: Policy) -> str:
    local = at.astimezone(ZoneInfo(policy.timezone))
    return f"{local:%a} {local.day:2} {local:%b %H:%M}"


def _fault(fault: Fault) -> str:
    return _FAULTS.get(fault.kind, f"mail to {fault.address} comes back from now on")


def _headers(fields: Iterator[tuple[str, str]] | tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Of a field that is there twice, both, a line each."""
    found: dict[str, str] = {}
    for name, value in fields:
        found[name] = f"{found[name]}\n{value}" if name in found else value
    return found


def _head(data: bytes) -> tuple[tuple[str, str], ...]:
    """The header block, unfolded and decoded, as a client shows it."""
    block = data.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").replace("\r\n ", " ").replace("\r\n\t", " ")
    fields = (line.partition(":") for line in block.split("\r\n"))
    return tuple((name, _decoded(value.strip())) for name, _, value in fields)


def _decoded(value: str) -> str:
    """Only what has encoded words is worth the way through them (RFC 2047)."""
    return str(make_header(decode_header(value))) if "=?" in value else value
