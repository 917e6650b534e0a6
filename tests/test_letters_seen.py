"""Every letter in every language as a browser shows it: axe-core looks at each, light and dark, wide and on a phone."""

from __future__ import annotations

import json
import re
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import Scheme, dump
from tests.letters_desk import TEMPLATES, letter
from tests.servers import need, without

WIDTHS = (600, 375)
ALL = [(language, name) for language in TEMPLATES.languages for name in TEMPLATES.letters(language)]
PALE = (
    '<html lang="en"><title>Pale</title><body style="background:#fff;color:#888"><h1>Can this be read?</h1>'
    "<p>Hardly.</p></body></html>"
)

Found = dict[str, dict[str, Any]]


@pytest.fixture(scope="module", params=["light", "dark"])
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Scheme, Found]:
    """All of them in one run of Chromium: starting it costs as much as ten letters."""
    need("chromium", "chromium")
    pages = [
        (f"{language}-{name}-{width}", width, letter(name, language=language).html)
        for language, name in ALL
        for width in WIDTHS
    ]
    page = tmp_path_factory.mktemp("letters") / "all.html"
    page.write_text(_examination([*pages, ("pale", 600, PALE)], _axe()))
    shown = dump(page, request.param)
    result = re.search(r'<pre id="found">(.*?)</pre>', shown, re.S)
    assert result, shown[-2_000:]
    return request.param, json.loads(unescape(result[1]))


def test_nothing_in_a_letter_is_hard_to_read_or_to_listen_to(seen: tuple[Scheme, Found]) -> None:
    _, found = seen
    assert {name: one["complaints"] for name, one in found.items() if one["complaints"] and name != "pale"} == {}


def test_each_was_shown_at_its_width_and_in_its_colours(seen: tuple[Scheme, Found]) -> None:
    scheme, found = seen
    shown = {(name, one["width"], one["dark"]) for name, one in found.items() if name != "pale"}
    wanted = {(f"{language}-{name}-{width}", width, scheme == "dark") for language, name in ALL for width in WIDTHS}
    assert shown == wanted


def test_words_too_pale_to_read_would_be_found(seen: tuple[Scheme, Found]) -> None:
    _, found = seen
    assert "color-contrast" in {rule for rule, _, _ in found["pale"]["complaints"]}


def _axe() -> str:
    """The source of axe-core, which a package of the development set carries."""
    try:
        return (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    except ModuleNotFoundError:
        without("axe-core is missing: make .venv/.dev")


def _examination(pages: list[tuple[str, int, str]], axe: str) -> str:
    script = Path(__file__).with_name("examine.js").read_text()
    call = f"examine({_literal(pages)}, {_literal(axe)}).then(report, (error) => report(String(error.stack)));"
    return f'<!DOCTYPE html><meta charset="utf-8"><title>Letters</title><body><script>{script}{call}</script></body>'


def _literal(value: object) -> str:
    """As a literal of JavaScript within a page."""
    return json.dumps(value).replace("</", "<\\/").replace("<!--", "<\\!--")
