from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.edge.dot import DotReader
from gateway.edge.hops import HopCount

PIECES = st.lists(st.sampled_from([b"a", b".", b"..", b"\r", b"\n", b"\r\n", b"\r\n.", b"\0", b"x" * 40]), max_size=40)


def read(wire: bytes, cuts: list[int]) -> tuple[bytes, bytes]:
    """The mail and what follows it, when `wire` arrives cut at these sizes."""
    reader, out = DotReader(), b""
    sizes = iter(cuts)
    while wire and not reader.done:
        size = next(sizes, 7)
        out, wire = out + reader.feed(wire[:size]), wire[size:]
    assert reader.done
    return out, reader.rest + wire


def stuffed(mail: bytes) -> bytes:
    lines = mail.split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b".\r\n"


@given(PIECES, st.lists(st.integers(1, 9), max_size=60))
def test_any_mail_comes_out_as_it_was_however_the_network_cuts_it(pieces: list[bytes], cuts: list[int]) -> None:
    mail = b"".join(pieces)
    if mail and not mail.endswith(b"\r\n"):
        mail += b"\r\n"
    assert read(stuffed(mail) + b"QUIT\r\n", cuts) == (mail, b"QUIT\r\n")


@pytest.mark.parametrize(
    "false_end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\r\r\n.\r\r\n", b"\r\n\0.\r\n"]
)
def test_only_crlf_dot_crlf_ends_a_mail(false_end: bytes) -> None:
    reader = DotReader()
    reader.feed(b"Subject: a\r\n\r\nbody" + false_end + b"MAIL FROM:<admin@example.test>\r\n")
    assert not reader.done


def test_a_dot_alone_is_a_mail_of_no_byte() -> None:
    assert read(b".\r\n", [1]) == (b"", b"")


def test_a_long_line_is_never_gathered_in_memory() -> None:
    reader = DotReader()
    assert sum(len(reader.feed(b"x" * 65536)) for _ in range(16)) == 16 * 65536


@given(st.integers(0, 60), st.lists(st.integers(1, 50), min_size=1, max_size=30))
def test_hops_are_counted_in_the_header_alone_however_it_is_cut(hops: int, cuts: list[int]) -> None:
    header = b"From: a@b.example\r\n" + b"rEceived : from x\r\n\tby y; Received: no\r\n" * hops
    mail = header + b"X-Received: z\r\n\r\nReceived: in the body\r\n"
    count = HopCount()
    position = 0
    while position < len(mail):
        size = cuts[position % len(cuts)]
        count.feed(mail[position : position + size])
        position += size
    assert count.hops == hops


def test_a_mail_that_begins_with_received_counts_its_first_line() -> None:
    count = HopCount()
    count.feed(b"Received: from a\r\nReceived: from b\r\n\r\nReceived: body\r\n")
    assert count.hops == 2
