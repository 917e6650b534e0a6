"""What becomes of a mail: a mail and what is known in, a verdict out (CONTRACT §3, the table)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.desk.policy import Answer, LetterPolicy, Policy, Rule, Security, Text, Then, When
from gateway.intake.chain import judge
from gateway.intake.reading import read
from gateway.intake.verdict import Answered, Facts, KnownId, TicketFacts, Verdict
from gateway.mail import thread
from gateway.mail.message import Envelope
from gateway.mail.parse import parse
from gateway.mail.thread import Key, Keys
from tests.desk.samples import MONDAY, days, policy

KEYS = Keys((Key("1", b"s" * 32),))
BOX = "support@acme.example"
MARIA, BOB, EVE, ANA = "maria@customer.example", "bob@customer.example", "eve@bad.example", "ana@acme.example"
TICKET = TicketFacts(
    1042,
    "open",
    "support",
    "bug",
    MARIA,
    participants=(BOB,),
    aliases=("mlopez@home.example",),
    correspondents=(ANA, MARIA),
)
OURS = thread.message_id(KEYS, 1042, "aaaaaaaaaaaa", "acme.example")
TOKEN = thread.subject_token(KEYS, "ACME", 1042)
TRUSTING = Security(trust_auth_results="mx.acme.example")


def verdict(
    sender: str = MARIA,
    to: str = BOX,
    subject: str = "Re: Broken",
    *,
    headers: str = "",
    passed: str = "",
    desk: Policy | None = None,
    facts: Facts | None = None,
    words: str = "It is still broken.",
    mail_from: str | None = None,
) -> Verdict:
    trace = f"Authentication-Results: mx.acme.example; dmarc={passed}\r\n" if passed else ""
    raw = f"{trace}From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n{headers}\r\n{words}\r\n"
    desk = desk or policy()
    envelope = Envelope(mail_from=sender if mail_from is None else mail_from, rcpt_tos=(to,))
    reading = read(parse(raw.encode()), envelope, desk)
    known = facts or Facts(
        tickets={1042: TICKET, 1043: replace(TICKET, number=1043, requester="carol@other.example")},
        ids=(KnownId(OURS, 1042, "ours", MARIA, "letter-1"),) if OURS in headers else (),
    )
    return judge(reading, known, desk, KEYS, MONDAY)


def reply_to(recipient: str, number: int = 1042, purpose: str = "") -> str:
    mint = thread.note_address if purpose == "n" else thread.reply_address
    return mint(KEYS, BOX, number, recipient)


def test_a_mail_that_names_no_ticket_opens_one_and_a_stranger_is_acknowledged_without_their_words():
    found = verdict(subject="Broken")
    assert (found.decision, found.acknowledge, found.match.by) == ("new_ticket", "ack_stranger", "none")


def test_a_sender_whom_our_server_passed_gets_the_full_acknowledgement():
    assert verdict(subject="Broken", passed="pass", desk=policy(security=TRUSTING)).acknowledge == "ack"
    assert verdict(subject="Broken", facts=Facts(sender_proven=True)).acknowledge == "ack"


def test_a_reply_to_the_address_issued_to_the_sender_is_theirs():
    found = verdict(to=reply_to(MARIA))
    assert (found.decision, found.ticket, found.match.by, found.sender_role) == (
        "append",
        1042,
        "reply_address",
        "requester",
    )


def test_a_mail_server_may_have_lowered_or_raised_the_letters_of_the_address():
    assert verdict(to=reply_to(MARIA).upper()).decision == "append"


def test_somebody_elses_reply_address_is_held_even_for_people_on_the_ticket():
    for sender in (EVE, BOB):
        assert verdict(sender, to=reply_to(MARIA)).decision == "hold"


def test_an_alias_of_the_requester_is_the_requester():
    found = verdict("mlopez@home.example", to=reply_to(MARIA))
    assert (found.decision, found.sender_role) == ("append", "alias")


def test_a_code_that_is_wrong_is_no_code_and_the_sender_learns_nothing():
    wrong = reply_to(MARIA).replace(".", ".aaaaaaaaaaaaaaaa", 1).replace("aaaaaaaaaaaaaaaa", "a" * 16)[:24]
    address = f"support+1042.{'a' * 16}@acme.example"
    found = verdict(EVE, to=address)
    assert wrong != address
    assert (found.decision, found.acknowledge) == ("new_ticket", "ack_stranger")
    assert found.match.trace[0].result == "bad code"


def test_a_purpose_cannot_stand_in_for_another():
    code = thread.code(KEYS.current, "message-id", 1042, MARIA)
    assert verdict(to=f"support+1042.{code}@acme.example").decision == "new_ticket"


def test_a_reply_by_references_to_the_letter_they_got_is_theirs():
    found = verdict(headers=f"References: <x@y> {OURS}\r\n")
    assert (found.decision, found.match.by) == ("append", "message_id")


def test_a_forged_id_of_our_form_threads_nowhere():
    forged = OURS.replace("aaaaaaaaaaaa", "bbbbbbbbbbbb")
    facts = Facts(tickets={1042: TICKET}, ids=(KnownId(forged, 1042, "ours", MARIA),))
    assert verdict(EVE, headers=f"In-Reply-To: {forged}\r\n", facts=facts).decision == "new_ticket"


def test_the_subject_token_counts_for_people_on_the_ticket_alone():
    assert verdict(subject=f"Re: Broken {TOKEN}").match.by == "subject_token"
    assert verdict(BOB, subject=f"Re: Broken {TOKEN}").decision == "append"
    assert verdict(EVE, subject=f"Re: Broken {TOKEN}").decision == "hold"


def test_where_a_server_is_trusted_a_weak_carrier_needs_its_pass_and_a_code_does_not():
    desk = policy(security=TRUSTING)
    assert verdict(subject=f"Re: {TOKEN}", desk=desk).decision == "hold"
    assert verdict(subject=f"Re: {TOKEN}", desk=desk, passed="pass").decision == "append"
    assert verdict(to=reply_to(MARIA), desk=desk).decision == "append"
    assert verdict(to=reply_to(MARIA), desk=desk, passed="fail").decision == "hold"


@pytest.mark.parametrize("subject", ["Re: [ACME-1042]", "Re: [ACME-1042-aaaa]", "ACME-1042 broken"])
def test_a_number_alone_never_threads_but_is_noted(subject):
    found = verdict(EVE, subject=subject)
    assert (found.decision, [number for number, _ in found.match.suspects]) == ("new_ticket", [1042])


def test_two_valid_tokens_of_two_tickets_are_none():
    other = thread.subject_token(KEYS, "ACME", 1043)
    found = verdict(subject=f"{TOKEN} and {other}")
    assert (found.decision, {number for number, _ in found.match.suspects}) == ("new_ticket", {1042, 1043})


def test_carriers_that_disagree_are_recorded_and_the_earlier_wins():
    other = thread.subject_token(KEYS, "ACME", 1043)
    found = verdict(to=reply_to(MARIA), subject=f"Re: {other}")
    assert found.ticket == 1042
    assert [(trace.carrier, trace.result) for trace in found.match.trace] == [
        ("reply_address", "valid"),
        ("subject_token", "valid"),
    ]


def test_a_sibling_of_a_mail_we_never_saw_belongs_to_the_same_ticket():
    facts = Facts(tickets={1042: TICKET}, ids=(KnownId("<root@customer.example>", 1042, "mentioned"),))
    found = verdict(BOB, headers="References: <root@customer.example>\r\n", facts=facts)
    assert (found.decision, found.match.by) == ("append", "sibling")


def test_an_agent_with_their_own_reply_address_answers_and_with_a_customers_is_held():
    assert verdict(ANA, to=reply_to(ANA)).proven
    held = verdict(ANA, to=reply_to(MARIA))
    assert (held.decision, held.tell) == ("hold", "agent")


def test_an_agents_code_is_not_enough_where_a_trusted_server_did_not_pass_the_sender():
    desk = policy(security=TRUSTING)
    assert verdict(ANA, to=reply_to(ANA), desk=desk).decision == "hold"
    assert verdict(ANA, to=reply_to(ANA), desk=desk, passed="pass").proven


def test_a_reply_to_the_note_address_is_private():
    assert verdict(ANA, to=reply_to(ANA, purpose="n")).private


TO_ANA = thread.message_id(KEYS, 1042, "bbbbbbbbbbbb", "acme.example")
BOS = Answered("bo", "a7", MONDAY - timedelta(minutes=12))


def of_ana(words: str = "Try this.", *, read: timedelta | None = timedelta(hours=1), **more: Any) -> Verdict:
    """Ana answers a letter that was written so long ago; None: her client does not say which."""
    ids = () if read is None else (KnownId(TO_ANA, 1042, "ours", ANA, "letter-2", MONDAY - read),)
    facts = Facts(tickets={1042: TICKET}, ids=ids, answered={1042: more.pop("answered", BOS)})
    return verdict(ANA, more.pop("to", reply_to(ANA)), words=words, facts=facts, **more)


def test_an_answer_that_crosses_a_colleagues_is_held_and_its_writer_told():
    found = of_ana()
    assert (found.decision, found.tell, found.crossed) == ("hold", "agent", BOS)
    assert found.reason == "Bo Lindqvist answered 12 minutes ago, after the letter that it answers"
    assert of_ana("/solve\n\nTry this.").decision == "hold"
    assert of_ana("/answer hello").decision == "hold"


def test_who_has_seen_the_colleagues_answer_answers():
    assert of_ana(read=timedelta(minutes=5)).decision == "append"
    assert of_ana(answered=replace(BOS, at=MONDAY - days(3))).decision == "append"


def test_where_nothing_says_what_an_agent_has_seen_the_last_quarter_of_an_hour_counts():
    assert of_ana(read=None).decision == "hold"
    assert of_ana(read=None, answered=replace(BOS, at=MONDAY - timedelta(minutes=16))).decision == "append"


@pytest.mark.parametrize("words", ["/solve", "/note\nFor us.", "/quiet\n/take\n\nx", "/try\nTry this.", "/undo"])
def test_what_does_not_go_to_the_customer_crosses_nothing(words: str):
    assert of_ana(words).decision == "append"
    assert of_ana(to=reply_to(ANA, purpose="n")).decision == "append"


def test_an_unproven_agent_learns_nothing_of_a_colleagues_answer():
    found = of_ana(to=reply_to(MARIA))
    assert (found.decision, found.crossed) == ("hold", None)
    assert "unproven" in found.reason


def test_a_desk_that_switches_the_letter_off_holds_no_answer():
    quiet = policy(letters={"agent_crossed": LetterPolicy(enabled=False)})
    assert of_ana(desk=quiet).decision == "append"


def test_where_dmarc_is_asked_for_a_code_alone_proves_no_agent():
    desk = policy(security=replace(TRUSTING, agents_must_pass="dmarc"))
    assert verdict(ANA, to=reply_to(ANA), desk=desk).decision == "hold"
    assert verdict(ANA, subject=f"Re: {TOKEN}", desk=desk, passed="pass").proven


def test_a_reply_long_after_closing_opens_a_ticket_that_follows_it():
    closed = replace(TICKET, status="closed", closed_at=MONDAY - days(31))
    facts = Facts(tickets={1042: closed})
    assert verdict(to=reply_to(MARIA), facts=facts).decision == "follow_up"
    lately = replace(closed, closed_at=MONDAY - days(29))
    assert verdict(to=reply_to(MARIA), facts=Facts(tickets={1042: lately})).decision == "append"
    always = policy(reopen_window=None)
    assert verdict(to=reply_to(MARIA), facts=facts, desk=always).decision == "append"


def test_a_reply_to_a_merged_ticket_goes_where_it_was_merged():
    merged = {1042: replace(TICKET, merged_into=1043), 1043: replace(TICKET, number=1043)}
    assert verdict(to=reply_to(MARIA), facts=Facts(tickets=merged)).ticket == 1043


@pytest.mark.parametrize(
    ("headers", "mail_from"),
    [
        ("Auto-Submitted: auto-replied\r\n", MARIA),
        ("Precedence: bulk\r\n", MARIA),
        ("", ""),
    ],
)
def test_machine_mail_is_filed_on_its_ticket_and_never_acknowledged(headers, mail_from):
    on_ticket = verdict(headers=f"{headers}In-Reply-To: {OURS}\r\n", mail_from=mail_from)
    assert (on_ticket.decision, on_ticket.ticket) == ("file", 1042)
    assert verdict(headers=headers, mail_from=mail_from, subject="News").acknowledge is None


def test_a_monitors_mail_opens_a_ticket_and_an_absence_note_about_nothing_does_not():
    monitor = verdict(headers="Auto-Submitted: auto-generated\r\n", subject="disk full")
    assert (monitor.decision, monitor.acknowledge) == ("new_ticket", None)
    away = verdict(
        headers="Auto-Submitted: auto-replied\r\n", subject="Out of office", words="I am back on 4 May 2026."
    )
    assert away.decision == "file"


def test_list_mail_is_written_by_people_and_never_acknowledged():
    found = verdict(headers="List-Id: <users.example.org>\r\nPrecedence: list\r\n", subject="Question")
    assert (found.decision, found.acknowledge) == ("new_ticket", None)


def test_our_own_letters_never_become_tickets():
    assert verdict(headers="X-Ticket-Loop: acme@acme.example\r\n").decision == "ignore"
    assert verdict(facts=Facts(own_letter=True)).decision == "ignore"


def test_a_mail_that_was_handled_is_handled_once():
    assert verdict(facts=Facts(duplicate_of="m1")).decision == "ignore"


@pytest.mark.parametrize(
    "sender",
    [
        f"{MARIA}, {EVE}",
        "undisclosed:;",
        f"{MARIA}\r\nFrom: {EVE}",
        "=?utf-8?q?maria=40customer.example?=",
        BOX,
    ],
)
def test_without_one_usable_sender_a_mail_is_held(sender):
    assert verdict(sender, subject="Broken", mail_from="x@y.example").decision == "hold"


def test_an_agents_address_that_our_server_calls_forged_is_held_and_else_is_an_ordinary_mail():
    desk = policy(security=TRUSTING)
    assert verdict(ANA, subject="Hello", desk=desk, passed="fail").decision == "hold"
    assert verdict(ANA, subject="Hello", desk=desk).decision == "new_ticket"


@pytest.mark.parametrize("value", ["All", "OOF, DR", "AutoReply"])
def test_who_asks_for_no_automatic_answer_gets_a_ticket_and_no_answer(value):
    found = verdict(subject="Broken", headers=f"X-Auto-Response-Suppress: {value}\r\n")
    assert (found.decision, found.acknowledge) == ("new_ticket", None)


def test_too_many_tickets_from_one_sender_are_held():
    assert verdict(subject="Broken", facts=Facts(opened_recently=20)).decision == "hold"
    assert verdict(subject="Broken", facts=Facts(opened_recently=19)).decision == "new_ticket"


def test_too_many_automatic_letters_to_one_address_are_not_answered_by_another():
    assert verdict(subject="Broken", facts=Facts(acknowledged_recently=5)).acknowledge is None


def test_mail_to_postmaster_opens_a_ticket_without_an_acknowledgement():
    found = verdict(to="postmaster@acme.example", subject="Your server")
    assert (found.decision, found.acknowledge) == ("new_ticket", None)


@pytest.mark.parametrize(("choice", "decision"), [("hold", "hold"), ("accept", "append"), ("new-ticket", "new_ticket")])
def test_strangers_are_treated_as_the_desk_says(choice: Any, decision: str):
    assert verdict(EVE, subject=f"Re: {TOKEN}", desk=policy(security=Security(strangers=choice))).decision == decision


def test_a_replaced_key_counts_for_400_days_and_its_codes_are_held_after_that():
    old = thread.reply_address(KEYS, BOX, 1042, MARIA)
    for age, decision in ((399, "append"), (401, "hold")):
        keys = Keys((Key("2", b"n" * 32), Key("1", b"s" * 32, MONDAY - timedelta(days=age))))
        reading = read(parse(f"From: {MARIA}\r\nTo: {old}\r\n\r\nhi\r\n".encode()), Envelope(MARIA, (old,)), policy())
        assert judge(reading, Facts(tickets={1042: TICKET}), policy(), keys, MONDAY).decision == decision


def test_the_verdict_says_what_would_happen():
    asked = replace(TICKET, status="pending", assignee="ana")
    found = verdict(to=reply_to(MARIA), facts=Facts(tickets={1042: asked}))
    assert found.would == ("append article", "status pending → open", "tell ana")


def test_the_verdict_names_the_saved_answer_that_a_rule_gives():
    rule = Rule("hours", When(subject=("hours",)), Then(reply_with="hours"))
    desk = policy(rules=(rule,), answers={"hours": Answer("hours", Text("9 to 18."))})
    assert (
        "acknowledge it with ack_stranger, which says the saved answer hours"
        in verdict(subject="Your hours?", desk=desk).would
    )
    assert "acknowledge it with ack_stranger" in verdict(subject="A thing", desk=desk).would


def test_a_second_ticket_about_the_same_thing_names_the_first_and_another_matter_does_not():
    facts = Facts(open_subjects=((1042, "Invoice export fails"),))
    assert verdict(subject="Re: invoice export fails!", facts=facts).twins[0][0] == 1042
    assert verdict(subject="Printer broken", facts=facts).twins == ()


FORWARDED = """Please handle.

---------- Forwarded message ---------
From: Jonas <jonas@kunde.example>
Date: Mon, 13 Apr 2026
Subject: Printer
To: <ana@acme.example>

My printer burns.
"""


def test_a_mail_that_a_proven_agent_forwards_is_its_first_senders_ticket():
    desk = policy(security=TRUSTING)
    found = verdict(ANA, subject="Fwd: Printer", words=FORWARDED, desk=desk, passed="pass")
    assert (found.decision, found.acknowledge, found.private) == ("new_ticket", "created_for_you", True)
    assert found.requester is not None
    assert found.requester.email == "jonas@kunde.example"


def test_a_forward_by_somebody_who_only_says_to_be_an_agent_is_an_ordinary_mail():
    assert verdict(ANA, subject="Fwd: Printer", words=FORWARDED).requester is None
    assert verdict(EVE, subject="Fwd: Printer", words=FORWARDED).requester is None
