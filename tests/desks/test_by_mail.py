"""Commands of agents and words of customers by mail, through the whole gateway."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config.settings import Config
from tests.desks.desk import desk
from tests.desks.play import Played, loaded, mail, plain, play, reply, says, scenario

START, END = "2026-04-14T09:12:00+02:00", "2026-04-24T09:00:00+02:00"  # a Tuesday
MARIA, ANA, BO = "maria@customer.example", "ana@acme.example", "bo@acme.example"


@pytest.fixture
def phased(tmp_path: Path) -> Config:
    return desk(tmp_path, "phased")


def told(played: Played) -> str:
    """The last transcript."""
    return str(played.letters("agent_commands")[-1]["text"])


def test_commands_are_carried_out_and_the_words_beside_them_go_to_the_customer(phased):
    said = "/take\n/phase review\n/eta 2026-04-17\n\nI can see it, Maria.\n\n/time 30m"
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), ("+1h", "reply", reply(said))))
    ticket = played.ticket
    assert (ticket["phase"], ticket["assignee"], ticket["minutes_spent"]) == ("review", "ana", 30)
    letter = played.letter("phase_changed")
    assert "I can see it, Maria." in letter["text"]
    assert "/phase" not in letter["text"]
    assert "by Friday 17 April 2026" in letter["text"]
    assert "> /time 30m\n  30 min, 30 min in all" in told(played)
    assert "> /phase review\n  phase: Under Review" in told(played)


def test_one_wrong_line_and_nothing_of_the_mail_is_done(phased):
    said = "/take\n/phase rewiew\n\nI can see it, Maria."
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), ("+1h", "reply", reply(said))))
    assert (played.ticket["status"], played.ticket["assignee"]) == ("new", None)
    assert played.names()[:1] == ["ack"]
    assert "reply" not in played.names()
    assert "> /phase rewiew\n         ^^^^^^ there is no phase in" in told(played)
    assert "Did you mean review?" in plain(told(played))
    assert "I can see it, Maria." in told(played)


def test_what_a_rule_of_the_desk_refuses_is_quoted_with_its_line(phased):
    said = ("+1h", "reply", reply("/close")), ("+2h", "reply", reply("/tag vip\n/solve"))
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), *said))
    assert "> /solve" in told(played)
    assert "is closed: reopen it before you solve it" in plain(told(played))
    assert played.ticket["tags"] == []


def test_a_mail_that_is_only_tried_changes_nothing(phased):
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), ("+1h", "reply", reply("/try\n/solve\n\nBye"))))
    assert played.ticket["status"] == "new"
    assert "status open → solved" in told(played)
    assert "nothing was sent" in told(played)


def test_a_note_stays_private_and_quiet_commands_tell_nobody(phased):
    rows = ("+1h", "reply", reply("/note\nThe export job again.")), ("+2h", "reply", reply("/quiet\n/phase review"))
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), *rows))
    assert played.names() == ["ack"]
    assert played.letter("agent_note", to=BO)
    assert played.ticket["phase"] == "review"


def test_a_colleague_is_named_in_a_note_and_whoever_mutes_a_ticket_hears_no_more_of_it(phased):
    rows = (
        ("+1h", "reply", reply("/note\n@bo, have you seen this before?")),
        ("+2h", "reply", reply("/mute", BO)),
        ("+3h", "reply", reply("It is urgent now.", MARIA)),
    )
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), *rows))
    note = played.letter("agent_note", to=BO)
    assert note["headers"]["X-Ticket-Reason"] == "mention"
    assert note["headers"]["List-Unsubscribe"].startswith("<mailto:support+1000.")
    said = [letter["text"] for letter in played.letters("agent_commands")]
    assert "Bo Lindqvist is told." in said[0]
    assert "no more letters about it to you, unless you are named or get it" in plain(said[1])
    assert [letter["to"] for letter in played.letters("agent_reply")] == [[ANA]]


def test_a_saved_answer_is_said_with_the_agents_own_words_and_is_no_template_of_the_customers(phased, tmp_path):
    (tmp_path / "config" / "answers").mkdir()
    text = "Hello {customer.first|there}, about {ticket.title}:\npress F1.\n\n{agent.first}"
    (tmp_path / "config" / "answers" / "how-to.md").write_text(text)
    config = loaded(tmp_path / "gateway.toml")
    asked = mail(subject="{agent.phone} {{ 7 * 7 }}")
    said = reply("One moment ago I saw it.\n\n/answer how to\n/solve")
    played = play(config, scenario(START, END, ("+0m", "mail", asked), ("+1h", "reply", said)))
    letter = played.letter("solved")
    says(letter, "One moment ago I saw it. Hello Maria, about {agent.phone} {{ 7 * 7 }}: press F1. Ana")
    assert "> /answer how to\n  the saved answer how-to" in told(played)
    assert played.ticket["articles"][-1]["text"].endswith("press F1.\n\nAna")


def test_what_waits_can_be_taken_back_and_what_has_left_cannot(phased):
    wrote = ("+1h", "reply", reply("Wrong customer, sorry.\n\n/solve"))
    early = play(phased, scenario(START, END, ("+0m", "mail", mail()), wrote, ("+3630s", "reply", reply("/undo"))))
    assert (early.ticket["status"], early.names()) == ("new", ["ack"])
    assert [article["visibility"] for article in early.ticket["articles"]] == ["public", "private"]
    late = play(phased, scenario(START, END, ("+0m", "mail", mail()), wrote, ("+2h", "reply", reply("/undo"))))
    assert late.ticket["status"] in ("solved", "closed")
    assert "has left" in plain(told(late))


def test_quick_phases_are_one_letter_and_an_answer_carries_the_one_that_waits(phased):
    rows = ("+60m", "reply", reply("/phase review")), ("+65m", "reply", reply("/phase identified"))
    quick = play(phased, scenario(START, END, ("+0m", "mail", mail(subject="Bug", text="a bug")), *rows))
    assert quick.names() == ["ack", "phase_changed"]
    assert "Bug Identified" in quick.letter("phase_changed")["text"]
    rows = ("+60m", "reply", reply("/phase review")), ("+65m", "reply", reply("Which version, by the way?"))
    carried = play(phased, scenario(START, END, ("+0m", "mail", mail()), *rows))
    assert carried.names() == ["ack", "phase_changed"]
    assert "Which version" in carried.letter("phase_changed")["text"]


def test_an_agent_who_asks_for_help_gets_it_and_nothing_happens(phased):
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), ("+1h", "reply", reply("/help"))))
    assert "escalate [TIER|TASK]" in told(played)
    assert played.ticket["status"] == "new"


def test_one_tap_solves_rates_and_keeps_it_closed(phased):
    rows = (
        ("+1h", "reply", reply("Here you are.")),
        ("+3h", "reply", reply("SOLVED", MARIA)),
        ("+4h", "reply", reply("RATING 2 it took long", MARIA)),
        ("+5h", "reply", reply("Thank you very much!", MARIA)),
    )
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), *rows))
    assert (played.ticket["status"], played.ticket["rating"]) == ("closed", 2)
    assert played.names() == ["ack", "reply", "closed"]


def test_a_customer_asks_where_it_stands_and_which_tickets_they_have(phased):
    rows = (
        ("+1h", "reply", reply("STATUS", MARIA)),
        ("+2h", "mail", mail(subject="Status", text="")),
        ("+3h", "mail", mail(subject="Another thing")),
    )
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), *rows))
    one, every = played.letters("my_tickets")
    assert "Where your request stands" in one["text"]
    assert "A request" in every["text"]
    assert len(played.tickets) == 2


def test_who_is_not_proven_learns_nothing_of_tickets(phased):
    asked = mail(subject="Status", text="", auth="none")
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), ("+1h", "mail", asked)))
    assert played.letters("my_tickets") == []


def test_a_customer_chooses_the_category_by_mail(phased):
    rows = (("+1h", "reply", reply("CATEGORY feature", MARIA)),)
    played = play(phased, scenario(START, END, ("+0m", "mail", mail()), *rows))
    assert played.ticket["category"] == "feature"
    assert played.names()[-1] == "phase_changed"


def test_a_rating_that_comes_long_after_closing_opens_no_ticket(tmp_path):
    config = desk(tmp_path, "saas")
    end = "2026-08-30T09:00:00+02:00"
    rows = ("+1h", "reply", reply("/close")), ("+100d", "reply", reply("RATING 5", MARIA))
    played = play(config, scenario(START, end, ("+0m", "mail", mail()), *rows))
    assert (played.ticket["status"], played.ticket["rating"]) == ("closed", 5)


def test_tickets_go_round_the_team_and_each_agent_hears_of_theirs(tmp_path):
    config = desk(tmp_path, "saas")
    rows = (("+1h", "mail", mail(subject="Another")), ("+2h", "mail", mail(subject="A third")))
    played = play(config, scenario(START, END, ("+0m", "mail", mail()), *rows))
    assert [ticket["assignee"] for ticket in played.tickets] == ["ana", "bo", "ana"]
    assert [letter["to"] for letter in played.letters("agent_assigned", ticket=1001)] == [["bo@acme.example"]]


def test_while_a_critical_ticket_is_open_nobody_is_reminded_of_the_others(tmp_path):
    config = desk(tmp_path, "saas")
    rows = (("+1h", "mail", mail(subject="Everything is down for all users")),)
    calm = play(config, scenario(START, END, ("+0m", "mail", mail())))
    halted = play(config, scenario(START, END, ("+0m", "mail", mail()), *rows))
    assert calm.letters("agent_stale", ticket=1000) != []
    assert [ticket["priority"] for ticket in halted.tickets] == [calm.ticket["priority"], "critical"]
    assert halted.letters("agent_stale", ticket=1000) == []


TWINS = (("+0m", "mail", mail()), ("+1h", "mail", mail("Still not.", "Another request")))


def test_one_line_joins_a_twin_with_the_ticket_that_it_is_named_beside(phased):
    end = "2026-04-14T13:00:00+02:00"
    rows = ("+2h", "reply", reply("/merge 1000")), ("+3h", "reply", reply("It goes on.", MARIA, ticket=1001))
    played = play(phased, scenario(START, end, *TWINS, *rows))
    older, newer = played.tickets
    assert (newer["status"], newer["links"]) == ("closed", [{"kind": "merged_into", "number": 1000}])
    assert [article["text"] for article in older["articles"]] == ["It does not work.", "Still not.", "It goes on."]
    assert "Absorbed" in [event["kind"] for event in older["events"]]
    says(played.letter("merged", to=MARIA), "ACME-1001 goes on as ACME-1000", "A reply to this mail reaches us")
    assert "> /merge 1000\n  goes on as ACME-1000, with all that was said; status new → closed" in told(played)
    assert "wrote again" in played.letters("agent_reply", ticket=1000)[-1]["text"]


def test_a_twin_is_named_with_the_line_that_joins_it(phased):
    rows = ("+0m", "mail", mail()), ("+1h", "mail", mail("Still not."))
    played = play(phased, scenario(START, END, *rows))
    says(played.letters("agent_new", to=ANA, ticket=1001)[0], "ACME-1000", '"/merge 1000"')


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/merge 1001", "that is this very ticket"),
        ("/merge 4711", "there is no such ticket"),
        ("/merge it", "write the number of a ticket, as in /merge ACME-1042"),
        ("/merge 1002", "jonas@customer.example is not on"),
        ("/unmerge 1000", "was not merged into this ticket; none was"),
        ("/merge 1000\n/tag vip", "act on that one"),
    ],
)
def test_a_merge_that_cannot_be_is_refused_with_its_reason_and_changes_nothing(phased, line, why):
    jonas = {**mail("Mine.", "A third"), "from": "Jonas Weber <jonas@customer.example>"}
    rows = ("+90m", "mail", jonas), ("+2h", "reply", reply(line, ticket=1001))
    if "1002" in line:
        why = "maria@customer.example is not on"
    played = play(phased, scenario(START, "2026-04-14T13:00:00+02:00", *TWINS, *rows))
    assert why in plain(told(played))
    assert [(ticket["status"], ticket["tags"], ticket["links"]) for ticket in played.tickets] == [("new", [], [])] * 3


def test_a_merge_is_taken_back_by_a_reply_to_its_transcript(phased):
    rows = ("+2h", "reply", reply("/merge 1000")), ("+7230s", "reply", reply("/undo"))
    played = play(phased, scenario(START, "2026-04-14T13:00:00+02:00", *TWINS, *rows))
    assert [ticket["status"] for ticket in played.tickets] == ["new", "new"]
    assert [len(ticket["articles"]) for ticket in played.tickets] == [1, 1]
    assert played.letters("merged") == []
    assert "taken back" in told(played)


def test_later_a_merge_is_taken_back_by_unmerge(phased):
    said = ("+2h", "/merge 1000"), ("+5h", "/undo"), ("+6h", "/unmerge 1001")
    rows = ((at, "reply", reply(text)) for at, text in said)
    played = play(phased, scenario(START, "2026-04-14T18:00:00+02:00", *TWINS, *rows))
    assert "has left: unmerge ACME-1001 instead" in plain(str(played.letters("agent_commands")[1]["text"]))
    assert "ACME-1001 is a ticket of its own again" in told(played)
    assert [(ticket["status"], len(ticket["articles"])) for ticket in played.tickets] == [("new", 1), ("new", 1)]
    assert played.names(ticket=1001)[-1] == "reopened"


def test_a_merged_ticket_reminds_nobody_and_is_in_no_list(phased):
    end = "2026-06-30T09:00:00+02:00"
    rows = (
        ("+2h", "reply", reply("Which version?\n\n/ask", ticket=1001)),
        ("+3h", "reply", reply("/merge 1000", ticket=1001)),
        ("+4h", "mail", mail(subject="Status", text="")),
    )
    played = play(phased, scenario(START, end, *TWINS, *rows))
    assert played.names(ticket=1001) == ["ack", "question", "merged"]
    assert 1001 not in played.queue
    assert "ACME-1001" not in played.letter("my_tickets")["text"]


def test_an_order_without_the_servers_word_is_done_after_a_reply_to_the_letter_that_asks(tmp_path):
    config = desk(tmp_path, "phased", edits={"[security]": '[security]\nagents_must_pass = "none"'})
    rows = (
        ("+2h", "reply", reply("/merge 1000", auth="none")),
        ("+3h", "reply", reply("/confirm", auth="none")),
    )
    played = play(config, scenario(START, "2026-04-14T13:00:00+02:00", *TWINS, *rows))
    asked, done = (plain(str(letter["text"])) for letter in played.letters("agent_commands"))
    assert "Please confirm" in asked
    assert "> /merge 1000 goes on as ACME-1000" in done
    assert played.tickets[1]["links"] == [{"kind": "merged_into", "number": 1000}]
