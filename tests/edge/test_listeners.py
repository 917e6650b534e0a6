from __future__ import annotations

import asyncio
import os
import socket
import stat
import sys
from pathlib import Path

import pytest

from gateway.edge.admission import Admission
from gateway.edge.listeners import CannotListen, open_listeners
from gateway.edge.notify import listen_fds, notify, watchdog_interval
from gateway.edge.ports import Limits
from gateway.edge.session import Reception

from .spool import FileSpool
from .talk import Client, house, only_ours

pytestmark = pytest.mark.asyncio


def reception(folder: Path) -> Reception:
    limits = Limits()
    return Reception("lmtp", "gw.example.test", FileSpool(folder), only_ours, limits, Admission(limits))


async def banner(path: Path) -> str:
    client = Client(*await asyncio.open_unix_connection(str(path)))
    try:
        return (await client.replies())[0]
    finally:
        client.close()


async def test_a_unix_socket_is_for_owner_and_group_and_goes_with_the_listener(tmp_path: Path) -> None:
    path = tmp_path / "lmtp.sock"
    async with house(tmp_path, "lmtp", address=f"unix:{path}", trusted=()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        assert (await banner(path)).startswith("220")
    assert not path.exists()


async def test_a_socket_left_by_a_killed_process_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "lmtp.sock"
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    async with house(tmp_path, "lmtp", address=f"unix:{path}"):
        assert (await banner(path)).startswith("220")


async def test_a_live_socket_and_a_plain_file_are_never_removed(tmp_path: Path) -> None:
    path = tmp_path / "lmtp.sock"
    async with house(tmp_path, "lmtp", address=f"unix:{path}"):
        with pytest.raises(CannotListen, match="another process"):
            await open_listeners([f"unix:{path}"], reception(tmp_path))
        assert (await banner(path)).startswith("220")
    path.write_text("precious")
    with pytest.raises(CannotListen, match="no socket"):
        await open_listeners([f"unix:{path}"], reception(tmp_path))
    assert path.read_text() == "precious"


async def test_ipv6_has_brackets(tmp_path: Path) -> None:
    try:
        async with house(tmp_path, address="[::1]:0") as gateway:
            client = Client(*await asyncio.open_connection("::1", gateway.port))
            assert (await client.replies())[0].startswith("220")
            client.close()
    except CannotListen as error:
        pytest.skip(f"no IPv6 on this machine: {error}")


async def test_all_listeners_open_or_none(tmp_path: Path) -> None:
    path = tmp_path / "lmtp.sock"
    with pytest.raises(CannotListen, match="nowhere"):
        await open_listeners([f"unix:{path}", "nowhere"], reception(tmp_path))
    assert not path.exists()


async def test_a_socket_of_systemd_is_found_by_its_name(tmp_path: Path) -> None:
    inherited = socket.create_server(("127.0.0.1", 0))
    port = inherited.getsockname()[1]
    environ = {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2", "LISTEN_FDNAMES": "smtp:lmtp"}
    assert listen_fds(environ) == {"smtp": [3], "lmtp": [4]}
    assert listen_fds({**environ, "LISTEN_PID": "1"}) == {}
    with pytest.raises(CannotListen, match="FileDescriptorName"):
        await open_listeners(["fd:lmtp"], reception(tmp_path), {})
    read, write = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", INHERITOR, str(tmp_path), str(inherited.fileno())),
        pass_fds=[inherited.fileno()],
        stdin=read,
    )
    try:
        client = Client(*await asyncio.open_connection("127.0.0.1", port))
        assert " LMTP" in (await client.replies(seconds=15))[0]
        client.close()
    finally:
        os.close(write)
        await asyncio.wait_for(process.wait(), 10)
        os.close(read)
        inherited.close()


INHERITOR = """
import asyncio, os, sys
from pathlib import Path
from tests.edge.test_listeners import serve_inherited
os.dup2(int(sys.argv[2]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="lmtp")
asyncio.run(serve_inherited(Path(sys.argv[1])))
"""


async def serve_inherited(folder: Path) -> None:
    """Listen on fd:lmtp until standard input ends: the other process of the test above."""
    listeners = await open_listeners(["fd:lmtp"], reception(folder))
    await asyncio.to_thread(os.read, 0, 1)
    for listener in listeners:
        listener.close()


async def test_systemd_hears_what_we_say(tmp_path: Path) -> None:
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        assert notify("READY=1\nSTATUS=2 mailboxes", {"NOTIFY_SOCKET": str(path)})
        assert manager.recv(99) == b"READY=1\nSTATUS=2 mailboxes"
    assert not notify("READY=1", {"NOTIFY_SOCKET": str(path)})
    assert not notify("READY=1", {})


async def test_the_watchdog_is_fed_twice_as_often_as_it_asks() -> None:
    assert watchdog_interval({"WATCHDOG_USEC": "60000000"}) == 30.0
    assert watchdog_interval({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}) is None
    assert watchdog_interval({}) is None
