"""Machine mail and people's mail of real collections, where those are at hand: floors under the reader."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.mail.automatic import Classified, classify
from gateway.mail.message import Unreadable
from gateway.mail.parse import parse

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"

pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="the collections of real mails are not on this machine")


def _rows(*kinds: str) -> Iterator[tuple[dict[str, Any], Classified]]:
    for listing in sorted(CORPORA.glob("*/expected.jsonl")):
        for line in listing.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["kind"] in kinds:
                try:
                    yield row["expect"], classify(parse((listing.parent / row["mail"]).read_bytes()))
                except Unreadable:
                    continue


def test_reports_are_known_with_their_recipients_and_status() -> None:
    known = named = classed = reports = with_status = 0
    for expect, found in _rows("bounce"):
        if not expect.get("is_bounce"):
            continue
        reports += 1
        who = found.bounce.recipients if found.bounce else ()
        known += found.bounce is not None
        wanted = expect.get("bounced_recipients")
        named += {r.email for r in who} == {a.lower() for a in wanted} if wanted else bool(who)
        if expect.get("dsn_status"):
            with_status += 1
            classed += bool({s[0] for s in expect["dsn_status"]} & {r.status[:1] for r in who})
    assert known >= 0.99 * reports
    assert named >= 0.98 * reports
    assert classed >= 0.98 * with_status


def test_peoples_mail_is_peoples() -> None:
    found = [(expect, found) for expect, found in _rows("reply", "forward")]
    machine = [classified.reason for _, classified in found if classified.kind not in ("person", "list")]
    assert len(found) > 300
    assert machine == []
