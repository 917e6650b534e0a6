"""A name server for tests: a few records on a free port of 127.0.0.1, over UDP."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from gateway.edge.names import Nameservers

Zone = Mapping[tuple[str, str], Sequence[str]]


@contextlib.contextmanager
def nameserver(zone: Zone, *, silent: bool = False, failing: bool = False) -> Iterator[Nameservers]:
    """`silent`: it hears and never answers; `failing`: SERVFAIL to everything. What the zone lacks is NXDOMAIN."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as at:
        at.bind(("127.0.0.1", 0))
        at.settimeout(0.1)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    data, peer = at.recvfrom(4096)
                    if not silent:
                        at.sendto(_answer(data, zone, failing=failing), peer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Nameservers(("127.0.0.1",), at.getsockname()[1], seconds=3.0)
        finally:
            stop.set()
            thread.join()


def _answer(data: bytes, zone: Zone, *, failing: bool) -> bytes:
    asked = dns.message.from_wire(data)
    answer = dns.message.make_response(asked)
    answer.flags |= dns.flags.RA
    question = asked.question[0]
    name, kind = str(question.name).rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
    if failing:
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif found := zone.get((name, kind)):
        answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
    elif not any(each == name for each, _ in zone):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer.to_wire()
