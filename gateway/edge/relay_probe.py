"""Looks at a relay as far as it lets us: greeting, encryption, login, and whom it takes mail from. Nothing is sent."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import aiosmtplib

from gateway.edge.probe import Encryption, Stage, Stopped, encryption, stopped
from gateway.edge.relay import RelaySettings, Unfit, connect, log_in

_LOGIN_REFUSED = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class Envelope:
    sender: str
    rcpt: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply to `envelope` before any mail is given: the first that refuses, else the last."""

    envelope: Envelope
    code: int
    words: str


@dataclass(frozen=True, slots=True)
class Reached:
    """What was seen until `stopped`; None there: everything. `size`: the largest mail it takes, None if untold."""

    greeting: str = ""
    encryption: Encryption | None = None
    size: int | None = None
    smtputf8: bool = False
    answered: tuple[Answered, ...] = ()
    stopped: Stopped | None = None


async def probe(settings: RelaySettings, envelopes: Sequence[Envelope], *, with_login: bool) -> Reached:
    """Where there is to be no login, nothing is asked of envelopes either. Never raises for trouble outside."""
    try:
        client, greeting = await connect(settings)
    except Unfit as unfit:
        return Reached(stopped=Stopped("tls", str(unfit)))
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return Reached(stopped=stopped(error))
    reached = Reached(greeting, encryption(client.get_transport_info), smtputf8=client.supports_extension("smtputf8"))
    try:
        if with_login:
            await log_in(client, settings)
            reached = replace(reached, answered=await _answers(client, envelopes))
        limit = client.esmtp_extensions.get("size", "")
        return replace(reached, size=int(limit) if limit.isdecimal() and int(limit) else None)
    except aiosmtplib.SMTPResponseException as refused:
        stage: Stage = "login" if refused.code in _LOGIN_REFUSED else "talk"
        return replace(reached, stopped=Stopped(stage, f"{refused.code} {refused.message}"))
    except aiosmtplib.SMTPNotSupported as error:
        return replace(reached, stopped=Stopped("login", str(error)))
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return replace(reached, stopped=stopped(error))
    finally:
        with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            await client.quit(timeout=2)
        client.close()


async def _answers(client: aiosmtplib.SMTP, envelopes: Sequence[Envelope]) -> tuple[Answered, ...]:
    answered = []
    for each in envelopes:
        code, words = await _answer(client, each)
        answered.append(Answered(each, code, words))
        await client.rset()
    return tuple(answered)


async def _answer(client: aiosmtplib.SMTP, envelope: Envelope) -> tuple[int, str]:
    code, words = 250, ""
    for verb, argument in ((b"MAIL", f"FROM:<{envelope.sender}>"), (b"RCPT", f"TO:<{envelope.rcpt}>")):
        reply = await client.execute_command(verb, argument.encode())
        code, words = reply.code, " ".join(reply.message.split())[:200]
        if code not in (250, 251):
            break
    return code, words
