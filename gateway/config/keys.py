"""Every key there is: the tables of gateway.toml and of the files it includes, with kinds, defaults and meanings.

This is the reference that `config explain` prints, `config schema` exports and `check` checks against.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from gateway.config import settings
from gateway.config.desk_kinds import NAME, Dates, HeaderLine, HeaderTable, Holidays, Hours, Patience
from gateway.config.kinds import (
    ClockTime,
    CustomerText,
    Flag,
    KeptFor,
    Line,
    Lines,
    ListOf,
    OrEmpty,
    RangeKind,
    RateKind,
    Size,
    SpanKind,
    SpanOr,
    Whole,
    one_of,
)
from gateway.config.net_kinds import Argv, DatabaseUrl, Domain, Email, Host, Listening, NetworkKind, Secret, Url, Zone
from gateway.config.tables import Key, Listed, Named, Struct, Table, maybe, needed
from gateway.desk import policy

ONE_LINE: Final = Line()
LANGUAGE: Final = Line('a language code such as "en" or "pt-BR"', r"[a-z]{2,3}(-[A-Z]{2})?", empty=False)
REFERENCE: Final = Line("a name from another table", r"[A-Za-z0-9][A-Za-z0-9_-]*")
PATH: Final = Line("a path")
ONE_OR_MORE: Final = ListOf(Line("a text", empty=False), or_one=True)
NEVER: Final = SpanOr("never")


class Link(Table):
    header = "links"
    text = needed(CustomerText(), "what the link is called")
    url = needed(Url(), "where it leads")


LINKS: Final = Listed(Link)


class Gateway(Table):
    header = "[gateway]"
    name = needed(
        Line("a short name in lower case", r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", empty=False),
        "names this gateway in Message-IDs and loop guards; do not change it later",
    )
    public_name = needed(Line("a name", empty=False), "what customers read, such as Acme Support")
    domain = needed(Domain(), "the right side of our Message-IDs")
    language = Key(LANGUAGE, "en", "the language of letters to people whose own is not known")
    languages = Key(ListOf(LANGUAGE), ["en"], "the languages letters are written in; each needs its templates")
    timezone = Key(Zone(), "UTC", "the zone of dates in letters, and of calendars without one of their own")
    calendar = Key(REFERENCE, "office", "the calendar of everything that names none")
    state_dir = Key(PATH, "state", "where everything is kept that the daemon writes; $STATE_DIRECTORY wins")
    template_dir = Key(PATH, "templates", "your own templates; a missing file falls back to the built-in one")
    support_call_url = Key(Url(), "", "where a customer can book a call")
    phone = Key(ONE_LINE, "", "the telephone number letters name")
    links = Key(LINKS, [], 'shown in letters: [{ text = "What\'s New", url = "https://…" }]')


class Tickets(Table):
    header = "[tickets]"
    prefix = needed(
        Line("capitals and digits that begin with a letter", r"[A-Z][A-Z0-9]{0,15}", empty=False),
        "before the number: ACME-1042",
    )
    start = Key(Whole(1), 1000, "the number of the first ticket")
    subject_token = Key(one_of(policy.SubjectToken), "suffix", "where the subject carries [ACME-1042-k7qm]")
    reopen_window = Key(
        SpanOr("always"), "30 days", "a reply later than this after closing opens a new ticket, linked to the old one"
    )
    thanks_keeps_closed = Key(Flag(), True, "a mere thank-you does not reopen a ticket")
    undo_window = Key(
        ClockTime(most=timedelta(days=1)), "60s", 'letters written by agents wait so long; "0s" sends at once'
    )


class Listen(Table):
    header = "[listen]"
    smtp = Key(ListOf(Listening()), ["127.0.0.1:2525"], 'also "fd:NAME" (socket activation) and "[::1]:25"; [] is off')
    lmtp = Key(ListOf(Listening()), [], '"unix:lmtp.sock" or "127.0.0.1:2424"')
    http = Key(OrEmpty(Listening()), "", '"127.0.0.1:8025" serves /healthz, /readyz and /metrics; "" is off')
    tls_cert = Key(PATH, "", "a certificate with its chain, in PEM; with tls_key STARTTLS is offered")
    tls_key = Key(PATH, "", "the key of tls_cert, in PEM")
    trusted_networks = Key(
        ListOf(NetworkKind()), ["127.0.0.0/8", "::1/128"], "your own mail servers: no limits per connection or address"
    )


class OAuth2(Table):
    header = "oauth2"
    token_url = needed(Url(), "where the provider hands out tokens")
    client_id = needed(Line("an id", empty=False), "the id of this application at the provider")
    client_secret = maybe(Secret(), "the secret of this application, where the provider gave one")
    scope = Key(ONE_LINE, "", "what to ask for")
    refresh_secret = maybe(Secret(), "the refresh token; without it the application logs in for itself")


class Send(Table):
    header = "[send]"
    host = Key(Host(), "", "the relay that sends our letters; empty: they are written to the Maildir state/outgoing/")
    port = Key(Whole(1, 65_535), 587, "its port")
    tls = Key(one_of(settings.Tls), "starttls", "none is for loopback only")
    user = Key(ONE_LINE, "", "empty: no login")
    auth = Key(one_of(settings.Auth), "password", "how to log in")
    password_secret = Key(Secret(), {"credential": "smtp"}, "where the password is")
    oauth2 = maybe(Struct(OAuth2), "how to get tokens, for xoauth2")
    rate = Key(OrEmpty(RateKind()), "", '"60/min" where the relay wants it')
    tls_ca = Key(PATH, "", "a file of certificate authorities to trust besides those of the system")


class Imap(Table):
    header = "[mailbox.NAME.imap]"
    host = needed(Host(), "the server")
    port = Key(Whole(1, 65_535), 993, "its port")
    tls = Key(one_of(settings.Tls), "implicit", "none is for loopback only")
    user = Key(ONE_LINE, "", "empty: the address of the mailbox")
    auth = Key(one_of(settings.Auth), "password", "how to log in")
    password_secret = maybe(Secret(), "where the password is; else the credential imap-NAME")
    oauth2 = maybe(Struct(OAuth2), "how to get tokens, for xoauth2")
    tls_ca = Key(PATH, "", "a file of certificate authorities to trust besides those of the system")
    folder = Key(Line("a folder", empty=False), "INBOX", "where mail arrives")
    processed = Key(
        ONE_LINE, "Gateway/Done", 'mail is moved there once committed; "" leaves it and sets the keyword GatewayTaken'
    )
    failed = Key(ONE_LINE, "Gateway/Failed", "where mail larger than message_size goes")
    first_fetch = Key(ClockTime(), "7 days", "older mail found at the first connect is left alone and counted")
    idle = Key(Flag(), True, "wait for the server to say that mail has come")
    poll = Key(ClockTime(timedelta(seconds=1), timedelta(days=1)), "60s", "and look for oneself so often")
    silent_alarm = Key(NEVER, "4 business hours", 'no mail at all for so long: tell the administrators; or "never"')


class Mailbox(Table):
    header = "[mailbox.NAME]"
    address = needed(Email(own=True), "the address customers write to")
    aliases = Key(ListOf(Email(own=True)), [], "other addresses of this mailbox")
    category = Key(REFERENCE, "question", "what its mail is, until words or rules say more")
    reply_address = Key(one_of(policy.ReplyAddress), "plus", "none where the server does not know support+…@")
    imap = maybe(Struct(Imap), "fetch its mail from a server, beside or instead of [listen]")


class Security(Table):
    header = "[security]"
    trust_auth_results = Key(
        Line("an authserv-id", r"[!-~]*"),
        "",
        "the authserv-id of YOUR server; other Authentication-Results are ignored",
    )
    agents_must_pass = Key(one_of(policy.Proof), "code", "the proof that agents' commands and replies need")
    strangers = Key(one_of(policy.Strangers), "hold", "a mail on a ticket from somebody not on it")
    cc_joins = Key(one_of(policy.CcJoins), "never", "whose Cc of a proven requester become participants")
    junk_header = Key(OrEmpty(HeaderLine()), "", '"X-Spam-Flag: YES": such mail is held, unacknowledged')
    quote_to_strangers = Key(Flag(), False, "an unverified sender's acknowledgement repeats what they wrote")


class Limits(Table):
    header = "[limits]"
    message_size = Key(Size(), "25 MB", "a larger mail is refused")
    attachments_out = Key(Size(), "10 MB", "files of a letter; more of them are named instead")
    new_tickets = Key(RateKind("sender"), "20/h per sender", "over it: held, the team told once")
    automatic_letters = Key(RateKind("recipient"), "5/h per recipient", "over it: not sent, noted on the ticket")
    all_automatic_letters = Key(
        RateKind(), "600/min", "answers to everybody together; over it: sent later, none is lost"
    )
    connections = Key(Whole(1, 100_000), 200, "at once")
    connections_per_ip = Key(Whole(1, 100_000), 20, "at once from one address")


class Storage(Table):
    header = "[storage]"
    database = Key(
        DatabaseUrl(), "", '"": gateway.db in state_dir; "sqlite:///PATH"; "postgresql+psycopg://user@host/database"'
    )
    database_secret = maybe(Secret(), "where the password of the database is")
    blobs = Key(PATH, "", 'where large files are kept; "": blobs in state_dir')
    raw_mail = Key(KeptFor(), "90 days", "how long mails are kept as they came, once the ticket is settled")


class Privacy(Table):
    header = "[privacy]"
    delete_closed_after = Key(NEVER, "never", "delete tickets so long after they were closed")


class Admin(Table):
    header = "[admin]"
    notify = Key(ListOf(Email()), [], "who hears what the daemon itself has to say")


class Log(Table):
    header = "[log]"
    level = Key(one_of(Literal["debug", "info", "warning", "error"]), "info", "the least that is written")
    format = Key(
        one_of(Literal["auto", "console", "json", "journal"]), "auto", "auto: console on a terminal, else what fits"
    )


class Phase(Table):
    header = "[[category.NAME.phase]]"
    id = needed(NAME, "what commands call it")
    name = maybe(CustomerText(), "what customers read; else the id")
    meaning = maybe(CustomerText(), "what it means")
    next = maybe(CustomerText(), "what happens next")
    headline = maybe(CustomerText(), "the first line of the letter; else the name")
    note = maybe(CustomerText(), "a paragraph of its own at the end")
    expect = maybe(RangeKind(), "how long it usually takes; becomes a date in the letter")
    links = Key(LINKS, [], "shown in its letter")
    final = Key(Flag(), False, "reaching it solves the ticket")
    hidden_until_reached = Key(Flag(), False, "not among the steps before it is reached")
    enter_on = maybe(one_of(policy.EnterOn), "what makes a ticket that has not come so far enter it by itself")


class Category(Table):
    header = "[category.NAME]"
    name = maybe(CustomerText(), "what customers read; else the table's name")
    addresses = Key(ListOf(Email()), [], "mail to these is of this category")
    words = Key(ListOf(Line("a word", empty=False)), [], "first guess from subject and body")
    choose = Key(Flag(), True, "customers may choose it by mail")
    priority = Key(REFERENCE, "medium", "until words or rules say more")
    note = maybe(CustomerText(), "a paragraph of its letters")
    helps = maybe(CustomerText(), "what the acknowledgement asks for")
    links = Key(LINKS, [], "shown in its letters")
    costs = Key(Flag(), False, "work on it is billed; letters name the balance")
    tier = Key(REFERENCE, "", "where it begins")
    revisit = Key(one_of(Literal["", "quarterly"]), "", "look at what was declined again")
    update_every = maybe(SpanKind(), "a progress letter at least so often; else the priority's")
    measured = Key(Flag(), False, "letters name, beside the timeframe of a phase, how long it took lately")
    phase = maybe(Listed(Phase), "the steps, in order")


class Calendar(Table):
    header = "[calendar.NAME]"
    timezone = maybe(Zone(), "else the gateway's")
    hours = needed(Hours(), 'opening hours: a table of weekdays, or "24x7"')
    closed = Key(ListOf(Dates()), [], 'dates on which nobody works: "2026-05-01", "2026-12-24..2027-01-02"')
    holidays = maybe(Holidays(), '{ country = "DE", subdivision = "BE" }, or the path of an .ics file')


class Priority(Table):
    header = "[priority.NAME]"
    name = maybe(CustomerText(), "what people read; else the table's name")
    order = maybe(Whole(1, 1000), "1 is worked first; else critical 1, high 2, medium 3, low 4")
    words = Key(ListOf(Line("a word", empty=False)), [], "first guess from subject and body")
    calendar = Key(REFERENCE, "", "whose hours its targets count; else the gateway's")
    first_response = maybe(SpanKind(), "the target for the first response")
    first_response_outside = maybe(SpanKind(), "the same when the request arrives out of hours")
    first_response_by = Key(
        one_of(policy.StopsFirstResponse), "reply", "what stops that clock; an automatic letter never does"
    )
    resolution = maybe(RangeKind(), "the target for the solution; letters name both ends of a range")
    assign_within = maybe(SpanKind(), "the target for the assignment")
    alert = Key(one_of(Literal["team", "all"]), "team", "who is told of a new one")
    halts = Key(Flag(), False, "while one is open, nothing of lower priority is offered or reminded of")
    update_every = maybe(SpanKind(), "a progress letter at least so often while it is new or open")
    update_once_late = maybe(SpanKind(), "and so often once a target is missed")
    warn_at = Key(Whole(1, 100), 75, "percent of a target at which its people are warned")


class Pending(Table):
    header = "[pending]"
    reminders = Key(ListOf(SpanKind()), ["2 business days", "3 business days"], "the gaps between reminders")
    close_after = Key(NEVER, "3 business days", 'the gap from the last reminder to closing; or "never"')
    send_between = Key(one_of(Literal["business hours", "always"]), "business hours", "when reminders may go out")
    out_of_office_pauses = Key(Flag(), True, "an absence note with a date moves the reminders behind it")


class Solved(Table):
    header = "[solved]"
    close_after = Key(NEVER, "5 business days", 'from solved to closed; or "never"')
    rating = Key(Flag(), True, "ask how it went")


class OnHold(Table):
    header = "[on_hold]"
    update_every = Key(NEVER, "7d", 'a progress letter so often, even without news; or "never"')


class Stale(Table):
    header = "[stale]"
    after = Key(NEVER, "2 business days", 'nobody of us touched it for so long: remind the assignee; or "never"')
    repeat = Key(NEVER, "1 business day", "and again, then the lead")


class Tier(Table):
    header = "[[tier]]"
    id = needed(NAME, "what commands call it")
    team = needed(REFERENCE, "the team that works it")
    escalate_after = maybe(
        Patience(), 'no first response for so long: next tier; or { critical = "15m", default = "4 business hours" }'
    )


class Agent(Table):
    header = "[agent.NAME]"
    name = needed(Line("a name", empty=False), "what customers read")
    email = needed(Email(), "where letters go")
    also = Key(ListOf(Email()), [], "other addresses the agent writes from")
    teams = Key(ListOf(REFERENCE), [], "the teams the agent is in")
    role = Key(one_of(policy.Role), "agent", "leads hear of what is late; viewers change nothing")
    notify = Key(one_of(policy.Notify), "team", "which tickets the agent hears of")
    signature = Key(Lines(), "", "below what the agent writes; else the name")
    unix_user = Key(Line("a user name", r"[a-z_][a-z0-9_.-]*\$?"), "", "who types gateway commands as this agent")
    phone = Key(ONE_LINE, "", "named to customers whose ticket the agent has")
    calendar = Key(REFERENCE, "", "when the agent works; else the gateway's")
    away = Key(ListOf(Dates()), [], 'dates on which the agent is not there: "2026-08-03..2026-08-21"')


class Team(Table):
    header = "[team.NAME]"
    name = maybe(CustomerText(), "what people read; else the table's name")
    email = Key(OrEmpty(Email()), "", "where its letters go; empty: to every member")
    assign = Key(one_of(policy.Assign), "manual", "who gets a new ticket")
    categories = Key(ListOf(REFERENCE), [], "the categories it takes")


class Organisation(Table):
    header = "[organisation.NAME]"
    name = maybe(ONE_LINE, "what people read; else the table's name")
    domains = Key(ListOf(Domain()), [], "whose senders belong to it")
    contact = Key(OrEmpty(Email()), "", "who answers for it there")
    manager = Key(ONE_LINE, "", "who answers for it here: an agent or an address")
    allowance = maybe(ClockTime(), 'working time it has a month, such as "10h"')
    priority = Key(REFERENCE, "", "of its requests")
    team = Key(REFERENCE, "", "that works for it")


class When(Table):
    header = "when"
    from_ = Key(ONE_OR_MORE, [], "the sender's address; * stands for anything")
    from_domain = Key(ONE_OR_MORE, [], "its domain, with those below it")
    to = Key(ONE_OR_MORE, [], "the address it was sent to")
    subject = Key(ONE_OR_MORE, [], "words of the subject")
    any = Key(ONE_OR_MORE, [], "words of the subject or the text")
    header_ = Key(HeaderTable(), {}, 'header fields: { X-Priority = "1*" }')
    list_id = Key(ONE_OR_MORE, [], "the mailing list it came through")
    language = Key(ONE_OR_MORE, [], "the language it is written in")
    category = Key(ListOf(REFERENCE, or_one=True), [], "the category it would be of")


class Then(Table):
    header = "then"
    category = Key(REFERENCE, "", "make it of this category")
    priority = Key(REFERENCE, "", "give it this priority")
    team = Key(REFERENCE, "", "give it to this team")
    assignee = Key(REFERENCE, "", "give it to this agent")
    tier = Key(REFERENCE, "", "begin at this tier")
    tag = Key(ONE_OR_MORE, [], "mark it")
    language = Key(OrEmpty(LANGUAGE), "", "answer in this language")
    requester = Key(
        one_of(Literal["", "reply_to"]), "", "take the requester from Reply-To (forms that write for people)"
    )
    hold = Key(Flag(), False, "keep it, for somebody to look at")
    drop = Key(Flag(), False, "file it and open no ticket")
    reply_with = Key(REFERENCE, "", "answer with this saved answer")


class Rule(Table):
    header = "[[rule]]"
    name = needed(Line("a name", empty=False), "what `mail explain` calls it")
    when = Key(Struct(When), {}, "all of these must hold; of a list, one")
    then = needed(Struct(Then), "what is done")
    continue_ = Key(Flag(), False, "and look at the rules that follow too")


class Letter(Table):
    header = "[letter.NAME]"
    enabled = Key(Flag(), True, "write this letter at all")
    to = Key(ONE_LINE, "", "another recipient: an address, or assignee, team, leads, all")
    merge_within = maybe(ClockTime(most=timedelta(days=1)), "a newer one replaces one that has waited no longer")


class Hook(Table):
    header = "[hook.NAME]"
    on = needed(ListOf(one_of(policy.HookedOn)), "what it is called on")
    command = needed(Argv(), "the program and its arguments; it gets JSON on its standard input")
    timeout = Key(ClockTime(timedelta(seconds=1), timedelta(minutes=1)), "30s", "then it is ended, and tried again")


class Root(Table):
    header = ""
    version = Key(Whole(1, 1), 1, "of this form of configuration")
    include = Key(ListOf(PATH), [], "more files, read in the order of their names")
    gateway = needed(Struct(Gateway), "who we are")
    tickets = needed(Struct(Tickets), "how tickets are numbered")
    listen = Key(Struct(Listen), {}, "how mail comes in")
    send = Key(Struct(Send), {}, "how letters go out")
    mailbox = needed(Named(Mailbox, NAME), "the addresses we answer")
    security = Key(Struct(Security), {}, "whom we believe")
    limits = Key(Struct(Limits), {}, "how much is too much")
    storage = Key(Struct(Storage), {}, "where things are kept")
    privacy = Key(Struct(Privacy), {}, "how long")
    admin = Key(Struct(Admin), {}, "who looks after this machine")
    log = Key(Struct(Log), {}, "what the daemon writes down")
    category = Key(Named(Category, NAME), {}, "what kinds of requests there are")
    calendar = Key(Named(Calendar, NAME), {}, "when somebody works")
    priority = Key(Named(Priority, NAME), {}, "what is worked first, and how fast")
    pending = Key(Struct(Pending), {}, "while we wait for the customer")
    solved = Key(Struct(Solved), {}, "after a solution")
    on_hold = Key(Struct(OnHold), {}, "while we wait for somebody else")
    stale = Key(Struct(Stale), {}, "when nobody of us moves")
    tier = Key(Listed(Tier), [], "the levels a ticket can be escalated to, in order")
    agent = Key(Named(Agent, NAME), {}, "who answers")
    team = Key(Named(Team, NAME), {}, "who works together")
    organisation = Key(Named(Organisation, NAME), {}, "whom we work for")
    rule = Key(Listed(Rule), [], "what to do with certain mails, the first that fits")
    letter = Key(Named(Letter, NAME), {}, "which letters are written")
    hook = Key(Named(Hook, NAME), {}, "programs to be called when something happens")
