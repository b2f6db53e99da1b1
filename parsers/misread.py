"""What a text without a clear command becomes: which field is wrong, and what the sender probably meant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldName(StrEnum):
    """The fields of commands, as `parse --json` prints them."""

    FULL_NAME = "full_name"
    ID_NUMBER = "id_number"
    BIRTH_DATE = "birth_date"
    RECEIPT_CODE = "receipt_code"


class MisreadKind(StrEnum):
    """Why a text was not carried out."""

    FULL_NAME = "full_name"  # the name is missing, one word only, or holds digits
    ID_NUMBER = "id_number"  # not 9 or 12 digits, a phone number, a lost zero, or two different numbers
    BIRTH_DATE = "birth_date"  # impossible, in the future, too long ago, American order, or two dates
    ID_BIRTH_MISMATCH = "id_birth_mismatch"  # the 12-digit number holds another birth year or century
    MISSING_FIELDS = "missing_fields"  # two or more fields of TK are missing
    TOO_MANY_PEOPLE = "too_many_people"  # two people in one text
    RECEIPT_CODE = "receipt_code"  # DVC without a code, or with something else
    TOO_MANY_CODES = "too_many_codes"  # more than three different codes
    TWO_COMMANDS = "two_commands"  # a code to look up, and a whole registration
    UNKNOWN_KEYWORD = "unknown_keyword"  # no command; the suggestion may name the one that was meant
    EMPTY = "empty"  # nothing is left after normalising
    TOO_LONG = "too_long"  # longer than ten concatenated segments
    INCOMPLETE = "incomplete"  # a part of a long text never came (parsers.missing_parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Misread:
    """A text that was understood in part, or not at all.

    `fields` names what is wrong, in the command's order. `command` is the command that the sender began, when that is
    sure. `suggestion` is a text ready to copy, or for UNKNOWN_KEYWORD the keyword that was probably meant. `hint` names
    a cause that the answer can explain better than the kind alone. `good` holds the fields that were read well, as the
    sender wrote them, so that an answer can repeat them.
    """

    kind: MisreadKind
    fields: tuple[FieldName, ...] = ()
    command: str | None = None
    suggestion: str | None = None
    hint: Hint | None = None
    good: tuple[tuple[FieldName, str], ...] = ()
    meant: str | None = None
    """For UNKNOWN_KEYWORD: the whole text that was probably meant, ready to copy, where its content could be read."""
    wrong: str | None = None
    """The wrong field as the sender wrote it, short enough to quote (at most 40 characters), else None."""
    spellings: tuple[str, str] | None = None
    """For TWO_SPELLINGS: a word of the name as it was typed, and as it may be meant."""
    may_hold_secret: bool = False
    """A look-up that was not understood, in a service that asks for secrets: one may be anywhere in the text."""
    is_for_people: bool = False
    """A text for people (HOI, PA …) that holds all that opens an account: no identity number waits in a queue."""


class Hint(StrEnum):
    """What exactly was wrong, where one kind has several causes."""

    PHONE_NUMBER = "phone_number"  # a phone number where the identity number or the code belongs
    IDENTITY_NUMBER = "identity_number"  # an identity number where the code belongs
    LOST_ZERO = "lost_zero"  # 8 or 11 digits: a leading zero was probably lost
    PASSPORT = "passport"  # a letter and 7 or 8 digits
    TWO_VALUES = "two_values"  # two different values for one field
    MONTH_FIRST = "month_first"  # only the American order gives a date
    IMPOSSIBLE = "impossible"  # 31/04, 29/02 of a common year
    FUTURE = "future"  # later than today
    TOO_OLD = "too_old"  # more than 120 years ago
    IN_WORDS = "in_words"  # a month written out
    ONE_WORD = "one_word"  # a name of a single word
    TWO_SPELLINGS = "two_spellings"  # a word of the name ends in a letter that is also a key of Telex
    LOST_LETTERS = "lost_letters"  # letters of the name were lost, or read by a wrong alphabet
