"""Whole mails and what is new in them: `tests/mails/replies/*.eml`, each beside its expectation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.mail.parse import parse
from gateway.mail.quoting import annotate

MAILS = sorted((Path(__file__).parents[1] / "mails" / "replies").glob("*.eml"))


@pytest.mark.parametrize("mail", MAILS, ids=[mail.stem for mail in MAILS])
def test_the_new_part_of_a_mail_is_what_stands_beside_it(mail: Path) -> None:
    wanted = json.loads(mail.with_suffix(".json").read_text("utf-8"))
    parts = annotate(parse(mail.read_bytes()))
    sender = parts.forwarded_from.email if parts.forwarded_from else None
    assert parts.reply.startswith(wanted["reply_starts"])
    assert [words for words in wanted["reply_has"] if words not in parts.reply] == []
    assert [words for words in wanted["reply_lacks"] if words in parts.reply] == []
    assert (sender, parts.forwarded) == (wanted["forwarded_from"], wanted["forwarded_from"] is not None)
