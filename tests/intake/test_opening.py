"""What a new ticket begins as."""

from __future__ import annotations

import pytest

from gateway.desk.policy import Policy, Priority, Rule, Security, Text, Then, Tier, When
from gateway.intake.company import borrowed_name, joining
from gateway.intake.opening import clean_subject, opening
from gateway.intake.reading import Reading, read
from gateway.intake.thanks import is_thanks
from gateway.mail.message import Envelope
from gateway.mail.parse import parse
from tests.desk.samples import policy

TRUSTING = Security(trust_auth_results="mx.acme.example")


def reading(
    head: str, words: str = "hello", *, desk: Policy | None = None, peer: str = "", passed: str = ""
) -> Reading:
    trace = f"Authentication-Results: mx.acme.example; dmarc={passed}\r\n" if passed else ""
    raw = f"{trace}{head}\r\n\r\n{words}\r\n".encode()
    envelope = Envelope("x@y.example", ("support@acme.example",), peer=peer)
    return read(parse(raw), envelope, desk or policy())


FORM = "From: forms@acme.example\r\nReply-To: Maria <maria@customer.example>\r\nTo: support@acme.example\r\nSubject: hi"


def test_words_as_whole_words_choose_the_category_and_the_most_urgent_priority():
    urgent = policy(
        priorities={
            "medium": Priority("medium", Text("Medium")),
            "high": Priority("high", Text("High"), order=2, words=("outage",)),
        }
    )
    found = opening(reading("From: a@b.example\r\nSubject: an error, an outage", desk=urgent), urgent)
    assert (found.category, found.priority, found.team) == ("bug", "high", "first")
    assert opening(reading("From: a@b.example\r\nSubject: terrors"), policy()).category == "question"


@pytest.mark.parametrize(
    ("peer", "passed", "requester"),
    [
        ("10.1.2.3", "", "maria@customer.example"),
        ("203.0.113.9", "", "forms@acme.example"),
        ("203.0.113.9", "pass", "maria@customer.example"),
        ("10.1.2.3", "fail", "forms@acme.example"),
    ],
)
def test_a_contact_form_writes_for_somebody_else_only_when_it_is_our_own(peer, passed, requester):
    rule = Rule("form", When(from_=("forms@acme.example",)), Then(requester="reply_to"))
    security = Security(trust_auth_results="mx.acme.example", trusted_networks=("10.0.0.0/8",))
    desk = policy(rules=(rule,), security=security)
    assert opening(reading(FORM, desk=desk, peer=peer, passed=passed), desk).requester.email == requester


def test_without_a_rule_reply_to_makes_nobody_the_requester():
    assert opening(reading(FORM), policy()).requester.email == "forms@acme.example"


def test_the_first_rule_wins_and_one_that_continues_lets_later_ones_add():
    first = Rule("big", When(from_domain=("bigco.example",)), Then(priority="high", tags=("bigco",)), go_on=True)
    second = Rule("all", When(), Then(priority="medium", team="first", tags=("all",)))
    third = Rule("never", When(), Then(team="second"))
    desk = policy(rules=(first, second, third))
    found = opening(reading("From: a@bigco.example\r\nSubject: x", desk=desk), desk)
    assert (found.priority, found.team, found.tags, found.rules) == ("high", "first", ("bigco", "all"), ("big", "all"))


CC = "From: maria@customer.example\r\nCc: bob@customer.example, eve@bad.example, ana@acme.example, support@acme.example"


@pytest.mark.parametrize(
    ("choice", "passed", "joined"),
    [
        ("never", "pass", []),
        ("same-domain", "pass", ["bob@customer.example"]),
        ("all", "pass", ["bob@customer.example", "eve@bad.example"]),
        ("all", "", []),
        ("all", "fail", []),
    ],
)
def test_readers_on_cc_join_as_the_desk_says_and_only_when_the_sender_is_proven(choice, passed, joined):
    desk = policy(security=Security(trust_auth_results="mx.acme.example", cc_joins=choice))
    assert [person.email for person in joining(reading(CC, desk=desk, passed=passed), desk)] == joined


def test_ten_readers_join_and_no_more():
    many = ", ".join(f"p{index}@customer.example" for index in range(30))
    desk = policy(security=Security(trust_auth_results="mx.acme.example", cc_joins="all"))
    found = joining(reading(f"From: maria@customer.example\r\nCc: {many}", desk=desk, passed="pass"), desk)
    assert len(found) == 10


@pytest.mark.parametrize("name", ["Ana Ruiz", "ana  RUIZ", "ana@acme.example"])
def test_a_sender_who_wears_an_agents_name_is_marked(name):
    found = reading(f'From: "{name}" <eve@bad.example>\r\nSubject: hi')
    assert borrowed_name(found, policy()) == "ana"
    assert opening(found, policy()).tags == ("name-of:ana",)
    assert borrowed_name(reading('From: "Ana Ruiz" <ana@acme.example>'), policy()) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Re: AW: RE: Printer", "Printer"),
        ("Re: Printer [ACME-1042-k7qm]", "Printer"),
        ("[ACME-1042-k7qm] Printer", "Printer"),
        ("Report: Printer", "Report: Printer"),
        ("Re: " * 2000 + "x", "x"),
        ("[ACME-", "[ACME-"),
    ],
)
def test_a_subject_is_kept_without_prefixes_and_tokens(given, kept):
    assert clean_subject(given, "ACME") == kept


@pytest.mark.parametrize(
    "text", ["Thanks!", "Vielen Dank für die schnelle Hilfe, Ana", "merci beaucoup", "ありがとうございます"]
)
def test_a_thank_you_is_one(text):
    assert is_thanks(text, files=False)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but it still fails",
        "Thanks! Can you also look at the printer?",
        "Danke, aber der Fehler ist noch da",
        "It works",
        "Thanks for nothing, my order 4711 never came",
        "",
    ],
)
def test_what_says_more_than_thanks_is_none(text):
    assert not is_thanks(text, files=False)


def test_thanks_with_a_file_is_more_than_thanks():
    assert not is_thanks("Thanks!", files=True)


def test_a_rule_that_names_a_tier_gives_the_ticket_to_its_team():
    tiers = (Tier("one", "first"), Tier("two", "second"))
    rules = (Rule("hard", When(subject=("kernel",)), Then(tier="two")),)
    desk = policy(tiers=tiers, rules=rules)
    found = opening(reading("From: a@b.example\r\nSubject: kernel panic", desk=desk), desk)
    assert (found.tier, found.team) == ("two", "second")
