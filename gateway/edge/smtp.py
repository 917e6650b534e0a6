"""The verbs of SMTP and LMTP (RFC 5321, RFC 2033), each reply with its enhanced code (RFC 2034).

A yes (250) after the final dot means that the spool has committed. The commit runs on a task of its own: a client
that hangs up in between changes nothing, and what it sends again is recognised by the store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from gateway.edge.admission import CLOSING
from gateway.edge.path import BadPath, Path, read_path
from gateway.edge.ports import Incoming, StorageFull
from gateway.edge.receive import FULL, OUR_FAULT, READ_SIZE, Cut, TooSlow, stream
from gateway.edge.session import TIMEOUT, GuardedSession, Reception
from gateway.mail.message import Envelope

_log = structlog.get_logger("gateway.edge.smtp")

OVERSHOOT = 1000
"""Recipients beyond the limit, in one session, that are answered 452 before they count as errors (as Postfix does)."""


class Session(GuardedSession):
    overshoot = 0

    # Without effect

    async def smtp_NOOP(self, arg: str | None) -> None:
        await self.chat("250 2.0.0 OK")

    async def smtp_HELP(self, arg: str | None) -> None:
        await self.chat("214 2.0.0 See RFC 5321")

    async def smtp_VRFY(self, arg: str | None) -> None:
        await self.chat("252 2.5.0 Send some mail, we will see")

    async def smtp_EXPN(self, arg: str | None) -> None:
        await self.chat("502 5.5.1 Not implemented")

    async def smtp_RSET(self, arg: str | None) -> None:
        if arg:
            await self.push("501 5.5.4 Syntax: RSET")
            return
        self.reset()
        await self.chat("250 2.0.0 OK")

    async def smtp_QUIT(self, arg: str | None) -> None:
        if arg:
            await self.push("501 5.5.4 Syntax: QUIT")
            return
        self.leave("221 2.0.0 Bye")
        await asyncio.sleep(0)

    # Greetings and TLS

    async def smtp_HELO(self, arg: str | None) -> None:
        if await self._greeted(arg, extended=False):
            await self.chat(f"250 {self.hostname}")

    async def smtp_EHLO(self, arg: str | None) -> None:
        if await self._greeted(arg, extended=True):
            await self.chat("\r\n".join(self._keywords()))

    async def _greeted(self, arg: str | None, *, extended: bool) -> bool:
        if not arg:
            await self.push("501 5.5.4 Syntax: greeting needs a host name")
            return False
        self.reset()
        assert self.session is not None
        self.session.extended_smtp = extended
        self.session.host_name = arg.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return True

    def _keywords(self) -> list[str]:
        keywords = ["PIPELINING", f"SIZE {self.reception.limits.message_size}"]
        if self.tls_context is not None and self._tls_protocol is None:
            keywords.append("STARTTLS")
        keywords += ["ENHANCEDSTATUSCODES", "8BITMIME"]
        return [f"250-{self.hostname}", *(f"250-{keyword}" for keyword in keywords), "250 SMTPUTF8"]

    async def smtp_STARTTLS(self, arg: str | None) -> None:
        if arg:
            await self.push("501 5.5.4 Syntax: STARTTLS")
        elif self.tls_context is None:
            await self.push("502 5.5.1 TLS not offered")
        elif self._tls_protocol is not None:
            await self.push("503 5.5.1 TLS already active")
        else:
            # aiosmtpd drops whatever came in the clear behind the command (CVE-2024-34083).
            await super().smtp_STARTTLS("")

    # The transaction

    async def smtp_MAIL(self, arg: str | None) -> None:
        assert self.session is not None
        assert self.envelope is not None
        if not self.session.host_name:
            await self.push("503 5.5.1 Send a greeting first")
        elif self.envelope.mail_from is not None:
            await self.push("503 5.5.1 Nested MAIL command")
        else:
            await self.push(self._mail_reply(arg))

    def _mail_reply(self, arg: str | None) -> str:
        assert self.envelope is not None
        try:
            path = read_path("FROM", arg)
        except BadPath as bad:
            return f"553 5.1.7 {bad}" if bad.octets else f"501 5.1.7 {bad}"
        options = dict(path.parameters)
        refusal = self._parameters_refusal(options)
        if refusal is not None:
            return refusal
        if not path.address.isascii() and "SMTPUTF8" not in options:
            return "553 5.6.7 Non-ASCII address without SMTPUTF8"
        if not self.reception.spool.has_room():
            return FULL
        self.envelope.smtp_utf8 = "SMTPUTF8" in options
        self.envelope.mail_from = path.address
        return "250 2.1.0 OK"

    def _parameters_refusal(self, options: dict[str, str | None]) -> str | None:
        """RFC 1870 SIZE, RFC 6152 BODY, RFC 6531 SMTPUTF8; others were not announced."""
        assert self.session is not None
        if options and not self.session.extended_smtp:
            return "555 5.5.4 Parameters need an extended greeting"
        for keyword, value in options.items():
            match keyword:
                case "SIZE":
                    if value is None or not (value.isascii() and value.isdigit()) or len(value) > 20:
                        return "501 5.5.4 Syntax: SIZE=octets"
                    if int(value) > self.reception.limits.message_size:
                        return "552 5.3.4 Message exceeds the size limit"
                case "BODY":
                    if value is None or value.upper() not in ("7BIT", "8BITMIME"):
                        return "501 5.5.4 BODY is 7BIT or 8BITMIME"
                case "SMTPUTF8":
                    if value is not None:
                        return "501 5.5.4 SMTPUTF8 takes no value"
                case _:
                    return "555 5.5.4 Parameter not recognized"
        return None

    async def smtp_RCPT(self, arg: str | None) -> None:
        assert self.envelope is not None
        if self.envelope.mail_from is None:
            await self.push("503 5.5.1 Need MAIL first")
            return
        try:
            path = read_path("TO", arg)
        except BadPath as bad:
            await self.push(f"553 5.1.3 {bad}" if bad.octets else f"501 5.1.3 {bad}")
            return
        await self.push(self._rcpt_reply(path))

    def _rcpt_reply(self, path: Path) -> str:
        assert self.envelope is not None
        recipients = self.envelope.rcpt_tos
        if path.parameters:
            return "555 5.5.4 Parameter not recognized"
        if not path.address:
            return "501 5.1.3 Null recipient"
        if not path.address.isascii() and not self.envelope.smtp_utf8:
            return "553 5.6.7 Non-ASCII address without SMTPUTF8"
        if len(recipients) >= self.reception.limits.rcpt:
            self.overshoot += 1
            self.errors += self.overshoot > OVERSHOOT
            return "452 4.5.3 Too many recipients"
        refusal = self.reception.route(path.address, self.envelope.smtp_utf8)
        if refusal is not None:
            return str(refusal)
        recipients.append(path.address)
        return "250 2.1.5 OK"

    async def smtp_DATA(self, arg: str | None) -> None:
        assert self.envelope is not None
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Need RCPT first")
            return
        # RFC 2033 §4.2: over LMTP one reply for each recipient that was accepted, the same one twice included.
        replies = len(self.envelope.rcpt_tos) if self.reception.protocol == "lmtp" else 1
        envelope = self._said()
        try:
            incoming = self.reception.spool.incoming()
        except StorageFull:
            await self.push(FULL)
            return
        self.in_data = True
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            reply = await self._take(incoming, envelope)
            await self.say("\r\n".join([reply] * replies), errors=reply.startswith("5"))
        finally:
            self.in_data = False
            self.reset()
            if self.transport is not None and not self.transport.is_closing():
                self._reset_timeout()
        if self.reception.admission.draining:
            self.leave(CLOSING)
            await asyncio.sleep(0)

    def _said(self) -> Envelope:
        assert self.session is not None
        assert self.envelope is not None
        return Envelope(
            mail_from=self.envelope.mail_from or "",
            rcpt_tos=tuple(dict.fromkeys(self.envelope.rcpt_tos)),
            peer=self.peer,
            helo=self.session.host_name or "",
            tls=self._tls_protocol is not None,
            source=self.reception.protocol,
        )

    async def _take(self, incoming: Incoming, envelope: Envelope) -> str:
        """The reply to the final dot."""
        admission = self.reception.admission
        try:
            streamed = await stream(self._read, incoming, self.reception.limits)
        except BaseException as trouble:
            admission.keep(_forget(incoming))
            if isinstance(trouble, TooSlow):
                self.leave(TIMEOUT)
            elif isinstance(trouble, Cut):
                self.hang_up()
            raise
        if streamed.rest:  # pipelined behind the dot
            self._reader._buffer[:0] = streamed.rest  # type: ignore[attr-defined]
        if streamed.refusal is not None:
            admission.keep(_forget(incoming))
            return streamed.refusal
        self.wait_for_us()
        reply = await asyncio.shield(admission.keep(_commit(incoming, envelope)))
        if reply.startswith("2"):
            self.errors = self.junk = self.overshoot = 0
        return reply

    async def _read(self, seconds: float) -> bytes:
        self._reset_timeout(seconds)
        return await self._reader.read(READ_SIZE)


_COMMON = ("smtp_MAIL", "smtp_RCPT", "smtp_DATA", "smtp_RSET", "smtp_NOOP", "smtp_QUIT")
_RARE = ("smtp_HELP", "smtp_VRFY", "smtp_EXPN", "smtp_STARTTLS")


class SmtpSession(Session):
    verbs = ("smtp_HELO", "smtp_EHLO", *_COMMON, *_RARE)


class LmtpSession(Session):
    """RFC 2033 §4.1: LHLO, and neither HELO nor EHLO, which are answered 500 like any unknown verb."""

    verbs = ("smtp_LHLO", *_COMMON, *_RARE)

    async def smtp_LHLO(self, arg: str | None) -> None:
        await self.smtp_EHLO(arg)


def session_factory(reception: Reception) -> Callable[[], Session]:
    """What `loop.create_server` calls for each connection. Call it inside the running loop."""
    loop = asyncio.get_running_loop()
    kind = LmtpSession if reception.protocol == "lmtp" else SmtpSession
    return lambda: kind(reception, loop)


async def _commit(incoming: Incoming, envelope: Envelope) -> str:
    """Commit and say how it went, never raising: the session that waits for this may be gone by now."""
    try:
        accepted = await incoming.commit(envelope)
    except StorageFull:
        reply = FULL
    except Exception:  # noqa: BLE001  whatever the database raises, the peer hears 451 and keeps its mail
        _log.exception("smtp.commit_failed", peer=envelope.peer)
        reply = OUR_FAULT
    else:
        return f"250 2.0.0 Accepted {accepted.mail_id}"
    await _forget(incoming)
    return reply


async def _forget(incoming: Incoming) -> None:
    try:
        await incoming.abort()
    except Exception:  # noqa: BLE001  a leftover of the store's own; its sweeper finds it
        _log.exception("smtp.abort_failed")
