"""What is said of a domain's records, and of the server whose verdicts we believe."""

from dataclasses import replace

import pytest

from gateway.doctor.domain import DomainSeen, domain
from gateway.doctor.finding import Finding
from gateway.doctor.trust import Trusting, trust
from gateway.mail.authentication import Stamps, stamps

ACME = DomainSeen(
    "acme.test",
    mx=((20, "mx2.acme.test"), (10, "mx1.acme.test")),
    texts=("google-site-verification=x", "v=spf1 mx -all"),
    policies=(("_dmarc.acme.test", ("v=DMARC1; p=reject",)),),
)
TRUSTING = Trusting("mx.acme.test", "code", "gateway.toml:78")


def of(seen: DomainSeen) -> dict[str, Finding]:
    return {each.check: each for each in domain(seen, "ops@acme.test")}


def test_a_domain_with_all_its_records_is_well_but_for_what_only_a_letter_tells() -> None:
    found = of(ACME)
    assert [each.level for each in found.values()] == ["ok", "ok", "ok", "skip"]
    assert found["mx"].what == "mx1.acme.test, mx2.acme.test"


def test_a_domain_that_cannot_be_asked_is_one_warning() -> None:
    found = of(DomainSeen("acme.test", trouble="no answer within 3 s"))
    assert [(each.check, each.level) for each in found.values()] == [("dns", "warn")]


@pytest.mark.parametrize(
    ("mx", "reachable", "level"), [((), False, "fail"), ((), True, "warn"), (((0, ""),), True, "fail")]
)
def test_mail_to_a_domain_needs_an_mx(mx: tuple[tuple[int, str], ...], reachable: bool, level: str) -> None:
    assert of(replace(ACME, mx=mx, reachable=reachable))["mx"].level == level


@pytest.mark.parametrize(
    ("texts", "level", "repair"),
    [
        ((), "warn", 'TXT  acme.test.   "v=spf1 mx include:your-relay.example -all"'),
        (("v=spf1 a -all", "v=spf1 mx -all"), "fail", "keep one of: v=spf1 a -all"),
        (("v=spf1 mx +all",), "warn", 'TXT  acme.test.   "v=spf1 mx -all"'),
        (("v=spf1 " + " ".join(f"include:{n}.example" for n in range(11)) + " -all",), "fail", "take out"),
        (("V=SPF1 MX ~ALL",), "ok", ""),
    ],
)
def test_spf_is_read_as_receivers_read_it(texts: tuple[str, ...], level: str, repair: str) -> None:
    found = of(replace(ACME, texts=texts))["spf"]
    assert found.level == level
    assert "".join(found.repair).startswith(repair)


def test_a_policy_of_none_is_a_warning_with_the_record_to_publish() -> None:
    found = of(replace(ACME, policies=(("_dmarc.acme.test", ("v=DMARC1; p=none",)),)))["dmarc"]
    assert (found.level, found.what) == ("warn", "acme.test has p=none")
    assert found.repair == ('TXT  _dmarc.acme.test.   "v=DMARC1; p=quarantine; rua=mailto:ops@acme.test"',)


@pytest.mark.parametrize(
    ("record", "level", "what"),
    [
        ("v=DMARC1; p=reject", "ok", "p=reject (from _dmarc.test)"),
        ("v=DMARC1; p=reject; sp=none", "warn", "test has p=none"),
        ("v=DMARC1; p=none; sp=quarantine", "ok", "p=quarantine (from _dmarc.test)"),
    ],
)
def test_a_domain_without_a_policy_has_that_of_the_one_above(record: str, level: str, what: str) -> None:
    found = of(replace(ACME, policies=(("_dmarc.acme.test", ("unrelated",)), ("_dmarc.test", (record,)))))
    assert (found["dmarc"].level, found["dmarc"].what) == (level, what)


def test_no_policy_anywhere_and_two_in_one_place() -> None:
    assert of(replace(ACME, policies=()))["dmarc"].level == "warn"
    two = ("v=DMARC1; p=none", "v=DMARC1; p=reject")
    assert of(replace(ACME, policies=(("_dmarc.acme.test", two),)))["dmarc"].level == "fail"


OURS = Stamps(above=frozenset({"mx.acme.test"}))
OTHERS = Stamps(above=frozenset({"mail.acme.test"}))


def test_verdicts_of_the_trusted_server_are_counted() -> None:
    found = list(trust(TRUSTING, [OURS] * 18 + [Stamps()] * 2))
    assert [(each.level, each.check) for each in found] == [("ok", "trust"), ("skip", "trust.forged")]
    assert found[0].what == '18 of the last 20 mails carry "mx.acme.test"'


def test_another_server_s_verdicts_name_the_line_to_write() -> None:
    found = next(iter(trust(TRUSTING, [OTHERS] * 20)))
    assert found.level == "fail"
    assert '"mx.acme.test", but the last 20 mails carry "mail.acme.test"' in found.what
    assert found.repair == ('trust_auth_results = "mail.acme.test"   (gateway.toml:78, [security])',)


def test_mails_without_any_verdict_leave_nobody_to_trust() -> None:
    assert next(iter(trust(TRUSTING, [Stamps()]))).level == "fail"
    assert [each.level for each in trust(TRUSTING, [])] == ["skip"]


@pytest.mark.parametrize(("proof", "level"), [("code", "warn"), ("none", "warn"), ("dmarc", "fail")])
def test_nobody_trusted_matters_most_where_agents_need_it(proof: str, level: str) -> None:
    (found,) = trust(Trusting("", proof, ""), [OTHERS, OURS, OTHERS])
    assert found.level == level
    assert found.repair[0].startswith('trust_auth_results = "mail.acme.test"')


def test_a_verdict_that_came_with_a_mail_refuses_trust() -> None:
    let_through = replace(OURS, below=frozenset({"mx.acme.test"}))
    found = list(trust(TRUSTING, [OURS, let_through]))
    assert [(each.check, each.level) for each in found] == [("trust", "ok"), ("trust.forged", "fail")]
    assert "RemoveARAll" in found[1].repair[0]
    doubtful = replace(OURS, apart=frozenset({"mx.acme.test"}))
    assert [each.level for each in trust(TRUSTING, [doubtful])] == ["ok", "warn"]


VERDICT = ("Authentication-Results", "mx.acme.test; dmarc=pass")
RECEIVED, FROM = ("Received", "from x by mx.acme.test"), ("From", "a@b.example")


@pytest.mark.parametrize(
    ("fields", "above", "below", "apart"),
    [
        ([VERDICT, RECEIVED, FROM], True, False, False),  # OpenDKIM
        ([RECEIVED, VERDICT, FROM], True, False, False),  # rspamd
        ([RECEIVED, FROM, VERDICT], False, True, False),
        ([VERDICT, RECEIVED, VERDICT, FROM], True, False, True),
        ([VERDICT, VERDICT, RECEIVED, RECEIVED, FROM], True, False, False),
    ],
)
def test_where_a_verdict_stands_tells_who_wrote_it(
    fields: list[tuple[str, str]], above: bool, below: bool, apart: bool
) -> None:
    mine = frozenset({"mx.acme.test"})
    found = stamps(fields)
    assert (found.above == mine, found.below == mine, found.apart == mine) == (above, below, apart)
