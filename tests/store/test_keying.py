import time

from hypothesis import given
from hypothesis import strategies as st

from gateway.store.keying import KeyScanner
from tests.store.samples import MAIL


def key_of(*pieces: bytes) -> str:
    scanner = KeyScanner()
    for piece in pieces:
        scanner.feed(piece)
    return scanner.key()


def changed(before: bytes, after: bytes) -> bytes:
    assert before in MAIL
    return MAIL.replace(before, after)


SAME = {
    "another way": changed(b"mx.acme.example;", b"backup.acme.example;"),
    "a trace on top": b"Return-Path: <x@y.example>\r\nX-Spam-Flag: NO\r\nDKIM-Signature: v=1;\r\n b=abc\r\n" + MAIL,
    "lines that end in LF": MAIL.replace(b"\r\n", b"\n"),
    "blank lines at the end": MAIL + b"\r\n\r\n",
    "no line end at the end": MAIL.rstrip(),
    "a folded subject": changed(b"The export", b"The\r\n export"),
    "field names in capitals": changed(b"Subject:", b"SUBJECT:"),
    "another spelling of the sender": changed(b"Maria Lopez <maria@customer.example>", b"<Maria@Customer.example>"),
}
OTHER = {
    "another body": changed(b"40 %", b"41 %"),
    "another subject": changed(b"The export", b"An export"),
    "another date": changed(b":50", b":51"),
    "another sender": changed(b"maria@", b"mario@"),
    "another id": changed(b"<one@", b"<two@"),
    "a space in the body": changed(b"stops at", b"stops  at"),
    "a second subject": changed(b"Subject: ", b"Subject: Hello\r\nSubject: "),
    "text that lost its blank line": changed(b"\r\n\r\n", b"\r\nDear support\r\n\r\n"),
}


def test_what_the_way_changes_is_the_same_mail() -> None:
    assert {name for name, raw in SAME.items() if key_of(raw) != key_of(MAIL)} == set()


def test_what_the_sender_changes_is_another_mail() -> None:
    keys = [key_of(raw) for raw in (MAIL, *OTHER.values())]
    assert len(set(keys)) == len(keys)


def test_without_id_and_date_every_octet_counts() -> None:
    bare = b"Problem: the printer\r\nOn fire: yes\r\n"
    assert len({key_of(bare), key_of(bare.replace(b"yes", b"no")), key_of(b"X: 1\r\n" + bare)}) == 3


def test_a_line_longer_than_any_counts_to_its_end() -> None:
    long = changed(b"Subject: The export fails", b"Subject: " + b"a" * 200_000)
    assert key_of(long) == key_of(long)
    assert key_of(long) != key_of(long.replace(b"aa\r\n", b"ab\r\n"))


def test_a_million_fields_count_like_a_body_and_cost_no_seconds() -> None:
    endless = b"".join(b"X-%d: v\r\n" % number for number in range(1_000_000)) + MAIL
    began = time.process_time()
    key = key_of(endless)
    assert time.process_time() - began < 1.5
    assert key_of(endless[:70_001], endless[70_001:]) == key
    assert key_of(endless.replace(b"40 %", b"41 %")) != key


@given(st.data())
def test_the_key_does_not_depend_on_how_the_bytes_arrive(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from((MAIL, *SAME.values(), *OTHER.values())) | st.binary(max_size=400))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=8)))
    pieces = [raw[start:end] for start, end in zip((0, *cuts), (*cuts, len(raw)), strict=True)]
    assert key_of(*pieces) == key_of(raw)
