"""Full text: which tickets have a word in subject, people or conversation, by indexes that the database itself keeps.

Triggers (SQLite) and expressions (PostgreSQL) see every write, so that no row is without its words and no word is
without its row. A migration that makes `ticket` or `article` anew has to make the triggers anew, too.

A word of a search is found where a word of a text begins with it; several words in one are found one after the other.
SQLite tells letters by Unicode and overlooks accents; PostgreSQL's "simple" dictionary does not.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    column,
    func,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy import table as named

from gateway.store.tables import article, ticket

_LOOKED_AT = 100_000  # characters of a text that PostgreSQL indexes: a tsvector is at most 1 MB
_APART = string.punctuation  # letters are apart here, whatever PostgreSQL's parser makes of "a.b" or "a@b"
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class _Indexed:
    """A table, the key of its rows, and the columns whose words are found."""

    table: str
    key: str
    columns: tuple[str, ...]


_TICKET = _Indexed("ticket", "number", ("subject", "requester_name", "requester_email"))
_ARTICLE = _Indexed("article", "position", ("author_name", "author_email", "subject", "text"))


def make(tx: Connection) -> None:
    """The indexes, in a database that has the tables."""
    for indexed in (_TICKET, _ARTICLE):
        for statement in _for_sqlite(indexed) if tx.dialect.name == "sqlite" else _for_postgresql(indexed):
            tx.exec_driver_sql(statement)


def optimize(tx: Connection) -> None:
    """Write SQLite's indexes anew, without the words of what was deleted. PostgreSQL's own vacuum does that."""
    if tx.dialect.name == "sqlite":
        for indexed in (_TICKET, _ARTICLE):
            name = f"{indexed.table}_words"
            tx.exec_driver_sql(f"INSERT INTO {name}({name}) VALUES ('optimize')")  # noqa: S608 - names of ours


def damaged(tx: Connection) -> list[str]:
    """Which of the indexes is out of step with its table. PostgreSQL's are part of its tables."""
    found = []
    if tx.dialect.name == "sqlite":
        for indexed in (_TICKET, _ARTICLE):
            name = f"{indexed.table}_words"
            rows, known = (
                {each for (each,) in tx.exec_driver_sql(f"SELECT {key} FROM {source}")}  # noqa: S608 - names of ours
                for key, source in ((indexed.key, indexed.table), ("id", f"{name}_docsize"))
            )
            if rows != known:
                found.append(name)
    return found


def has(tx: Connection, word: str) -> ColumnElement[bool]:
    """Whether a ticket has `word` (several are a phrase). Without a letter or digit, or in a script that puts no
    blanks between words, it is looked for as it stands, which takes longer."""
    if _UNSPACED.search(word) or not any(char.isalnum() for char in word):
        return _somewhere(word)
    lite = tx.dialect.name == "sqlite"
    return ticket.c.number.in_(_matching_sqlite(word) if lite else _matching_postgresql(word))


def contains(field: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return func.lower(field).contains(word.lower(), autoescape=True)


def _somewhere(word: str) -> ColumnElement[bool]:
    said = select(article.c.position).where(article.c.ticket == ticket.c.number, contains(article.c.text, word))
    near = (ticket.c.subject, ticket.c.requester_email, ticket.c.requester_name)
    return or_(*(contains(each, word) for each in near), said.exists())


def _matching_sqlite(word: str) -> CompoundSelect[Any]:
    asked = '"' + word.replace('"', '""') + '"*'
    near = select(column("rowid", Integer)).select_from(named("ticket_words"))
    said = select(article.c.ticket).join_from(
        named("article_words"), article, literal_column("article_words.rowid") == article.c.position
    )
    return union(near.where(_match("ticket_words", asked)), said.where(_match("article_words", asked)))


def _match(name: str, asked: str) -> ColumnElement[bool]:
    return literal_column(name).bool_op("MATCH")(asked)


def _matching_postgresql(word: str) -> CompoundSelect[Any]:
    asked = func.to_tsquery("simple", " <-> ".join(f"'{part}'" for part in _separated(word).split()) + ":*")
    near = select(ticket.c.number).where(literal_column(_vector(_TICKET)).bool_op("@@")(asked))
    said = select(article.c.ticket).where(literal_column(_vector(_ARTICLE)).bool_op("@@")(asked))
    return union(near, said)


def _separated(word: str) -> str:
    return word.translate(str.maketrans(_APART, " " * len(_APART)))


def _vector(indexed: _Indexed) -> str:
    """As the index has it, to the letter: only then PostgreSQL uses it."""
    joined = " || ' ' || ".join(indexed.columns)
    apart = _APART.replace("'", "''").replace("\\", "\\\\")
    blanks = " " * len(_APART)
    return f"to_tsvector('simple', translate(left({joined}, {_LOOKED_AT}), E'{apart}', '{blanks}'))"


def _for_postgresql(indexed: _Indexed) -> tuple[str, ...]:
    vector = _vector(indexed).replace("%", "%%")  # psycopg reads placeholders
    return (f"CREATE INDEX ix_{indexed.table}_words ON {indexed.table} USING gin (({vector}))",)


def _for_sqlite(indexed: _Indexed) -> tuple[str, ...]:
    """An index beside the table (FTS5 calls the table its external content), and what keeps it in step."""
    table, key, name = indexed.table, indexed.key, f"{indexed.table}_words"
    columns = ", ".join(indexed.columns)
    old, new = (", ".join(f"{row}.{each}" for each in indexed.columns) for row in ("old", "new"))
    forget = f"INSERT INTO {name}({name}, rowid, {columns}) VALUES ('delete', old.{key}, {old});"  # noqa: S608 - ours
    learn = f"INSERT INTO {name}(rowid, {columns}) VALUES (new.{key}, {new});"  # noqa: S608 - names of ours
    other = " OR ".join(f"old.{each} IS NOT new.{each}" for each in indexed.columns)
    return (
        f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, content='{table}', content_rowid='{key}', "
        "tokenize='unicode61 remove_diacritics 2')",
        f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {learn} END",
        f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {forget} END",
        f"CREATE TRIGGER {name}_update AFTER UPDATE ON {table} WHEN {other} BEGIN {forget} {learn} END",
    )
