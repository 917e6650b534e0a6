"""What `mail explain` found, for people: who, what it was taken for, where it goes, by what."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.cli.present import clean, style
from gateway.desk.policy import Policy
from gateway.explain import Json

_KINDS = {
    "person": "written by a person",
    "list": "written by a person, to a list",
    "auto_reply": "an automatic reply",
    "bounce": "a delivery report",
    "delay_report": "a report of a delay",
    "receipt": "a read receipt",
    "loop": "a letter of our own that came back",
    "calendar_reply": "an answer to an invitation",
    "reaction": "a reaction",
    "feedback_report": "a complaint about a mail",
    "unreadable": "it cannot be read",
}
_DECISIONS = {
    "new_ticket": "open a ticket",
    "append": "add to the ticket",
    "follow_up": "open a ticket that follows the closed one",
    "hold": "hold it for somebody to release",
    "file": "file it",
    "ignore": "ignore it",
    "quarantine": "set it aside, whole",
}
_MOST = 5  # carriers that are shown
_HEAD, _SECOND = 7, 34


def lines(found: Json, policy: Policy | None) -> Iterator[str]:
    yield _line("File", found["file"])
    if found["mail"]:
        yield _line("Mail", found["mail"]["id"], _became(found, policy))
    if found["kind"] != "unreadable":
        yield _line("From", _person(found["from"]) or "nobody", _authenticated(found))
        yield _line("To", ", ".join(found["envelope"]["rcpt_tos"]) or "nobody")
        yield _line("About", found["subject"] or "(no subject)")
    yield _line("Kind", _KINDS[found["kind"]] + _sort(found), found["kind_reason"])
    if found["decision"] is not None:
        yield from _matched(found, policy)
        yield _line("Who", found["sender_role"])
    yield _line("Text", ", ".join(_measured(found)) or "none")
    yield from (_line("Fault" if index == 0 else "", each) for index, each in enumerate(found["defects"]))
    if found["decision"] is not None:
        yield from _would(found)


def _would(found: Json) -> Iterator[str]:
    colour = {"hold": "yellow", "quarantine": "red", "ignore": "yellow"}.get(found["decision"], "green")
    words = _DECISIONS[found["decision"]]
    yield _line("Would", style(words, fg=colour) + f": {clean(found['reason'])}", raw=True)
    would = [each for each in found["would"] if each != words]
    if would:
        yield _line("", ", ".join(would))
    if found["rule"]:
        yield _line("Rules", f'"{found["rule"]}" matched')


def _matched(found: Json, policy: Policy | None) -> Iterator[str]:
    match = found["match"]
    number = match["ticket"]
    name = "no ticket" if number is None else policy.reference(number) if policy else str(number)
    looked = [
        f"{index}. {each['carrier'].replace('_', ' ')} {each['value']}".rstrip() + f": {each['result']}"
        for index, each in enumerate(match["trace"][:_MOST], 1)
    ]
    looked += [f"… and {len(match['trace']) - _MOST} more"] if len(match["trace"]) > _MOST else []
    for index, each in enumerate(looked or [""]):
        yield _line("Match" if index == 0 else "", name if index == 0 else "", each)


def _measured(found: Json) -> Iterator[str]:
    for name, words in (("reply_text", "new"), ("quoted_text", "quoted"), ("signature", "of signature")):
        count = len(found[name].splitlines())
        if count:
            yield f"{count} {'line' if count == 1 else 'lines'} {words}"
    files = [one for one in found["attachments"] if not one["inline"]]
    pictures = len(found["attachments"]) - len(files)
    if files:
        yield f"{len(files)} {'file' if len(files) == 1 else 'files'} ({', '.join(one['name'] for one in files[:3])})"
    if pictures:
        yield f"{pictures} inline"
    if found["language"]:
        yield f"language {found['language']}"


def _became(found: Json, policy: Policy | None) -> str:
    mail = found["mail"]
    reference = policy.reference(mail["ticket"]) if policy and mail["ticket"] else ""
    return f"came in {mail['received_at']}, {mail['state']}" + (f" on {reference}" if reference else "")


def _sort(found: Json) -> str:
    if found["kind"] == "loop":
        return ""
    if found["auto_reply"]:
        until = f" until {found['auto_reply']['until']}" if found["auto_reply"]["until"] else ""
        return f" ({found['auto_reply']['sort'].replace('_', ' ')}{until})"
    return f" ({found['bounce']['action']})" if found["bounce"] else ""


def _authenticated(found: Json) -> str:
    said = found["authentication"]
    if set(said.values()) == {"unknown"}:
        return "no server that we trust vouches for it"
    return ", ".join(f"{name.upper()} {said[name]}" for name in ("dmarc", "dkim", "spf"))


def _person(one: dict[str, str]) -> str:
    return f"{one['name']} <{one['email']}>" if one["name"] and one["email"] else one["name"] or one["email"]


def _line(head: str, first: str, second: str = "", *, raw: bool = False) -> str:
    words = first if raw else clean(first)
    if second:
        words = f"{words.ljust(_SECOND)}  {clean(second)}"
    return f"{style(head.ljust(_HEAD), bold=True)}{words}".rstrip()
