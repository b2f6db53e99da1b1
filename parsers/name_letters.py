"""Whether the letters of a name can be what its owner wrote, or are what a wrong alphabet made of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from parsers.old_fonts import is_old_syllable

_OF_VIETNAMESE = "A-Za-zÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ"
_LATIN_1_VOWELS = "àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ"
_SUSPECT = re.compile(
    f"[^ '.{_OF_VIETNAMESE}-]|[a-zà-ÿ][À-ÖØ-Þ]|[aeouyAEOUYâêôăơưÂÊÔĂƠƯ][{_LATIN_1_VOWELS}]|[A-Za-z][ìòÌÒ]"
    r"|(?<= )[Vv][ãÃ][nN](?= )"
)
"""What names of VNI and of Windows-1258 show (`Traàn`, `Thiò`), and some Vietnamese ones (`Hoà`); a quick look."""
_CAPITAL_INSIDE = re.compile("[a-zß-öø-ÿ][À-ÖØ-Þ]")
_MARK_BEHIND_VOWEL = re.compile("[aeoyâêôăơư][ìò]|(?<!q)u[ìò]", re.IGNORECASE)
"""A tone of Windows-1258 behind its vowel; Vietnamese writes none there but in `Quì`."""
_OF_OCTETS = re.compile("[äöüåæøëïÿñçßîûðþ]", re.IGNORECASE)
"""Letters that old encodings and tables of GSM put in the place of others, and that no Vietnamese name holds."""

_VAN_IN_1258 = "vãn"
"""`Văn` in Windows-1258 read as Latin-1; a syllable, but hardly anybody's middle name."""


def are_plausible(words: Sequence[str]) -> bool:
    """Tell whether words can be a name as they are written, or were garbled on the way.

    >>> [are_plausible(name.split()) for name in ("Đặng Thị H'Hen Niê", "João García", "Иван Петров", "Łukasz Yılmaz")]
    [True, True, True, True]
    >>> [are_plausible(name.split()) for name in ("Joäo Silva", "Ayæe Can", "Traàn An", "NguyÔn An", "Hµ An")]
    [False, False, False, False, False]
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
    if _CAPITAL_INSIDE.search(word) is not None or _OF_OCTETS.search(word) is not None:
        return True
    return _MARK_BEHIND_VOWEL.search(word) is not None or is_old_syllable(word) or word.lower() == _VAN_IN_1258
