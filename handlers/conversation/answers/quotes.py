"""What a sentence repeats of words that somebody wrote: folded, short, and nothing that phones show as a contact."""

from __future__ import annotations

import re

from handlers.wording.contacts import find_contacts
from handlers.wording.fit import clip
from handlers.wording.plain import plain

SUBJECT_LETTERS = 20
"""Of the subject of a ticket."""
QUESTION_LETTERS = 48
"""Of an agent's question."""
DUTY_LETTERS = 60
"""Of an urgent text, for people on duty."""

_MARK = "..."
_MASK = "***"
_NUMBER = re.compile(r"\d(?:[ .\-/()+_]{0,3}\d|[OoIl](?=\d)){4,}")
"""Five digits or more, also with signs between them, O for 0 and l for 1: a telephone or identity number, or a code."""
_LEAST_DIGITS = 5
_BETWEEN = re.compile(r"(?<=\w)[.:/]+(?=[A-Za-z*])")
"""Signs that join words to a link: a phone may know more top-level domains than we do."""


def quote_citizen(text: str, letters: int) -> str | None:
    """Return a citizen's words in at most so many letters; None where nothing may be repeated.

    Links, addresses and long numbers are masked: the answer comes from our number, and the sender may be forged.

    >>> quote_citizen("Đèn đường hỏng 3 ngày nay", 20), quote_citizen("goi 0905 123 456, xem vneid.top/x", 40)
    ('Den duong hong 3...', 'goi ***, xem ***')
    """
    said = _NUMBER.sub(_masked, plain(text))
    for contact in find_contacts(said):
        said = said.replace(contact, _MASK)
    said = _BETWEEN.sub(" ", said)
    if find_contacts(said) or not any(map(str.isalpha, said)):
        return None
    return short(said, letters)


def quote_ours(text: str, letters: int) -> str | None:
    """Return an agent's words, which were checked before they were sent, in at most so many letters."""
    return short(plain(text), letters)


def quote_question(text: str) -> str | None:
    """Return an agent's question as `quote_ours` does, with its question mark where nothing is cut.

    >>> quote_question("Số nhà bao nhiêu?"), quote_question("so nha, ten duong.")
    ('So nha bao nhieu?', 'so nha, ten duong')
    """
    asks = plain(text).rstrip().endswith("?")
    said = quote_ours(text, QUESTION_LETTERS - asks)
    return f"{said}?" if said and asks and not said.endswith(_MARK) else said


def joined(sentences: str) -> str:
    """Return sentences without the full stop that a wording writes behind words which end in a sign of their own.

    >>> joined("YC482173051: So nha bao nhieu?. Xin tra loi tin nay.")
    'YC482173051: So nha bao nhieu? Xin tra loi tin nay.'
    """
    return sentences.replace("?. ", "? ")


def ended(words: str) -> str:
    """Return words that another sentence may follow: with a full stop, unless they end in a sign.

    >>> ended("Mang CCCD den"), ended("Da sua xong!"), ended("(xem bang)")
    ('Mang CCCD den.', 'Da sua xong!', '(xem bang).')
    """
    trimmed = words.rstrip(" ,;:-")
    return trimmed if not trimmed or trimmed.endswith((".", "!", "?")) else f"{trimmed}."


def short(text: str, letters: int) -> str | None:
    """Cut a plain text between words to so many letters, the mark included; None for an empty one."""
    trimmed = text.strip(" ,;.:-?!(")
    if not trimmed:
        return None
    return trimmed if len(trimmed) <= letters else clip(trimmed, letters - len(_MARK), _MARK)


def _masked(found: re.Match[str]) -> str:
    digits = sum(map(str.isdigit, found[0]))
    return _MASK if digits >= _LEAST_DIGITS else found[0]
