"""Rows of the configuration become the settings of the parts around the desk: paths, sockets, servers, storage."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from gateway.config import keys
from gateway.config.secrets import SecretRef
from gateway.config.settings import Endpoint, Imap, Listen, Log, OAuth2, Send, Storage
from gateway.config.tables import Row


@dataclasses.dataclass(frozen=True, slots=True)
class Folders:
    """`root` is the directory of gateway.toml, to which paths are relative; sockets to `runtime`."""

    root: Path
    state: Path
    runtime: Path

    def path(self, text: str) -> Path | None:
        """The path that `text` names; None where it names none. "~" is nobody's home: daemons have none."""
        return self.root / text if text else None

    def secret(self, ref: SecretRef | None) -> SecretRef | None:
        """Where a secret is, its file under the directory of gateway.toml too."""
        return None if ref is None else ref.under(self.root)


def folders(main: Path, state_dir: str, environment: Mapping[str, str]) -> Folders:
    """Where things lie. systemd may hand over several state directories; the first is ours."""
    root = main.parent
    given = environment.get("STATE_DIRECTORY", "").split(":")[0]
    runtime = environment.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return Folders(root, Path(given) if given else root / state_dir, Path(runtime) if runtime else root)


def listen(row: Row, where: Folders) -> Listen:
    key = keys.Listen
    http = row[key.http]
    return Listen(
        smtp=tuple(_placed(endpoint, where) for endpoint in row[key.smtp]),
        lmtp=tuple(_placed(endpoint, where) for endpoint in row[key.lmtp]),
        http=None if http is None else _placed(http, where),
        tls_cert=where.path(row[key.tls_cert]),
        tls_key=where.path(row[key.tls_key]),
        trusted_networks=row[key.trusted_networks],
    )


def send(row: Row, where: Folders) -> Send:
    key = keys.Send
    logs_in = bool(row[key.host] and row[key.user])
    return Send(
        host=row[key.host],
        port=row[key.port],
        tls=row[key.tls],
        user=row[key.user],
        auth=row[key.auth],
        password_secret=where.secret(row[key.password_secret]) if logs_in and row[key.auth] == "password" else None,
        oauth2=_oauth2(row[key.oauth2], where) if logs_in else None,
        rate=row[key.rate],
        tls_ca=where.path(row[key.tls_ca]),
    )


def imap(name: str, mailbox: Row, where: Folders) -> Imap | None:
    row = mailbox[keys.Mailbox.imap]
    if row is None:
        return None
    key = keys.Imap
    return Imap(
        mailbox=name,
        host=row[key.host],
        port=row[key.port],
        tls=row[key.tls],
        user=row[key.user] or mailbox[keys.Mailbox.address],
        auth=row[key.auth],
        password_secret=where.secret(imap_password(name, row)) if row[key.auth] == "password" else None,
        oauth2=_oauth2(row[key.oauth2], where),
        tls_ca=where.path(row[key.tls_ca]),
        folder=row[key.folder],
        processed=row[key.processed],
        failed=row[key.failed],
        first_fetch=row[key.first_fetch],
        idle=row[key.idle],
        poll=row[key.poll],
        silent_alarm=row[key.silent_alarm],
    )


def imap_password(mailbox: str, row: Row) -> SecretRef:
    return row.get(keys.Imap.password_secret) or SecretRef("credential", f"imap-{mailbox}")


def storage(row: Row, where: Folders) -> Storage:
    key = keys.Storage
    return Storage(
        database=_database(row[key.database], where),
        database_secret=where.secret(row[key.database_secret]),
        blobs=where.path(row[key.blobs]) or where.state / "blobs",
        raw_mail=row[key.raw_mail],
    )


def log(row: Row) -> Log:
    return Log(row[keys.Log.level], row[keys.Log.format])


def _placed(endpoint: Endpoint, where: Folders) -> Endpoint:
    if endpoint.path is None:
        return endpoint
    return dataclasses.replace(endpoint, path=where.runtime / endpoint.path)


def _oauth2(row: Row | None, where: Folders) -> OAuth2 | None:
    if row is None:
        return None
    key = keys.OAuth2
    return OAuth2(
        row[key.token_url],
        row[key.client_id],
        row[key.scope],
        where.secret(row[key.client_secret]),
        where.secret(row[key.refresh_secret]),
    )


def _database(url: str, where: Folders) -> str:
    """An absolute URL: SQLAlchemy takes a path after three slashes relative to the working directory."""
    if url.startswith("postgresql"):
        return url
    path = where.root / url.removeprefix("sqlite:///") if url else where.state / "gateway.db"
    return f"sqlite:///{path.absolute()}"
