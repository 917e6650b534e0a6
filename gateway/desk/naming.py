"""What somebody meant: things are named by id or by name, in any case, with blanks, hyphens and underscores or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from gateway.desk.phrases import Phrase
from gateway.desk.policy import Category, Policy


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing of that name. `meant` is the nearest id, or ""; `known` are all of them."""

    what: str
    word: str
    meant: str
    known: tuple[str, ...]

    @property
    def said(self) -> Phrase:
        """In words that end in a stop."""
        what, known = {"what": self.what, "word": self.word}, ", ".join(self.known) or Phrase("none")
        if self.meant:
            guess = "there is no {what} {word}. Did you mean {meant}? There is {known}."
            return Phrase(guess, **what, meant=self.meant, known=known)
        return Phrase("there is no {what} {word}. There is {known}.", **what, known=known)

    def __str__(self) -> str:
        return str(self.said)


def category(word: str, policy: Policy) -> str | Unknown:
    return find(Phrase("category"), word, {c.id: (c.name.default,) for c in policy.categories.values()})


def priority(word: str, policy: Policy) -> str | Unknown:
    return find(Phrase("priority"), word, {p.id: (p.name.default,) for p in policy.priorities.values()})


def phase(word: str, of: Category) -> str | Unknown:
    return find(
        Phrase("phase in {category} called", category=of.id), word, {p.id: (p.name.default,) for p in of.phases}
    )


def agent(word: str, policy: Policy) -> str | Unknown:
    names = {a.id: (a.name, a.name.split()[0] if a.name else "", *a.addresses) for a in policy.agents.values()}
    return find(Phrase("agent"), word, names)


def team(word: str, policy: Policy) -> str | Unknown:
    return find(Phrase("team"), word, {t.id: (t.name.default,) for t in policy.teams.values()})


def answer(word: str, policy: Policy) -> str | Unknown:
    return find(Phrase("saved answer"), word, dict.fromkeys(policy.answers, ()))


def find(what: str, word: str, names: Mapping[str, Iterable[str]]) -> str | Unknown:
    """The id that `word` names; an id goes before another thing's name."""
    wanted = _bare(word)
    by_id = {_bare(each): each for each in names}
    if wanted in by_id:
        return by_id[wanted]
    by_name = {_bare(name): each for each, all_names in names.items() for name in all_names if name}
    if wanted in by_name:
        return by_name[wanted]
    near = get_close_matches(wanted, [*by_id, *by_name], n=1, cutoff=0.6)
    meant = {**by_name, **by_id}[near[0]] if near else ""
    return Unknown(what, word, meant, tuple(names))


def _bare(word: str) -> str:
    return "".join(char for char in word.casefold() if char not in " -_\t")
