"""Tickets merged and taken apart on the command line."""

import pytest

from tests.cli.place import Place


def change(desk: Place, *words: str) -> int:
    return desk.run("ticket", *words, "--as", "ana").code


def test_a_merge_moves_the_conversation_and_its_undo_by_unmerge_moves_it_back(desk: Place) -> None:
    merged = desk.run("ticket", "merge", "1002", "ACME-1000", "--as", "ana", "--json").json
    assert (merged["status"], merged["links"]) == ("closed", [{"kind": "merged_into", "number": 1000}])
    assert merged["articles"] == []
    older = desk.run("ticket", "show", "1000", "--json").json
    assert [article["text"] for article in older["articles"]] == ["It says error 500.\n\nMaria", "I cannot find it."]
    assert [event["data"]["number"] for event in older["events"] if event["kind"] == "Absorbed"] == [1002]
    assert "merged into ACME-1000" in desk.run("ticket", "show", "1002").out
    assert desk.run("verify").code == 0
    assert change(desk, "unmerge", "1002") == 0
    assert desk.run("ticket", "show", "1002", "--json").json["articles"] == [older["articles"][1]]
    assert desk.run("verify").code == 0


def test_several_are_merged_at_once_and_one_that_refuses_leaves_all(desk: Place) -> None:
    told = desk.run("ticket", "merge", "1001", "1000", "1000", "--as", "ana")
    assert (told.code, "this very ticket; nothing was done" in told.err) == (76, True)
    assert desk.run("ticket", "show", "1001", "--json").json["links"] == []
    assert change(desk, "merge", "1001", "1002", "1000") == 0
    assert len(desk.run("ticket", "show", "1000", "--json").json["articles"]) == 3


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ("merge 1000 1000", 76, "this very ticket"),
        ("merge 1000 4711", 67, "there is no ticket 4711"),
        ("merge 4711 1000", 67, "there is no ticket 4711"),
        ("merge 1000 ²", 67, "² is no ticket: write its number"),
        ("merge 1000", 2, "into which"),
        ("merge 1000 1002", 76, "ACME-1002 was merged into this one"),
        ("merge 1002 1000", 76, "ACME-1002 was merged into ACME-1000: act on that one"),
        ("close 1002", 76, "act on that one"),
        ("reply 1002 -m hello", 76, "act on that one"),
        ("merge 1000 1001", 76, "ACME-1001 is closed: reopen it"),
        ("unmerge 1000", 76, "was not merged"),
        ("unmerge 4711", 67, "there is no ticket"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(desk: Place, words: str, code: int, why: str) -> None:
    change(desk, "merge", "1002", "1000")
    change(desk, "close", "1001")
    told = desk.run("ticket", *words.split(), "--as", "ana")
    assert (told.code, why in told.err) == (code, True), told.err


def test_a_mail_is_split_off_by_its_number_in_the_conversation(desk: Place) -> None:
    change(desk, "merge", "1002", "1000")
    assert "#2 Maria Lopez" in desk.run("ticket", "show", "1000").out
    new = desk.run(
        "ticket", "split", "1000", "2", "-t", "The invoice", "--category", "question", "--as", "ana", "--json"
    )
    assert (new.json["number"], new.json["subject"], new.json["category"]) == (1003, "The invoice", "question")
    assert new.json["links"] == [{"kind": "split_from", "number": 1000}]
    assert [article["text"] for article in new.json["articles"]] == ["I cannot find it."]
    assert desk.run("verify").code == 0


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ("split 1000 2", 67, "has no article 2"),
        ("split 1000 1", 76, "it is what opened ACME-1000"),
        ("split 4711 1", 67, "there is no ticket 4711"),
        ("split 1000 1 --category bgu", 67, "bug"),
        ("spam 4711", 67, "there is no ticket 4711"),
    ],
)
def test_what_cannot_be_split_off_is_refused_with_its_reason(desk: Place, words: str, code: int, why: str) -> None:
    told = desk.run("ticket", *words.split(), "--as", "ana")
    assert (told.code, why in told.err) == (code, True), told.err


def test_spam_closes_without_a_letter_and_holds_the_sender_until_it_is_taken_back(desk: Place) -> None:
    before = len(desk.run("queue", "list", "--all").rows)
    assert change(desk, "spam", "1000", "1001") == 0
    assert desk.run("ticket", "show", "1001", "--json").json["status"] == "closed"
    assert len(desk.run("queue", "list", "--all").rows) == before
    again = desk.mail("again", "Buy this", "Now.")
    desk.run("mail", "ingest", again)
    desk.run("serve", "--once")
    assert len(desk.run("mail", "quarantine", "list").rows) == 1
    assert change(desk, "spam", "1000", "--off") == 0
    desk.run("mail", "ingest", desk.mail("third", "A question", "How?"))
    desk.run("serve", "--once")
    assert desk.run("ticket", "show", "1003").code == 0
