"""Columns of values as PostgreSQL's own arrays in binary form, so that a batch of rows is one statement.

For a server, one statement with an array for each column takes a fraction of the time of one statement for each row.
Arrays in binary form need neither quotes nor hexadecimal digits. The forms are those of `array_send` and of the types'
own `*_send` functions, which every client in binary mode uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import Struct, error
from typing import Any

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy import Dialect
from sqlalchemy.types import TypeEngine, UserDefinedType

from db.store.column_types import binding_of, kind_of

_HEADER = Struct(">iiIii").pack  # dimensions, whether there are nulls, the elements' type, how many, from which number
_LENGTH = Struct(">i").pack
_NULL = _LENGTH(-1)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # of PostgreSQL's times
_MICROSECOND = timedelta(microseconds=1)
_TWO, _FOUR, _EIGHT = Struct(">ih").pack, Struct(">ii").pack, Struct(">iq").pack
_TRUE, _FALSE = b"\0\0\0\1\1", b"\0\0\0\1\0"

UNPACKABLE = (error, OverflowError, AttributeError, TypeError)
"""What packing raises for a value that its column does not take; the driver tells better what is wrong with it."""


class Packed(bytes):
    """An array as it goes over the wire; each type of elements has a class of its own, by which the driver knows it."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """One type of elements."""

    name: str
    element: int  # the type's number in pg_type, the same in every server
    packed: type[Packed]
    pack: Callable[[Any], bytes]  # one value, its length before it

    def pack_all(self, values: Sequence[Any]) -> Packed:
        """Pack a column; one that holds the same throughout (a state, a time) only once."""
        count, first, pack = len(values), values[0], self.pack
        if values.count(first) == count:
            body = (_NULL if first is None else pack(first)) * count
        else:
            body = b"".join([_NULL if value is None else pack(value) for value in values])
        return self.packed(_HEADER(1, None in values, self.element, count, 1) + body)


def _pack_time(value: datetime) -> bytes:
    return _EIGHT(8, (value - _BEGINNING) // _MICROSECOND)


def _pack_octets(value: bytes) -> bytes:
    return _LENGTH(len(value)) + value


def _pack_text(value: str) -> bytes:
    octets = value.encode()
    return _LENGTH(len(octets)) + octets


_DUMPERS: dict[type[Packed], type[Dumper]] = {}


def _kind(name: str, element: int, array: int, pack: Callable[[Any], bytes]) -> _Kind:
    packed = type(f"Packed_{name}", (Packed,), {"__slots__": ()})
    _DUMPERS[packed] = type(f"Dumper_{name}", (_PackedDumper,), {"oid": array})
    return _Kind(name=name, element=element, packed=packed, pack=pack)


class _PackedDumper(Dumper):
    """Gives the driver what is in its final form already."""

    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        """Return it as it is."""
        return obj


_BOOLEAN = _kind("boolean", 16, 1000, lambda value: _TRUE if value else _FALSE)
_OCTETS = _kind("bytea", 17, 1001, _pack_octets)
_BIGINT = _kind("bigint", 20, 1016, lambda value: _EIGHT(8, value))
_SMALLINT = _kind("smallint", 21, 1005, lambda value: _TWO(2, value))
_INTEGER = _kind("integer", 23, 1007, lambda value: _FOUR(4, value))
_TEXT = _kind("text", 25, 1009, _pack_text)
_TIME = _kind("timestamptz", 1184, 1185, _pack_time)
_KINDS: Mapping[str, _Kind] = {  # by what SQLAlchemy's compilers know a type by
    "boolean": _BOOLEAN,
    "large_binary": _OCTETS,
    "big_integer": _BIGINT,
    "small_integer": _SMALLINT,
    "integer": _INTEGER,
    "string": _TEXT,
    "text": _TEXT,
    "datetime": _TIME,
    "timestamp": _TIME,
}


class ArrayOf(UserDefinedType[Any]):
    """An array of the values of a column type."""

    cache_ok = True

    def __init__(self, element: TypeEngine[Any], kind: _Kind) -> None:
        self.element = element
        self.kind = kind

    def get_col_spec(self, **_: object) -> str:
        """Name the type."""
        return f"{self.kind.name}[]"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Packed]:
        """Process each value as its column does, and pack them all; see UNPACKABLE."""
        binding, pack = binding_of(self.element, dialect), self.kind.pack_all
        if binding is None:
            return pack
        process = binding.column
        return lambda values: pack(process(values))


def array_of(element: TypeEngine[Any], dialect: Dialect) -> ArrayOf | None:
    """Return the array of these elements; None where it is not known how they are packed."""
    kind = _KINDS.get(kind_of(element, dialect))
    return None if kind is None else ArrayOf(element, kind)


def give_arrays(connection: psycopg.Connection[Any], _: object) -> None:
    """Let a new connection take packed arrays."""
    for packed, dumper in _DUMPERS.items():
        connection.adapters.register_dumper(packed, dumper)
