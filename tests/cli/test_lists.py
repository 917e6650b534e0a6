"""Lists, searches, and the ticket that is worked next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gateway.cli.lists import head
from gateway.desk.ticket import Clock, Ticket
from tests.cli.place import CONFIGURATION, Place
from tests.desk.samples import policy
from tests.store.samples import opened, ticket_of

NOW = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HALTING = CONFIGURATION.replace("[priority.high]", "[priority.high]\nhalts = true\norder = 1")


def waiting(number: int, **changes: object) -> Ticket:
    return replace(ticket_of([opened(number, NOW - number * HOUR)]), **changes)  # type: ignore[arg-type]


def due(at: datetime) -> tuple[Clock, ...]:
    return (Clock("resolution", "high", NOW, at),)


def test_the_head_of_the_queue_is_the_first_that_nobody_has_put_aside() -> None:
    queue = [waiting(1, snoozed_until=NOW + HOUR), waiting(2, snoozed_until=NOW - HOUR), waiting(3)]
    chosen = {sort: head(queue, policy(), NOW, sort) for sort in ("queue", "age")}  # type: ignore[arg-type]
    assert {sort: ticket and ticket.number for sort, ticket in chosen.items()} == {"queue": 2, "age": 3}


def test_what_falls_due_first_goes_before_what_is_never_due() -> None:
    queue = [waiting(1), waiting(2, clocks=due(NOW + 2 * HOUR)), waiting(3, clocks=due(NOW + HOUR))]
    found = head(queue, policy(), NOW, "due")
    assert found == queue[2]
    assert head([], policy(), NOW, "due") is None


def test_a_list_that_is_cut_says_so(desk: Place) -> None:
    told = desk.run("ticket", "list", "--limit", "2")
    assert [row[0] for row in told.rows] == ["1000", "1001"]
    assert "the first 2 of 3 tickets" in told.err
    assert desk.run("ticket", "list", "--limit", "3").err == ""
    assert len(desk.run("ticket", "list", "--limit", "2", "--json").json) == 2


def test_words_are_searched_in_subjects_people_and_conversations_of_closed_tickets_too(desk: Place) -> None:
    desk.run("ticket", "close", "1002", "--as", "ana")
    assert [row[0] for row in desk.run("ticket", "search", "invoice").rows] == ["1002"]
    assert [row[0] for row in desk.run("ticket", "search", "maria", "error").rows] == ["1000"]
    assert [row[0] for row in desk.run("ticket", "search", "maria").rows] == ["1002", "1001", "1000"]
    assert desk.run("ticket", "search", "status:open").rows == []
    assert desk.run("ticket", "search").code == 2


def test_next_is_what_nobody_else_holds(desk: Place) -> None:
    def offered(*words: str) -> str:
        return desk.run("-q", "ticket", "next", "--as", "ana", *words).out.strip()

    assert offered() == "1000"
    assert desk.run("ticket", "next", "--as", "ana", "--json").json["number"] == 1000
    desk.file.write_text(desk.file.read_text() + '\n[agent.bo]\nname = "Bo"\nemail = "bo@acme.example"\n')
    desk.run("ticket", "assign", "1000", "bo", "--as", "ana")
    assert offered() == "1001"
    desk.run("ticket", "solve", "1001", "1002", "--as", "ana")
    assert offered() == ""
    assert desk.run("ticket", "next", "--as", "vera").code == 77


def test_while_a_ticket_halts_all_other_work_it_is_next_for_everybody(desk: Place) -> None:
    desk.file.write_text(HALTING.format(smtp=0) + '\n[agent.bo]\nname = "Bo"\nemail = "bo@acme.example"\n')
    desk.run("ticket", "set", "1002", "priority=high", "--as", "ana")
    desk.run("ticket", "assign", "1002", "bo", "--as", "ana")
    assert desk.run("-q", "ticket", "next", "--as", "ana").out == "1002\n"
    desk.run("ticket", "solve", "1002", "--as", "bo")
    assert desk.run("-q", "ticket", "next", "--as", "ana").out == "1000\n"


def test_what_a_list_says_is_next_is_the_first_of_what_json_calls_due(desk: Place) -> None:
    desk.run("ticket", "ask", "1000", "-m", "Which version?", "--as", "ana")
    dues = {str(each["number"]): each["due"] for each in desk.run("ticket", "list", "--json").json}
    first = {number: found[0]["at"] if found else "" for number, found in dues.items()}
    assert {row[0]: row[7] for row in desk.run("ticket", "list").rows} == first
    assert any(dues.values())


def test_a_filter_that_there_is_not_is_no_word_to_search_for(desk: Place) -> None:
    told = desk.run("ticket", "list", "staus:open")
    assert (told.code, told.out) == (2, "")
    assert "there is no filter staus:; did you mean status:" in told.err
    assert desk.run("ticket", "list", '"staus:open"').code == 0
    assert desk.run("ticket", "list", "https://acme.example").code == 0
