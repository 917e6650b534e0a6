"""Tickets on the command line: lists for scripts, the contract's JSON, changes and their refusals."""

import pytest

from tests.cli.place import Place

SUMMARY = {
    "number", "reference", "token", "subject", "status", "category", "phase", "priority", "tier", "team", "assignee",
    "organisation", "language", "tags", "requester", "participants", "created_at", "updated_at", "solved_at",
    "closed_at", "external_ref", "minutes_spent", "rating", "due", "links",
}  # fmt: skip
LISTS = ("tags", "participants", "due", "links", "articles", "events")


def test_a_list_for_scripts_has_ten_columns_and_no_head(desk: Place) -> None:
    told = desk.run("ticket", "list")
    assert [len(row) for row in told.rows] == [10, 10, 10]
    assert [row[0] for row in told.rows] == ["1000", "1001", "1002"]
    number, _, status, category, phase, assignee, requester, _, updated, subject = told.rows[0]
    assert (number, status, category, phase, assignee) == ("1000", "new", "bug", "received", "")
    assert (requester, subject) == ("maria@customer.example", "Export stops with an error")
    assert updated.endswith("Z")


def test_what_a_customer_wrote_can_neither_break_a_column_nor_command_the_terminal(desk: Place) -> None:
    listed, shown = desk.run("ticket", "list"), desk.run("ticket", "show", "1001")
    assert len(listed.rows[1]) == 10
    assert "\x1b" not in listed.out + shown.out
    assert "\x07" not in listed.out + shown.out
    assert "gone" in shown.out


def test_a_ticket_as_json_has_the_members_of_the_contract(desk: Place) -> None:
    shown = desk.run("ticket", "show", "1000", "--json").json
    assert {*SUMMARY, "articles", "events"} - shown.keys() == set()
    assert [name for name in LISTS if not isinstance(shown[name], list)] == []
    assert shown["requester"] == {"name": "Maria Lopez", "email": "maria@customer.example"}
    assert shown["token"].startswith("[ACME-1000-")
    assert shown["created_at"].endswith("Z")
    article = shown["articles"][0]
    assert article.keys() >= {
        "id", "at", "direction", "visibility", "author", "subject", "text", "quoted", "message_id", "delivery",
        "attachments",
    }  # fmt: skip
    assert article["author"] == {"role": "requester", "name": "Maria Lopez", "email": "maria@customer.example"}
    assert (article["direction"], article["visibility"], article["delivery"]) == ("in", "public", None)
    assert shown["events"][0].keys() == {"at", "kind", "by", "data"}
    assert shown["events"][0]["kind"] == "TicketOpened"
    assert "phase" in [due["kind"] for due in shown["due"]]


def test_a_list_as_json_has_the_same_tickets_without_articles_and_events(desk: Place) -> None:
    listed = desk.run("ticket", "list", "--json").json
    whole = desk.run("ticket", "show", "1000", "--json").json
    assert [one["number"] for one in listed] == [1000, 1001, 1002]
    assert listed[0] == {name: value for name, value in whole.items() if name not in ("articles", "events")}


@pytest.mark.parametrize("words", ["--json ticket list", "ticket --json list", "ticket list --json"])
def test_global_options_stand_before_and_after_the_command(desk: Place, words: str) -> None:
    assert len(desk.run(*words.split()).json) == 3


def test_quiet_lists_are_numbers_that_other_commands_read(desk: Place) -> None:
    numbers = desk.run("-q", "ticket", "list", "category:question").out
    assert numbers == "1001\n1002\n"
    assert desk.run("ticket", "assign", "-", "ana", "--as", "ana", stdin=numbers).code == 0
    assert [row[5] for row in desk.run("ticket", "list").rows] == ["", "ana", "ana"]


def test_a_ticket_is_named_by_number_reference_or_token(desk: Place) -> None:
    token = desk.run("ticket", "show", "1000", "--json").json["token"]
    for name in ("1000", "ACME-1000", "acme-1000", token):
        assert desk.run("ticket", "show", name, "--json").json["number"] == 1000


def test_a_change_with_json_prints_the_ticket_as_it_is_then(desk: Place) -> None:
    shown = desk.run("ticket", "solve", "1000", "-m", "It is mended.", "--as", "ana", "--json").json
    assert shown["status"] == "solved"
    assert shown["articles"][-1]["text"] == "It is mended."
    assert shown["events"][-1]["by"] in ("agent:ana", "gateway")


def test_a_saved_answer_is_said_behind_the_text_and_a_mistyped_one_is_not(desk: Place) -> None:
    folder = desk.folder / "config" / "answers"
    folder.mkdir(parents=True)
    (folder / "restart.md").write_text("Hello {customer.first},\n\nplease restart it.\n\n{agent.first}\n")
    words = ("ticket", "reply", "1000", "--as", "ana", "--json")
    (alone, beside) = (desk.run(*words, "--answer", "Restart"), desk.run(*words, "-m", "Sorry!", "--answer", "restart"))
    said = "Hello Maria,\n\nplease restart it.\n\nAna"
    assert [told.json["articles"][-1]["text"] for told in (alone, beside)] == [said, f"Sorry!\n\n{said}"]
    wrong = desk.run(*words, "--answer", "restrat")
    assert (wrong.code, "Did you mean restart?" in wrong.err) == (67, True)


def test_an_agent_mutes_a_ticket_for_themselves_and_hears_of_it_again(desk: Place) -> None:
    def heard() -> list[str]:
        return [event["kind"] for event in desk.run("ticket", "show", "1000", "--json").json["events"]][-1:]

    assert desk.run("ticket", "mute", "1000", "1001", "--as", "ana").code == 0
    assert heard() == ["Muted"]
    assert desk.run("ticket", "mute", "1000", "off", "--as", "ana").code == 0
    assert heard() == ["Unmuted"]
    assert desk.run("ticket", "mute", "off", "--as", "ana").code == 2


def test_a_ticket_opened_by_telephone_waits_like_any_other(desk: Place) -> None:
    told = desk.run(
        "ticket", "new", "--for", "Jo Weber <jo@kunde.example>", "-t", "Printer", "-m", "It smokes.", "--as", "ana",
        "--channel", "phone", "--json",
    )  # fmt: skip
    assert (told.json["number"], told.json["requester"]["email"]) == (1003, "jo@kunde.example")


def test_who_reads_along_is_added_and_taken_off(desk: Place) -> None:
    def on_it() -> list[str]:
        return [each["email"] for each in desk.run("ticket", "show", "1000", "--json").json["participants"]]

    assert desk.run("ticket", "cc", "1000", "+Eva@bigco.example", "+jo@bigco.example", "--as", "ana").code == 0
    assert on_it() == ["eva@bigco.example", "jo@bigco.example"]
    assert desk.run("ticket", "cc", "1000", "-eva@bigco.example", "+max@bigco.example", "--as", "ana").code == 0
    assert on_it() == ["jo@bigco.example", "max@bigco.example"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("cc", "1000", "+garbage"), "garbage: that is no mail address. Nothing was done."),
        (("cc", "1000", "+support@acme.example"), "that is an address of this desk"),
        (("reply", "1000", "-m", "Hello", "--cc", "garbage"), "garbage: that is no mail address"),
    ],
)
def test_what_is_no_address_of_a_reader_is_an_error_and_nothing_is_sent(
    desk: Place, words: tuple[str, ...], why: str
) -> None:
    told = desk.run("ticket", *words, "--as", "ana")
    assert (told.code, why in told.err) == (65, True), told
    assert len(desk.run("ticket", "show", "1000", "--json").json["articles"]) == 1


def test_a_mistyped_status_or_setting_says_what_there_is(desk: Place) -> None:
    assert "pending" in desk.run("ticket", "list", "status:wating").err
    told = desk.run("ticket", "set", "1000", "prioritty=high", "--as", "ana")
    assert (told.code, "Did you mean priority?" in told.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ticket", "show", "4711"), 67),
        (("ticket", "show", "none"), 67),
        (("ticket", "assign", "1000", "anna-maria", "--as", "ana"), 67),
        (("ticket", "solve", "1000", "--as", "nobody"), 67),
        (("ticket", "solve", "1000", "--as", "vera"), 77),
        (("ticket", "reply", "1000", "--as", "ana"), 65),
        (("ticket", "reply", "1000", "-m", "x", "--attach", "missing.pdf", "--as", "ana"), 66),
        (("ticket", "attach", "1000", "1"), 67),
        (("ticket", "shw", "1000"), 2),
        (("ticket", "list", "age:>soon"), 2),
    ],
)  # fmt: skip
def test_what_cannot_be_done_leaves_with_a_code_and_a_sentence(desk: Place, words: tuple[str, ...], code: int) -> None:
    told = desk.run(*words)
    assert told.code == code
    assert told.out == ""
    assert "Traceback" not in told.err
    assert told.err.strip()


def test_what_the_desk_refuses_changes_none_of_the_tickets(desk: Place) -> None:
    assert desk.run("ticket", "close", "1001", "--as", "ana").code == 0
    told = desk.run("ticket", "solve", "1000", "1001", "--as", "ana")
    assert told.code == 76
    assert desk.run("ticket", "show", "1000", "--json").json["status"] == "new"


def test_a_phase_that_is_set_with_a_category_is_one_of_that_category(desk: Place) -> None:
    before = desk.run("ticket", "show", "1001", "--json").json["category"]
    other = {"bug": "question", "question": "bug"}[before]
    phase = {"bug": "review", "question": "answered"}[other]
    told = desk.run("ticket", "set", "1001", f"phase={phase}", f"category={other}", "--as", "ana", "--json")
    assert (told.code, told.json["category"], told.json["phase"]) == (0, other, phase)


def test_who_only_looks_is_given_no_ticket(desk: Place) -> None:
    for words in (("assign", "1000", "vera"), ("set", "1000", "assignee=vera")):
        told = desk.run("ticket", *words, "--as", "ana")
        assert (told.code, "is a viewer, who only looks" in told.err) == (76, True)
