"""What the numbers in a PDU's fields mean, as keys of words: each octet taken apart by its bits (SMPP 3.4 §5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Word(NamedTuple):
    """One thing that a field says: a key of `WORDS`, and a value where the words have a place for it.

    The key `literal` means that the value stands for itself in every language.
    """

    key: str
    value: str = ""


LITERAL = "literal"
OCTETS = "octets"
"""The key whose value is a number of octets, so that a page can choose between one and many."""

TABLES: Mapping[str, frozenset[int]] = {
    "ton": frozenset(range(7)),  # §5.2.5
    "npi": frozenset({0, 1, 3, 4, 6, 8, 9, 10, 14, 18}),  # §5.2.6
    "replace": frozenset({0, 1}),  # §5.2.18
    "message_state": frozenset(range(1, 9)),  # §5.2.28
    "privacy_indicator": frozenset(range(4)),  # §5.3.2.14
    "language_indicator": frozenset(range(6)),  # §5.3.2.19
    "payload_type": frozenset({0, 1}),  # §5.3.2.10
    "network": frozenset({1, 2, 3}),  # §5.3.2.31
    "dest_addr_subunit": frozenset(range(5)),  # §5.3.2.1
    "source_addr_subunit": frozenset(range(5)),
    "dest_network_type": frozenset(range(9)),  # §5.3.2.3
    "source_network_type": frozenset(range(9)),
    "dest_bearer_type": frozenset(range(9)),  # §5.3.2.5
    "source_bearer_type": frozenset(range(9)),
}
"""The values that have a name, by field. Any other is the carrier's own."""

_SHARED = {
    "dest_addr_subunit": "subunit",
    "source_addr_subunit": "subunit",
    "dest_network_type": "network_type",
    "source_network_type": "network_type",
    "dest_bearer_type": "bearer",
    "source_bearer_type": "bearer",
}

_MODES = frozenset({1, 2, 3})
_TYPES = frozenset({0, 1, 2, 4, 6, 8})
_CODINGS: Mapping[int, str] = {
    1: "IA5 / ASCII",
    3: "ISO 8859-1 (Latin-1)",
    5: "JIS X 0208-1990",
    6: "ISO 8859-5",
    7: "ISO 8859-8",
    8: "UCS-2",
    10: "ISO-2022-JP",
    13: "JIS X 0212-1990",
    14: "KS C 5601",
}

WORDS: frozenset[str] = frozenset(
    {
        *(f"{_SHARED.get(table, table)}.{value}" for table, values in TABLES.items() for value in values),
        *(f"esm.mode.{value}" for value in _MODES),
        *(f"esm.type.{value}" for value in _TYPES),
        *(f"receipt_wanted.{value}" for value in range(3)),
        *(f"ack_wanted.{value}" for value in range(1, 4)),
        *(f"coding.{value}" for value in ("default", "octet", "pictogram", "class", "waiting", "compressed")),
        *(f"udh.{value}" for value in ("part", "reference", "ports", "single_shift", "locking_shift")),
        "esm.udhi",
        "esm.reply_path",
        "intermediate_wanted",
        "empty",
        OCTETS,
        "reserved",
        "unread",
    }
)
"""Every key that a word can have, so that a page can prove that it knows them all."""


def literal(value: str) -> Word:
    """Return a value that stands for itself."""
    return Word(LITERAL, value)


def number(value: int) -> Word:
    """Return a number that stands for itself."""
    return literal(str(value))


def table_word(table: str, value: int) -> Word:
    """Return the word for a value out of a table."""
    if value in TABLES.get(table, ()):
        return Word(f"{_SHARED.get(table, table)}.{value}")
    return Word("reserved", str(value))


def esm_class_words(value: int, *, is_deliver: bool) -> tuple[Word, ...]:
    """Take esm_class apart (§5.2.12); its mode says nothing in deliver_sm."""
    words = []
    kind = value >> 2 & 0x0F
    words.append(Word(f"esm.type.{kind}") if kind in _TYPES else Word("reserved", f"{kind:04b}"))
    if value & 0x03 and not is_deliver:
        words.append(Word(f"esm.mode.{value & 0x03}"))
    if value & 0x40:
        words.append(Word("esm.udhi"))
    if value & 0x80:
        words.append(Word("esm.reply_path"))
    return tuple(words)


def registered_delivery_words(value: int) -> tuple[Word, ...]:
    """Take registered_delivery apart (§5.2.17)."""
    wanted = value & 0x03
    words = [Word(f"receipt_wanted.{wanted}") if wanted < 3 else Word("reserved", f"{wanted:02b}")]  # noqa: PLR2004 - 3 is reserved
    acknowledged = value >> 2 & 0x03
    if acknowledged:
        words.append(Word(f"ack_wanted.{acknowledged}"))
    if value & 0x10:
        words.append(Word("intermediate_wanted"))
    return tuple(words)


def data_coding_words(value: int) -> tuple[Word, ...]:
    """Name a data coding (§5.2.19), or take it apart by the groups of GSM 03.38 §4."""
    if value in _CODINGS:
        return (literal(_CODINGS[value]),)
    match value:
        case 0:
            return (Word("coding.default"),)
        case 2 | 4:
            return (Word("coding.octet"),)
        case 9:
            return (Word("coding.pictogram"),)
    group = value >> 4
    if group == 0x0F:  # noqa: PLR2004 - §4: coding and class
        return (_alphabet(value >> 2 & 0x01), Word("coding.class", str(value & 0x03)))
    if group in (0x0C, 0x0D, 0x0E):
        return (_alphabet(2 if group == 0x0E else 0), Word("coding.waiting"))  # noqa: PLR2004 - §4: this group is UCS-2
    if 0 < group < 8:  # noqa: PLR2004 - §4: general groups 00xx and 01xx
        words = [_alphabet(value >> 2 & 0x03)]
        if value & 0x20:
            words.append(Word("coding.compressed"))
        if value & 0x10:
            words.append(Word("coding.class", str(value & 0x03)))
        return tuple(words)
    return (Word("reserved", f"0x{value:02x}"),)


def _alphabet(value: int) -> Word:
    match value:
        case 0:
            return Word("coding.default")
        case 1:
            return Word("coding.octet")
        case 2:
            return literal("UCS-2")
        case _:
            return Word("reserved", "11")
