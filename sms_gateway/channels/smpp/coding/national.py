"""Text in the alphabet of a national language: tables that a user data header names (3GPP TS 23.038 §6.2.1.2).

A locking table replaces the default alphabet, a single table its extension. A character of an unknown table is marked
as lost, so that the answer asks for a name again and never stores a wrong one.
"""

from __future__ import annotations

from functools import cache

from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.coding.national_tables import INDIC_LOCKING, INDIC_SHARED, LATIN_LOCKING, SINGLE

LOST = "\ufffd"
SPANISH = 2
"""Has a single table alone; its locking table is the default alphabet."""

_FIRST_INDIC = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def decode(septets: bytes, locking: int, single: int) -> str:
    r"""Read unpacked septets by two tables, named by language; 0 is the default one. Never raises.

    >>> decode(b"Jo\x1b{o", 0, 3), decode(b"Ay\x1de", 1, 0), decode(b"Jo\x1b{o", 0, 77)
    ('João', 'Ayşe', 'Jo\ufffdo')
    """
    letters, shifted = _locking_table(locking), _single_table(single)
    chars: list[str] = []
    escaped = False
    for octet in septets:
        septet = octet & 0x7F
        if escaped:
            escaped = False
            chars.append(" " if septet == gsm.ESCAPE else shifted.get(septet, letters[septet] if not single else LOST))
        elif septet == gsm.ESCAPE:
            escaped = True
        else:
            chars.append(letters[septet])
    if escaped:
        chars.append(LOST)
    return "".join(chars)


@cache
def _locking_table(language: int) -> str:
    """Return the 128 characters of a table; of an unknown one those that all tables have in common."""
    default = gsm.decode(bytes(range(gsm.ESCAPE))) + LOST + gsm.decode(bytes(range(gsm.ESCAPE + 1, 128)))
    if language in (0, SPANISH):
        return default
    if language in LATIN_LOCKING:
        own = {int(one[:2], 16): one[2] for one in LATIN_LOCKING[language].split()}
        return "".join(own.get(code, char) for code, char in enumerate(default))
    if language in INDIC_LOCKING:
        chars = [LOST if point == "----" else chr(int(point, 16)) for point in INDIC_LOCKING[language].split()]
        return "".join((*chars[:0x61], *_LETTERS, *chars[0x61:]))
    known = [_locking_table(one) for one in (0, *LATIN_LOCKING, *INDIC_LOCKING)]
    return "".join(chars[0] if len(set(chars)) == 1 else LOST for chars in zip(*known, strict=True))


@cache
def _single_table(language: int) -> dict[int, str]:
    """Return what follows an escape; nothing of an unknown table."""
    if language != 0 and language not in SINGLE:
        return {}
    own = {int(one, 16) >> 16: chr(int(one, 16) & 0xFFFF) for one in SINGLE.get(language, "").split()}
    return gsm.EXTENSION | (INDIC_SHARED if language >= _FIRST_INDIC else {}) | own
