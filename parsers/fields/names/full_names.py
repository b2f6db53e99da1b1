"""Full names: two or more words of letters, with the apostrophes, hyphens, dots and single letters of real names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from parsers.commands import FullName
from parsers.fields.names.letters import are_plausible
from parsers.fields.names.words_around import holds_other_words
from parsers.misread import Hint
from parsers.text.excerpt import Excerpt
from parsers.text.spelling.keystrokes import undo_keystrokes
from parsers.text.spelling.syllables import is_plain_syllable

_TITLE = re.compile(r"(?:(?:MR|MRS|MS)(?:\.|\s)\s*)+(?=[^\W_])")
_GAP = re.compile(r"[ .'-]+")
_ABBREVIATED = re.compile(r"[^\W_]{1,3}\.")
_INITIALS = re.compile(r"[^\W\d_]{1,3}\.(?:[^\W\d_]+\.?)+")
"""`N.V.A`: several words though no blank is between."""
_POINT_BETWEEN_WORDS = re.compile(r"[AEIOUY][A-Z]*\.[A-Z]")
"""A full stop between whole words of a name in place of a blank, where others are blanks (`Tran Thi Tu.Nu`)."""
_LEFT_OVER = re.compile(r"(?<=[^\W_][^\W_])'(?=\s)|(?<=\s)'|(?<![^\W_])[^\W\d_a-z][a-z]+\.[a-z]")
"""Marks of a typing method that were meant as accents (`Pha.m Thi' Lan`)."""
_MOST_WORDS = 9
"""Words of the longest name; more words are a sentence."""

_NEVER_IN_A_NAME = re.compile(
    r"(?<![^\W_])(?:TAI\s*KHOAN|MAT\s*KHAU|DA\s*NANG|HA\s*NOI|LIEN\s*CHIEU|NGU\s*HANH\s*SON|TP\s*HCM|VIETNAM"
    r"|CMND|CMT|CCCD|CMTND|SDT|DTDD|DIEN\s*THOAI|CAN\s*CUOC|CHUNG\s*MINH\s*NHAN|NGAY\s*SINH|SINH\s*NGAY"
    r"|THONG\s+TIN(?=\s+\S+\s+\S)|HO\s*VA\s*TEN|HO\s*TEN|DIA\s*CHI|LAM\s*ON|HO\s*SO|TK|DVC|GUI\s+(?:DEN|TOI|VE|CHO|QUA|SO|TIN|ANH|CHI|LAI|CO)|GIUP|TOI\s+(?:LA|TEN|MUON|CAN|XIN)"
    r"|BI\s+(?:KHOA|MAT|LOI)|KHONG\s+(?:BIET|NHO)|(?:QUEN|MAT|DOI)\s+(?:MK|PASS)|(?:ME|BO|CHA|CHONG|CON)\s+TOI(?=\Z)"
    r"|(?:EM|CHAU|MINH)\s+(?:LA|MUON|XIN)|CUA\s+(?:TOI|EM|MINH|CHAU)|(?:CON|ME|BO|CHA|VO|CHONG|ONG|BA)\s+TOI(?=\s)"
    r"|(?:DANG\s*KY|CHO|XIN)\s+(?:CHO|TAI|DICH|VOI|TOI|MINH|ME|BO|CHONG|CAP|DANG|HOI|LAI))(?![^\W_])"
)
"""Words of sentences and addresses that no name holds; it is better to ask again than to store them in a name.
Single common words are not in it: Thang, Nhung, Duoc, Toi, Cua, Khong and Quang Nam are names. The printed keywords
stay in it where the settings give others, because people still write them: see `no_names_of`.
"""


class NameFault(NamedTuple):
    """Words that are no full name; `spellings` are the two that one word of it can have."""

    hint: Hint | None
    spellings: tuple[str, str] | None = None


def no_names_of(keywords: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern of those keywords that no name holds; None when none is to be looked for beside TK and DVC.

    A keyword that can be a word of a name is left out.

    >>> no_names_of(["TK", "GIO", "MOTK"]).search("NGUYEN VAN A MOTK").group(), no_names_of(["TK", "DVC", "GIO"])
    ('MOTK', None)
    """
    words = [
        word
        for word in keywords
        if _NEVER_IN_A_NAME.fullmatch(word) is None and not is_plain_syllable(word.capitalize())
    ]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])") if words else None


def read_full_name(
    text: Excerpt, *, is_quoted: bool = False, is_last: bool = True, no_names: re.Pattern[str] | None = None
) -> FullName | NameFault:
    """Judge words as a full name; labels are already removed. `is_last` when no other field follows it.

    `no_names` are the keywords of the service that no name holds.

    When a word can have two spellings, a name in quotes has the one that was typed.

    >>> read_full_name(Excerpt.of("Mr. Đặng  Thị H'Hen Niê.")), read_full_name(Excerpt.of("Ng. V. A"))
    ("Đặng Thị H'Hen Niê", 'Ng. V. A')
    >>> read_full_name(Excerpt.of("Nguyeenx Vawn A")), read_full_name(Excerpt.of("Nguyen.Van.An"))
    ('Nguyễn Văn A', 'Nguyen Van An')
    >>> read_full_name(Excerpt.of("An")), read_full_name(Excerpt.of("Nguyen V4n A"))
    (NameFault(hint=<Hint.ONE_WORD: 'one_word'>, spellings=None), NameFault(hint=None, spellings=None))
    """
    title = _TITLE.match(text.folded) if text.folded[0:1] == "M" else None
    shown = text.shown[title.end() :] if title is not None else text.shown
    words = shown.split(" ")
    if not all(map(str.isalpha, words)):
        fixed = _mend(shown)
        if fixed is None:
            return NameFault(None)
        words = fixed
    if len(words) < 2 and not _INITIALS.fullmatch(words[0]):  # noqa: PLR2004 -- a family name and a given name
        return NameFault(Hint.ONE_WORD)
    if words[0].lower() == "là":  # no family name: those are La and Lã
        return NameFault(Hint.TWO_VALUES)
    if len(words) > _MOST_WORDS or _holds_no_name(text.folded, no_names):
        return NameFault(None)
    if "." in shown and " " in shown and _POINT_BETWEEN_WORDS.search(text.folded) is not None:
        return NameFault(Hint.TWO_VALUES)
    folded = text.folded[title.end() :] if title is not None else text.folded
    if not is_quoted and holds_other_words(shown.split(" "), folded.split(" "), is_last=is_last):
        return NameFault(Hint.TWO_VALUES)
    if not are_plausible(words):
        return NameFault(Hint.LOST_LETTERS)
    undone = undo_keystrokes(words)
    if undone.doubt is not None and not is_quoted:
        return NameFault(Hint.TWO_SPELLINGS, undone.doubt)
    return FullName(" ".join(undone.words))


def _holds_no_name(folded: str, no_names: re.Pattern[str] | None) -> bool:
    if _NEVER_IN_A_NAME.search(folded) is not None:
        return True
    return no_names is not None and no_names.search(folded) is not None


def _mend(shown: str) -> list[str] | None:
    """Split a name that is not plain words and blanks; None when a word of it can be no name."""
    if _LEFT_OVER.search(shown) is not None:
        return None
    words = _words_of(shown.strip(" .'-"))
    if not all(_is_word(part) for part in _GAP.split(" ".join(words))):
        words = undo_keystrokes(words).words
        if not all(_is_word(part) for part in _GAP.split(" ".join(words))):
            return None
    return words


def _words_of(shown: str) -> list[str]:
    """Split at blanks; where points or hyphens stand for the blanks of a whole name, at these."""
    words = shown.split()
    if len(words) == 1:
        if shown.count("-") > 1:
            return [word for word in shown.split("-") if word]
        if "." in shown and _ABBREVIATED.match(shown) is None:
            return [word for word in shown.split(".") if word]
    return words


def _is_word(word: str) -> bool:
    return word.isalpha() or (
        bool(word) and all(letter.isalpha() or unicodedata.combining(letter) for letter in word) and word[0].isalpha()
    )
