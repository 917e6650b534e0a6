"""What Alembic runs: every migration in the one transaction of the connection that it is given."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from gateway.store.tables import METADATA


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own types: what SQLModel makes of them may change, a migration may not."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=render_item,
    transactional_ddl=True,
    compare_type=False,
)
context.run_migrations()
