"""Foreign mails, where the folder with them is there: each is read or refused with a reason, and soon."""

import json
import time
from pathlib import Path

import pytest

from gateway.mail.message import Unreadable
from gateway.mail.parse import parse
from gateway.mail.prescan import prescan

ROOT = Path(__file__).parents[2]
VECTORS = sorted((ROOT.parent / "shared" / "vectors").glob("*.eml"))
OURS = sorted((ROOT / "tests" / "mails").glob("*.eml"))
REFUSED = {"D09-nested-depth-200", "D11-5000-tiny-parts", "D37-headers-20000"}


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_vector_is_read_or_refused_within_two_seconds(path: Path) -> None:
    raw = path.read_bytes()
    begun = time.process_time()
    try:
        message = parse(raw)
    except Unreadable:
        assert path.stem in REFUSED
    else:
        assert path.stem not in REFUSED
        assert not prescan(raw)
        for one in message.attachments:
            assert one.name
            assert len(one.name.encode()) <= 150
            assert not set(one.name) & set("/\\\0\r\n\u202e")
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_a_mail_that_once_broke_something_is_read_as_written_beside_it(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".json").read_text())
    message = parse(path.read_bytes())
    read = {
        "subject": message.subject,
        "from": [one.email for one in message.from_],
        "text": message.text,
        "attachments": [one.name for one in message.attachments],
    }
    assert read == wanted
