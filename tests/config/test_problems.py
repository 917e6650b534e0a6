"""Every kind of mistake: where it is shown, what is said, what was meant. The caret stands under `<<…>>`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.config import Problem, render, summary
from tests.config.desk import SMALLEST, desk, loaded, pointed, problems

# (what stands behind the smallest desk, severity, a piece of the message, what is suggested)
MISTAKES = [
    # keys and tables
    ("[send]\n<<hots>> = 'x'", "error", 'unknown key "hots" in [send]', "host"),
    ("[<<sned>>]\nhost = 'x'", "error", "unknown table [sned]", "send"),
    ("<<[mailbox.support.imapp]>>\nhost = 'x'", "error", 'unknown key "imapp" in [mailbox.support]', "imap"),
    ("[security]\n<<rate>> = '1/h'", "error", "it belongs in [send]", ""),
    ("[mailbox.support.imap]\nhost = 'localhost'\n<<password>> = 'x'", "error", "unknown key", "password_secret"),
    ("[mailbox.<<'b x'>>]\naddress = 'b@x.example'", "error", "the name wants a name of letters", "b-x"),
    ("[agent.<<ana>>]\nname = 'Ana'", "error", '[agent.ana] needs "email" (where letters go)', ""),
    ("[[<<rule>>]]\nname = 'x'", "error", 'rule[1] needs "then"', ""),
    ("[<<tier>>]\nid = 'x'", "error", "is a list of tables: write [[tier]] with two brackets", ""),
    ("[storage]\nblobs = <<{ a = 1 }>>", "error", "storage.blobs: wants a path, not a table", ""),
    # plain values
    ("[solved]\nrating = <<'yes'>>", "error", "wants true or false, without quotes", "true"),
    ("[limits]\nconnections = <<'200'>>", "error", "wants a whole number from 1 to 100000, not the text", "200"),
    ("[limits]\nconnections = <<0>>", "error", "0 is out of range", ""),
    ("[limits]\nconnections = <<2.5>>", "error", "wants a whole number", ""),
    ("[limits]\nmessage_size = <<'25 XB'>>", "error", 'wants a size such as "25 MB"', "25 MB"),
    ("[limits]\nmessage_size = <<'25'>>", "error", 'wants a size such as "25 MB", not "25"', "25 MB"),
    ("[limits]\nmessage_size = <<25>>", "error", "not a bare number", '"25 B"'),
    ("[limits]\nmessage_size = <<'0 MB'>>", "error", "no mail would pass", ""),
    ("[limits]\nnew_tickets = <<'20'>>", "error", 'wants a rate such as "20/h per sender"', "20/h"),
    ("[limits]\nnew_tickets = <<'20/fortnight'>>", "error", '"fortnight" is no unit of a rate', "20/h"),
    ("[limits]\nnew_tickets = <<'20/h per recipient'>>", "error", "counted per sender", "20/h"),
    ("[send]\nhost = 'localhost'\ntls = <<'start-tls'>>", "error", '"implicit", "starttls" or "none"', "starttls"),
    ("[log]\nlevel = <<3>>", "error", 'wants "debug", "info", "warning" or "error", not the number 3', ""),
    ("[admin]\nnotify = <<'ops@acme.example'>>", "error", "wants a list in brackets", '["ops@acme.example"]'),
    ("[admin]\nnotify = ['a@x.example', <<'a@x.example'>>]", "error", "stands in this list twice", ""),
    ("[admin]\nnotify = ['ok@x.example', <<'ops'>>]", "error", 'notify[2]: wants an address such as', ""),
    ("[category.a]\nname = { en = 'A', <<deutsch>> = 'B' }", "error", "is not a language code", ""),
    ("[agent.ana]\nname = <<''>>\nemail = 'a@x.example'", "error", "agent.ana.name: is empty", ""),
    ("[agent.ana]\nname = <<\"\"\"A\nB\"\"\">>\nemail = 'a@x.example'", "error", "is one line; it has a", ""),
    ("[agent.ana]\nname = <<\"A\\u0007\">>\nemail = 'a@x.example'", "error", "has a control character", ""),
    # spans and ranges
    ("[on_hold]\nupdate_every = <<'1 weak'>>", "error", '"1 weak" has no known unit', "1 week"),
    ("[on_hold]\nupdate_every = <<'nevr'>>", "error", 'and not "never"', "never"),
    ("[on_hold]\nupdate_every = <<7>>", "error", "wants a span such as", ""),
    ("[agent.ana]\nemail = 'a@x.example'\nname = <<7>>", "error", "wants a name", '"7"'),
    ("[pending]\nreminders = ['2d', <<'3 busines days'>>]", "error", "pending.reminders[2]", "3 business days"),
    ("[letter.ack]\nmerge_within = <<'1 business hour'>>", "error", "business time is not counted here", ""),
    ("[mailbox.support.imap]\nhost = 'localhost'\npoll = <<'0s'>>", "error", "is out of range", ""),
    ("[priority.medium]\nresolution = <<['3w', '2w']>>", "error", "a range starts with the shorter", '["2w", "3w"]'),
    ("[priority.medium]\nresolution = <<'2-3 weeks'>>", "error", "a list of two spans", '["2 weeks", "3 weeks"]'),
    ("[storage]\nraw_mail = <<'keeep'>>", "error", 'or "keep", or "none"', "keep"),
    # calendars
    ("[calendar.office]\nhours = { mon = <<'9-18'>> }", "error", "wants hours such as", "09:00-18:00"),
    ("[calendar.office]\nhours = { <<tues>> = '09:00-18:00' }", "error", '"tues" is no weekday', "tue"),
    ("[calendar.office]\nhours = { mon = <<'18:00-09:00'>> }", "error", "closes before it opens", ""),
    ("[calendar.office]\nhours = { mon = <<'09:00-12:00, 11:00-13:00'>> }", "error", "not overlap", ""),
    ("[calendar.office]\nhours = { mon = <<'09:00-25:00'>> }", "error", "wants hours such as", ""),
    ("[calendar.office]\nhours = <<'24/7'>>", "error", 'wants "24x7"', "24x7"),
    ("[calendar.office]\nhours = <<{}>>", "error", "the calendar never opens", ""),
    ("[calendar.office]\nhours = '24x7'\ntimezone = <<'Europe/Berln'>>", "error", "there is no", "Europe/Berlin"),
    ("[calendar.office]\nhours = '24x7'\ntimezone = <<'Berlin'>>", "error", "there is no", "Europe/Berlin"),
    ("[calendar.office]\nhours = '24x7'\nclosed = [<<'24.12.2026'>>]", "error", "wants a date", "2026-12-24"),
    ("[calendar.office]\nhours = '24x7'\nclosed = [<<'2026-02-30'>>]", "error", "is not a day", ""),
    ("[calendar.office]\nhours = '24x7'\nclosed = [<<'2027-01-02..2026-12-24'>>]", "error", "ends before it begins",
     "2026-12-24..2027-01-02"),
    ("[calendar.office]\nhours = '24x7'\nholidays = { country = <<'DX'>> }", "error", 'no holidays of a country', ""),
    ("[calendar.office]\nhours = '24x7'\nholidays = { country = 'DE', subdivision = <<'XX'>> }", "error",
     'DE has no subdivision "XX"', ""),
    ("[calendar.office]\nhours = '24x7'\nholidays = <<'de'>>", "error", "wants { country", '{ country = "DE" }'),
    ("[calendar.office]\nhours = '24x7'\nholidays = { <<contry>> = 'DE' }", "error", "unknown key", "country"),
    ("[calendar.office]\nhours = '24x7'\nholidays = <<'gone.ics'>>", "error", "gone.ics cannot be read", ""),
    ("[calendar.office]\nhours = '24x7'\n<<closed>> = ['2026-12-24']", "warning", "day it knows is 2026-12-24", ""),
    # outside
    ("[listen]\nsmtp = [<<'2525'>>]", "error", "wants a place to listen at", "127.0.0.1:2525"),
    ("[listen]\nsmtp = [<<'*:25'>>]", "error", "wants a place to listen at", "0.0.0.0:25"),
    ("[listen]\nlmtp = [<<'lmtp.sock'>>]", "error", "wants a place to listen at", "unix:lmtp.sock"),
    ("[listen]\nsmtp = [<<'::1:25'>>]", "error", "an IPv6 address stands in brackets", "[::1]:25"),
    ("[listen]\nsmtp = [<<'127.0.0.1:70000'>>]", "error", "the port 70000 is out of range", ""),
    ("[listen]\nlmtp = [<<'127.0.0.1:2525'>>]", "error", "is also listen.smtp[1]", ""),
    ("[listen]\nsmtp = [<<'0.0.0.0:25'>>]", "warning", "without tls_cert", ""),
    ("[listen]\n<<tls_cert>> = 'gateway.toml'", "error", "means nothing without tls_key", ""),
    ("[listen]\ntls_cert = <<'gone.pem'>>\ntls_key = 'gateway.toml'", "error", "there is no file", ""),
    ("[listen]\ntrusted_networks = [<<'10.0.0.1/8'>>]", "error", "not the network", "10.0.0.0/8"),
    ("[listen]\ntrusted_networks = [<<'0.0.0.0/0'>>]", "warning", "is everybody", ""),
    ("[<<listen>>]\nsmtp = []", "warning", "no mail comes in", ""),
    ("[send]\nhost = <<'smtp.acme.example:587'>>", "error", "has a port in it", "smtp.acme.example"),
    ("[send]\nhost = 'smtp.acme.example'\ntls = <<'none'>>", "error", "in the clear", "starttls"),
    ("[send]\nhost = 'localhost'\nauth = <<'xoauth2'>>", "error", "xoauth2 needs oauth2", ""),
    ("[mailbox.support.imap]\nhost = 'imap.acme.example'\ntls = <<'none'>>", "error", "in the clear", "implicit"),
    ("[mailbox.support.imap]\nhost = <<''>>", "error", "is empty; name the server", ""),
    ("[mailbox.support.imap]\nhost = 'localhost'\nfolder = <<'Gateway/Done'>>", "error", "would be fetched again", ""),
    ("[storage]\ndatabase = <<'postgres://u@h/d'>>", "error", "the driver is missing", "postgresql+psycopg://u@h/d"),
    ("[storage]\ndatabase = <<'tickets.db'>>", "error", 'wants "sqlite:///PATH"', "sqlite:///tickets.db"),
    # addresses
    ("[mailbox.b]\naddress = <<'support@acme.example'>>", "error", "is also mailbox.support.address", ""),
    ("[mailbox.b]\naddress = <<'b+x@acme.example'>>", "error", "has a plus-tag", "b@acme.example"),
    ("[mailbox.b]\naddress = <<'B <b@acme.example>'>>", "error", "wants an address", "b@acme.example"),
    ("[agent.ana]\nname = 'Ana'\nemail = <<'Support@ACME.example'>>", "error", "would come back as tickets", ""),
    ("[team.a]\nemail = <<'support@acme.example'>>", "error", "would come back as tickets", ""),
    ("[admin]\nnotify = [<<'support@acme.example'>>]", "error", "would come back as tickets", ""),
    ("[category.question]\naddresses = [<<'support@acne.example'>>]", "error", "is in no domain of a mailbox",
     "support@acme.example"),
    ("[category.question]\naddresses = ['bugs@acme.example']\n[team.a]\nemail = <<'bugs@acme.example'>>", "error",
     "would come back as tickets", ""),
    ("[agent.a]\nname = 'A'\nemail = 'a@x.example'\n[agent.b]\nname = 'B'\nemail = <<'a@x.example'>>", "error",
     "an address is one agent's", ""),
    # names of other tables
    ("[team.a]\ncategories = ['question', <<'qestion'>>]", "error", "there is no [category.qestion]", "question"),
    ("[category.question]\npriority = <<'normal'>>", "error", "there is no [priority.normal] (there is medium)", ""),
    ("[priority.medium]\ncalendar = <<'ofice'>>", "error", "there is no [calendar.ofice]", "office"),
    ("[priority.High]\n[priority.medium]\n[priority.<<high>>]", "error",
     '"high" is the same as "High"', ""),
    ("[agent.a]\nname = 'A'\nemail = 'a@x.example'\nteams = [<<'one'>>]", "error", "there is no [team.one]", ""),
    ("[team.a]\n[[tier]]\nid = 'one'\nteam = <<'b'>>", "error", "there is no [team.b]", ""),
    ("[team.a]\n[[tier]]\nid = 'one'\nteam = 'a'\nescalate_after = { <<hihg>> = '4h' }", "error",
     "there is no [priority.hihg]", ""),
    ("[team.a]\n[category.question]\ntier = <<'two'>>\n[[tier]]\nid = 'one'\nteam = 'a'", "error",
     'there is no [[tier]] with id = "two" (there is one)', ""),
    ("[organisation.a]\nmanager = <<'bo'>>", "error", "there is no [agent.bo]", ""),
    ("[organisation.a]\ncontact = <<'support@acme.example'>>", "error", "is the address of a mailbox", ""),
    ("[agent.a]\nname = 'A'\nemail = 'a@x.example'\n[organisation.a]\ncontact = <<'a@x.example'>>", "warning",
     "is an agent's address: it is asked nothing", ""),
    ("[category.<<question>>]\n[priority.high]", "warning",
     'priority is "medium", which no [priority.medium] describes: the built-in one is used (without targets)', ""),
    ("[category.question]\npriority = <<'medium'>>\n[priority.high]", "warning", "the built-in one is used", ""),
    ("[letter.<<phase_chnged>>]\nenabled = false", "error", 'there is no letter "phase_chnged"', "phase_changed"),
    ("[letter.reply]\n<<to>> = 'all'", "warning", "only letters to staff can go to others", ""),
    ("[letter.agent_new]\nto = <<'everybody'>>", "error", "wants an address, or assignee, team, leads, all", ""),
    # phases and rules
    ("[[category.question.phase]]\nid = 'a'\n[[category.question.phase]]\n<<id>> = 'A'", "error", "is the same as", ""),
    ("[[category.question.phase]]\nid = 'a'\nfinal = <<true>>", "error", "would be solved at once", ""),
    ("[[category.question.phase]]\nid = 'a'\n[[category.question.phase]]\nid = 'b'\n<<finale>> = true", "error",
     'unknown key "finale" in category.question.phase[2]', "final"),
    ("[[rule]]\nname = 'x'\n<<then>> = {}", "error", "the rule does nothing", ""),
    ("[[rule]]\nname = 'x'\nthen = { drop = true, <<hold>> = true }", "error", "exclude each other", ""),
    ("[[rule]]\nname = 'x'\nthen = { reply_with = <<'hello'>> }", "error", "write config/answers/hello.md", ""),
    ("[[rule]]\nname = 'x'\nthen = { language = <<'de'>> }", "error", "none of gateway.languages", ""),
    ("[[rule]]\nname = 'x'\nwhen = { from = 'a@b' }\nthen = { tag = 'x' }\n[[<<rule>>]]\nname = 'y'\n"
     "when = { from = ['a@b'], subject = 's' }\nthen = { drop = true }", "warning", 'never reached: "x" above', ""),
    # secrets and proofs
    ("[mailbox.support.imap]\nhost = 'localhost'\npassword_secret = <<'…'>>", "error",
     'a secret is never written here, only where to find it: { credential = "NAME" } (systemd), { file = "/PATH" }, '
     '{ env = "NAME" } or { command', ""),
    ("[mailbox.support.imap]\nhost = 'localhost'\npassword_secret = <<{ credental = 'x' }>>", "error",
     "is no way to a secret", "credential"),
    ("[mailbox.support.imap]\nhost = 'localhost'\npassword_secret = <<{ command = 'pass show x' }>>", "error",
     "wants the program and its arguments", ""),
    ("[mailbox.support.imap]\nhost = 'localhost'\npassword_secret = <<{ credential = '/x/y' }>>", "error",
     "a credential is a name, not a path", '{ file = "/x/y" }'),
    ("[mailbox.support.imap]\nhost = 'localhost'\npassword_secret = <<{ file = '/nowhere/x' }>>", "error",
     "/nowhere/x: no such file or directory", ""),
    ("[mailbox.support.imap]\nhost = 'localhost'\npassword_secret = <<{ command = ['no-such-program'] }>>", "error",
     "there is no program no-such-program", ""),
    ("[mailbox.support.imap]\nhost = 'localhost'\npassword_secret = <<{ credential = 'x' }>>", "note",
     "the credential x is provided by the unit, not checked here", ""),
    ("[mailbox.support.<<imap>>]\nhost = 'localhost'", "note", "the credential imap-support is provided", ""),
    ("[security]\nagents_must_pass = <<'dmarc'>>", "error", "no mail passes while trust_auth_results is empty", ""),
    ("[security]\nagents_must_pass = <<'none'>>", "warning", "is that agent; this is for tests", ""),
    ("[mailbox.b]\naddress = 'b@x.example'\nreply_address = <<'none'>>", "warning", 'agents_must_pass = "dmarc"', ""),
    # texts
    ("[category.question]\nname = { en = 'Q', <<de>> = 'F' }", "warning", '"de" is none of gateway.languages', ""),
    ("[category.question]\n<<name>> = { de = 'F' }", "warning", 'there is no text in "en"', ""),
    # not built yet
    ("[listen]\n<<http>> = '127.0.0.1:8025'", "note", "is understood, but nothing acts on it yet", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "severity", "message", "suggestion"), MISTAKES)
def test_a_mistake_is_shown_where_it_is_with_what_was_meant(
    tmp_path: Path, text: str, severity: str, message: str, suggestion: str
) -> None:
    source = SMALLEST + text
    before = source[: source.index("<<")]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    piece = re.search(r"<<(.*?)(>>|\n)", source)
    assert piece is not None
    found = problems(desk(tmp_path, text.replace("<<", "").replace(">>", "")))
    match = [problem for problem in found if message in problem.message]
    assert match, "\n".join(render(problem) for problem in found)
    problem = match[0]
    underlined = piece[1].removeprefix("[mailbox.support.").rstrip("]") if piece[1].startswith("[m") else piece[1]
    column += piece[1].index(underlined)
    assert (problem.file, problem.line, problem.column) == (str(tmp_path / "gateway.toml"), line, column)
    assert (pointed(problem), problem.severity, problem.suggestion) == (underlined, severity, suggestion)


STARRED = ["name", "public_name", "domain", "prefix", "address"]


@pytest.mark.parametrize("key", STARRED)
def test_a_starred_key_that_is_missing_is_named_at_its_table(tmp_path: Path, key: str) -> None:
    (tmp_path / "gateway.toml").write_text(re.sub(rf"(?m)^{key} = .*\n", "", SMALLEST))
    (problem,) = problems(tmp_path / "gateway.toml")
    assert f'needs "{key}"' in problem.message
    assert pointed(problem) in ("gateway", "tickets", "support")


@pytest.mark.parametrize("table", ["gateway", "tickets", "mailbox"])
def test_a_table_that_is_missing_is_named_at_the_top(tmp_path: Path, table: str) -> None:
    rest = [part for part in re.split(r"(?m)^(?=\[)", SMALLEST) if not part.startswith(f"[{table}")]
    (tmp_path / "gateway.toml").write_text("".join(rest))
    (problem,) = problems(tmp_path / "gateway.toml")
    assert f'the file needs "{table}"' in problem.message
    assert (problem.line, problem.column) == (1, 1)


def test_a_key_under_a_wrong_name_is_not_missing_too(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(SMALLEST.replace("domain", "domian"))
    (problem,) = problems(tmp_path / "gateway.toml")
    assert render(problem) == "\n".join(
        [
            f'{tmp_path}/gateway.toml:4:1: error: unknown key "domian" in [gateway]',
            '    3 | public_name = "Acme Support"',
            '    4 | domian = "acme.example"',
            '      | ^^^^^^ did you mean "domain"?',
        ]
    )


def test_a_newer_form_of_configuration_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(f"version = 2\n{SMALLEST}")
    (problem,) = problems(tmp_path / "gateway.toml")
    assert (problem.line, pointed(problem)) == (1, "2")


def test_all_errors_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    lines = ["[send]", "hots = 1", "port = 0", "[pending]", 'reminders = ["soon"]', "[team.a]", 'categories = ["x"]']
    found = problems(desk(tmp_path, "\n".join(lines)))
    assert [problem.line for problem in found] == [10, 11, 13, 15]
    assert summary(found) == f"4 errors in {tmp_path}/gateway.toml"


@pytest.mark.parametrize(
    ("text", "place", "message", "suggestion"),
    [
        ("[gateway\n", "1:9", "this is not TOML", ""),
        ("[a]\ndomain = acme.example # ours\n", "2:10", "a text stands in quotes", '"acme.example"'),
        ("[a]\nx = True\n", "2:5", "a text stands in quotes", "true"),
        ('[a]\nx = "unclosed\n', "2:14", "its last quote is missing", ""),
        ("[a]\njust words\n", "2:6", 'there is no "=" here', ""),
        ('[a]\nx = "C:\\temp\\x"\n', "2:15", "a backslash in double quotes", ""),
        ("[a]\nx = 1\nx = 2\n", "3:1", '"a.x" stands here a second time; the first is at', ""),
        ("[a]\n[b]\n[a]\n", "3:2", "the table [a] stands here a second time; the first is at", ""),
        ("[a]\nx = [1,\n", "3:1", "the file ends in the middle", ""),
    ],
)
def test_what_is_not_toml_is_shown_where_it_ends(
    tmp_path: Path, text: str, place: str, message: str, suggestion: str
) -> None:
    (tmp_path / "gateway.toml").write_text(text)
    (problem,) = problems(tmp_path / "gateway.toml")
    assert message in problem.message
    assert (f"{problem.line}:{problem.column}", problem.suggestion) == (place, suggestion)


def test_a_file_that_is_not_utf_8_or_not_there_says_so(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_bytes(b'x = 1\nname = "caf\xe9"\n')
    (problem,) = problems(tmp_path / "gateway.toml")
    assert (problem.line, problem.column) == (2, 12)
    assert "byte 0xe9; save the file as UTF-8" in problem.message
    (problem,) = problems(tmp_path / "nowhere.toml")
    assert render(problem) == f"{tmp_path}/nowhere.toml: error: cannot be read: no such file or directory"


def test_no_secret_is_ever_shown(tmp_path: Path) -> None:
    text = """
[mailbox.support.imap]
host = "imap.acme.example"
password_secret = "hunter2"
password = 'hunter2'
tls = "nonne"
[send]
password_secret = { file = "hunter2", env = "hunter2"}
[storage]
database = "postgresql://u:hunter2@h/d"
[limits]
x = 1
"""
    found = problems(desk(tmp_path, text))
    shown = [render(problem) for problem in found if "send.password" not in problem.message]
    assert len(shown) >= 5
    assert not any("hunter2" in problem for problem in shown)
    broken = tmp_path / "broken.toml"
    broken.write_text('password_secret = "hunter2"\nx = = 1\n')
    assert "hunter2" not in "".join(render(problem) for problem in problems(broken))


def test_a_source_line_is_shown_without_what_a_terminal_would_obey() -> None:
    problem = Problem("x.toml", 1, 3, 400, "error", "m", "", ("\tx\x1b[2J" + "y" * 400,))
    shown = render(problem).split("\n")
    assert "\x1b" not in render(problem)
    assert all(len(line) < 180 for line in shown)
    assert shown[2].startswith("      | \t ^")


def test_a_listener_that_cannot_be_read_is_not_called_missing(tmp_path: Path) -> None:
    (problem,) = problems(desk(tmp_path, "[listen]\nsmtp = '127.0.0.1:2525'\n"))
    assert problem.suggestion == '["127.0.0.1:2525"]'


def test_a_configuration_with_warnings_can_be_used(tmp_path: Path) -> None:
    config = loaded(desk(tmp_path, '[listen]\nsmtp = ["0.0.0.0:25"]\n'))
    assert [problem.severity for problem in config.problems] == ["warning"]
    assert summary(config.problems) == f"1 warning in {tmp_path}/gateway.toml"
