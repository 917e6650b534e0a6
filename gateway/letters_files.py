"""Which files a letter names and brings, and which images stand in its text.

An image of a few kilobytes in a customer's mail is the logo of a signature, unless the text speaks of it. Of ours it is
one where it stands on other tickets too: what an agent pastes once is no logo. An image that was on the ticket before
is a quote's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from gateway.dates import Locale
from gateway.desk.ticket import AttachmentRef
from gateway.mail.fold import one_line
from gateway.mail.letter import Enclosure

LOGO: Final = 20_000  # bytes: an inline image smaller than that is a signature's, a pasted screenshot is larger
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})  # what every client can show
_PLACE: Final = re.compile(r"\[cid:([^\]\s]{1,200})\]")  # what Outlook leaves in the plain text for an image

Sent = Mapping[str, str]
"""What goes with a letter, by its hash: the Content-ID under which its page shows it, "" for a file."""
NOTHING: Final[Sent] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class File:
    """`sent`: it goes with this letter; `cid`: as an image that stands in its text."""

    id: int
    name: str
    size: str
    sent: bool = False
    cid: str = ""


def files(refs: Iterable[AttachmentRef], locale: Locale, sent: Sent = NOTHING) -> tuple[File, ...]:
    return tuple(
        File(ref.id, one_line(ref.name, 120), locale.size(ref.size), ref.sha256 in sent, sent.get(ref.sha256, ""))
        for ref in refs
        if ref.sha256 in sent or not _is_logo(ref)
    )


def small_images(refs: Iterable[AttachmentRef]) -> frozenset[str]:
    """The hashes of those that may be logos."""
    return frozenset(ref.sha256 for ref in refs if _is_logo(ref))


def worth_sending(
    text: str, refs: Iterable[AttachmentRef], seen: Collection[str], logos: Collection[str]
) -> list[AttachmentRef]:
    """The files of a message; `seen` are the hashes of those that its reader has had before."""
    return [
        ref
        for ref in refs
        if not ref.inline or (ref.sha256 not in seen and (ref.sha256 not in logos or _is_named(text, ref)))
    ]


def enclosure(ref: AttachmentRef, domain: str) -> Enclosure:
    """An image of the text stays one, under an id that no other letter's file has."""
    shown = ref.inline and ref.content_type.lower() in _PICTURES
    content_id = f"{ref.id}.{ref.sha256[:16]}@{domain}" if shown else None
    return Enclosure(ref.name, ref.content_type, ref.size, ref.sha256, content_id)


def without_places(text: str, refs: Iterable[AttachmentRef], sent: Sent) -> str:
    """Where the writer's client left "[cid:…]", the name of an image that goes along, and nothing for another one."""
    names = {ref.content_id: f"[{one_line(ref.name, 120)}]" for ref in refs if ref.sha256 in sent}
    return _PLACE.sub(lambda found: names.get(found[1], ""), text)


def _is_logo(ref: AttachmentRef) -> bool:
    return ref.inline and ref.size < LOGO


def _is_named(text: str, ref: AttachmentRef) -> bool:
    """Some clients say in the plain text where an image stands: "[cid:…]", "[image: name]", "<name>"."""
    return (bool(ref.content_id) and f"cid:{ref.content_id}" in text) or ref.name in text
