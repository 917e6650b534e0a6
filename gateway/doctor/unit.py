"""The unit by which systemd runs the gateway: is it still closed in, and does it hand over what we count on?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.doctor.finding import Finding

UNIT = "unit"
_SANDBOX = re.compile(
    r"(?:NoNewPrivileges|CapabilityBoundingSet|Protect\w+|Private\w+|Restrict\w+|LockPersonality|MemoryDenyWriteExecute"
    r"|SystemCallFilter|SystemCallArchitectures|RemoveIPC|DevicePolicy|ProcSubset)"
)
_NO = frozenset({"no", "false", "off", "0", "auto", "all"})
_MOST = 5  # of missing lines that are named

Unit = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class UnitSeen:
    """`path` of the unit that is installed, `text` its own and that of its drop-ins in order; `shipped` is ours.

    `socket` is the text of gateway.socket, None where it is not installed; `sockets` are the names of the sockets that
    `[listen]` expects from systemd, `credentials` those of the secrets that the configuration expects.
    """

    path: str
    text: str
    shipped: str
    configuration: str
    socket: str | None = None
    sockets: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()


def unit(seen: UnitSeen) -> Iterator[Finding]:
    service, shipped = read(seen.text), read(seen.shipped)
    findings = [
        *_hardening(seen, service, shipped), *_user(service), *_restarts(service), *_credentials(seen, service),
        *_sockets(seen), *_configuration(seen, service),
    ]  # fmt: skip
    yield from findings
    if not findings:
        yield Finding(UNIT, "unit", "ok", "service", f"{seen.path}: closed in as shipped")


def read(text: str) -> Unit:
    """Keys of a unit file with their values, whatever the section: an empty one forgets those before it."""
    found: dict[str, tuple[str, ...]] = {}
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        key, equals, value = (part.strip() for part in line.partition("="))
        if not equals or key.startswith(("#", ";")):
            continue
        found[key] = (*found.get(key, ()), value) if value else ()
    return found


def _hardening(seen: UnitSeen, service: Unit, shipped: Unit) -> Iterator[Finding]:
    missing = [key for key in shipped if _SANDBOX.fullmatch(key) and _weaker(key, service, shipped)]
    if not missing:
        return
    more = f" and {len(missing) - _MOST} more" if len(missing) > _MOST else ""
    lines = [line for line in seen.shipped.splitlines() if line.partition("=")[0] in missing]
    yield Finding(
        UNIT, "unit.hardening", "warn", "service", f"{seen.path} is without {', '.join(missing[:_MOST])}{more}",
        "A mail that finds a hole in a parser could do more harm than it has to.",
        ("systemctl edit gateway, and there under [Service]:", *lines),
    )  # fmt: skip


def _weaker(key: str, service: Unit, shipped: Unit) -> bool:
    """Missing, or said away; an empty value says away too, where ours is not empty (CapabilityBoundingSet)."""
    values = service.get(key)
    if values is None or (not values and shipped[key]):
        return True
    return bool(values) and values[-1].lower() in _NO


def _user(service: Unit) -> Iterator[Finding]:
    user = (service.get("User") or ("",))[-1]
    if user in ("", "root") and (service.get("DynamicUser") or ("no",))[-1].lower() not in ("yes", "true", "1"):
        why = "It needs no privilege at all."
        yield Finding(UNIT, "unit.user", "fail", "service", "runs as root", why, ("User=gateway", "Group=gateway"))


def _restarts(service: Unit) -> Iterator[Finding]:
    if "78" not in (service.get("RestartPreventExitStatus") or ("",))[-1].split():
        why = "With a broken configuration it is started over and over."
        yield Finding(
            UNIT, "unit.restart", "warn", "service", "is started again after exit 78", why,
            ("RestartPreventExitStatus=78",),
        )  # fmt: skip


def _credentials(seen: UnitSeen, service: Unit) -> Iterator[Finding]:
    kinds = ("LoadCredential", "LoadCredentialEncrypted", "SetCredential", "SetCredentialEncrypted", "ImportCredential")
    given = {value.partition(":")[0] for kind in kinds for value in service.get(kind, ())}
    for name in seen.credentials:
        if name in given or any(each.endswith("*") and name.startswith(each[:-1]) for each in given):
            continue
        yield Finding(
            UNIT, "unit.credential", "fail", "service", f'the unit hands over no credential "{name}"',
            "The configuration asks for it; the login that needs it fails.",
            (f"install -m 600 FILE /etc/credstore/{name}",
             f"LoadCredential={name}   (systemctl edit gateway, [Service])"),
        )  # fmt: skip


def _sockets(seen: UnitSeen) -> Iterator[Finding]:
    names = _names(seen.socket)
    for name in seen.sockets:
        if name in names:
            continue
        what = "gateway.socket is not installed" if seen.socket is None else f'gateway.socket hands over no "{name}"'
        repair = ("systemctl enable --now gateway.socket",) if seen.socket is None else (f"FileDescriptorName={name}",)
        why = f'[listen] waits for "fd:{name}", so the gateway does not start.'
        yield Finding(UNIT, "unit.socket", "fail", "socket", what, why, repair)


def _names(socket: str | None) -> Sequence[str]:
    return () if socket is None else (read(socket).get("FileDescriptorName") or ("gateway.socket",))


def _configuration(seen: UnitSeen, service: Unit) -> Iterator[Finding]:
    started = " ".join(service.get("ExecStart", ()))
    if seen.configuration in started.split() or "-c" not in started.split():
        return
    why = "What was looked at here is not what the service runs with."
    yield Finding(UNIT, "unit.configuration", "warn", "service", f"starts with another configuration: {started}", why)
