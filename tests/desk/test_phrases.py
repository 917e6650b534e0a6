"""What agents are told of their commands, in each language that the desk speaks to its staff."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.desk import transcript
from gateway.desk.phrases import TABLES, Phrase, chained, moment, spoken
from gateway.desk.workflow import STATUSES
from tests.desk.samples import MONDAY

GATEWAY = Path(__file__).parents[2] / "gateway"


def phrases() -> dict[str, Path]:
    """Every English sentence that is made into a phrase anywhere, by where it stands."""
    found: dict[str, Path] = {}
    for path in sorted(GATEWAY.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        many: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                many.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Phrase"
                and node.args
            ):
                for text in _texts(node.args[0], {**{name: [value] for name, value in names.items()}, **many}):
                    found[text] = path
    return found


def _texts(made: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    match made:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _texts(made.body, names)
            yield from _texts(made.orelse, names)
        case ast.Name(id=name):
            for value in names.get(name, ()):
                yield from _texts(value, names)
        case ast.Subscript(value=ast.Name(id=name)):
            for value in names.get(name, ()):
                assert isinstance(value, ast.Dict)
                for each in value.values:
                    yield from _texts(each, names)
        case _:
            return


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", TABLES)
def test_every_phrase_has_words_in_every_language_and_no_words_are_left_over(language: str) -> None:
    made = phrases()
    assert len(made) > 100
    assert {text: path.name for text, path in made.items() if text not in TABLES[language]} == {}


@pytest.mark.parametrize("language", TABLES)
def test_words_have_the_places_of_their_phrase(language: str) -> None:
    wrong = {text for text, words in TABLES[language].items() if places(words) - places(text)}
    assert wrong == set()


def test_a_phrase_is_its_english_sentence_and_knows_the_others() -> None:
    said = Phrase("assigned to {agent}", agent=Phrase("nobody"))
    assert said == "assigned to nobody"
    assert said.within("de") == "zugewiesen: niemand"
    assert said.within("fr") == "assigned to nobody"
    assert spoken("as it stands", "de") == "as it stands"


def test_what_somebody_wrote_is_no_place_to_be_filled() -> None:
    assert Phrase("title: {title}", title="{agent} %s").within("de").endswith("{agent} %s")


def test_days_are_said_as_people_say_them() -> None:
    at = moment(MONDAY, "Europe/Berlin")
    assert at == "Monday 13 April 2026, 11:00"
    assert at.within("de") == "Montag, 13. April 2026, 11:00 Uhr"


def test_words_that_are_made_of_values_are_in_every_language() -> None:
    days = [moment(MONDAY + timedelta(days=day), "Europe/Berlin").parts["weekday"] for day in range(7)]
    months = [moment(MONDAY + timedelta(days=30 * month), "Europe/Berlin").parts["month"] for month in range(12)]
    statuses = [transcript.status_words(status) for status in STATUSES]
    doings = [Phrase(do) for do in ("solve", "quote for", "ask on", "hold", "escalate", "move")]
    for table in TABLES.values():
        assert [word for word in (*days, *months, *statuses, *doings) if word.english not in table] == []


def test_several_things_are_said_as_one() -> None:
    both = chained([Phrase("told"), Phrase("was solved before")])
    assert both == "told; was solved before"
    assert spoken(both, "de").count("; ") == 1
    assert chained([]) == ""
