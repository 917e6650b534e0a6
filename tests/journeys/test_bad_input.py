"""Mails that are hardly mails: each becomes a ticket made of what could be read, or goes to quarantine, and the next
mail goes on."""

from __future__ import annotations

import hashlib
import smtplib
import socket
import threading
import time
from pathlib import Path

import pytest

from tests.bench.process import family
from tests.journeys.desk import SUPPORT, Desk
from tests.journeys.mails import fresh_id, mail, submit
from tests.journeys.sink import Sink, until

HEAD = b"From: odd@customer.test\r\nTo: support@example.test\r\nSubject: "


def became(desk: Desk, raw: bytes) -> dict[str, object]:
    """The row of the mail with these very bytes, once it is settled; and the next mail is a ticket as ever."""
    submit(desk.smtp, raw)
    sha256 = hashlib.sha256(raw if raw.endswith(b"\r\n") else raw + b"\r\n").hexdigest()
    query = "SELECT * FROM mail WHERE sha256 = ? AND state != 'pending'"
    until(lambda: desk.rows(query, sha256), 60, f"an end of this mail; the log ends {desk.log()[-1500:]}")
    after = fresh_id()
    submit(desk.smtp, mail("next@customer.test", "the next mail", message_id=after))
    assert desk.settled(after)["decision"] == "new_ticket"
    return desk.rows(query, sha256)[0]


def text_of(desk: Desk, told: dict[str, object]) -> str:
    (article,) = desk.rows("SELECT text FROM article WHERE id = ?", told["article"])
    return str(article["text"])


def subject_of(desk: Desk, told: dict[str, object]) -> str:
    return str(desk.ticket(int(str(told["ticket"])))["subject"])


def test_what_nobody_can_read_goes_to_quarantine_and_the_administrator_hears_of_it(desk: Desk, relay: Sink) -> None:
    deep = HEAD + b"deep\r\n"
    deep += b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(400))
    told = became(desk, deep + b"\r\nx\r\n")
    assert (told["decision"], told["state"], told["ticket"]) == ("quarantine", "quarantined", None)
    alert = relay.wait_for("ops@staff.test", "admin_alert")
    assert "quarantine" in alert.text
    (waiting,) = [one for one in desk.asked("mail", "quarantine", "list") if one["id"] == told["id"]]
    assert "levels" in waiting["reason"] or "nest" in waiting["reason"]


def test_a_mail_of_ten_thousand_parts_goes_to_quarantine(desk: Desk) -> None:
    parts = b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n\r\nx\r\n" * 10_000 + b"--B--\r\n"
    assert became(desk, HEAD + b"parts\r\n" + parts)["state"] == "quarantined"


def test_no_byte_at_all_is_refused_in_the_session(desk: Desk) -> None:
    with smtplib.SMTP("127.0.0.1", desk.smtp) as client:
        client.ehlo("c.test")
        client.mail("odd@customer.test")
        client.rcpt(SUPPORT)
        assert client.docmd("DATA")[0] == 354
        code, words = client.docmd(".")
    assert code == 554
    assert b"5.6.0" in words


def test_one_blank_line_is_a_mail_without_a_sender_and_is_held(desk: Desk) -> None:
    assert became(desk, b"\r\n")["state"] == "held"


def test_a_header_without_a_body_becomes_a_ticket_with_its_subject(desk: Desk) -> None:
    told = became(desk, HEAD + b"only a header\r\nMessage-ID: " + fresh_id().encode() + b"\r\n")
    assert told["decision"] == "new_ticket"
    assert subject_of(desk, told) == "only a header"


def test_a_mail_without_a_message_id_becomes_a_ticket_and_its_second_copy_does_not(desk: Desk) -> None:
    raw = HEAD + b"no id " + fresh_id().strip("<>").encode() + b"\r\n\r\nNo id in here.\r\n"
    told = became(desk, raw)
    assert (told["decision"], told["message_id"]) == ("new_ticket", None)
    assert became(desk, raw)["copies"] == 2


def test_raw_eight_bit_text_without_any_label_is_read(desk: Desk) -> None:
    subject = "Drücker gestört".encode("latin-1")
    told = became(desk, HEAD + subject + b"\r\n\r\n" + "Überall nur Sterne ŝ\r\n".encode())
    assert subject_of(desk, told) == "Drücker gestört"
    assert "Überall nur Sterne" in text_of(desk, told)


def test_a_charset_that_nobody_knows_costs_no_text(desk: Desk) -> None:
    told = became(
        desk,
        HEAD + b"=?x-martian?Q?Sterne?=\r\nContent-Type: text/plain; charset=x-martian-9\r\n\r\nnothing but stars\r\n",
    )
    assert "nothing but stars" in text_of(desk, told)


def test_fifty_megabytes_are_taken_in_small_memory_while_other_mails_are_handled(desk: Desk) -> None:
    resting, stop, most = resident(desk.pid), threading.Event(), [0]

    def watch() -> None:
        while not stop.wait(0.05):
            most[0] = max(most[0], resident(desk.pid))

    watcher = threading.Thread(target=watch)
    identifier, between = fresh_id(), fresh_id()
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU2Nzg5YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4\r\n"
    head = HEAD + b"large\r\nMessage-ID: " + identifier.encode() + b"\r\nContent-Type: application/octet-stream; "
    head += b"name=large.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    watcher.start()
    try:
        submit(desk.smtp, head + line * (50_000_000 // len(line)))
        taken = most[0]
        began = time.monotonic()
        submit(desk.smtp, mail("between@customer.test", "between", message_id=between))
        assert desk.settled(between)["decision"] == "new_ticket"
        assert time.monotonic() - began < 20
        told = desk.settled(identifier, 90)
    finally:
        stop.set()
        watcher.join()
    assert told["decision"] == "new_ticket"
    (attached,) = desk.rows("SELECT * FROM attachment WHERE article = ?", told["article"])
    assert (attached["name"], attached["size"]) == ("large.bin", 50_000_000 // len(line) * 60)
    assert taken - resting < 30_000_000, "receiving it must not cost its size"


def test_more_than_message_size_is_refused_with_552(desk: Desk) -> None:
    with smtplib.SMTP("127.0.0.1", desk.smtp) as client:
        client.ehlo("c.test")
        assert client.docmd(f"MAIL FROM:<odd@customer.test> SIZE={61_000_000}")[0] == 552


@pytest.mark.parametrize("letter", [b"\x00", b"\r", b"\x1b[31m", b"\xff\xfe"])
def test_control_characters_are_no_reason_to_lose_a_mail(desk: Desk, letter: bytes) -> None:
    told = became(desk, HEAD + b"control\r\n\r\nbefore" + letter + b"after " + fresh_id().encode() + b"\r\n")
    assert told["decision"] == "new_ticket"
    text = text_of(desk, told)
    assert "before" in text
    assert "after" in text
    assert "\0" not in text


def test_a_client_that_leaves_in_the_middle_of_its_mail_leaves_nothing(desk: Desk) -> None:
    with socket.create_connection(("127.0.0.1", desk.smtp), 5) as peer:
        peer.sendall(b"EHLO c.test\r\nMAIL FROM:<a@customer.test>\r\nRCPT TO:<support@example.test>\r\nDATA\r\n")
        read = b""
        while b"354" not in read:
            read += peer.recv(4096)
        peer.sendall(HEAD + b"never finished\r\n\r\nand th")
    after = fresh_id()
    submit(desk.smtp, mail("next@customer.test", "the next mail", message_id=after))
    desk.settled(after)
    assert not desk.rows("SELECT 1 FROM ticket WHERE subject = 'never finished'")
    assert not desk.rows("SELECT 1 FROM mail WHERE state = 'pending'")


def test_nothing_of_all_this_left_a_traceback(desk: Desk) -> None:
    assert "Traceback" not in desk.log()


def resident(pid: int) -> int:
    """Octets of memory that the daemon and its child hold for themselves."""
    total = 0
    for each in family(pid):
        try:
            fields = Path(f"/proc/{each}/statm").read_text().split()
            total += (int(fields[1]) - int(fields[2])) * 4096
        except OSError:
            continue
    return total
