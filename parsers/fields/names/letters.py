"""Whether its owner can have written the letters of a name, or a wrong alphabet made them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from parsers.text.encodings.legacy_encodings import is_old_syllable
from parsers.text.spelling.syllables import is_plain_syllable, is_syllable

_OF_VIETNAMESE = "A-Za-zÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ"
_LATIN_1_VOWELS = "àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ"
_SUSPECT = re.compile(
    f"[^ '.{_OF_VIETNAMESE}-]|[a-zà-ÿ][À-ÖØ-Þ]|[aeouyAEOUYâêôăơưÂÊÔĂƠƯ][{_LATIN_1_VOWELS}]|[A-Za-z][ìòÌÒ]"
    r"|(?<= )[Vv][ãÃ][nN](?= )"
)
"""What names in VNI and Windows-1258 contain (`Traàn`, `Thiò`), and some Vietnamese ones (`Hoà`); a quick check."""
_CAPITAL_INSIDE = re.compile("[a-zß-öø-ÿ][À-ÖØ-Þ]")
_TONED = "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
_TWO_TONES = re.compile(rf"[{_TONED}][^\W\d_]*[{_TONED}]", re.IGNORECASE)
"""Two tones in one word (`Phýõìc`): a syllable has one at most, and names of other languages rarely more."""
_MARK_BEHIND_VOWEL = re.compile("[aeoyâêôăơư][ìò]|(?<!q)u[ìò]", re.IGNORECASE)
"""A tone of Windows-1258 after its vowel; Vietnamese writes none there but in `Quì`."""
_OF_OCTETS = re.compile("[äöüåæøëïÿñçßîûðþ]", re.IGNORECASE)
"""Letters that old encodings and tables of GSM put in place of others, and that no Vietnamese name holds."""

_FOREIGN = re.compile(
    "[a-z'.-]*(?:ä(?=[a-z])(?![oe])|ö(?!e)|ü|ë|ï|î|û|(?<=[aeiouy])ñ(?=[aeiouy])|ç|(?:(?<![a-z])|(?<=[b-df-hj-np-tv-xz]))ø)[a-z'.-]*",
    re.IGNORECASE,
)
"""A word of Latin letters with one of another language: `Müller`, `Zoë`, `Muñoz`. / Left out are results of a wrong
table of GSM: `äo`, `öe` and a last `ä` of Portuguese, `ø` after a vowel and `æ` of Turkish, `å` of Portuguese, `ñ`
beside a consonant."""
_VIETNAMESE_LETTERS = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđaeiouyd"

_LOST_VOWELS = frozenset(
    [
        "NGUYN",
        "NGYN",
        "NGUN",
        "TRN",
        "PHM",
        "HUNH",
        "VN",
        "TH",
        "HNG",
        "HNH",
        "THNH",
        "PHNG",
        "THM",
        "TRNG",
        "DNG",
        "CNG",
        "QUC",
        "TUN",
        "NGC",
        "MNH",
        "XUN",
        "BNH",
        "LNG",
    ]
)
"""What is left of frequent names when a phone sends none of their accented letters (`Trn Th Hng`)."""

_VAN_IN_1258 = "vãn"
"""`Văn` in Windows-1258 read as Latin-1; a syllable, but rarely a middle name."""


def are_plausible(words: Sequence[str]) -> bool:
    """Return whether words can be a name as they are written, or were damaged in transmission.

    >>> [are_plausible(name.split()) for name in ("Đặng Thị H'Hen Niê", "João García", "Иван Петров", "Łukasz Yılmaz")]
    [True, True, True, True]
    >>> [are_plausible(name.split()) for name in ("Joäo Silva", "Ayæe Can", "Traàn An", "Hµ An", "Ksor Phýõìc")]
    [False, False, False, False, False]
    """
    name = " ".join(words)
    if sum(word.upper() in _LOST_VOWELS for word in words) > 1:
        return False
    if name.isascii():
        return True
    if _TWO_TONES.search(name) is not None:
        return False
    if _SUSPECT.search(name) is None:
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
    if _CAPITAL_INSIDE.search(word) is not None or (_OF_OCTETS.search(word) is not None and not _is_foreign(word)):
        return True
    return _MARK_BEHIND_VOWEL.search(word) is not None or is_old_syllable(word) or word.lower() == _VAN_IN_1258


def _is_foreign(word: str) -> bool:
    """Return whether a word holds one letter of another language, and is no Vietnamese word with a damaged letter.

    It is none when neither a Vietnamese letter in its place nor no letter there makes a syllable.

    >>> [_is_foreign(word) for word in ("Müller", "Björn", "Zoë", "François", "Muñoz", "Vän", "Hoaø", "Joäo", "Köhlër")]
    [True, True, True, True, True, False, False, False, False]
    """
    found = _FOREIGN.fullmatch(word)
    letters = [at for at, letter in enumerate(word) if not letter.isascii()]
    if found is None or len(letters) != 1 or is_plain_syllable(word[: letters[0]] + word[letters[0] + 1 :]):
        return False
    lower, at = word.lower(), letters[0]
    return not any(is_syllable(lower[:at] + letter + lower[at + 1 :]) for letter in _VIETNAMESE_LETTERS)
