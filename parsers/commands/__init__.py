"""What a text can ask for: one frozen dataclass per command."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NewType

FullName = NewType("FullName", str)
"""Two or more words of letters, accents kept as typed, NFC, one blank between words."""

IdNumber = NewType("IdNumber", str)
"""9 digits (CMND) or 12 digits (CCCD, personal identification number), nothing else."""

CanonicalCode = NewType("CanonicalCode", str)
"""A receipt code as it is matched: upper case, letters and digits only."""


PASSWORD = "password"  # noqa: S105 - a topic, no password
"""The topic of help that is no command: where a lost password is replaced, and where one is changed."""

PRICE = "price"
"""The same: what a text costs, and how notices end."""


class Command:
    """What a text asks for: the base of every command. A command is a frozen dataclass with a name."""

    __slots__ = ()

    name: ClassVar[str]
    """What logs, filters and `parse --json` print."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BirthDate:
    """A birth date as papers show it: a whole date, a month of a year, or a year alone.

    >>> str(BirthDate(year=1990, month=12, day=20)), str(BirthDate(year=1950, month=12)), str(BirthDate(year=1950))
    ('1990-12-20', '1950-12', '1950')
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """Write the date as ISO 8601, as far as it is known."""
        parts = [f"{self.year:04d}"]
        if self.month is not None:
            parts.append(f"{self.month:02d}")
            if self.day is not None:
                parts.append(f"{self.day:02d}")
        return "-".join(parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptCode:
    """A receipt code as the citizen wrote it (upper case, blanks joined) and as it is matched.

    `secret` is what was given to open this dossier, upper case letters and digits. It is None when the service asks for
    no secret, and empty when it does and none was given. It is in no repr, log or page. `instead` is the other code
    that may be meant, where letters before it are a label or its beginning (`BN-688221488`). It is tried when there is
    no such dossier.
    """

    written: str
    canonical: CanonicalCode
    secret: str | None = field(default=None, repr=False)
    instead: CanonicalCode | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterAccount(Command):
    """TK: open an account for this person."""

    name: ClassVar[str] = "register_account"

    full_name: FullName
    id_number: IdNumber
    birth_date: BirthDate


@dataclass(frozen=True, kw_only=True, slots=True)
class NamesDossiers(Command):
    """A command that names one to three dossiers: the base of the two that do."""

    codes: tuple[ReceiptCode, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LookUpStatus(NamesDossiers):
    """DVC: show the state of one to three dossiers, in the order asked."""

    name: ClassVar[str] = "look_up_status"


@dataclass(frozen=True, kw_only=True, slots=True)
class ShowHelp(Command):
    """HD: show how to write a text; with a topic, how to write the command of that name, or PASSWORD or PRICE."""

    name: ClassVar[str] = "help"

    topic: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeThanks(Command):
    """Thanks, or ok: answer nothing."""

    name: ClassVar[str] = "thanks"
