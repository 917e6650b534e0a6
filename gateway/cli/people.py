"""`gateway agent` and `gateway customer`: who works here, who wrote to us, and what we keep of them."""

from __future__ import annotations

import io
import json
import secrets
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import click

from gateway.cli import Globals
from gateway.cli.acting import acting, meant, shown
from gateway.cli.failure import CANNOT_CREATE, DATA, REFUSED, UNKNOWN, Failure
from gateway.cli.present import ago, say, show_fields, show_json, show_table
from gateway.cli.setting import configuration, now, office
from gateway.desk import naming
from gateway.desk.evolve import replay
from gateway.desk.policy import Agent
from gateway.mail.address import normal
from gateway.office import Office
from gateway.shown import instant
from gateway.store import articles, customers, erase, forget, mails, tickets
from gateway.store.transaction import Transaction

Json = dict[str, object]
COPIES = ("outgoing", "dry-run")  # Maildirs in the state directory in which letters lie that no relay took


# -- agents ------------------------------------------------------------------------------------------------------------


@click.group()
def agent() -> None:
    """Who works here, as config/agents.toml says."""


@agent.command("list")
@click.pass_obj
def agent_list(given: Globals) -> None:
    """Everybody, with role, teams and what they are told of."""
    agents = configuration(given).policy.agents.values()
    if given.json:
        return show_json([_agent(each) for each in agents])
    head = ("agent", "role", "teams", "notify", "email", "name")
    return show_table(
        head, [(each.id, each.role, ",".join(each.teams), each.notify, each.email, each.name) for each in agents]
    )


@agent.command("show")
@click.argument("who", metavar="AGENT")
@click.pass_obj
def agent_show(given: Globals, who: str) -> None:
    """One of them, by id, name or address, and what they hold."""
    policy = configuration(given).policy
    found = policy.agents[meant(naming.agent(who, policy))]
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            held = customers.held_by(tx, found.id)
    finally:
        at.close()
    record = {**_agent(found), "tickets": held}
    return show_json(record) if given.json else show_fields(record, 12)


def _agent(each: Agent) -> Json:
    return {
        "id": each.id, "name": each.name, "email": each.email, "also": list(each.also), "role": each.role,
        "teams": list(each.teams), "notify": each.notify, "phone": each.phone, "unix_user": each.unix_user,
        "away": [f"{first.isoformat()}..{last.isoformat()}" for first, last in each.away],
    }  # fmt: skip


# -- customers ---------------------------------------------------------------------------------------------------------


@click.group()
def customer() -> None:
    """Who wrote to us: what we keep of them, to be given to them or to be forgotten."""


@customer.command("list")
@click.argument("word", default="")
@click.option("--limit", type=click.IntRange(0), default=1000, show_default=True, help="At most so many; 0 is all.")
@click.pass_obj
def customer_list(given: Globals, word: str, limit: int) -> None:
    """Requesters, the last heard first; with WORD those whose name or address has it."""
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            found = customers.listed(tx, word, limit or None)
    finally:
        at.close()
    if given.json:
        return show_json(
            [{"email": c.email, "name": c.name, "tickets": c.tickets, "last": instant(c.last)} for c in found]
        )
    return show_table(
        ("customer", "tickets", "last", "name"), [(c.email, str(c.tickets), ago(c.last, now()), c.name) for c in found]
    )


@customer.command("show")
@click.argument("email", metavar="ADDRESS")
@click.pass_obj
def customer_show(given: Globals, email: str) -> None:
    """What is known of an address, and the numbers of its tickets."""
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            record = _known(tx, email)
    finally:
        at.close()
    return show_json(record) if given.json else show_fields(record, 14)


@customer.command("export")
@click.argument("email", metavar="ADDRESS")
@click.option("-O", "--output", metavar="FILE", help="A zip with their files and mails too; without it JSON alone.")
@click.option("--notes", is_flag=True, help="With the private notes about them.")
@click.pass_obj
def customer_export(given: Globals, email: str, output: str | None, notes: bool) -> None:
    """Everything that we keep of a person: their tickets as `ticket show --json` has them, their files, their mails."""
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            record = _known(tx, email)
            numbers = customers.tickets_of(tx, normal(email))
            record["tickets"] = [_told(tx, at, number, notes=notes) for number in numbers]
            if output is None:
                return show_json(record)
            data = _zipped(tx, at, record, numbers, normal(email), notes=notes)
    finally:
        at.close()
    try:
        Path(output).write_bytes(data)
    except OSError as error:
        raise Failure(CANNOT_CREATE, f"{output}: {error.strerror}") from error
    return say(given, f"{output}: {len(numbers)} tickets, {len(data)} octets")


@customer.command("forget")
@click.argument("email", metavar="ADDRESS")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def customer_forget(given: Globals, email: str, yes: bool) -> None:
    """Take a person out of everything: name, addresses, what was said, files, mails, letters. For good.

    Of their tickets stay number, dates and what was done. Before, tickets must be closed and letters have left.
    Backups, logs and what others received are not ours to change.
    """
    at = office(given)
    try:
        by = f"agent:{acting(given, at.desk.policy).id}"
        _sure(email, yes=yes)
        who = at.db.write(forget.known, normal(email), f"forgotten-{secrets.token_hex(6)}@removed.invalid")
        if who is None:
            raise Failure(UNKNOWN, f"{email} is nobody we know")
        try:
            gone = at.db.write(forget.forget, who, by=by, now=now(), replay=replay)
        except forget.NotYet as refusal:
            raise Failure(REFUSED, f"{refusal}; nothing was done") from refusal
        at.db.write(at.desk.blobs.discard, gone.blobs)
        _remove_copies(at.config.state_dir, gone.letters)
        clean = erase.scrub(at.db)
    finally:
        at.close()
    if given.json:
        return show_json(
            {"stand_in": who.stand_in, "tickets": gone.own, "others": gone.others, "mails": gone.mails,
             "letters": len(gone.letters), "clean": clean}
        )  # fmt: skip
    say(
        given,
        f"{email} is {who.stand_in} now: {len(gone.own)} tickets, {gone.mails} mails, {len(gone.letters)} letters",
    )
    if not clean:
        say(given, "the database could not be written anew: what was deleted may stand in its files for a while")
    return None


def _sure(email: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise Failure(DATA, "this cannot be undone: say --yes; nothing was done")
    click.confirm(f"Everything of {email} is removed for good. Sure?", abort=True, err=True)


def _remove_copies(state: Path, letters: Iterable[str]) -> None:
    """A letter in a Maildir is named by its id."""
    doomed = set(letters)
    for folder in COPIES:
        for path in (state / folder).glob("*/*"):
            if path.name.partition(".")[0] in doomed:
                path.unlink(missing_ok=True)


def _known(tx: Transaction, email: str) -> Json:
    address = normal(email)
    record = customers.known(tx, address)
    if record is None:
        raise Failure(UNKNOWN, f"{email} is nobody we know")
    return {
        "email": address, "name": record.name, "language": record.language,
        "proven_at": instant(record.proven_at), "hard_bounces": record.hard_bounces, "blocked": record.blocked,
        "suppressed": record.suppression, "tickets": customers.tickets_of(tx, address),
    }  # fmt: skip


def _told(tx: Transaction, at: Office, number: int, *, notes: bool) -> Json:
    found = tickets.load(tx, number, replay)
    assert found is not None
    told = shown(tx, at, found)
    said = told["articles"]
    assert isinstance(said, list)
    return told if notes else {**told, "articles": [each for each in said if each["visibility"] == "public"]}


def _zipped(tx: Transaction, at: Office, record: Json, numbers: list[int], email: str, *, notes: bool) -> bytes:
    paper = io.BytesIO()
    with zipfile.ZipFile(paper, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("customer.json", json.dumps(record, ensure_ascii=False, indent=2))
        for number in numbers:
            for article in articles.of(tx, number):
                for each in article.attachments if notes or article.visibility == "public" else ():
                    name = Path(each.name).name or "file"
                    archive.writestr(f"files/{number}/{each.id}-{name}", at.desk.blobs.get(tx, each.sha256))
        for mail_id, sha256 in mails.raw_of(tx, email):
            archive.writestr(f"mails/{mail_id}.eml", at.desk.blobs.get(tx, sha256))
    return paper.getvalue()
