"""`init`: the files of a desk of one's own, from a preset. Texts in, texts out; nothing here asks the world.

A preset is a folder of config/desks/: complete, commented files that `include` takes as they are. What a desk says in
gateway.toml itself stands below, since its tables may be written only once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.desk.policy import Agent
from gateway.mail.address import mailboxes, normal
from gateway.templates_files import packaged

DEFAULT_PRESET: Final = "phased"
_SAMPLE_DOMAIN: Final = "acme.example"
# Lines of gateway.toml that a desk says otherwise than the defaults.
_SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "phased": ('reopen_window = "always"            # you can always re-open your ticket',),
    "saas": ('support_call_url = "https://acme.example/call"    # our choice: the address of your own booking page',),
}  # fmt: skip
# Labels that say where mail is handled, and second levels under which countries give out names.
_GENERIC: Final = frozenset({"mail", "support", "help", "helpdesk", "desk", "service", "www"})
_SECOND_LEVELS: Final = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne"})
_TOP: Final = 1


class NotAnAddress(ValueError):
    """{text} is no mail address."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no mail address")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a desk is. `address` and `domain` are in normal form."""

    name: str
    public_name: str
    domain: str
    prefix: str
    address: str
    timezone: str = "UTC"


def presets() -> tuple[str, ...]:
    return tuple(sorted(path.name for path in _desks().iterdir() if path.is_dir()))


def identity(address: str, timezone: str = "UTC") -> Identity:
    """What can be guessed from "support@acme.example": acme, Acme Support, acme.example, ACME. Raises NotAnAddress."""
    written = normal(address.strip())
    local, _, domain = written.rpartition("@")
    if not local or "." not in domain:
        raise NotAnAddress(address)
    label = _own_label(domain)
    name = re.sub(r"[^a-z0-9]+", "-", label).strip("-")[:40].rstrip("-") or "desk"
    letters = re.sub(r"[^A-Z0-9]", "", label.upper()).lstrip("0123456789")[:16]
    what = local.capitalize() if local.isalpha() else "Support"
    return Identity(name, f"{label.replace('-', ' ').title()} {what}", domain, letters or "DESK", written, timezone)


def agents(given: Sequence[str]) -> tuple[Agent, ...]:
    """ "Ana Ruiz <ana@acme.example>" becomes the agent ana; the first one is a lead. Raises NotAnAddress."""
    found: list[Agent] = []
    for text in given:
        people = mailboxes(text)
        if len(people) != 1 or not people[0].email:
            raise NotAnAddress(text)
        name = people[0].name or people[0].email.partition("@")[0].replace(".", " ").title()
        base = re.sub(r"[^a-z0-9]+", "-", name.split()[0].lower()).strip("-") or f"agent-{len(found) + 1}"
        taken = {agent.id for agent in found}
        free = next(each for each in (base, *(f"{base}-{n}" for n in range(2, len(given) + 2))) if each not in taken)
        found.append(Agent(free, name, people[0].email, role="agent" if found else "lead"))
    return tuple(found)


def files(preset: str, who: Identity, people: Sequence[Agent] = ()) -> dict[str, str]:
    """The files of the desk by their paths: gateway.toml and config/*.toml. KeyError where there is no such preset."""
    if preset not in presets():
        raise KeyError(preset)
    made = {"gateway.toml": _main(preset, who)}
    for path in sorted((_desks() / preset).glob("*.toml")):
        text = _at_home(path.read_text(encoding="utf-8"), who)
        made[f"config/{path.name}"] = _with_agents(text, people) if path.name == "agents.toml" else text
    return made


def _desks() -> Path:
    return packaged("config") / "desks"


def _own_label(domain: str) -> str:
    """The label that names whose domain it is: "acme" of support.acme.co.uk."""
    labels = domain.split(".")[:-_TOP]
    if len(labels) > 1 and labels[-1] in _SECOND_LEVELS:
        labels.pop()
    return next((label for label in reversed(labels) if label not in _GENERIC), labels[-1])


def _main(preset: str, who: Identity) -> str:
    text = (_desks() / "gateway.toml").read_text(encoding="utf-8")
    for key, sample, value in (
        ("name", "acme", who.name),
        ("public_name", "Acme Support", who.public_name),
        ("domain", _SAMPLE_DOMAIN, who.domain),
        ("timezone", "UTC", who.timezone),
        ("prefix", "ACME", who.prefix),
        ("address", f"support@{_SAMPLE_DOMAIN}", who.address),
    ):
        text = _put(text, f'{key} = "{sample}"', f"{key} = {_quoted(value)}")
    for line in _SAID.get(preset, ()):
        key = line.partition(" ")[0]
        text = re.sub(rf"^# {key} = .*$", lambda _, line=line: line, text, count=1, flags=re.M)  # type: ignore[misc]
    text = text.replace("Acme Support", who.public_name).replace("ACME-1042", f"{who.prefix}-1042")
    return _at_home(text.replace(f"support@{_SAMPLE_DOMAIN}", who.address), who)


def _put(text: str, before: str, after: str) -> str:
    """With the comment behind it where it stood, if there is room."""
    found = re.search(rf"^{re.escape(before)}( +)(?=#)", text, flags=re.M)
    if found is None:
        return re.sub(rf"^{re.escape(before)}$", lambda _: after, text, count=1, flags=re.M)
    room = max(1, len(found[0]) - len(after))
    return text[: found.start()] + after + " " * room + text[found.end() :]


def _at_home(text: str, who: Identity) -> str:
    return text.replace(_SAMPLE_DOMAIN, who.domain)


def _with_agents(text: str, people: Sequence[Agent]) -> str:
    """In the place of the example: one of the desk's own says it better."""
    team = re.search(r"^\[team\.([\w-]+)\]", text, flags=re.M)
    if not people or team is None:
        return text
    return text.rstrip() + "\n" + "".join(_agent(agent, team[1]) for agent in people)


def _agent(agent: Agent, team: str) -> str:
    rows = (("name", _quoted(agent.name)), ("email", _quoted(agent.email)), ("teams", f'["{team}"]'))
    lines = [f"[agent.{agent.id}]", *(f"{key} = {value}" for key, value in rows), f'role = "{agent.role}"']
    return "\n" + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML, which is one of JSON but for DEL."""
    return json.dumps(text.replace("\x7f", ""), ensure_ascii=False)
