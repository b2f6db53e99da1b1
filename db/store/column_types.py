"""Column types: ids, UTC times, enums, sealed values and marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple, Protocol, cast, runtime_checkable

from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, String
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine

from db.store.sealing import Keyring

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

RowId = BigInteger().with_variant(Integer, "sqlite")
"""64-bit ids made by us; INTEGER on SQLite, so that the id is the row's own address."""


def give_keyring(dialect: Dialect, keyring: Keyring) -> None:
    """Let the sealed columns of every engine with this dialect use these keys."""
    dialect.sms_gateway_keyring = keyring  # type: ignore[attr-defined]  # the one thing that each engine has of its own


def keyring_of(dialect: Dialect) -> Keyring:
    """Return the keys given to this dialect."""
    return cast("Keyring", dialect.sms_gateway_keyring)  # type: ignore[attr-defined]  # set by give_keyring


@runtime_checkable
class HotType(Protocol):
    """A column type that db.store.prepared_statements binds without SQLAlchemy's layers, a whole column at a time."""

    def binder(self, dialect: Dialect) -> Callable[[Sequence[Any]], Sequence[Any]]:
        """Return what does for many values what `process_bind_param` does for one."""


class Binding(NamedTuple):
    """What processes values of a type for the driver: one, or a column of them."""

    one: Callable[[Any], Any]
    column: Callable[[Sequence[Any]], Sequence[Any]]


def binding_of(column: TypeEngine[Any], dialect: Dialect) -> Binding | None:
    """Return what processes values of this type for the driver; None when it takes them as they are."""
    if isinstance(column, HotType):
        bind = column.binder(dialect)
        return Binding(lambda value: bind((value,))[0], bind)
    process = column.dialect_impl(dialect).bind_processor(dialect)
    return None if process is None else Binding(process, partial(_each, process))


def kind_of(column: TypeEngine[Any], dialect: Dialect) -> str:
    """Return what SQLAlchemy's compilers know a type by, on this database: `big_integer`, `large_binary`."""
    plain = column.dialect_impl(dialect)
    if isinstance(plain, TypeDecorator):
        plain = plain.impl_instance
    return str(plain.__visit_name__).lower()


def _each(process: Callable[[Any], Any], values: Sequence[Any]) -> Sequence[Any]:
    """Process a column; one that holds the same throughout (a state, a time) only once."""
    first, count = values[0], len(values)
    if count > 1 and values.count(first) == count:
        return (process(first),) * count
    return tuple(map(process, values))


class Utc(TypeDecorator[datetime]):
    """Aware UTC: TIMESTAMPTZ on PostgreSQL, microseconds since 1970 on SQLite, which has no times of its own."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[int]:
        """Choose the native type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        """Refuse a naive time: nobody can know its zone later."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was given to the database")
        return value if dialect.name == "postgresql" else (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: datetime | int | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC."""
        del dialect
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else EPOCH + timedelta(microseconds=value)


class Choice(TypeDecorator[StrEnum]):
    """An enum stored by its value; an unknown value in a row raises when read."""

    impl = String
    cache_ok = True

    def __init__(self, choices: type[StrEnum], length: int = 24) -> None:
        super().__init__(length)
        self.choices = choices

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Store the value."""
        del dialect
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Return the member."""
        del dialect
        return None if value is None else self.choices(value)


class SealedText(TypeDecorator[str]):
    """Text sealed at rest (db.store.sealing); `place` is `table.column` and never changes once rows exist.

    Lone surrogates, which a carrier can send and UTF-8 cannot hold, are kept (surrogatepass).
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def binder(self, dialect: Dialect) -> Callable[[Sequence[str | None]], Sequence[bytes | None]]:
        """See HotType."""
        seal_all, place = keyring_of(dialect).seal_all, self.place.encode()
        return lambda values: seal_all(
            [None if value is None else value.encode("utf-8", "surrogatepass") for value in values], place
        )

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        if value is None:
            return None
        return keyring_of(dialect).seal(value.encode("utf-8", "surrogatepass"), self.place.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open; raises SealBrokenError."""
        if value is None:
            return None
        return keyring_of(dialect).open(bytes(value), self.place.encode()).decode("utf-8", "surrogatepass")


class SealedOctets(TypeDecorator[bytes]):
    """Octets sealed at rest, as SealedText."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def binder(self, dialect: Dialect) -> Callable[[Sequence[bytes | None]], Sequence[bytes | None]]:
        """See HotType."""
        return partial(keyring_of(dialect).seal_all, place=self.place.encode())

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Seal."""
        return None if value is None else keyring_of(dialect).seal(value, self.place.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Open; raises SealBrokenError."""
        return None if value is None else keyring_of(dialect).open(bytes(value), self.place.encode())


class Mark(TypeDecorator[str | bytes]):
    """A keyed mark of a value: bind the clear text and it is marked on the way; a mark read back stays as it is.

    `inbound.c.sender_mark == "84905123456"` finds the rows of that number without the number being stored clear.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, subject: str) -> None:
        super().__init__()
        self.subject = subject

    def binder(self, dialect: Dialect) -> Callable[[Sequence[str | bytes | None]], Sequence[bytes | None]]:
        """See HotType."""
        mark, subject = keyring_of(dialect).mark, self.subject.encode()
        return lambda values: [
            mark(subject, value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else value
            for value in values
        ]

    def process_bind_param(self, value: str | bytes | None, dialect: Dialect) -> bytes | None:
        """Mark a clear text; pass a mark on."""
        if value is None or isinstance(value, bytes):
            return value
        return keyring_of(dialect).mark(self.subject.encode(), value.encode("utf-8", "surrogatepass"))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Return the mark."""
        del dialect
        return None if value is None else bytes(value)
