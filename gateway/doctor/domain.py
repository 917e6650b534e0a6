"""The domain of our addresses as DNS has it: where its mail goes (MX), who sends for it (SPF), who checks (DMARC)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.doctor.finding import Finding

_TOO_LONG = 10  # RFC 7208 §4.6.4: more terms that ask DNS are a permanent error
_SAMPLES = frozenset({"example", "invalid"})
_SAMPLE_DOMAINS = frozenset({"example.com", "example.net", "example.org"})
_ASKING = ("include:", "a", "mx", "ptr", "exists:", "redirect=")


@dataclass(frozen=True, slots=True)
class DomainSeen:
    """`trouble`: why DNS could not be asked, "" where it answered, and then an empty tuple means that there is none.

    `mx` are (preference, host), the host of a null MX (RFC 7505) is ""; `reachable`: the domain itself has an address.
    `texts` are its TXT records; `policies` those below _dmarc, from the domain upwards, with the name that was asked.
    """

    domain: str
    mx: tuple[tuple[int, str], ...] = ()
    reachable: bool = False
    texts: tuple[str, ...] = ()
    policies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    trouble: str = ""


def domain(seen: DomainSeen, admin: str) -> Iterator[Finding]:
    """`admin` gets the DMARC reports of the record that is proposed."""
    if is_sample(seen.domain):
        what = "a name of examples (RFC 2606): nobody can write to it"
        yield Finding(seen.domain, "dns", "skip", "DNS", what, "", ("gateway init support@your-domain",))
        return
    if seen.trouble:
        why = "MX, SPF and DMARC of the domain were not checked."
        command = f"dig +short {seen.domain} MX; dig +short {seen.domain} TXT; dig +short _dmarc.{seen.domain} TXT"
        yield Finding(seen.domain, "dns", "warn", "DNS", f"could not be asked: {seen.trouble}", why, (command,))
        return
    yield _mx(seen)
    yield _spf(seen)
    yield _dmarc(seen, admin)
    yield Finding(
        seen.domain, "dkim", "skip", "DKIM", "not checked: only a letter tells which selector signs it", "",
        ("send yourself a letter and look for dkim=pass in its Authentication-Results",),
    )  # fmt: skip


def is_sample(name: str) -> bool:
    """DNS is not asked of such a name."""
    return name.rpartition(".")[2] in _SAMPLES or ".".join(name.split(".")[-2:]) in _SAMPLE_DOMAINS


def _mx(seen: DomainSeen) -> Finding:
    hosts = [host for _, host in sorted(seen.mx)]
    if hosts and all(hosts):
        return Finding(seen.domain, "mx", "ok", "MX", ", ".join(hosts))
    why = "What customers write to this domain does not arrive."
    record = (f"MX   {seen.domain}.   10 your-mail-server.example.",)
    if hosts:
        return Finding(seen.domain, "mx", "fail", "MX", 'the domain says that it takes no mail (MX ".")', why, record)
    if seen.reachable:
        why = "Mail goes to the address of the domain itself, which is seldom a mail server."
        return Finding(seen.domain, "mx", "warn", "MX", "none", why, record)
    return Finding(seen.domain, "mx", "fail", "MX", "none, and the domain has no address either", why, record)


def _spf(seen: DomainSeen) -> Finding:
    records = [text for text in seen.texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]
    proposed = (f'TXT  {seen.domain}.   "v=spf1 mx include:your-relay.example -all"',)
    if not records:
        why = "Receivers cannot tell our letters from forged ones, and many file them as junk."
        return Finding(seen.domain, "spf", "warn", "SPF", "none", why, proposed)
    if len(records) > 1:
        why = "Two records are an error to every receiver (RFC 7208 §4.5): none of them counts."
        return Finding(
            seen.domain, "spf", "fail", "SPF", f"{len(records)} records", why, ("keep one of: " + records[0],)
        )
    terms = records[0].lower().split()[1:]
    if any(term in ("all", "+all") for term in terms):
        why = "Everybody may send in the name of this domain."
        repaired = " ".join("-all" if term in ("all", "+all") else term for term in records[0].split())
        return Finding(seen.domain, "spf", "warn", "SPF", records[0], why, (f'TXT  {seen.domain}.   "{repaired}"',))
    if sum(_asks(term) for term in terms) > _TOO_LONG:
        why = f"More than {_TOO_LONG} terms that ask DNS are an error to every receiver (RFC 7208 §4.6.4)."
        return Finding(seen.domain, "spf", "fail", "SPF", records[0], why, ("take out what you do not use",))
    return Finding(seen.domain, "spf", "ok", "SPF", records[0])


def _asks(term: str) -> bool:
    bare = term.lstrip("+-~?")
    return bare.startswith(("include:", "exists:", "redirect=")) or bare.split(":")[0].split("/")[0] in _ASKING


def _dmarc(seen: DomainSeen, admin: str) -> Finding:
    reports = f"; rua=mailto:{admin}" if admin else ""
    for name, texts in seen.policies:
        found = [text for text in texts if text.lower().replace(" ", "").startswith("v=dmarc1")]
        if not found:
            continue
        proposed = (f'TXT  {name}.   "v=DMARC1; p=quarantine{reports}"',)
        if len(found) > 1:
            why = "Two records are an error to every receiver (RFC 7489 §6.6.3): none of them counts."
            return Finding(seen.domain, "dmarc", "fail", "DMARC", f"{len(found)} records at {name}", why, proposed)
        return _policy(seen, name, found[0], proposed)
    proposed = (f'TXT  _dmarc.{seen.domain}.   "v=DMARC1; p=quarantine{reports}"',)
    why = "Forged mails in your name are not refused, and large providers want a policy of those who send much."
    return Finding(seen.domain, "dmarc", "warn", "DMARC", "none", why, proposed)


def _policy(seen: DomainSeen, name: str, record: str, proposed: tuple[str, ...]) -> Finding:
    tags = _tags(record)
    inherited = name != f"_dmarc.{seen.domain}"
    policy = (tags.get("sp") if inherited else None) or tags.get("p", "")
    if policy in ("quarantine", "reject"):
        of = f" (from {name})" if inherited else ""
        return Finding(seen.domain, "dmarc", "ok", "DMARC", f"p={policy}{of}")
    said = f"{name.removeprefix('_dmarc.')} has p={policy or 'nothing'}"
    return Finding(seen.domain, "dmarc", "warn", "DMARC", said, "Forged mails in your name are not refused.", proposed)


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
