"""Looks at a mailbox as far as it lets us, and changes nothing there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.edge.imap import Folder, ImapSettings, MailSource, connect
from gateway.edge.imap_client import Connection, LoginRefused, Lost
from gateway.edge.probe import Encryption, Stopped, encryption, stopped

_IDLES = 0.1  # seconds: long enough to see that the server does what it announces


@dataclass(frozen=True, slots=True)
class Reached:
    """What was seen until `stopped`; None there: everything. `folders` only where ours is not among them."""

    encryption: Encryption | None = None
    capabilities: frozenset[str] = frozenset()
    folder: Folder | None = None
    folders: tuple[str, ...] = ()
    quota: tuple[int, int] | None = None
    stopped: Stopped | None = None


async def probe(settings: ImapSettings, *, log_in: bool) -> Reached:
    """Connect, encrypt, log in where that is wanted, look at the folder. Never raises for trouble outside."""
    try:
        connection = await connect(settings)
    except LoginRefused as refused:
        return Reached(stopped=Stopped("tls", str(refused)))
    except (Lost, OSError) as error:
        return Reached(stopped=stopped(error))
    try:
        reached = Reached(encryption(connection.protocol.transport.get_extra_info))
        return await _within(connection, settings, reached) if log_in else reached
    finally:
        await connection.close()


async def _within(connection: Connection, settings: ImapSettings, reached: Reached) -> Reached:
    try:
        source = await MailSource.log_in(connection, settings)
        reached = replace(reached, capabilities=source.capabilities)
        return await _at_the_folder(source, settings, reached)
    except (LoginRefused, Lost, OSError) as error:
        return replace(reached, stopped=stopped(error))


async def _at_the_folder(source: MailSource, settings: ImapSettings, reached: Reached) -> Reached:
    # A folder that is only read does not say which keywords it would keep: then it is opened as the watcher does.
    moves = bool(settings.processed and source.capabilities & {"MOVE", "UIDPLUS"})
    try:
        folder = await source.select(settings.folder, read_only=moves)
    except Lost as error:
        if source.lost:
            raise
        folders = tuple(sorted(await source.folders()))
        return replace(reached, folders=folders, stopped=Stopped("folder", str(error)))
    quota = await source.quota(settings.folder)
    if settings.idle and source.idles:
        await source.wait(_IDLES, idle=True)
    return replace(reached, folder=folder, quota=quota)
