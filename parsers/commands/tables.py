"""Commands that are data: a keyword of an office's own table with a key, or the keyword of an own answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar, NamedTuple, cast

from parsers.commands import CanonicalCode, Command

PREFIX = "table_"
"""Begins the names of these commands, so that none is the name of another command."""


_NO_KEY = CanonicalCode("")


class TableKey(NamedTuple):
    """A key with its secret; the fields are as in `AskTable`."""

    written: str
    canonical: CanonicalCode
    secret: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AskTable(Command):
    """Show the row of a key, or the sentence of an own answer. Each table has a class of its own (`command_of`).

    `written` is the key as the citizen wrote it, `canonical` as it is compared; both are empty for an own answer.
    `secret` is as in parsers.commands.ReceiptCode. `instead` has the other readings, for keys that have no row.
    """

    name: ClassVar[str] = PREFIX

    written: str = ""
    canonical: CanonicalCode = _NO_KEY
    secret: str | None = field(default=None, repr=False)
    instead: tuple[TableKey, ...] = field(default=(), repr=False)


@cache
def command_of(table: str) -> type[AskTable]:
    """Return the class of a table's command, by the table's name; it is made once.

    A text that was read before its table was changed is therefore still carried out.

    >>> command_of("bus").name, command_of("bus") is command_of("bus")
    ('table_bus', True)
    """
    name = PREFIX + table
    return cast("type[AskTable]", type(name, (AskTable,), {"__slots__": (), "__module__": __name__, "name": name}))
