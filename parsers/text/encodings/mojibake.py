"""UTF-8 that was read as Latin-1 or Windows-1252 (`Nguyá»…n`), converted back where that is certain."""

from __future__ import annotations

import re


def _octets_by_letter() -> dict[int, int]:
    """Return which octet each Windows-1252 character beyond Latin-1 stands for; five octets have none."""
    table: dict[int, int] = {}
    for octet in range(0x80, 0xA0):
        letter = bytes([octet]).decode("cp1252", errors="ignore")
        if letter:
            table[ord(letter)] = octet
    return table


_OCTETS = _octets_by_letter()
_SUSPECT = re.compile("[\u00c2-\u00f4][\u0080-\u00bf" + "".join(map(chr, _OCTETS)) + " ]")
_SURE = re.compile(_SUSPECT.pattern.replace(" ]", "]"))
_WORD_IN_CAPITALS = re.compile("(?<=[A-Z\u00c0-\u00de])\u00c3 (?![a-z ,.;])")
"""`MÃ 123`, `LÃ VAN A`: a word that ends with this letter. In capitals no `à` was turned into it."""
_MOST_ROUNDS = 20
"""Each wrong reading doubles every letter outside ASCII, so a text of a million letters holds fewer."""


def repair(text: str) -> str:
    """Convert a text back that was UTF-8 read as Latin-1 or Windows-1252, once or several times.

    Certain means: every character is an octet, the octets are valid UTF-8 from end to end, and at least one character
    has several octets. Anything else is returned as it came.

    >>> repair("Nguyá»…n VÄƒn A"), repair("Lê Thị Hà"), repair("HoÃ ng VÄƒn B")
    ('Nguyễn Văn A', 'Lê Thị Hà', 'Hoàng Văn B')
    >>> repair("LÃ VAN A")
    'LÃ VAN A'
    """
    for _ in range(_MOST_ROUNDS):
        if not is_suspect(text):
            return text
        repaired = _read_again(text)
        if repaired is None and (_SURE.search(text) or not _WORD_IN_CAPITALS.search(text)):
            # "à" is C3 A0, and A0 is a no-break space, which gateways like to turn into a plain one.
            repaired = _read_again(text.replace("\u00c3 ", "\u00c3\u00a0"))
        if repaired is None or repaired == text:
            return text
        text = repaired
    return text


def is_suspect(text: str) -> bool:
    """Return whether two neighbours could be the octets of one letter; in most texts none are."""
    return _SUSPECT.search(text) is not None


def _read_again(text: str) -> str | None:
    try:
        return text.translate(_OCTETS).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
