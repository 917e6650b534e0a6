"""Who a mail is from, and how sure we are: of several words the worst, of several names the address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.desk.policy import Policy, Rule, Security, Then, When
from gateway.intake.opening import opening
from gateway.intake.reading import Reading, read
from gateway.mail.compose import needs_smtputf8
from gateway.mail.message import Envelope
from gateway.mail.parse import parse
from tests.desk.samples import policy
from tests.office import desk, mail

TRUSTING = policy(security=Security(trust_auth_results="mx.acme.example"))
MUNGED = (
    '"Maria Lopez via Helpers" <helpers@lists.customer.example>',
    "Reply-To: Maria Lopez <maria@customer.example>\r\nX-Original-From: Maria Lopez <maria@customer.example>\r\n"
    "List-Id: Helpers <helpers.lists.customer.example>\r\n",
)


def reading(sender: str, headers: str = "", rules: Policy = TRUSTING) -> Reading:
    raw = f"{headers}From: {sender}\r\nTo: support@acme.example\r\nSubject: Export fails\r\n\r\nIt fails.\r\n"
    return read(parse(raw.encode()), Envelope("maria@customer.example", ("support@acme.example",)), rules)


@pytest.mark.parametrize(
    ("said", "passed"),
    [
        (["mx.acme.example; dmarc=pass"], "pass"),
        (["mx.acme.example 1; dmarc=pass"], "pass"),
        (["MX.Acme.Example; dmarc=Pass (p=none)"], "pass"),
        (["mx.acme.example; dmarc=pass", "mx.bad.example; dmarc=fail"], "pass"),
        (["mx.bad.example; dmarc=pass"], "unknown"),
        (["mx.acme.example.bad.example; dmarc=pass"], "unknown"),
        (["mx.acme.example; dmarc=pass", "mx.acme.example; dmarc=fail"], "fail"),
        (["mx.acme.example; spf=pass smtp.mailfrom=maria@customer.example", "mx.acme.example; dmarc=fail"], "fail"),
        (["mx.acme.example 2; dmarc=pass"], "unknown"),
    ],
)
def test_of_all_that_our_server_said_the_worst_counts_and_others_are_not_heard(said, passed):
    headers = "".join(f"Authentication-Results: {each}\r\n" for each in said)
    assert reading("maria@customer.example", headers).passed == passed


def test_a_list_that_writes_its_own_address_into_from_is_the_sender_and_no_machine():
    found = reading(*MUNGED)
    assert (found.kind, found.machine) == ("list", False)
    assert found.sender is not None
    assert found.sender.email == "helpers@lists.customer.example"


def test_a_rule_names_the_author_of_list_mail_as_requester_once_our_server_passed_the_list():
    rule = Rule("list", When(list_id=("helpers.lists.customer.example",)), Then(requester="reply_to"))
    passed = "Authentication-Results: mx.acme.example; dmarc=pass\r\n"
    rules = replace(TRUSTING, rules=(rule,))
    sender, headers = MUNGED
    assert opening(reading(sender, passed + headers, rules), rules).requester.email == "maria@customer.example"
    doubted = opening(reading(sender, headers, rules), rules).requester.email
    assert doubted == "helpers@lists.customer.example"


@pytest.mark.parametrize("name", ["Ana Ruiz", "ANA  RUIZ", "ana@acme.example", "Ana (ana@acme.example)"])
def test_whoever_shows_an_agents_name_or_address_as_their_own_is_tagged(name):
    found = opening(reading(f'"{name}" <eve@bad.example>'), TRUSTING)
    assert found.tags == ("name-of:ana",)


def test_an_agent_and_a_namesake_of_nobody_are_not_tagged():
    assert opening(reading("Ana Ruiz <ana@acme.example>"), TRUSTING).tags == ()
    assert opening(reading("Anabel Ruizo <anabel@customer.example>"), TRUSTING).tags == ()


@pytest.mark.parametrize(
    ("sender", "normal", "wide"),
    [
        ("maria@Bücher.example", "maria@xn--bcher-kva.example", False),
        ("maria@xn--bcher-kva.example", "maria@xn--bcher-kva.example", False),
        ("märia@bücher.example", "märia@xn--bcher-kva.example", True),
    ],
)
def test_international_senders_are_one_person_in_both_spellings_and_ask_for_smtputf8_where_they_must(
    tmp_path: Path, sender: str, normal: str, wide: bool
):
    with desk(tmp_path) as here:
        here.receive(mail(sender=f"Maria <{sender}>"), mail_from=sender)
        assert here.ticket(1000).requester.email == normal
        letter = here.letter("ack_stranger")
        assert (letter.to, needs_smtputf8(letter)) == (normal, wide)
        done = here.receive(mail("Re: Export fails", sender=f"Maria <{normal}>"), letter.reply_to)
        assert (done.verdict.decision, done.ticket) == ("append", 1000)
