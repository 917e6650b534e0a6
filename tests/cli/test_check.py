"""`gateway check` and what else looks at a configuration: places, codes, and nothing made on the way."""

from pathlib import Path

import pytest

from tests.cli.place import Place, command


@pytest.fixture
def fresh(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.configure()
    return place


def own_template(place: Place, name: str, text: str) -> Path:
    path = place.folder / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_configuration_without_a_fault_is_fine_and_nothing_is_made(fresh: Place) -> None:
    told = fresh.run("check")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[-1].endswith("the configuration is fine")
    assert [path.name for path in fresh.folder.iterdir()] == ["gateway.toml"]


def test_every_error_is_told_at_once_with_its_place_its_line_and_what_was_meant(fresh: Place) -> None:
    fresh.configure(more='[send]\ntls = "start-tls"\nprot = 25\n')
    told = fresh.run("check")
    assert told.code == 78
    assert f"{fresh.file}:42:7: error: " in told.out
    assert f"{fresh.file}:43:1: error: " in told.out
    assert '      |       ^^^^^^^^^^^ did you mean "starttls"?' in told.out
    assert 'did you mean "port"?' in told.out
    assert told.out.splitlines()[-1].startswith(f"2 errors in {fresh.file}.")


def test_errors_as_json_are_one_list(fresh: Place) -> None:
    fresh.configure(more="[sned]\n")
    told = fresh.run("check", "--json")
    (problem,) = told.json
    assert (told.code, problem["file"], problem["line"], problem["severity"]) == (78, str(fresh.file), 41, "error")
    assert problem["suggestion"] == "send"


def test_a_warning_alone_leaves_with_0_and_with_strict_as_an_error(fresh: Place) -> None:
    fresh.configure(more='[security]\nagents_must_pass = "none"\n')
    assert ": warning: " in fresh.run("check").out
    assert fresh.run("check").code == 0
    assert fresh.run("check", "--strict").code == 78
    assert ": warning: " not in fresh.run("-q", "check").out


def test_the_file_that_is_checked_may_be_named(fresh: Place) -> None:
    other = fresh.folder / "other.toml"
    other.write_text("[gatewya]\n")
    told = fresh.run("check", other)
    assert (told.code, str(other) in told.out) == (78, True)


def test_a_file_that_is_not_there_or_no_toml_is_an_error_of_the_configuration(fresh: Place) -> None:
    assert command("check", "-c", fresh.folder / "none.toml").code == 78
    fresh.file.write_bytes(b"\xff[gateway")
    told = fresh.run("check")
    assert (told.code, "UTF-8" in told.out) == (78, True)


def test_a_template_that_cannot_be_rendered_is_named_by_file_and_line(fresh: Place) -> None:
    path = own_template(fresh, "en/ack/body.txt", "Hello\n{{ ticket.nothing_like_that }}\n")
    told = fresh.run("check")
    assert told.code == 78
    assert f"{path}:2:11: error: there is no 'nothing_like_that' among number, reference, " in told.out
    assert "    2 | {{ ticket.nothing_like_that }}" in told.out


def test_a_template_that_does_not_compile_is_named_even_where_no_letter_uses_it(fresh: Place) -> None:
    path = own_template(fresh, "en/_mine.txt", "{% if %}\n")
    assert f"{path}:1:1: error: " in fresh.run("template", "check").out


def test_a_letter_that_fails_in_one_phase_of_one_category_alone_is_found(fresh: Place) -> None:
    faulty = '{% extends "default:en/phase_changed/body.txt" %}\n'
    faulty += "{% set trap %}{% if ticket.phase.name == PHASE %}{{ nothing }}{% endif %}{% endset %}\n"
    own_template(fresh, "en/phase_changed/body.txt", faulty.replace("PHASE", "'No such phase'"))
    assert fresh.run("check").code == 0
    path = own_template(fresh, "en/phase_changed/body.txt", faulty.replace("PHASE", "'Fixed'"))
    assert f"{path}:2:55: error: this letter has no value 'nothing'" in fresh.run("check").out


def test_a_folder_of_templates_that_no_letter_uses_is_a_warning(fresh: Place) -> None:
    own_template(fresh, "en/akc/body.txt", "Hello\n")
    told = fresh.run("check")
    assert told.code == 0
    assert 'there is no letter "akc"' in told.out
    assert 'did you mean "ack"?' in told.out


def test_a_language_that_lacks_letters_is_an_error(fresh: Place) -> None:
    own_template(fresh, "fr/ack/body.txt", "Bonjour\n")
    fresh.file.write_text(fresh.file.read_text().replace("[tickets]", 'languages = ["en", "fr"]\n[tickets]'))
    told = fresh.run("check")
    assert told.code == 78
    assert '"fr" lacks' in told.out


def test_a_template_that_is_no_text_is_told_by_its_name(fresh: Place) -> None:
    path = own_template(fresh, "en/ack/body.txt", "")
    path.write_bytes(b"\xff\xfe")
    told = fresh.run("check")
    assert (told.code, f"{path}: error: it is not UTF-8" in told.out) == (78, True)


def test_a_preview_of_a_template_that_fails_says_where(fresh: Place) -> None:
    path = own_template(fresh, "en/ack/body.txt", "{{ nothing }}")
    told = fresh.run("template", "preview", "ack")
    assert (told.code, f"{path}:1:4: error: " in told.err) == (78, True)


def test_previews_need_no_database(fresh: Place) -> None:
    told = fresh.run("template", "preview", "ack")
    assert (told.code, told.out.startswith("Subject: ")) == (0, True)
    assert fresh.run("template", "preview", "ack", "--html").out.lstrip().startswith("<!")
    assert "X-Ticket-Letter: reply" in fresh.run("template", "preview", "reply", "--eml").out
    assert not fresh.state.exists()


def test_a_letter_may_be_named_in_other_words_and_a_wrong_name_is_corrected(fresh: Place) -> None:
    assert fresh.run("template", "preview", "Phase-Changed").code == 0
    told = fresh.run("template", "preview", "akc")
    assert (told.code, "Did you mean ack?" in told.err) == (67, True)


def test_a_diff_shows_what_is_ours_and_what_is_theirs(fresh: Place) -> None:
    assert fresh.run("template", "diff", "ack").out == ""
    own_template(fresh, "en/ack/subject.txt", "Other words\n")
    told = fresh.run("template", "diff", "ack")
    assert "+Other words" in told.out
    listed = fresh.run("template", "list").rows
    assert [(name, yours) for name, _, yours in listed if yours] == [("ack", "en")]


def test_what_holds_is_shown_with_its_origin_and_no_secret(fresh: Place) -> None:
    (fresh.folder / "relay.secret").write_text("canary-4711")
    (fresh.folder / "relay.secret").chmod(0o600)
    fresh.configure(more='[send]\nhost = "mx"\nuser = "u"\npassword_secret = { command = ["echo", "canary-4711"] }\n')
    changed = fresh.run("config", "show", "-n", "--origin")
    assert 'host = "mx"' in changed.out
    assert f"{fresh.file}:42" in changed.out
    assert "\nport = " not in changed.out
    listed = fresh.run("config", "show", "--json")
    assert {"key": "send.port", "value": 587, "origin": "default"} in listed.json
    assert "canary" not in changed.out + listed.out + fresh.run("status").out


def test_a_key_is_explained_and_a_mistyped_one_corrected(fresh: Place) -> None:
    assert "true or false" in fresh.run("config", "explain", "mailbox.support.imap.idle").out
    told = fresh.run("config", "explain", "send.prot")
    assert (told.code, "Did you mean send.port?" in told.err) == (67, True)
    assert fresh.run("config", "schema").json["title"] == "gateway.toml"


def test_a_date_is_explained_day_by_day(fresh: Place) -> None:
    told = fresh.run("when", "3 business days", "--from", "2026-04-30 16:00")
    assert told.out.splitlines()[0].endswith("start Thu 30 Apr 16:00, inside opening hours")
    assert told.out.splitlines()[-1] == "= Tue 5 May 2026 16:00"
    found = fresh.run("when", "3 business days", "--from", "2026-04-30 16:00", "--json").json
    assert found["until"] == "2026-05-05T14:00:00Z"
    assert [day["number"] for day in found["days"] if day["is"] == "counted"] == [1, 2, 3]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("when", "3 bd"), 2, "3 business days"),
        (("when", "3h", "--from", "tomorrow"), 2, "2026-04-30 16:00"),
        (("when", "3h", "--calendar", "offce"), 67, "Did you mean office?"),
    ],
)
def test_a_span_that_is_none_says_what_was_meant(fresh: Place, words: tuple[str, ...], code: int, said: str) -> None:
    told = fresh.run(*words)
    assert (told.code, said in told.err) == (code, True)
