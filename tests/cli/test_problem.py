"""Problems on the command line: tickets are joined, listed and told together."""

import pytest

from tests.cli.place import Place, Told


def test_tickets_from_standard_input_are_joined_to_a_problem_and_found_by_it(desk: Place) -> None:
    numbers = desk.run("-q", "ticket", "list", "category:question").out
    assert desk.run("ticket", "problem", "1000", "-", "ENG-331", "--as", "ana", stdin=numbers).code == 0
    assert [row[0] for row in desk.run("ticket", "list", "ref:eng-331").rows] == ["1000", "1001", "1002"]
    assert desk.run("ticket", "show", "1001", "--json").json["problem"] == "ENG-331"
    assert "problem ENG-331" in desk.run("ticket", "show", "1001").out


def test_a_ticket_joins_a_problem_under_the_name_that_it_has(desk: Place) -> None:
    desk.run("ticket", "problem", "1000", "Login outage", "--as", "ana")
    shown = desk.run("ticket", "problem", "1001", "login  OUTAGE", "--as", "ana", "--json").json
    assert (shown["problem"], shown["external_ref"]) == ("Login outage", None)
    assert desk.run("ticket", "problem", "1000", "none", "--as", "ana", "--json").json["problem"] is None
    assert [row[0] for row in desk.run("ticket", "list", "ref:login outage").rows] == ["1001"]


def test_a_task_elsewhere_is_found_by_the_same_filter(desk: Place) -> None:
    desk.run("ticket", "escalate", "1002", "--ref", "ENG-331", "--as", "ana")
    shown = desk.run("ticket", "show", "1002", "--json").json
    assert (shown["problem"], shown["external_ref"]) == ("ENG-331", "ENG-331")
    assert [row[0] for row in desk.run("ticket", "list", "ref:ENG-331").rows] == ["1002"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("1000",), 2, "say which"),
        (("1000", "x" * 61), 65, "at most 60 characters"),
        (("1000", "9999", "ENG-331"), 67, "there is no ticket 9999; nothing was done"),
        (("1000", "ENG-331", "--as", "vera"), 77, "only looks"),
    ],
)
def test_what_cannot_be_a_problem_leaves_with_a_code_and_a_sentence(
    desk: Place, words: tuple[str, ...], code: int, said: str
) -> None:
    told = desk.run("--as", "ana", "ticket", "problem", *words)
    assert (told.code, said in told.err) == (code, True), told
    assert desk.run("ticket", "list", "ref:ENG-331").out == ""


# -- one text for all --------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(desk: Place) -> Place:
    """Three tickets with one cause: 1000 is a bug, 1001 and 1002 are questions."""
    assert desk.run("ticket", "problem", "1000", "1001", "1002", "ENG-331", "--as", "ana").code == 0
    return desk


def tell(desk: Place, *words: str) -> Told:
    return desk.run("--as", "ana", "problem", "tell", *words, "--yes")


def words_of(desk: Place, number: int) -> list[str]:
    """What agents said on the ticket in public."""
    articles = desk.run("ticket", "show", str(number), "--json").json["articles"]
    return [each["text"] for each in articles if each["direction"] == "out" and each["visibility"] == "public"]


def test_one_text_is_told_on_every_ticket_and_a_line_says_what_came_of_each(shared: Place) -> None:
    told = tell(shared, "eng-331", "-m", "Export by month.", "--phase", "Review")
    assert (told.code, told.err) == (0, "3 of 3 told\n")
    assert [row[:3] for row in told.rows] == [[str(n), "maria@customer.example", "yes"] for n in (1000, 1001, 1002)]
    assert told.rows[0][3] == "told; status new → open; phase: Review, no date can be given"
    assert told.rows[1][3] == "told; status new → open; keeps its phase, for Question has no phase Review"
    assert [words_of(shared, number) for number in (1000, 1001, 1002)] == [["Export by month."]] * 3


def test_a_script_that_reaches_several_tickets_says_yes(shared: Place) -> None:
    words = ("--as", "ana", "problem", "tell", "ENG-331", "-m", "Export by month.")
    refused = shared.run(*words)
    assert (refused.code, refused.out) == (76, "")
    assert "ENG-331: this reaches 3 tickets of 1 customer; --yes tells them" in refused.err
    assert [words_of(shared, number) for number in (1000, 1001, 1002)] == [[], [], []]
    assert shared.run("ticket", "problem", "1001", "1002", "none", "--as", "ana").code == 0
    assert shared.run(*words).code == 0
    assert words_of(shared, 1000) == ["Export by month."]


def test_the_same_words_are_not_told_twice_and_what_goes_with_them_is_done(shared: Place) -> None:
    tell(shared, "ENG-331", "-m", "Export by month.")
    told = tell(shared, "ENG-331", "-m", "Export by month.", "--solve", "--json")
    assert [each["told"] for each in told.json] == [False] * 3
    assert "heard these words on" in told.json[0]["outcome"]
    assert {row[2] for row in shared.run("ticket", "list", "ref:ENG-331").rows} == {"solved"}
    assert words_of(shared, 1000) == ["Export by month."]


def test_the_rest_hears_what_was_told_last(shared: Place) -> None:
    shared.run("ticket", "problem", "1002", "none", "--as", "ana")
    assert tell(shared, "ENG-331", "--rest").code == 76
    tell(shared, "ENG-331", "-m", "Export by month.", "--attach", str(shared.file))
    joined = shared.run("ticket", "problem", "1002", "ENG-331", "--as", "ana")
    assert "gateway problem tell 'ENG-331' --rest tells whoever has not heard it" in joined.err
    assert tell(shared, "ENG-331", "--rest", "-q").out == "1002\n"
    assert words_of(shared, 1002) == ["Export by month."]
    assert [row[-1] for row in shared.run("ticket", "attach", "1002").rows] == ["gateway.toml"]
    assert tell(shared, "ENG-331", "--rest").out == ""


def test_a_problem_is_shown_with_its_customers_what_they_heard_and_every_ticket(shared: Place) -> None:
    tell(shared, "ENG-331", "-m", "Export by month.")
    shared.run("ticket", "close", "1002", "--as", "ana")
    shown = shared.run("problem", "show", "eng-331")
    for line in ("tickets        2 open, 0 solved, 1 closed", "customers      1", "organisations  0"):
        assert line in shown.out
    assert "words          Export by month." in shown.out
    assert shared.run("-q", "problem", "show", "ENG-331").out == "1000\n1001\n"
    json = shared.run("problem", "show", "ENG-331", "--json").json
    assert (json["problem"], json["tickets"], json["open"], json["customers"]) == ("ENG-331", 3, 2, 1)
    assert (json["told"], [each["number"] for each in json["members"]]) == ("Export by month.", [1000, 1001, 1002])


def test_problems_are_listed_until_all_their_tickets_are_solved(shared: Place) -> None:
    shared.run("ticket", "problem", "1002", "Login outage", "--as", "ana")
    rows = shared.run("problem", "list").rows
    assert [(row[:4], row[-1]) for row in rows] == [
        (["ENG-331", "2", "1", "0"], "Export stops with an error"),
        (["Login outage", "1", "1", "0"], "Where is my invoice?"),
    ]
    tell(shared, "ENG-331", "--solve")
    assert shared.run("-q", "problem", "list").out == "Login outage\n"
    every = shared.run("problem", "list", "--all", "--json").json
    assert [(each["problem"], each["open"]) for each in every] == [("ENG-331", 0), ("Login outage", 1)]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("ENG-313", "-m", "x"), 67, "no ticket belongs to ENG-313; did you mean ENG-331?"),
        (("ENG-331",), 65, "there is no text"),
        (("ENG-331", "-m", "x", "--phase", "reveiw"), 67, "nothing was done"),
        (("ENG-331", "-m", "See ACME-1001."), 76, "the text names ACME-1001"),
        (("ENG-331", "--rest", "-m", "x"), 2, "write no other words beside it"),
        (("ENG-331", "--progress", "--solve"), 65, "--progress needs words"),
        (("ENG-331", "-m", "x", "--eta", "yesterday"), 65, "yesterday"),
        (("ENG-331", "-m", "x", "--answer", "nothing"), 67, "there is no"),
    ],
)
def test_what_cannot_be_told_is_told_to_nobody(shared: Place, words: tuple[str, ...], code: int, said: str) -> None:
    told = tell(shared, *words)
    assert (told.code, said in told.err) == (code, True), told
    assert [words_of(shared, number) for number in (1000, 1001, 1002)] == [[], [], []]
    assert {row[2] for row in shared.run("ticket", "list", "ref:ENG-331").rows} == {"new"}


def test_what_is_only_tried_is_shown_and_not_done(shared: Place) -> None:
    told = tell(shared, "ENG-331", "-m", "Export by month.", "--solve", "--try")
    assert [row[2] for row in told.rows] == ["yes"] * 3
    assert told.err == "tried only: nothing was changed and nothing was sent\n"
    assert words_of(shared, 1000) == []


def test_a_problem_whose_tickets_are_all_closed_has_nobody_to_tell(shared: Place) -> None:
    shared.run("ticket", "close", "1000", "1001", "1002", "--as", "ana")
    assert (tell(shared, "ENG-331", "-m", "x").code, shared.run("problem", "list").out) == (76, "")


def test_a_call_and_a_post_in_a_forum_share_a_cause_with_a_mail(desk: Place) -> None:
    for channel, person in (("phone", "Kim <kim@else.example>"), ("forum", "Lee <lee@else.example>")):
        new = ("ticket", "new", "--for", person, "-t", "Export", "-m", "It fails.", "--channel", channel, "--as", "ana")
        assert desk.run(*new).code == 0
    desk.run("ticket", "problem", "1000", "1003", "1004", "Export down", "--as", "ana")
    assert [row[1] for row in tell(desk, "Export down", "-m", "It works again.").rows] == [
        "maria@customer.example", "kim@else.example", "lee@else.example",
    ]  # fmt: skip
    assert [each["channel"] for each in desk.run("problem", "show", "export down", "--json").json["members"]] == [
        "mail", "phone", "forum",
    ]  # fmt: skip


def test_viewers_look_and_tell_nobody(shared: Place) -> None:
    assert shared.run("--as", "vera", "problem", "list").code == 0
    assert shared.run("--as", "vera", "problem", "tell", "ENG-331", "-m", "x").code == 77
