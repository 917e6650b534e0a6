"""Reports of many servers, and refusals by a filter: who failed, how, and which letter it was."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from gateway.mail.automatic import classify
from gateway.mail.parse import parse

REPORTS = tomllib.loads((Path(__file__).parents[1] / "mails" / "wild-reports.toml").read_text("utf-8"))
HEAD = (
    "From: {}\nTo: desk@acme.example\nSubject: {}\nDate: Mon, 27 Apr 2026 09:00:00 +0000\nMessage-ID: "
    "<r@mx.example>\n"
    "MIME-Version: 1.0\nContent-Type: {}\nContent-Transfer-Encoding: 8bit\n\n"
)
PLAIN = "text/plain; charset=utf-8"


@pytest.mark.parametrize("server", REPORTS)
def test_a_report_is_read_as_its_server_writes_it(server: str) -> None:
    report = REPORTS[server]
    text, action, status = report["text"], report["action"], report["status"]
    found = classify(parse((HEAD.format(report["from"], report["subject"], PLAIN) + text).encode()))
    assert found.kind == ("delay_report" if action == "delayed" else "bounce")
    assert found.bounce is not None
    assert [(who.email, who.status[:1]) for who in found.bounce.recipients] == [("bob@customer.example", status)]
    assert found.bounce.action == action
    assert found.bounce.original_message_id == ("<letter@acme.example>" if "letter@" in text else None)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Your message was automatically rejected by Sieve, a mail\nfiltering language.", "bounce"),
        ("The message was refused by the recipient's mail filtering program.", "bounce"),
        ("Your message was deleted without being read by Bob.", "receipt"),
    ],
)
def test_a_filter_that_sends_a_mail_back_is_no_read_receipt(said: str, kind: str) -> None:
    mail = HEAD.format(
        "Mail Sieve Subsystem <postmaster@customer.example>",
        "Automatically rejected mail",
        "multipart/report; report-type=disposition-notification; boundary=b",
    )
    mail += (
        f"--b\n\n{said}\n\n--b\nContent-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822; bob@customer.example\n"
        "Original-Message-ID: <letter@acme.example>\nDisposition: automatic-action/MDN-sent-automatically; "
        "deleted\n\n--b--\n"
    )
    found = classify(parse(mail.encode()))
    assert found.kind == kind
    recipients = found.bounce.recipients if found.bounce else ()
    assert [who.email for who in recipients] == (["bob@customer.example"] if kind == "bounce" else [])
