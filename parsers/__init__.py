"""TEXT -> COMMAND. Pure: standard library only, no clock, no I/O; never raises, on any text."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from parsers.commands import Command
from parsers.misread import Misread, MisreadKind

__all__ = ["read"]


def read(text: str, *, today: date, short_codes: Collection[str] = ("8188",)) -> Command | Misread:
    """Read one citizen's text."""
    del text, today, short_codes
    return Misread(kind=MisreadKind.EMPTY)
