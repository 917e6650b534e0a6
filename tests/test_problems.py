"""One cause, many tickets, by mail: every customer is told on their own ticket, and nobody sees another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Final

import pytest

from gateway import problems
from gateway.advance import advance
from gateway.desk import commands
from gateway.desk.causes import AgentActed
from gateway.desk.evolve import replay
from gateway.mail.letter import Letter
from gateway.mail.render import TemplateProblem, Templates
from gateway.office import new_id
from gateway.reader import Reader
from gateway.store import articles, erase, events, queue, tellings, verify
from gateway.store.events import as_plain
from gateway.templates_files import packaged, sources
from tests.cli.place import Place
from tests.office import ALL, TestDesk, desk, mail
from tests.test_rounds import rounds_of

ANA: Final = "ana@acme.example"
# Number, name, address, subject: whatever of one stands in a letter to another is a leak.
CUSTOMERS: Final = {
    1000: ("Maria Lopez", "maria@customer.example", "Export fails"),
    1001: ("Jonas Weber", "jonas@bigco.example", "Cannot download my data"),
    1002: ("Yuki Tanaka", "yuki@else.example", "How do I get a list?"),
}
KINDS: Final = """
[category.bug]
name = "Bug"
words = ["fails", "cannot"]
[[category.bug.phase]]
id = "received"
name = "Received"
[[category.bug.phase]]
id = "plan"
name = "Plan"
[[category.bug.phase]]
id = "fixed"
name = "Fixed"
final = true
hidden_until_reached = true
[category.question]
name = "Question"
[[category.question.phase]]
id = "received"
name = "Received"
[[category.question.phase]]
id = "answered"
name = "Answered"
final = true
[organisation.bigco]
name = "BigCo"
domains = ["bigco.example"]
"""
WORKAROUND: Final = "Until it is mended: export by month, that works."


@contextmanager
def three_customers(folder: Path, *, undo_window: str = "0s", joined: bool = True) -> Iterator[TestDesk]:
    """Two bugs and a question with one cause; the agent says so on each."""
    with desk(folder, KINDS, undo_window=undo_window, languages='["en", "de"]') as here:
        for name, address, subject in CUSTOMERS.values():
            here.receive(mail(subject, "Nothing works.", sender=f"{name} <{address}>"), mail_from=address)
        if joined:
            for number in CUSTOMERS:
                said(here, number, "/problem ENG-331")
        yield here


def said(here: TestDesk, number: int, words: str, **more: str) -> Letter:
    """The agent orders something and confirms it where that is asked for; the transcript of what was done."""
    told = ordered(here, number, words, **more)
    return confirm(here, number, told) if ("X-Ticket-Reason", "confirm") in told.headers else told


def ordered(here: TestDesk, number: int, words: str, **more: str) -> Letter:
    """The agent answers the newest letter about the ticket; the transcript that comes back."""
    here.pass_time(minutes=10)
    newest = [each for each in here.letters if each.to == ANA and each.ticket == number][-1]
    here.receive(mail("Re: x", words, sender=f"Ana Ruiz <{ANA}>", **more), newest.reply_to, mail_from=ANA)
    return here.letter("agent_commands", ANA)


def confirm(here: TestDesk, number: int, asked: Letter) -> Letter:
    ordered(here, number, "/confirm", headers=f"In-Reply-To: {asked.message_id}\n")
    here.work_off()
    return here.letter("agent_commands", ANA)


def flat(letter: Letter) -> str:
    return " ".join(letter.text.split())


def told(here: TestDesk, number: int, *, after: int = 0) -> list[Letter]:
    """The letters to the customer of a ticket but for the acknowledgement."""
    return [
        each for each in here.letters[after:] if each.to == CUSTOMERS[number][1] and not each.name.startswith("ack")
    ]


def kinds(here: TestDesk, number: int) -> list[str]:
    with here.office.db.snapshot() as tx:
        return [type(event).__name__ for event in events.events_of(tx, number)]


def is_sound(here: TestDesk) -> bool:
    """Replay equals projection."""
    with here.office.db.snapshot() as tx:
        return list(verify.verify(tx, here.office.desk.blobs, replay)) == []


def test_one_text_goes_to_each_customer_on_their_own_ticket(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        transcript = said(here, 1000, f"/all\n/phase plan\n\n{WORKAROUND}")
        letters = {number: told(here, number) for number in CUSTOMERS}
        assert [len(each) for each in letters.values()] == [1, 1, 1]
        for number, (letter,) in letters.items():
            name, address, subject = CUSTOMERS[number]
            assert (letter.ticket, letter.to, letter.from_name) == (number, address, "Ana from Acme Support")
            assert WORKAROUND in flat(letter)
            assert f"Hello {name.split()[0]}," in letter.text
            assert "Ana Ruiz\nAcme Support" in letter.text
            assert letter.subject.removeprefix("Re: ").startswith(f"{subject} [ACME-{number}-")
            assert letter.reply_to.startswith(f"support+{number}.")
        assert [letters[number][0].name for number in CUSTOMERS] == ["phase_changed", "phase_changed", "reply"]
        assert [here.ticket(number).phase for number in CUSTOMERS] == ["plan", "plan", "received"]
        assert "> /all together with the tickets of ENG-331" in flat(transcript)
        assert "nobody yet, problem ENG-331 >" in flat(transcript)
        assert "ACME-1001: told; status new → open; phase: Plan, no date can be given ACME-1002" in flat(transcript)
        assert "ACME-1002: told; status new → open; keeps its phase, for Question has no phase plan" in flat(transcript)
        assert is_sound(here)


@pytest.mark.parametrize("orders", [WORKAROUND, "/phase plan", "/solve"])
def test_what_reaches_many_customers_asks_first(tmp_path: Path, orders: str) -> None:
    with three_customers(tmp_path) as here:
        before = [here.ticket(each) for each in CUSTOMERS]
        asked = ordered(here, 1000, f"/all\n{orders}" if orders[0] == "/" else f"/all\n\n{orders}")
        assert "Please confirm" in asked.text
        assert "ACME-1001: " in asked.text
        assert [here.ticket(each) for each in CUSTOMERS] == before
        assert [told(here, number) for number in CUSTOMERS] == [[], [], []]
        confirm(here, 1000, asked)
        assert [len(told(here, number)) for number in (1000, 1001)] == [1, 1]


def test_what_reaches_one_customer_or_none_is_done_at_once(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        noted = ordered(here, 1000, f"/note\n/all\n\n{WORKAROUND}")
        assert ("X-Ticket-Reason", "done") in noted.headers
        for number in (1001, 1002):
            ordered(here, number, "/problem none")
        ordered(here, 1000, f"/all\n\n{WORKAROUND}")
        assert [len(told(here, number)) for number in CUSTOMERS] == [1, 0, 0]


def test_no_letter_to_one_customer_has_anything_of_another(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        said(here, 1000, f"/all\n/phase plan\n\n{WORKAROUND}")
        said(here, 1001, "/all\n/solve\n\nIt is mended.")
        codes = {number: {each.reply_to for each in told(here, number)} for number in CUSTOMERS}
        assert [len(told(here, number)) for number in CUSTOMERS] == [2, 2, 2]
        for mine, other in permutations(CUSTOMERS, 2):
            for letter in told(here, mine):
                ids = (letter.message_id, letter.in_reply_to or "", *letter.references)
                fields = (letter.subject, letter.reply_to, letter.envelope_from, letter.to_name, *ids)
                whole = " ".join((letter.text, letter.html, *fields, *(value for _, value in letter.headers)))
                name, address, subject = CUSTOMERS[other]
                leaked = [each for each in (str(other), *name.split(), address, subject, "ENG-331") if each in whole]
                assert leaked == []
            assert codes[mine].isdisjoint(codes[other])


def test_an_answer_to_it_lands_on_the_customers_own_ticket(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        said(here, 1000, f"/all\n\n{WORKAROUND}")
        (letter,) = told(here, 1001)
        done = here.receive(
            mail("Re: x", "That helps.", sender="jonas@bigco.example"), letter.reply_to, mail_from="jonas@bigco.example"
        )
        assert (done.verdict.decision, done.ticket) == ("append", 1001)


def test_solving_solves_all_and_each_hears_it_once(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        transcript = said(here, 1002, "/all\n/solve\n\nIt is mended.")
        assert [here.ticket(number).status for number in CUSTOMERS] == ["solved"] * 3
        assert [[each.name for each in told(here, number)] for number in CUSTOMERS] == [["solved"]] * 3
        assert here.ticket(1002).phase == "answered"
        assert "ACME-1000: told; status new → open; status open → solved" in flat(transcript)


def test_each_customer_reads_the_letter_in_their_language(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        german = AgentActed("ana", (commands.SetLanguage("de"),))
        with here.office.db.transaction() as tx:
            advance(tx, here.office.desk, 1001, german, here.now, new_id)
        said(here, 1000, f"/all\n\n{WORKAROUND}")
        assert ["Hello Maria" in told(here, 1000)[0].text, "Guten Tag" in told(here, 1001)[0].text] == [True, True]
        assert [told(here, number)[0].language for number in (1000, 1001)] == ["en", "de"]


def test_a_saved_answer_is_filled_for_each_customer_in_their_language(tmp_path: Path) -> None:
    answers = tmp_path / "config" / "answers"
    answers.mkdir(parents=True)
    (answers / "known.md").write_text("It is known, {customer.first}: see {ticket.reference}.")
    (answers / "known.de.md").write_text("Es ist bekannt, {customer.first}: siehe {ticket.reference}.")
    with three_customers(tmp_path) as here:
        german = AgentActed("ana", (commands.SetLanguage("de"),))
        with here.office.db.transaction() as tx:
            advance(tx, here.office.desk, 1001, german, here.now, new_id)
        said(here, 1000, "/all\n/answer known")
        assert "It is known, Maria: see ACME-1000." in flat(told(here, 1000)[0])
        assert "Es ist bekannt, Jonas: siehe ACME-1001." in flat(told(here, 1001)[0])
        assert "It is known, Yuki: see ACME-1002." in flat(told(here, 1002)[0])
        assert "heard these words on" in flat(said(here, 1000, "/all\n/answer known"))
        assert [len(told(here, number)) for number in (1001, 1002)] == [1, 1]
        said(here, 1002, "/problem none")
        said(here, 1002, "/problem ENG-331")
        assert "it was a saved answer: write it with /answer" in flat(said(here, 1002, "/again"))
        assert is_sound(here)


def test_whoever_heard_the_very_words_is_not_told_them_again(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        said(here, 1000, f"/all\n\n{WORKAROUND}")
        transcript = said(here, 1001, f"/all\n/solve\n\n{WORKAROUND}")
        assert "ACME-1000: status open → solved; heard these words on Monday 13 April 2026, 09:50" in flat(transcript)
        assert [sum(WORKAROUND in flat(each) for each in told(here, number)) for number in (1000, 1002)] == [1, 1]
        assert [here.ticket(number).status for number in CUSTOMERS] == ["solved"] * 3


def test_closed_tickets_are_left_alone_and_solved_ones_hear_it_and_stay_solved(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        said(here, 1001, "/quiet\n/close")
        said(here, 1002, "/quiet\n/solve")
        transcript = said(here, 1000, f"/all\n/phase plan\n/ask\n\n{WORKAROUND}")
        assert [here.ticket(number).status for number in CUSTOMERS] == ["pending", "closed", "solved"]
        assert [len(told(here, number)) for number in CUSTOMERS] == [1, 0, 1]
        assert "ACME-1001" not in flat(transcript)
        assert "ACME-1002: told; keeps its phase, for Question has no phase plan; was solved before" in flat(transcript)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Hello Jonas,\n\nexport by month.", "names Jonas Weber"),
        ("As maria@customer.example found: export by month.", "names Maria Lopez"),
        ("Thanks to Yuki Tanaka we know more.", "names Yuki Tanaka"),
        ("It is the same as in acme-1001.", "names ACME-1001"),
        ("", "there is nothing to tell"),
    ],
)
def test_words_that_name_a_customer_are_sent_to_nobody(tmp_path: Path, words: str, why: str) -> None:
    with three_customers(tmp_path) as here:
        before = [kinds(here, number) for number in CUSTOMERS]
        transcript = said(here, 1000, f"/all\n/tag known\n\n{words}")
        assert f"> /all ^^^^ {'the text ' if words else ''}{why}" in flat(transcript)
        assert [kinds(here, number) for number in CUSTOMERS] == before
        assert [told(here, number) for number in CUSTOMERS] == [[], [], []]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("/all\n\nHere is how.", "> /all ^^^^ the ticket belongs to no problem: write /problem REF beside it."),
        ("/again", "> /again ^^^^^^ the ticket belongs to no problem"),
        ("/problem ENG-331\n/again", "nothing was told to the tickets of ENG-331 yet"),
        ("/problem ENG-331\n/all\n/again", "write one of them"),
    ],
)
def test_a_ticket_without_a_problem_has_nobody_to_tell(tmp_path: Path, words: str, why: str) -> None:
    with three_customers(tmp_path, joined=False) as here:
        assert why in flat(said(here, 1000, words))
        assert here.ticket(1000).problem is None


def test_one_mail_may_join_a_ticket_and_tell_all(tmp_path: Path) -> None:
    with three_customers(tmp_path, joined=False) as here:
        said(here, 1001, "/problem Login outage")
        said(here, 1000, f"/problem login OUTAGE\n/all\n\n{WORKAROUND}")
        assert here.ticket(1000).problem == "Login outage"
        assert [len(told(here, number)) for number in CUSTOMERS] == [1, 1, 0]


def test_a_customer_who_joins_late_gets_what_was_told_with_one_line(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        said(here, 1001, "/problem none")
        said(here, 1000, f"/all\n\n{WORKAROUND}")
        assert told(here, 1001) == []
        transcript = said(here, 1001, "/problem ENG-331")
        assert "2 tickets of ENG-331 are open, 2 customers have it so far." in flat(transcript)
        assert f"They were told on Monday 13 April 2026, 10:00: {WORKAROUND}" in flat(transcript)
        said(here, 1001, "/again\n\nWe know of it.")
        (letter,) = told(here, 1001)
        assert f"We know of it. {WORKAROUND}" in flat(letter)
        assert "the ticket heard it on Monday 13 April 2026, 10:20" in flat(said(here, 1001, "/again"))
        assert is_sound(here)


def test_files_go_to_everybody_but_not_what_one_customer_sent(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        shot = attached("shot.png", "of Maria's screen", inline=True)
        ack = here.letter("ack_stranger", "maria@customer.example").reply_to
        here.receive(mail("Re: x", shot[1], headers=shot[0]), ack)
        head, body = attached("patch.txt", "the patch", "shot.png", "of Maria's screen")
        said(here, 1000, body.replace("Here.", f"/all\n\n{WORKAROUND}"), headers=head)
        (letter,) = told(here, 1001)
        assert [each.name for each in letter.enclosures] == ["patch.txt"]
        with here.office.db.snapshot() as tx:
            assert [(each.id, each.name) for each in articles.attachments_of(tx, 1001)] == [(1, "patch.txt")]
        said(here, 1002, "/problem none")
        said(here, 1002, "/problem ENG-331")
        said(here, 1002, "/again")
        assert [each.name for each in told(here, 1002)[-1].enclosures] == ["patch.txt"]
        assert is_sound(here)


def attached(*files: str, inline: bool = False) -> tuple[str, str]:
    """The header fields and the body of a mail with files: names and contents in turn."""
    how = "inline" if inline else "attachment"
    parts = "".join(
        f'--b\nContent-Type: image/png\nContent-Disposition: {how}; filename="{name}"\n\n{content}\n'
        for name, content in zip(files[::2], files[1::2], strict=True)
    )
    body = f"--b\nContent-Type: text/plain\n\nHere.\n{parts}--b--\n"
    return 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n', body


def test_what_is_only_tried_tells_nobody_and_says_what_would_come_of_it(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        transcript = said(here, 1000, f"/try\n/all\n/solve\n\n{WORKAROUND}")
        assert "ACME-1001: told; status new → open; status open → solved" in flat(transcript)
        assert [told(here, number) for number in CUSTOMERS] == [[], [], []]
        assert {here.ticket(number).status for number in CUSTOMERS} == {"new"}


def test_a_note_for_all_stays_a_note_on_each(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        said(here, 1000, "/note\n/all\n\nThe vendor calls back: it is what Maria Lopez saw.")
        assert [told(here, number) for number in CUSTOMERS] == [[], [], []]
        with here.office.db.snapshot() as tx:
            assert {articles.of(tx, number)[-1].visibility for number in CUSTOMERS} == {"private"}
        assert here.ticket(1001).heard is None


def test_a_phase_moves_on_all_of_them_without_a_word(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        transcript = said(here, 1000, "/all\n/phase plan")
        assert [here.ticket(number).phase for number in CUSTOMERS] == ["plan", "plan", "received"]
        assert [[each.name for each in told(here, number)] for number in CUSTOMERS] == [
            ["phase_changed"], ["phase_changed"], [],
        ]  # fmt: skip
        assert "ACME-1002: keeps its phase, for Question has no phase plan" in flat(transcript)
        assert kinds(here, 1002)[-1] != "ProblemTold"


def test_undo_takes_it_back_on_every_ticket_on_which_nothing_has_happened_since(tmp_path: Path) -> None:
    with three_customers(tmp_path, undo_window="1h") as here:
        said(here, 1000, f"/all\n/phase plan\n\n{WORKAROUND}")
        here.pass_time(minutes=1)
        yuki = "yuki@else.example"
        here.receive(mail("Re: x", "And?", sender=yuki), here.letter("ack_stranger", yuki).reply_to, mail_from=yuki)
        transcript = said(here, 1000, "/undo")
        assert "taken back: the ticket is as it was ACME-1001 is as it was, too." in flat(transcript)
        assert "ACME-1002 stays as it is: what happened last on it was not yours" in flat(transcript)
        assert [(here.ticket(number).phase, here.ticket(number).heard is None) for number in CUSTOMERS] == [
            ("received", True), ("received", True), ("received", False),
        ]  # fmt: skip
        with here.office.db.snapshot() as tx:
            found = [each for each in queue.listed(tx, states=ALL) if WORKAROUND in flat(each.letter)]
        assert {each.letter.to: each.state for each in found if each.letter.to != ANA} == {
            "maria@customer.example": "dropped", "jonas@bigco.example": "dropped", yuki: "waiting",
        }  # fmt: skip
        assert is_sound(here)


def test_after_it_was_taken_back_the_same_words_can_be_told(tmp_path: Path) -> None:
    with three_customers(tmp_path, undo_window="1h") as here:
        said(here, 1000, f"/all\n\n{WORKAROUND}")
        said(here, 1000, "/undo")
        said(here, 1000, f"/all\n\n{WORKAROUND}")
        assert [here.ticket(number).heard is not None for number in CUSTOMERS] == [True] * 3


def test_what_raises_on_the_last_ticket_leaves_all_of_them_and_the_mail_as_they_were(tmp_path: Path) -> None:
    with three_customers(tmp_path) as here:
        whole = here.office.desk.templates
        before = [kinds(here, number) for number in CUSTOMERS]
        german = AgentActed("ana", (commands.SetLanguage("de"),))
        with here.office.db.transaction() as tx:
            advance(tx, here.office.desk, 1002, german, here.now, new_id)
        texts = sources(packaged("templates"))
        texts = {name: text for name, text in texts.items() if not name.endswith("de/reply/body.html")}
        here.office.desk = replace(here.office.desk, templates=Templates(texts))
        with pytest.raises(TemplateProblem):
            said(here, 1000, f"/all\n\n{WORKAROUND}")
        assert [kinds(here, number) for number in CUSTOMERS] == [before[0], before[1], [*before[2], "LanguageChanged"]]
        here.office.desk = replace(here.office.desk, templates=whole)
        assert [told(here, number) for number in CUSTOMERS] == [[], [], []]


def test_by_mail_and_on_the_command_line_the_same_happens(tmp_path: Path) -> None:
    by_mail, by_hand = tmp_path / "mail", tmp_path / "hand"
    for folder in (by_mail, by_hand):
        folder.mkdir()
    with three_customers(by_mail) as here:
        said(here, 1000, f"/phase plan\n/all\n\n{WORKAROUND}")
        said(here, 1001, "/problem none")
        said(here, 1001, "/problem ENG-331")
        said(here, 1001, "/again")
        mailed = [happened(here, number) for number in CUSTOMERS]
    with three_customers(by_hand, joined=False) as here:
        for words in (
            ("ticket", "problem", *map(str, CUSTOMERS), "ENG-331"),
            ("problem", "tell", "ENG-331", "-m", WORKAROUND, "--phase", "plan", "--yes"),
            ("ticket", "problem", "1001", "none"),
            ("ticket", "problem", "1001", "ENG-331"),
            ("problem", "tell", "ENG-331", "--rest", "--yes"),
        ):
            assert Place(by_hand).run("--as", "ana", *words).code == 0
        assert [happened(here, number) for number in CUSTOMERS] == mailed
        assert is_sound(here)


def happened(here: TestDesk, number: int) -> list[object]:
    """The events of a ticket but for moments and ids, and what the desk does by itself."""
    left_out = {"at", "article", "telling", "expected_from", "expected_by", "due", "close_due"}
    with here.office.db.snapshot() as tx:
        every = [as_plain(event) for event in events.events_of(tx, number)]
    return [{name: value for name, value in each.items() if name not in left_out} for each in every]


# -- more tickets than one transaction takes ---------------------------------------------------------------------------


@contextmanager
def two_at_once(folder: Path, **more: str) -> Iterator[TestDesk]:
    """One transaction takes a single other ticket: the second one is promised."""
    before, problems.AT_ONCE = problems.AT_ONCE, 1
    try:
        with three_customers(folder, **more) as here:  # type: ignore[arg-type]
            yield here
    finally:
        problems.AT_ONCE = before


def go_on(here: TestDesk) -> int:
    with here.office.db.transaction() as tx:
        return len(problems.go_on(tx, here.office.desk, here.now, new_id))


def waiting(here: TestDesk) -> bool:
    with here.office.db.snapshot() as tx:
        return tellings.is_due(tx, here.now)


def test_what_one_transaction_does_not_take_is_promised_and_told_once(tmp_path: Path) -> None:
    with two_at_once(tmp_path) as here:
        transcript = said(here, 1000, f"/all\n/ask\n\n{WORKAROUND}")
        assert "ACME-1002: told; status new → open; status open → pending" in flat(transcript)
        assert "The last 1 of them are told within minutes." in flat(transcript)
        assert [len(told(here, number)) for number in CUSTOMERS] == [1, 1, 0]
        here.pass_time(seconds=5)
        assert (go_on(here), go_on(here)) == (1, 0)
        assert [len(told(here, number)) for number in CUSTOMERS] == [1, 1, 1]
        assert {here.ticket(number).status for number in CUSTOMERS} == {"pending"}
        assert kinds(here, 1002)[-6:] == kinds(here, 1001)[-6:]
        assert is_sound(here)


def test_files_and_saved_words_are_kept_until_they_are_told(tmp_path: Path) -> None:
    with two_at_once(tmp_path) as here:
        head, body = attached("patch.txt", "the patch")
        said(here, 1000, body.replace("Here.", f"/all\n\n{WORKAROUND}"), headers=head)
        assert go_on(here) == 1
        assert [each.name for each in told(here, 1002)[0].enclosures] == ["patch.txt"]


def test_a_ticket_that_was_closed_meanwhile_hears_the_words_and_stays_closed(tmp_path: Path) -> None:
    with two_at_once(tmp_path) as here:
        said(here, 1000, f"/all\n/ask\n\n{WORKAROUND}")
        said(here, 1002, "/quiet\n/close")
        assert go_on(here) == 1
        assert (here.ticket(1002).status, len(told(here, 1002))) == ("closed", 1)


def test_a_ticket_that_left_the_problem_meanwhile_hears_nothing(tmp_path: Path) -> None:
    with two_at_once(tmp_path) as here:
        said(here, 1000, f"/all\n\n{WORKAROUND}")
        said(here, 1002, "/problem none")
        assert (go_on(here), waiting(here)) == (1, False)
        assert told(here, 1002) == []


def test_undo_reaches_those_that_have_not_heard_it_yet(tmp_path: Path) -> None:
    with two_at_once(tmp_path, undo_window="1h") as here:
        said(here, 1000, f"/all\n\n{WORKAROUND}")
        transcript = said(here, 1000, "/undo")
        assert "1 tickets had not heard it yet, and will not. ACME-1001 is as it was, too." in flat(transcript)
        assert (go_on(here), here.ticket(1002).heard) == (0, None)


def test_a_ticket_that_raises_is_tried_later_and_the_others_go_on(tmp_path: Path) -> None:
    with two_at_once(tmp_path) as here:
        said(here, 1000, f"/all\n\n{WORKAROUND}")
        whole = here.office.desk
        here.office.desk = replace(whole, templates=Templates({}))
        assert (go_on(here), waiting(here), told(here, 1002)) == (1, False, [])
        here.office.desk = whole
        here.pass_time(hours=1)
        assert (go_on(here), go_on(here), len(told(here, 1002))) == (1, 0, 1)


def test_a_daemon_that_starts_again_tells_what_was_promised(tmp_path: Path) -> None:
    with two_at_once(tmp_path) as here:
        said(here, 1000, f"/all\n\n{WORKAROUND}")

        async def play() -> list[int]:
            rounds = rounds_of(here, Reader())
            done = [await rounds.mail(), await rounds.mail()]
            await rounds.close()
            return done

        assert asyncio.run(play()) == [1, 0]
        assert len(told(here, 1002)) == 1


def test_a_ticket_that_is_erased_takes_what_it_was_promised_with_it(tmp_path: Path) -> None:
    with two_at_once(tmp_path) as here:
        said(here, 1000, f"/all\n\n{WORKAROUND}")
        with here.office.db.transaction() as tx:
            assert erase.erase_ticket(tx, 1002)
        assert (waiting(here), go_on(here)) == (False, 0)
