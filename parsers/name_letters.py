"""Whether the letters of a name can stand together in any language, or are what a wrong alphabet made of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from parsers.syllables import is_syllable

_OF_VIETNAMESE = "A-Za-zÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ"
_LEFT_OF_VNI = "a[øùûõïâàáåãäêèéúüë]|[eo][øùûõïâàáåãä]|[uyöô][øùûõï]"
_SUSPECT = re.compile(f"[^ '.{_OF_VIETNAMESE}-]|[a-zà-ỹ][À-Ỹ]|{_LEFT_OF_VNI}", re.IGNORECASE)
_CAPITAL_INSIDE = re.compile("[a-zß-öø-ÿ][À-ÖØ-Þ]")
_LEFT_OVER = re.compile(_LEFT_OF_VNI, re.IGNORECASE)
_FOREIGN_BESIDE_VOWEL = re.compile("[aeiouyàáãâèéêìíòóõôùúýăơư][äöüåæøëïÿ]|[äöåæøëïÿ][aeioyàáãâèéêìíòóõôùúýăơư]|[öåæøëïÿ]u", re.IGNORECASE)
"""No language that writes these letters writes them so, but `äu` and `ue`; a wrong alphabet does (`Joäo`, `Ayæe`)."""
_ONLY_VIETNAMESE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
_NOT_VIETNAMESE = re.compile("[äöüåæøëïÿñçß]", re.IGNORECASE)


def are_plausible(words: Sequence[str]) -> bool:
    """Tell whether words can be a name as they are written; one that no language writes was garbled on the way.

    >>> [are_plausible(name.split()) for name in ("Đặng Thị H'Hen Niê", "José Müller", "Иван Петров", "Łukasz Øst")]
    [True, True, True, True]
    >>> [are_plausible(name.split()) for name in ("Joäo Silva", "Ayæe Can", "Traàn An", "NguyÔn An", "Hµ An", "Nguyen Аn")]
    [False, False, False, False, False, False]
    """
    name = " ".join(words)
    if name.isascii() or _SUSPECT.search(name) is None:
        return True
    scripts = {_script(letter) for letter in name if letter.isalpha()}
    return len(scripts) == 1 and not scripts & _NO_SCRIPT and not any(_is_garbled(word) for word in words)


_NO_SCRIPT = frozenset({"MICRO", "FEMININE", "MASCULINE"})
"""The first words of the names of signs that Unicode counts as letters, and no name holds."""


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split(" ", 1)[0]


def _is_garbled(word: str) -> bool:
    if word.isascii():
        return False
    if _CAPITAL_INSIDE.search(word) is not None or _FOREIGN_BESIDE_VOWEL.search(word) is not None:
        return True
    if _ONLY_VIETNAMESE.search(word) is not None:
        return _NOT_VIETNAMESE.search(word) is not None
    return _LEFT_OVER.search(word) is not None and not is_syllable(word)
