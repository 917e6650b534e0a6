"""The mails of a simulation as files, and one page that shows them all: for eyes, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from gateway.desk.policy import Policy
from gateway.simulation.shown import clock
from gateway.simulation.world import CameIn, WentOut

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #57606a; --line: #d0d7de; --page: #f6f8fa; --card: #ffffff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --soft: #a9b4c0; --line: #3a444f; --page: #14181d; --card: #1c2229 }
}
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--page); color: var(--ink);
       font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1rem; margin: 0 }
p, .when, .links { color: var(--soft); margin: .25rem 0 1rem }
a { color: inherit }
article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0; padding: 1rem }
article.in { margin-right: 25% } article.out { margin-left: 25% }
iframe { border: 1px solid var(--line); border-radius: 4px; width: 100%; height: 34rem; background: #ffffff }
pre { white-space: pre-wrap; margin: 0; font: 14px/1.5 ui-monospace, monospace }
@media (max-width: 48rem) { article.in, article.out { margin-left: 0; margin-right: 0 } }
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail of the gallery: `name` is what its files are called, without their endings."""

    name: str
    mail: CameIn | WentOut


def named(mails: Sequence[CameIn | WentOut]) -> list[Shown]:
    """ "03-phase_changed-maria", "04-from-ana", in the order in which they were written."""
    return [Shown(f"{number:02}-{_title(mail)}", mail) for number, mail in enumerate(mails, start=1)]


def files(shown: Shown) -> dict[str, bytes]:
    """The files of one mail by their names: .eml and .txt; of a letter .html too."""
    mail = shown.mail
    if isinstance(mail, CameIn):
        return {f"{shown.name}.eml": mail.mail.raw, f"{shown.name}.txt": mail.mail.text.encode()}
    letter = mail.letter
    return {
        f"{shown.name}.eml": mail.data,
        f"{shown.name}.txt": letter.text.encode(),
        f"{shown.name}.html": letter.html.encode(),
    }


def index(mails: Sequence[Shown], policy: Policy, title: str, said: str) -> str:
    """The page. Letters are shown as a mail client would, cut off from everything else."""
    cards = "\n".join(_card(each, policy) for each in mails)
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n<h1>{escape(title)}</h1>\n<p>{escape(said)}</p>\n{cards}\n</html>\n"
    )


def _card(shown: Shown, policy: Policy) -> str:
    mail = shown.mail
    inward = isinstance(mail, CameIn)
    head = f"{mail.mail.from_} → us" if isinstance(mail, CameIn) else f"{mail.letter.from_name} → {mail.letter.to}"
    subject = mail.mail.subject if isinstance(mail, CameIn) else mail.letter.subject
    kind = "" if isinstance(mail, CameIn) else f" · {mail.letter.name}"
    links = " · ".join(f'<a href="{escape(name)}">{name.rpartition(".")[2]}</a>' for name in files(shown))
    return (
        f'<article class="{"in" if inward else "out"}">\n<div class="when">{escape(clock(mail.at, policy))}'
        f"{escape(kind)}</div>\n<h2>{escape(head)}: {escape(subject)}</h2>\n{_body(shown)}\n"
        f'<div class="links">{links}</div>\n</article>'
    )


def _body(shown: Shown) -> str:
    if isinstance(shown.mail, CameIn):
        return f"<pre>{escape(shown.mail.mail.text)}</pre>"
    title = f"{shown.mail.letter.name} to {shown.mail.letter.to}"
    return f'<iframe sandbox src="{escape(shown.name)}.html" loading="lazy" title="{escape(title)}"></iframe>'


def _title(mail: CameIn | WentOut) -> str:
    words = (
        f"from-{_who(mail.mail.from_)}" if isinstance(mail, CameIn) else f"{mail.letter.name}-{_who(mail.letter.to)}"
    )
    return re.sub(r"[^a-z0-9_-]+", "-", words.lower())


def _who(address: str) -> str:
    return address.partition("@")[0]
