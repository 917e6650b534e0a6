"""`gateway mail explain`: with the eyes of the desk, before a mail comes and after."""

import json
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.cli.place import MAIL, Place, command


def letters(desk: Place) -> list[Path]:
    return sorted((desk.state / "outgoing/new").iterdir())


def reply_to(desk: Place, letter: str, *, sender: str) -> Path:
    """An answer by the reply address of the newest letter of that name."""
    found = [path for path in letters(desk) if path.name.endswith(f".{letter}")]
    told = message_from_bytes(found[-1].read_bytes())
    path = desk.folder / "reply.eml"
    text = MAIL.format(id="reply", subject="Re: mine", text="Still broken.").replace("maria@customer.example", sender)
    path.write_text(text.replace("support@acme.example", told["Reply-To"].partition("<")[2].rstrip(">"), 1))
    return path


def explained(desk: Place, *words: str | Path) -> dict[str, object]:
    told = desk.run("mail", "explain", "--json", *words)
    assert (told.code, len(told.out.splitlines())) == (0, 1)
    found: dict[str, object] = json.loads(told.out)
    return found


def test_a_reply_is_matched_by_its_address_and_said_what_it_would_do(desk: Place) -> None:
    found = explained(desk, reply_to(desk, "ack_stranger", sender="maria@customer.example"))
    match = found["match"]
    assert isinstance(match, dict)
    assert (match["by"], found["sender_role"], found["decision"]) == ("reply_address", "requester", "append")
    assert match["trace"][0]["carrier"] == "reply_address"
    assert match["trace"][0]["result"] == "valid"
    assert found["would"]


def test_a_code_that_was_issued_to_somebody_else_holds_the_mail(desk: Place) -> None:
    found = explained(desk, reply_to(desk, "ack_stranger", sender="eve@other.example"))
    assert (found["decision"], found["sender_role"]) == ("hold", "stranger")


def test_a_letter_of_our_own_that_comes_back_is_a_loop(desk: Place) -> None:
    found = explained(desk, letters(desk)[0])
    assert (found["kind"], found["decision"], found["sender_role"]) == ("loop", "ignore", "gateway")


def test_a_mail_that_was_handled_is_no_duplicate_of_itself(desk: Place) -> None:
    found = explained(desk, desk.folder / "export.eml")
    assert (found["decision"], found["sender_role"]) == ("new_ticket", "stranger")
    mail = found["mail"]
    assert isinstance(mail, dict)
    assert (mail["ticket"], mail["state"]) == (1000, "done")


def test_a_mail_that_came_in_is_explained_by_its_id(desk: Place) -> None:
    (row, *_) = desk.run("mail", "list", "--ticket", "1000").rows
    found = explained(desk, row[0][:12])
    assert (found["file"], found["subject"]) == (row[0][:12], "Export stops with an error")
    assert found["envelope"] == {"mail_from": "maria@customer.example", "rcpt_tos": ["support@acme.example"]}


def test_without_a_database_nothing_matches_and_none_is_made(desk: Place, tmp_path: Path) -> None:
    path = reply_to(desk, "ack_stranger", sender="maria@customer.example")
    bare = Place(tmp_path / "bare")
    bare.folder.mkdir()
    bare.configure()
    found = explained(bare, path)
    assert (found["decision"], found["match"]["by"]) == ("new_ticket", "none")  # type: ignore[index]
    assert not bare.state.exists()


def test_without_a_configuration_it_is_told_what_a_mail_is_and_nothing_more(
    desk: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    found = command("mail", "explain", "--json", desk.folder / "export.eml").json
    assert (found["kind"], found["decision"], found["match"]["by"]) == ("person", None, "none")


def test_files_come_in_the_order_they_were_given_and_what_cannot_be_read_has_its_line(desk: Place) -> None:
    names = [str(desk.folder / "invoice.eml"), "/nowhere/x.eml", str(desk.folder / "export.eml")]
    told = desk.run("mail", "explain", "--json", "--files-from", "-", stdin="\n".join(names))
    found = [json.loads(line) for line in told.out.splitlines()]
    assert (told.code, [one["file"] for one in found]) == (0, names)
    assert [one["kind"] for one in found] == ["person", "unreadable", "person"]
    assert found[1]["decision"] == "quarantine"


def test_people_read_who_what_where_and_why(desk: Place) -> None:
    told = desk.run("mail", "explain", reply_to(desk, "ack_stranger", sender="maria@customer.example"))
    heads = [line.split(" ")[0] for line in told.out.splitlines() if not line.startswith(" ")]
    assert heads == ["File", "From", "To", "About", "Kind", "Match", "Who", "Text", "Would"]
    assert "1. reply address support+100" in told.out
    assert "\x1b" not in told.out


def test_escapes_in_a_mail_do_not_reach_the_terminal(desk: Place) -> None:
    assert "\x1b" not in desk.run("mail", "explain", desk.folder / "escape.eml").out


def test_a_broken_configuration_ends_it_with_every_error(desk: Place) -> None:
    desk.configure(more="[sned]\n")
    told = desk.run("mail", "explain", "--json", desk.folder / "export.eml")
    assert (told.code, f"{desk.file}:41:2: error" in told.err) == (78, True)


def test_a_sender_without_a_domain_is_shown_as_given_and_is_nobody(desk: Place) -> None:
    path = desk.folder / "local.eml"
    path.write_text("From: Moderator <moderator>\nTo: support@acme.example\n\nHello\n")
    found = explained(desk, path)
    assert (found["from"], found["decision"]) == ({"name": "Moderator", "email": "moderator"}, "hold")
