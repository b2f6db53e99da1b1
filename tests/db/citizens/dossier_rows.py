"""Dossiers as tests look at them."""

from __future__ import annotations

from sqlalchemy import Connection, select

from db.citizens.dossiers import Dossier, find_by_id
from db.schema import dossier


def find_by_code(connection: Connection, code: str) -> Dossier | None:
    """Return the dossier with exactly this printed code."""
    found = connection.execute(select(dossier.c.id).where(dossier.c.code == code)).scalar_one_or_none()
    return None if found is None else find_by_id(connection, found)
