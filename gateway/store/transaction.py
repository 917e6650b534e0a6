"""The handle of a unit of work, by a name that the floors above may use without knowing SQL."""

from __future__ import annotations

from sqlalchemy import Connection

Transaction = Connection

__all__ = ["Transaction"]
