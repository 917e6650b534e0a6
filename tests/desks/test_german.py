"""A desk that speaks German with its own people, too: what comes back of their commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.config.settings import Config
from tests.desks.desk import ANA, BO, desk
from tests.desks.play import Played, mail, plain, play, reply, says, scenario

START, EVENING = "2026-04-14T10:00:00+02:00", "2026-04-14T23:59:00+02:00"  # a Tuesday
DRUCKER = ("+0m", "mail", mail("Guten Tag,\nunser Drucker geht nicht mehr.", "Drucker defekt"))


@pytest.fixture
def deutsch(tmp_path: Path) -> Config:
    return desk(
        tmp_path, "managed-it", ANA, BO,
        edits={'# language = "en" ': 'language = "de" ', '# languages = ["en"] ': 'languages = ["de", "en"] '},
    )  # fmt: skip


def ana(at: str, words: str) -> tuple[str, str, dict[str, Any]]:
    return at, "reply", reply(words, ticket=1000)


def answered(config: Config, *orders: str) -> Played:
    rows = [ana(f"+{60 * number}m", words) for number, words in enumerate(orders, 1)]
    return play(config, scenario(START, EVENING, DRUCKER, *rows))


def test_what_was_done_is_said_in_german_with_its_dates(deutsch: Config) -> None:
    (told,) = answered(deutsch, "/assign bo\n/ask\n\nWelcher Drucker ist es?").letters("agent_commands")
    says(
        told,
        "Ausgeführt",
        "zugewiesen: Bo Lindqvist",
        "Status offen → wartet auf Kunden",
        "Ohne Antwort: Erinnerung am Donnerstag, 16. April 2026, 11:00 Uhr, Erinnerung am Montag, 20. April 2026",
        "Schließung am Dienstag, 28. April 2026, 11:00 Uhr.",
        "An maria@customer.example: question in 60 s, bis dahin nimmt /undo es zurück.",
    )


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/phse assigned", "einen Befehl /phse gibt es nicht. Meinst du /phase?"),
        ("/phase asigned", "in question eine Phase asigned gibt es nicht. Meinst du assigned? Es gibt: received,"),
        ("/eta irgendwann", "das ist kein Tag; schreib ihn wie in /eta 12.5., /eta freitag"),
        ("/progress", "/progress braucht Worte"),
        ("/undo", "von dir ist nichts zurückzunehmen."),
        ("/merge 4711", "dieses Ticket gibt es nicht."),
    ],
)
def test_what_is_wrong_is_said_in_german_too(deutsch: Config, line: str, meant: str) -> None:
    told = answered(deutsch, line).letters("agent_commands")[-1]
    says(told, "Nicht ausgeführt", meant)


def test_a_refusal_and_the_help_are_in_german(deutsch: Config) -> None:
    closed, helped = answered(deutsch, "/close", "/solve", "/help").letters("agent_commands")[1:]
    says(closed, "1000 ist geschlossen: Öffne es wieder, bevor du es löst.")
    says(helped, "Befehle sind Zeilen, die mit einem Schrägstrich beginnen", "take: übernehmen.")


def test_a_date_is_given_by_a_german_day(deutsch: Config) -> None:
    (told,) = answered(deutsch, "/eta freitag").letters("agent_commands")
    assert "zugesagt bis Freitag, 17. April 2026, 18:00 Uhr" in plain(told["text"])
    says(told, "Befehle: /phase /eta freitag")


def test_one_word_of_a_customer_is_not_quoted_as_if_it_were_their_matter(deutsch: Config) -> None:
    rows = (
        ana("+1h", "/ask\nWelcher Drucker ist es?"),
        ("+2h", "reply", reply("OFFEN LASSEN", "maria@customer.example")),
    )
    played = play(deutsch, scenario(START, EVENING, DRUCKER, *rows, ana("+3h", "/solve\nErledigt.")))
    says(played.letter("solved"), "Sie schrieben am Di, 14. April, 10:00 Uhr:", "> unser Drucker geht nicht mehr.")
    assert "OFFEN LASSEN" not in played.letter("solved")["text"]
