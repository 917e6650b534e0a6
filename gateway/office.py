"""The desk of a configuration, opened: its database, files, words and keys. The daemon works in it, the CLI visits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.advance import Desk
from gateway.config.settings import Config
from gateway.mail.render import Templates
from gateway.mail.thread import Keys
from gateway.store import keys, schema
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.templates_files import load_templates, packaged


@dataclass
class Office:
    """`config` and `desk` change together when the configuration is reloaded."""

    config: Config
    db: Database
    desk: Desk

    def reload(self, config: Config) -> None:
        """Take on another configuration; the database, its files and its keys stay."""
        self.desk = replace(self.desk, policy=config.policy, templates=templates_of(config))
        self.config = config

    def take_keys(self, found: Keys | None) -> None:
        """Mint with the newest key from now on: `gateway keys rotate` may have made one."""
        if found is not None and found != self.desk.keys:
            self.desk = replace(self.desk, keys=found)

    def close(self) -> None:
        self.db.close()


def open_office(config: Config, environ: Mapping[str, str], now: datetime) -> Office:
    """For the daemon: the database is made or brought up to date, and so are the keys. Raises WrongSchema."""
    config.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = Database(config.storage.database_url(environ))
    schema.migrate(db)
    return _furnish(config, db, db.write(keys.load_or_make, now))


def visit_office(config: Config, environ: Mapping[str, str]) -> Office:
    """For the CLI: nothing is made or changed. Raises NoDatabase and WrongSchema."""
    db = Database(config.storage.database_url(environ), create=False)
    schema.require_schema(db)
    with db.snapshot() as tx:
        found = keys.load(tx)
    return _furnish(config, db, found or Keys(()))


def templates_of(config: Config) -> Templates:
    return load_templates(packaged("templates"), config.template_dir)


def new_id() -> str:
    """Unguessable, and made of letters and digits alone: ids of letters stand in Message-IDs."""
    return uuid.uuid4().hex


def _furnish(config: Config, db: Database, found: Keys) -> Office:
    desk = Desk(config.policy, templates_of(config), found, Blobs(config.storage.blobs))
    return Office(config, db, desk)
