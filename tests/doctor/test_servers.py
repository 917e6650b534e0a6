"""What is said of a mailbox and of a relay, from what was seen of them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from gateway.desk.calendar import Calendar
from gateway.desk.spans import Span
from gateway.doctor.finding import Finding, grouped, size, tally
from gateway.doctor.mailbox import ImapSeen, ImapWanted, Quiet, Quota, imap, silence
from gateway.doctor.relay import Asked, RelaySeen, no_relay, relay
from gateway.doctor.server import Certificate, Server, Stage, Stop

NOW = datetime(2026, 4, 14, 9, 0, tzinfo=UTC)  # a Tuesday
CERTIFICATE = Certificate("TLSv1.3", datetime(2026, 8, 12, tzinfo=UTC))
IMAP = Server(
    about="support@acme.example", check="imap", table="[mailbox.support.imap]", host="imap.acme.example", port=993,
    tls="implicit", user="support@acme.example", effect="No mail is fetched.",
    places={"": "gateway.toml:40", "host": "gateway.toml:41", "folder": "gateway.toml:44"}, command="as the unit",
)  # fmt: skip
RELAY = replace(
    IMAP, about="letters", check="relay", table="[send]", host="smtp.acme.example", port=587, tls="starttls"
)
WANTED = ImapWanted(folder="INBOX", processed="Gateway/Done", idle=True, poll="60s")
GOOD = ImapSeen(CERTIFICATE, frozenset({"IDLE", "MOVE", "UIDPLUS", "NAMESPACE"}))
TAKES = RelaySeen(CERTIFICATE, 50_000_000, smtputf8=True)
OFFICE = Calendar("office", hours={day: ((time(9), time(17)),) for day in range(5)})


def of_imap(seen: ImapSeen, wanted: ImapWanted = WANTED) -> list[Finding]:
    return list(imap(IMAP, wanted, seen, NOW))


def test_a_mailbox_with_all_that_we_use_is_one_line() -> None:
    (found,) = of_imap(GOOD)
    assert (found.level, found.name) == ("ok", "imap.acme.example:993")
    assert found.what == "TLS 1.3, certificate valid until 12 Aug 2026, IDLE, MOVE, UIDPLUS"


def test_a_session_without_encryption_says_so() -> None:
    (found,) = of_imap(replace(GOOD, certificate=None, waiting=3))
    assert found.what == "no TLS, on this machine, IDLE, MOVE, UIDPLUS, 3 mails in the folder"


@pytest.mark.parametrize(("days", "level"), [(15, ["ok"]), (13, ["ok", "warn"]), (0, ["ok", "warn"])])
def test_a_certificate_that_ends_within_a_fortnight_is_a_warning(days: int, level: list[str]) -> None:
    found = of_imap(replace(GOOD, certificate=Certificate("TLSv1.2", NOW + timedelta(days=days, hours=1))))
    assert [each.level for each in found] == level
    assert days > 13 or f"in {days} days" in found[1].what


@pytest.mark.parametrize(
    ("stage", "words", "what", "repair"),
    [
        ("name", "Name or service not known", "the name imap.acme.example is not found", "getent hosts imap.acme"),
        ("connect", "Connection refused", "does not answer: Connection refused", "nc -vz imap.acme.example 993"),
        ("certificate", "certificate has expired", "not to be trusted: certificate has expired", "openssl s_client"),
        ("tls", "wrong version number", "no encryption: wrong version number", "openssl s_client"),
        ("secret", "imap.secret: permission denied", "imap.secret: permission denied", "password_secret = …"),
        ("login", "[AUTHENTICATIONFAILED] no", "refuses the login of support@acme.example", "password_secret = …"),
        ("talk", "no answer in time", "broke off: no answer in time", "nc -vz"),
    ],
)
def test_a_session_that_stops_says_where_and_what_to_do(stage: Stage, words: str, what: str, repair: str) -> None:
    (found,) = of_imap(ImapSeen(stop=Stop(stage, words)))
    assert (found.level, found.why) == ("fail", "No mail is fetched.")
    assert what in found.what
    assert any(repair in line for line in found.repair)


def test_a_secret_that_only_the_unit_has_is_not_called_missing() -> None:
    (found,) = of_imap(ImapSeen(stop=Stop("unreadable secret", "the credential imap-support is provided by the unit")))
    assert (found.level, found.repair) == ("skip", ("as the unit",))


def test_an_authority_that_nobody_knows_is_repaired_with_tls_ca_and_a_wrong_name_with_host() -> None:
    (private,) = of_imap(ImapSeen(stop=Stop("certificate", "unable to get local issuer certificate")))
    assert private.repair[1].startswith("tls_ca = ")
    (wrong,) = of_imap(ImapSeen(stop=Stop("certificate", "Hostname mismatch, certificate is not valid for 'x'")))
    assert wrong.repair[1] == 'host = "imap.acme.example"   (gateway.toml:41, [mailbox.support.imap])'


def test_a_port_that_wants_the_other_kind_of_encryption_is_told() -> None:
    seen = RelaySeen(stop=Stop("tls", "wrong version number"))
    (found,) = relay(replace(RELAY, tls="implicit"), seen, 10_000_000, NOW)
    assert found.repair == ('tls = "starttls"   (gateway.toml:40, [send])',)


def test_a_server_that_has_closed_password_logins_names_the_keys_to_set() -> None:
    (found,) = of_imap(ImapSeen(stop=Stop("login", "LOGIN failed: BasicAuthBlocked")))
    assert found.repair[0].startswith('auth = "xoauth2"   (gateway.toml:40')
    assert found.repair[1].startswith("oauth2 = {")


def test_a_folder_that_is_not_there_is_named_beside_those_that_are() -> None:
    seen = replace(GOOD, folders=("INBOX", "Support"), stop=Stop("folder", "NO"))
    (found,) = of_imap(seen, replace(WANTED, folder="Tickets"))
    assert found.what == 'the login works, and there is no folder "Tickets"; there is INBOX, Support'
    assert found.repair == ('folder = "INBOX"   (gateway.toml:44, [mailbox.support.imap])',)


@pytest.mark.parametrize(
    ("without", "wanted", "checks"),
    [
        ({"IDLE"}, WANTED, ["imap.idle"]),
        ({"IDLE"}, replace(WANTED, idle=False), []),
        ({"MOVE"}, WANTED, []),
        ({"MOVE", "UIDPLUS"}, WANTED, ["imap.move"]),
        ({"MOVE", "UIDPLUS"}, replace(WANTED, processed=""), []),
    ],
)
def test_what_a_server_cannot_do_matters_where_it_is_used(
    without: set[str], wanted: ImapWanted, checks: list[str]
) -> None:
    found = of_imap(replace(GOOD, capabilities=GOOD.capabilities - without), wanted)
    assert [each.check for each in found[1:]] == checks


def test_a_mailbox_that_is_nearly_full_is_a_warning() -> None:
    (_, found) = of_imap(replace(GOOD, quota=Quota(950_000_000, 1_000_000_000)))
    assert (found.level, found.what) == ("warn", "95% of 1 GB are used")


@pytest.mark.parametrize(
    ("last", "level"),
    [
        (None, "ok"),
        (NOW - timedelta(minutes=5), "ok"),
        (datetime(2026, 4, 13, 16, 0, tzinfo=UTC), "ok"),  # Monday afternoon: an hour and none of today
        (datetime(2026, 4, 10, 12, 0, tzinfo=UTC), "warn"),
    ],
)
def test_silence_is_counted_in_business_time(last: datetime | None, level: str) -> None:
    quiet = Quiet("support@acme.example", last, Span(4, "business hours"))
    (found,) = silence(quiet, OFFICE, NOW, daemon=True)
    assert found.level == level


def test_silence_is_no_news_where_no_alarm_is_wanted() -> None:
    (found,) = silence(Quiet("s@acme.example", NOW - timedelta(days=90), None), OFFICE, NOW, daemon=True)
    assert (found.level, found.what) == ("ok", "90 days ago")


def test_a_relay_that_takes_everything_is_one_line() -> None:
    (found,) = relay(RELAY, TAKES, 10_000_000, NOW)
    assert found.what == "TLS 1.3, certificate valid until 12 Aug 2026, login works, size limit 50 MB, SMTPUTF8"


def test_a_relay_that_takes_less_than_our_letters_may_have_names_what_fits() -> None:
    (_, found) = relay(RELAY, replace(TAKES, largest=10_240_000), 10_000_000, NOW)
    assert (found.check, found.level) == ("relay.size", "warn")
    assert found.repair[0].startswith('attachments_out = "7 MB"')


@pytest.mark.parametrize(("code", "levels"), [(250, ["ok"]), (553, ["ok", "fail"]), (451, ["ok", "warn"])])
def test_a_relay_that_refuses_our_tagged_sender_loses_all_letters(code: int, levels: list[str]) -> None:
    seen = replace(
        TAKES, asked=(Asked("support@acme.example", "support+b@acme.example", code, "5.7.1 not owned by user"),)
    )
    assert [each.level for each in relay(RELAY, seen, 10_000_000, NOW)] == levels


def test_no_relay_is_a_warning_that_says_where_letters_go() -> None:
    assert no_relay("state/outgoing", "gateway.toml").level == "warn"


def test_findings_are_counted_and_stand_under_their_headings() -> None:
    findings = [*of_imap(GOOD), no_relay("x", "y"), *of_imap(ImapSeen(stop=Stop("connect", "refused")))]
    assert tally(findings) == "1 failure, 1 warning"
    assert tally(findings[:1]) == "all is well"
    assert {about: len(of) for about, of in grouped(findings).items()} == {"support@acme.example": 2, "letters": 1}


@pytest.mark.parametrize(
    ("octets", "words"), [(0, "0 octets"), (38_000_000, "38 MB"), (1_500_000_000, "1.5 GB"), (20 * 10**9, "20 GB")]
)
def test_sizes_are_said_as_disks_are_sold(octets: int, words: str) -> None:
    assert size(octets) == words
