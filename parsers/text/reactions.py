"""Texts that are a reaction and nothing else: yes, no, thanks, ok, a digit, a score, stop, done.

Words of address, particles, thanks and wishes may be around it. With any other word the text is a remark: `5 ngay roi
chua ai goi` is no score, `cam on nhung rac van con` are no thanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from parsers.text.folding import fold
from parsers.text.normal_form import NormalText
from parsers.text.reaction_words import (
    JOINED,
    KNOWN,
    LONGEST_PHRASE,
    MEANT,
    OF_THANKS,
    OF_WISHES,
    PARTS,
    Around,
    Part,
    ReactionKind,
)
from parsers.text.spelling.keystrokes import undo_keystrokes

__all__ = ["Reaction", "ReactionKind", "read_reaction", "read_signs"]

_LONGEST = 160
"""Characters; a longer text says more."""
_TOKEN = re.compile(
    r"(?P<of>[0-9]{1,3}\s?(?:/|TREN)\s?[0-9]{1,3})(?![0-9]|[.,/-][0-9])(?:\s?(?:SAO|DIEM)(?![^\W_]))?"
    r"|(?P<broken>[0-9]{1,3}[.,][0-9]{1,3})(?![0-9]|[.,/-][0-9])(?:\s?(?:SAO|DIEM)(?![^\W_]))?"
    r"|(?P<scored>[0-9]{1,3})\s?(?:\*|(?:SAO|DIEM)(?![^\W_]))"
    r"|(?P<scored_word>MOT|HAI|BA|BON|NAM|SAU|BAY|TAM|CHIN|MUOI)\s(?:SAO|DIEM)(?![^\W_])"
    r"|(?P<number>[0-9]+)|(?P<word>[^\W\d_]+)"
)
_WORDS = re.compile(r"[^\W\d_]+")
_KEYSTROKES = re.compile(r"([^\W\d_])\1|[AOU]W|[FJ]|[SRX](?![^\W_])|[A-Z][1-9]")
"""What a word holds that was typed in Telex or VNI, or of which a letter was held down."""
_OF_FIVE = re.compile(r"([0-9]+)\s?(?:/|TREN)\s?5")
_NUMBER_WORDS = ("MOT", "HAI", "BA", "BON", "NAM")
_MOST_DIGITS = 2
_HIGHEST = 10
"""The highest number that may be meant as a score; `25` alone is the number of a house."""
_SCORES = range(1, 6)
_REPEATED = re.compile(r"([^\W\d_])\1+")
_SIGNS = frozenset("👍❤🙏")
_STRONG = frozenset(ReactionKind) - {ReactionKind.THANKS, ReactionKind.OK, ReactionKind.POLITE}
_WEAK: Mapping[ReactionKind | Around, ReactionKind] = {
    ReactionKind.OK: ReactionKind.OK,
    ReactionKind.POLITE: ReactionKind.POLITE,
    ReactionKind.THANKS: ReactionKind.THANKS,
    Around.WISH: ReactionKind.THANKS,
    Around.POLITE: ReactionKind.POLITE,
}
"""What counts when nothing else is said, the first of them: `da cam on` are thanks, `vang cam on` is polite."""
_STRONG_OR_OK = _STRONG | {ReactionKind.OK}
_OF_DUNG = {
    "đúng": ReactionKind.YES,
    "dúng": ReactionKind.YES,
    "dừng": ReactionKind.STOP,
    "dững": ReactionKind.STOP,
}
"""What `dung` is with its accents; `đừng` and `dùng` alone stay unclear."""


class Reaction(NamedTuple):
    """A reaction; `value` of a digit or a score, `by_words` when the score was written as a word (`rat tot`)."""

    kind: ReactionKind
    value: int | None = None
    by_words: bool = False


class _Word(NamedTuple):
    folded: str
    shown: str
    """Lower case, with its accents."""


def read_reaction(text: NormalText) -> Reaction | None:
    """Read a text of which the whole is a reaction; give the normal form, with the words that a frame would take.

    >>> read_reaction(NormalText("5 sao, cam on em"))
    Reaction(kind=<ReactionKind.SCORE: 'score'>, value=5, by_words=False)
    >>> [read_reaction(NormalText(text)).kind.value for text in ("Dạ vâng ạ", "dung", "đúng", "ok cam on nhieu nha")]
    ['polite', 'unclear', 'yes', 'ok']
    >>> [read_reaction(NormalText(text)) for text in ("5 ngay roi chua ai goi", "cam on nhung rac van con", "ok?")]
    [None, None, None]
    """
    if len(text) > _LONGEST or "?" in text or not _may_be_one(text):
        return None
    tokens = _tokens(text)
    parts: list[Reaction | Part] = []
    for part in _parts_of(tokens or ()):
        if part is None:
            return None
        parts.append(part)
    return _decided(parts) if parts else None


def read_signs(text: str) -> Reaction | None:
    """Read a text of signs as it was received, because the normal form holds no emoji: 👍, ❤ or 🙏 are ok.

    >>> read_signs("🙏🏻"), read_signs("😡"), read_signs("👍?"), read_signs("5 👍")
    (Reaction(kind=<ReactionKind.OK: 'ok'>, value=None, by_words=False), None, None, None)
    """
    if _SIGNS.isdisjoint(text) or "?" in text or any(letter.isalnum() for letter in text):
        return None
    return Reaction(ReactionKind.OK)


def _may_be_one(text: NormalText) -> bool:
    """Return whether every word can be in a reaction, or may be one in keystrokes; a quick check."""
    folded = fold(text)
    return KNOWN.issuperset(_WORDS.findall(folded)) or _KEYSTROKES.search(folded) is not None


def _tokens(text: NormalText) -> list[_Word | Reaction] | None:
    """Cut a text into words and numbers; None when a number is one of something else (`5h`, `0905123456`)."""
    folded = fold(text)
    tokens: list[_Word | Reaction] = []
    end_of_number, end_of_word = -1, -1
    for found in _TOKEN.finditer(folded):
        if found["word"] is not None:
            word = found["word"]
            if found.start() == end_of_number:
                return None
            tokens.append(_Word(word, text[found.start() : found.end()].lower()))
            end_of_word = found.end()
            continue
        number = _number(found)
        is_glued = found.start() == end_of_word and not _is_of_number(tokens[-1])
        if number is None or is_glued:
            return None
        tokens.append(number)
        end_of_number = found.end()
    return _as_meant(tokens)


def _is_of_number(token: _Word | Reaction) -> bool:
    part = PARTS.get((token.folded,)) if isinstance(token, _Word) else None
    return part is not None and part.kind is Around.BEFORE_A_NUMBER


def _number(found: re.Match[str]) -> Reaction | None:
    """Read a number: a digit, a score, or one that is no score."""
    if found["of"] is not None:
        of_five = _OF_FIVE.fullmatch(found["of"])
        return _score(int(of_five[1]) if of_five is not None else 0)
    if found["broken"] is not None:
        return Reaction(ReactionKind.BAD_SCORE)
    if found["scored"] is not None:
        return _score(int(found["scored"]))
    if (word := found["scored_word"]) is not None:
        return _score(_NUMBER_WORDS.index(word) + 1 if word in _NUMBER_WORDS else 0)
    if len(found["number"]) > _MOST_DIGITS or int(found["number"]) > _HIGHEST:
        return None
    value = int(found["number"])
    return Reaction(ReactionKind.DIGIT, value) if found["number"] == str(value) and value in _SCORES else _score(0)


def _score(value: int) -> Reaction:
    return Reaction(ReactionKind.SCORE, value) if value in _SCORES else Reaction(ReactionKind.BAD_SCORE)


def _as_meant(tokens: list[_Word | Reaction]) -> list[_Word | Reaction]:
    """Convert keystrokes, and write a letter once that was held down (`okkk`)."""
    words = [token for token in tokens if isinstance(token, _Word)]
    undone = undo_keystrokes([word.shown for word in words]).words if words else []
    converted = iter(undone)
    return [_evened(next(converted)) if isinstance(token, _Word) else token for token in tokens]


def _evened(shown: str) -> _Word:
    folded = fold(shown)
    if (folded,) not in PARTS and folded not in JOINED and _REPEATED.search(folded) is not None:
        shown = _REPEATED.sub(r"\1", shown)
        folded = fold(shown)
    return _Word(folded, shown)


def _parts_of(tokens: Sequence[_Word | Reaction]) -> Iterator[Reaction | Part | None]:
    """Yield what each word or phrase is; None for one that is in no reaction."""
    at = 0
    begun: ReactionKind | Around | None = None
    while at < len(tokens):
        token = tokens[at]
        if isinstance(token, Reaction):
            yield token
            at += 1
            continue
        part, taken = _phrase(tokens, at)
        is_said = part is not None and taken > 1 and part.kind in _STRONG_OR_OK
        if not is_said and _goes_on(begun, token):
            at += 1
            continue
        if part is not None and (part.kind is Around.WISH or isinstance(part.kind, ReactionKind)):
            begun = part.kind
        yield part
        at += taken


def _goes_on(begun: ReactionKind | Around | None, word: _Word) -> bool:
    """Return whether a word says what thanks are for, or what is wished."""
    if begun is Around.WISH:
        part = PARTS.get((word.folded,))
        return word.folded in OF_WISHES or (part is not None and part.kind is Around.ADDRESS)
    return begun is ReactionKind.THANKS and word.folded in OF_THANKS


def _phrase(tokens: Sequence[_Word | Reaction], at: int) -> tuple[Reaction | Part | None, int]:
    """Return what the longest phrase is that begins here, and how many words it has."""
    words: list[_Word] = []
    for token in tokens[at : at + LONGEST_PHRASE]:
        if not isinstance(token, _Word):
            break
        words.append(token)
    for count in range(len(words), 0, -1):
        phrase = words[:count]
        part = PARTS.get(tuple(word.folded for word in phrase))
        if part is not None and all(map(_is_meant, phrase)):
            return _with_accents(phrase, part), count
    return (Part(Around.ADDRESS) if words[0].shown == "cô" else JOINED.get(words[0].folded)), 1


def _is_meant(word: _Word) -> bool:
    """Return whether a word with accents is the word of the table, and not another one (`nổ`)."""
    meant = MEANT.get(word.folded)
    return meant is None or word.shown.isascii() or word.shown in meant


def _with_accents(phrase: Sequence[_Word], part: Part) -> Part | None:
    if part.kind is Around.POLITE and phrase[0].shown == "đã":
        return None
    if part.kind is ReactionKind.UNCLEAR and len(phrase) == 1:
        return Part(_OF_DUNG.get(phrase[0].shown, ReactionKind.UNCLEAR))
    return part


def _decided(parts: Sequence[Reaction | Part]) -> Reaction | None:
    """Decide between the parts: a digit before words, then the one that says most."""
    numbers = [part for part in parts if isinstance(part, Reaction)]
    if numbers:
        return _of_number(numbers, parts)
    kinds = {ReactionKind.NO if part.kind is Around.NOT_TO_SEND else part.kind for part in parts}
    if not kinds.isdisjoint({Around.BEFORE_A_NUMBER, Around.BEHIND_A_NUMBER}):
        return None
    strong = {kind for kind in kinds if isinstance(kind, ReactionKind) and kind in _STRONG}
    if strong == {ReactionKind.YES, ReactionKind.DONE}:
        strong = {ReactionKind.DONE}
    if len(strong) > 1 or (ReactionKind.NO in strong and ReactionKind.OK in kinds):
        return None  # `ok khong` is a question
    if ReactionKind.SCORE in strong:
        return _in_words(parts)
    if strong:
        return Reaction(strong.pop())
    said = next((said for kind, said in _WEAK.items() if kind in kinds), None)
    return Reaction(said) if said is not None else None


def _in_words(parts: Sequence[Reaction | Part]) -> Reaction | None:
    values = {part.value for part in parts if part.kind is ReactionKind.SCORE}
    return Reaction(ReactionKind.SCORE, values.pop(), by_words=True) if len(values) == 1 else None


def _of_number(numbers: Sequence[Reaction], parts: Sequence[Reaction | Part]) -> Reaction | None:
    """Return the number; a word of the scale may be beside it, an answer of another kind may not."""
    at = parts.index(numbers[0])
    before, behind = ([part.kind for part in side] for side in (parts[:at], parts[at + 1 :]))
    others = {*before, *behind} & _STRONG
    is_of_something = (
        Around.HOUSE in before
        or Around.BEHIND_A_NUMBER in before
        # `2 cai`, `phuong 5`, `chi 2`; but `5 sao cho em`
        or (numbers[0].kind is ReactionKind.DIGIT and Around.BEFORE_A_NUMBER in behind)
        or (numbers[0].kind is ReactionKind.DIGIT and before[-1:] == [Around.ADDRESS])
    )
    return numbers[0] if len(numbers) == 1 and not is_of_something and not others - {ReactionKind.SCORE} else None
