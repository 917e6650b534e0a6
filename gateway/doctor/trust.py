"""Whose verdicts do mails carry, and may ours be believed? (RFC 8601 §5, §7.1)"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.doctor.finding import Finding, counted
from gateway.mail.authentication import Stamps

TRUST = "trust"


@dataclass(frozen=True, slots=True)
class Trusting:
    """`authserv_id` "" trusts nobody. `place` is where it is written, or would be."""

    authserv_id: str
    proof: str
    place: str

    @property
    def name(self) -> str:
        return "trusted server"


def trust(trusting: Trusting, mails: Sequence[Stamps]) -> Iterator[Finding]:
    """`mails` are the newest ones that came from elsewhere, whose bytes are still kept."""
    mine = trusting.authserv_id.lower()
    seen = Counter(each for mail in mails for each in mail.above)
    if not mine:
        yield _nobody(trusting, mails, seen)
        return
    if not mails:
        yield Finding(
            TRUST, "trust", "skip", trusting.name, f'no mail has come yet that could carry "{trusting.authserv_id}"'
        )
        return
    yield _seen(trusting, mails, seen)
    yield from _forged(trusting, mails)


def _nobody(trusting: Trusting, mails: Sequence[Stamps], seen: Counter[str]) -> Finding:
    if trusting.proof == "dmarc":
        level, why = "fail", 'agents_must_pass = "dmarc" needs it: no agent can answer or command by mail.'
    else:
        level, why = "warn", "Nobody's sender address is proven: what agents begin by themselves counts as any mail."
    what = "security.trust_auth_results is empty"
    if not seen:
        carry = f"; {_last(mails)} no verdict" if mails else ""
        repair = ('trust_auth_results = "the name of your mail server"' + _at(trusting),)
        return Finding(TRUST, "trust", level, trusting.name, what + carry, why, repair)  # type: ignore[arg-type]
    common = seen.most_common(1)[0][0]
    what += f"; {_last(mails)} {_quoted(seen)}"
    repair = (
        f'trust_auth_results = "{common}"{_at(trusting)}, if that server is yours and removes such fields from outside',
    )
    return Finding(TRUST, "trust", level, trusting.name, what, why, repair)  # type: ignore[arg-type]


def _seen(trusting: Trusting, mails: Sequence[Stamps], seen: Counter[str]) -> Finding:
    mine = trusting.authserv_id.lower()
    if seen[mine]:
        some = f"{seen[mine]} of " if seen[mine] < len(mails) else ""
        return Finding(TRUST, "trust", "ok", trusting.name, f'{some}{_last(mails)} "{mine}"')
    why = "Agents cannot use commands by mail." if trusting.proof != "none" else "No sender is known for sure."
    if not seen:
        what = f'security.trust_auth_results = "{mine}", but {_last(mails)} no verdict at all'
        repair = ("let your mail server write Authentication-Results: rspamd, or OpenDKIM with OpenDMARC",)
        return Finding(TRUST, "trust", "fail", trusting.name, what, why, repair)
    what = f'security.trust_auth_results = "{mine}", but {_last(mails)} {_quoted(seen)}'
    repair = (f'trust_auth_results = "{seen.most_common(1)[0][0]}"{_at(trusting)}',)
    return Finding(TRUST, "trust", "fail", trusting.name, what, why, repair)


def _forged(trusting: Trusting, mails: Sequence[Stamps]) -> Iterator[Finding]:
    """A field of our server that came with a mail: it lets such fields through, and anybody may write one."""
    mine = trusting.authserv_id.lower()
    through = sum(mine in mail.below for mail in mails)
    if through:
        yield Finding(
            TRUST, "trust.forged", "fail", "forged verdicts",
            f'{counted(through, "mail")} of the last {len(mails)} came with a verdict of "{mine}" written elsewhere',
            "Your server does not remove them, so that anybody can write that they were checked.",
            ("rspamd removes them; opendkim.conf: RemoveARAll yes, with RemoveARFrom " + mine,
             f'trust_auth_results = ""{_at(trusting)}, until then'),
        )  # fmt: skip
        return
    doubtful = sum(mine in mail.apart for mail in mails)
    if doubtful:
        yield Finding(
            TRUST, "trust.forged", "warn", "forged verdicts",
            f'{counted(doubtful, "mail")} of the last {len(mails)} have "{mine}" on both sides of a Received',
            "One of the two may be the sender's own writing.",
            ("gateway mail show ID --raw", "gateway doctor --send-test"),
        )  # fmt: skip
        return
    yield Finding(
        TRUST, "trust.forged", "skip", "forged verdicts",
        f'no mail came with a forged "{mine}"; whether your server would remove one only a test mail tells', "",
        ("gateway doctor --send-test",),
    )  # fmt: skip


def _last(mails: Sequence[Stamps]) -> str:
    return "the last mail carries" if len(mails) == 1 else f"the last {len(mails)} mails carry"


def _at(trusting: Trusting) -> str:
    return f"   ({trusting.place}, [security])" if trusting.place else "   ([security])"


def _quoted(seen: Counter[str]) -> str:
    return " and ".join(f'"{name}"' for name, _ in seen.most_common(3))
