"""Which spellings are Vietnamese syllables: to find unconverted keystrokes, never to refuse names."""

from __future__ import annotations

import re
import unicodedata

from parsers.text.folding import fold

TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
"""Telex key -> combining tone mark: sac, huyen, hoi, nga, nang."""

_TONE_MARKS = re.compile("[" + "".join(TONES.values()) + "]")
_VOWELS = "aăâeêioôơuưy"
_NEW_SPELLING = ("oa", "oe", "uy")
_STOPPED_TONES = frozenset({"\u0301", "\u0323"})
_INITIALS = re.compile(r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?")
_RHYMES = frozenset(
    re.findall(
        r"\S+",
        """
        a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et
        ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan
        oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn
        ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uô uôc uôi uôm uôn uông uôt uơ
        up ut uy uya uych uyên uyêt uynh uyp uyt uyu ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu ưm y yêm
        yên yêng yêt yêu
        """,
    )
)
_FOLDED_RHYMES = frozenset(fold(rhyme).lower() for rhyme in _RHYMES)
_AFTER_GI = frozenset({"", "n", "m", "p", "êng", "êc", "êt", "ng", "t"})


def toneless(word: str) -> tuple[str, str]:
    """Split the tone marks off a word: `việt` -> (`viêt`, the dot below)."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = "".join(_TONE_MARKS.findall(decomposed))
    return unicodedata.normalize("NFC", _TONE_MARKS.sub("", decomposed)), tones


def is_syllable(word: str) -> bool:
    """Return whether a word is a Vietnamese syllable, accents and tone included.

    >>> [is_syllable(word) for word in ("Nguyễn", "quốc", "Gìn", "Hoà", "Hòa", "H", "Nguỹen", "Max", "Quôc", "Taò")]
    [True, True, True, True, True, False, False, False, False, False]
    """
    bare, tones = toneless(word)
    if len(tones) > 1 or (tones and not _stands_well(bare, tones, unicodedata.normalize("NFC", word.lower()))):
        return False
    stopped = bare.endswith(("c", "ch", "p", "t"))
    return _has_rhyme(bare, _RHYMES) and (not stopped or tones in _STOPPED_TONES)


def tone_place(bare: str) -> int | None:
    """Return on which letter of a word without tone Vietnamese spelling puts it; None when it has no vowel.

    >>> [tone_place(word) for word in ("nguyên", "hoa", "hoai", "quy", "gia", "gin")]
    [4, 1, 2, 2, 2, 1]
    """
    start = 2 if bare.startswith("qu") or ((bare.startswith("gi") and bare[2:3] in _VOWELS) and len(bare) > 2) else 0  # noqa: PLR2004 -- letters of an initial
    vowels = [at for at in range(start, len(bare)) if bare[at] in _VOWELS]
    if not vowels:
        return None
    shaped = [at for at in vowels if bare[at] in "ăâêôơư"]
    if shaped:
        return shaped[-1]
    is_open = vowels[-1] == len(bare) - 1
    return vowels[-2] if is_open and len(vowels) > 1 else vowels[-1]


def _stands_well(bare: str, tone: str, word: str) -> bool:
    """Return whether the tone is on its vowel, in the old or the new spelling (`Hòa`, `Hoà`)."""
    places = [tone_place(bare)]
    if bare.endswith(_NEW_SPELLING):
        places.append(len(bare) - 1)
    return any(
        place is not None and unicodedata.normalize("NFC", bare[: place + 1] + tone + bare[place + 1 :]) == word
        for place in places
    )


def is_plain_syllable(word: str) -> bool:
    """Return whether a word can be a Vietnamese syllable typed without some or all of its accents.

    >>> [is_plain_syllable(word) for word in ("Nguyen", "Quoc", "Duong", "Lee", "Vawn", "Hans")]
    [True, True, True, False, False, False]
    """
    return _has_rhyme(fold(word).lower(), _FOLDED_RHYMES)


def _has_rhyme(bare: str, rhymes: frozenset[str]) -> bool:
    initial = _INITIALS.match(bare)
    end = initial.end() if initial is not None else 0
    rest = bare[end:]
    if rest in rhymes and (end > 0 or rest):
        return True
    if bare.startswith("gi"):
        return rest in _AFTER_GI or bare[1:] in rhymes
    return bare.startswith("qu") and bare[1:] in rhymes
