"""What the configuration must say of the world: sockets, servers, secrets, languages, proofs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from gateway.config import keys, transport
from gateway.config.entry import Trouble, dotted, nearest
from gateway.config.keys import Root
from gateway.config.net_kinds import is_loopback
from gateway.config.places import KeyPath
from gateway.config.secrets import SecretRef, look
from gateway.config.settings import Endpoint
from gateway.config.tables import Key, Row
from gateway.config.transport import Folders
from gateway.desk.policy import Text

SHIPPED_LANGUAGES: Final = ("de", "en")
"""The languages of the built-in templates."""

NOT_BUILT: Final = ("listen.http",)
"""Keys that are read and checked, and nothing else yet; * stands for a name."""


def outside_troubles(root: Row, where: Folders, environment: Mapping[str, str]) -> Iterator[Trouble]:
    """Everything between the tables and the world, in no order."""
    yield from _ways_in(root, where)
    yield from _servers(root)
    yield from _files(root, where)
    yield from _hooks(root, where)
    yield from _secrets(root, where, environment)
    yield from _languages(root, where)
    yield from _proofs(root)
    yield from _not_built(root)


def _ways_in(root: Row, where: Folders) -> Iterator[Trouble]:
    row = root.get(Root.listen)
    if row is None:
        return
    seen: dict[str, str] = {}
    for path, endpoint in _endpoints(row):
        text = str(endpoint)
        if text in seen and endpoint.port != 0:
            yield Trouble(path, f"{dotted(path)}: {text} is also {seen[text]}; two cannot listen there")
        seen.setdefault(text, dotted(path))
        if endpoint.kind == "tcp" and not is_loopback(endpoint.host) and not row.says(keys.Listen.tls_cert):
            message = f"{text} can be reached from outside, and without tls_cert mail to it is not encrypted"
            yield Trouble(path, f"{dotted(path)}: {message}", severity="warning")
    cert, key = row.get(keys.Listen.tls_cert), row.get(keys.Listen.tls_key)
    if cert is not None and key is not None and bool(cert) != bool(key):
        given, other = ("tls_cert", "tls_key") if cert else ("tls_key", "tls_cert")
        yield Trouble((*row.path, given), f"listen.{given} means nothing without {other}: add {other}", at="key")
    boxes = (root.get(Root.mailbox) or {}).values()
    readable = row.get(keys.Listen.smtp) is not None and row.get(keys.Listen.lmtp) is not None
    if readable and not any(True for _ in _endpoints(row)) and not any(box.has(keys.Mailbox.imap) for box in boxes):
        message = "no mail comes in: nothing listens and no mailbox has an imap table; only gateway mail ingest is left"
        yield Trouble(row.path, message, severity="warning", at="key")
    for index, network in enumerate(row.get(keys.Listen.trusted_networks) or ()):
        if network.prefixlen == 0:
            path = row.at(keys.Listen.trusted_networks, index)
            yield Trouble(path, f"{dotted(path)}: {network} is everybody: no limits hold", severity="warning")


def _endpoints(row: Row) -> Iterator[tuple[KeyPath, Endpoint]]:
    for key in (keys.Listen.smtp, keys.Listen.lmtp):
        for index, endpoint in enumerate(row.get(key) or ()):
            yield row.at(key, index), endpoint
    if (http := row.get(keys.Listen.http)) is not None:
        yield row.at(keys.Listen.http), http


def _servers(root: Row) -> Iterator[Trouble]:
    if (send := root.get(Root.send)) is not None and send.says(keys.Send.host):
        yield from _server(send, keys.Send.host, keys.Send.tls, keys.Send.auth, keys.Send.oauth2)
    inboxes: dict[tuple[str, str, str], str] = {}
    for name, box in (root.get(Root.mailbox) or {}).items():
        row = box.get(keys.Mailbox.imap)
        if row is None:
            continue
        yield from _server(row, keys.Imap.host, keys.Imap.tls, keys.Imap.auth, keys.Imap.oauth2)
        host, folder = row.get(keys.Imap.host), row.get(keys.Imap.folder)
        user = row.get(keys.Imap.user) or box.get(keys.Mailbox.address) or ""
        if host and folder:
            if (host, user, folder) in inboxes:
                first = inboxes[host, user, folder]
                yield Trouble(row.path, f"the same folder is fetched for the mailbox {first} too", at="key")
            inboxes.setdefault((host, user, folder), name)
        if folder and folder in (row.get(keys.Imap.processed), row.get(keys.Imap.failed)):
            path = row.at(keys.Imap.folder)
            yield Trouble(path, f"{dotted(path)}: mail that is done would be fetched again; use another folder for it")


def _server(row: Row, host: Key[str], tls: Key[Any], auth: Key[Any], oauth2: Key[Any]) -> Iterator[Trouble]:
    name = row.get(host)
    if name == "":
        yield Trouble(row.at(host), f"{dotted(row.at(host))} is empty; name the server")
    if name and row.get(tls) == "none" and not is_loopback(name):
        message = f'"none" sends passwords and mail in the clear, and {name} is not this machine'
        meant = "implicit" if row.table is keys.Imap else "starttls"
        yield Trouble(row.at(tls), f"{dotted(row.at(tls))}: {message}", meant)
    if row.get(auth) == "xoauth2" and not row.has(oauth2):
        wants = "oauth2 = { token_url = …, client_id = …, scope = …, refresh_secret = … }"
        yield Trouble(row.at(auth), f"{dotted(row.at(auth))}: xoauth2 needs {wants}")


def _files(root: Row, where: Folders) -> Iterator[Trouble]:
    """Files that are named and must be there; whether this user may look is another matter."""
    rows: list[tuple[Row | None, tuple[Key[str], ...]]] = [
        (root.get(Root.listen), (keys.Listen.tls_cert, keys.Listen.tls_key)),
        (root.get(Root.send), (keys.Send.tls_ca,)),
    ]
    rows += [(box.get(keys.Mailbox.imap), (keys.Imap.tls_ca,)) for box in (root.get(Root.mailbox) or {}).values()]
    for row, named in rows:
        for key in named if row is not None else ():
            assert row is not None
            path = where.path(row.get(key) or "")
            if path is not None and not _may_be(path):
                yield Trouble(row.at(key), f"{dotted(row.at(key))}: there is no file {path}")


def _hooks(root: Row, where: Folders) -> Iterator[Trouble]:
    """A program that is missing is no error: another machine may read this."""
    for row in (root.get(Root.hook) or {}).values():
        program, *_ = row.get(keys.Hook.command) or ("",)
        if program and shutil.which(program if "/" not in program else where.root / program) is None:
            path = row.at(keys.Hook.command)
            yield Trouble(path, f"{dotted(path)}: there is no program {program} here", severity="warning")


def _may_be(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:
        return True


def _secrets(root: Row, where: Folders, environment: Mapping[str, str]) -> Iterator[Trouble]:
    for path, ref in _secrets_in_use(root):
        finding = look(ref.under(where.root), environment)
        if finding.reach in ("missing", "exposed"):
            yield Trouble(path, f"{dotted(path)}: {finding.words}")
        elif finding.reach == "not checked":
            yield Trouble(path, f"{dotted(path)}: {finding.words}", severity="note")


def _secrets_in_use(root: Row) -> Iterator[tuple[KeyPath, SecretRef]]:
    send = root.get(Root.send)
    if send is not None and send.says(keys.Send.host) and send.says(keys.Send.user):
        password = send.get(keys.Send.password_secret)
        if password is not None and send.get(keys.Send.auth) == "password":
            yield send.at(keys.Send.password_secret), password
        yield from _secrets_of(send.get(keys.Send.oauth2))
    for name, box in (root.get(Root.mailbox) or {}).items():
        if (row := box.get(keys.Mailbox.imap)) is not None:
            if row.get(keys.Imap.auth) == "password" and keys.Imap.password_secret.name in row.values:
                yield row.at(keys.Imap.password_secret), transport.imap_password(name, row)
            yield from _secrets_of(row.get(keys.Imap.oauth2))
    storage = root.get(Root.storage)
    if storage is not None and (secret := storage.get(keys.Storage.database_secret)) is not None:
        yield storage.at(keys.Storage.database_secret), secret


def _secrets_of(oauth2: Row | None) -> Iterator[tuple[KeyPath, SecretRef]]:
    for key in (keys.OAuth2.client_secret, keys.OAuth2.refresh_secret):
        if oauth2 is not None and (secret := oauth2.get(key)) is not None:
            yield oauth2.at(key), secret


def _languages(root: Row, where: Folders) -> Iterator[Trouble]:
    gateway = root.get(Root.gateway)
    if gateway is None:
        return
    languages, own = gateway.get(keys.Gateway.languages), gateway.get(keys.Gateway.language)
    if languages is None or own is None:
        return
    if own not in languages:
        listed = f"[{', '.join(f'{chr(34)}{one}{chr(34)}' for one in (own, *languages))}]"
        path = gateway.at(keys.Gateway.language if gateway.has(keys.Gateway.language) else keys.Gateway.languages)
        yield Trouble(path, f'{dotted(path)}: the desk\'s own language "{own}" is missing: languages = {listed}')
    for index, language in enumerate(languages):
        folder = where.root / (gateway.get(keys.Gateway.template_dir) or "templates") / language
        if language not in SHIPPED_LANGUAGES and not folder.is_dir():
            built_in = ", ".join(SHIPPED_LANGUAGES)
            message = f'there are no templates in "{language}": built in are {built_in}; put yours into {folder}/'
            path = gateway.at(keys.Gateway.languages, index)
            yield Trouble(path, f"{dotted(path)}: {message}")
    for path, text in _texts(root):
        written = [language for language, _ in text.languages]
        for language in written:
            if language not in languages:
                message = f'"{language}" is none of gateway.languages, so nobody reads this'
                yield Trouble((*path, language), f"{dotted(path)}: {message}", severity="warning", at="key")
        if written and own not in written:
            message = f'there is no text in "{own}", the language of the desk: "{written[0]}" stands in for it'
            yield Trouble(path, f"{dotted(path)}: {message}", severity="warning", at="key")
    for row in root.get(Root.rule) or ():
        then = row.get(keys.Rule.then)
        answered_in = then.get(keys.Then.language) if then is not None else None
        if then is not None and answered_in and answered_in not in languages:
            path = then.at(keys.Then.language)
            message = f'"{answered_in}" is none of gateway.languages; add it there'
            yield Trouble(path, f"{dotted(path)}: {message}", nearest(answered_in, languages))


def _texts(row: Row) -> Iterator[tuple[KeyPath, Text]]:
    """All texts for customers at and below `row`."""
    for name, value in row.values.items():
        if isinstance(value, Text):
            yield (*row.path, name), value
        below = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
        for inner in below:
            if isinstance(inner, Row):
                yield from _texts(inner)


def _proofs(root: Row) -> Iterator[Trouble]:
    security = root.get(Root.security)
    if security is None:
        return
    proof, server = security.get(keys.Security.agents_must_pass), security.get(keys.Security.trust_auth_results)
    path = security.at(keys.Security.agents_must_pass)
    if proof == "dmarc" and server == "":
        message = "no mail passes while trust_auth_results is empty: set it to the authserv-id of your server"
        yield Trouble(path, f"{dotted(path)}: {message}")
    if proof == "none":
        message = "whoever writes an agent's address into From is that agent; this is for tests"
        yield Trouble(path, f"{dotted(path)}: {message}", severity="warning")
    for row in (root.get(Root.mailbox) or {}).values():
        if row.get(keys.Mailbox.reply_address) == "none" and proof == "code":
            message = 'agents\' replies then carry no code, so they prove nothing: set agents_must_pass = "dmarc"'
            path = row.at(keys.Mailbox.reply_address)
            yield Trouble(path, f"{dotted(path)}: {message} in [security]", severity="warning")


def _not_built(root: Row) -> Iterator[Trouble]:
    for pattern in NOT_BUILT:
        for path in _written(root, pattern.split(".")):
            yield Trouble(path, f"{dotted(path)} is understood, but nothing acts on it yet", severity="note", at="key")


def _written(row: Row, steps: list[str]) -> Iterator[KeyPath]:
    """The paths that `steps` match and that say something else than the default."""
    step, *rest = steps
    value = row.values.get(step)
    if not rest:
        if step in row.written and step in row.values and value != row.table.keys()[step].default_value():
            yield (*row.path, step)
    elif rest[0] == "*" and isinstance(value, dict):
        for inner in value.values():
            yield from _written(inner, rest[1:])
    elif isinstance(value, Row):
        yield from _written(value, rest)
