"""The folded form that matching uses: upper case, no accents, one character for one."""

from __future__ import annotations

import unicodedata


class _Folds(dict[int, str]):
    """A translate table to upper case without accents, one character for one."""

    def __missing__(self, point: int) -> str:
        return _folded(point)


def _folded(point: int) -> str:
    character = chr(point)
    if character in "đĐ":
        return "D"
    upper = unicodedata.normalize("NFD", character)[0].upper()
    return upper if len(upper) == 1 else character


_COMMON = (*range(0x250), *range(0x1E00, 0x1F00), *range(0x2000, 0x2070), 0xFFFD)
"""Latin letters, Vietnamese ones, punctuation and the sign of a lost letter."""
_FOLD = _Folds((point, _folded(point)) for point in _COMMON)
_STROKES = str.maketrans("đĐ", "dD")


def fold(text: str) -> str:
    """Fold for matching: upper case, no accents; as long as the text, so that positions agree.

    >>> fold("Đặng Thị H'Hen Niê")
    "DANG THI H'HEN NIE"
    """
    return text.upper() if text.isascii() else text.translate(_FOLD)


def unaccented(text: str) -> str:
    """Remove the accents and keep the case, as in texts that we propose.

    >>> unaccented("Nguyễn Văn Đức")
    'Nguyen Van Duc'
    """
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFD", text.translate(_STROKES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
