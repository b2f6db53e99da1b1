"""Requests to send a secret to us: "gui mat khau cho toi", "cho xin ma OTP"; with or without accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from handlers.wording.plain import unaccented

WITHIN_WORDS = 4
"""A secret is asked for when it begins among so many words behind the verb."""

SECRETS = frozenset(
    {
        *("mat khau", "matkhau", "mk", "ma otp", "otp", "ma xac thuc", "ma xac nhan", "ma pin", "pin", "ma bi mat"),
        *("cvv", "cvv2", "cvc", "ma cvv", "ma cvc", "security number"),
        *("password", "passcode", "verification code", "security code", "one-time code"),
    }
)
VERBS: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "gui": {"gửi", "gởi", "gưi"},
        "goi": {"gởi"},
        "cung cap": {"cung cấp"},
        "doc": {"đọc"},
        "soan": {"soạn"},
        "nhan tin": {"nhắn tin"},
        "tra loi": {"trả lời"},
        "cho biet": {"cho biết"},
        **dict.fromkeys(("send", "provide", "text", "reply", "tell", "read", "give", "share"), ()),
    }
)
"""Verbs by their form without accents, with the ways to write them with accents: `dọc` is no `đọc`."""
ASKING: Mapping[str, Collection[str]] = MappingProxyType({"cho": (), "xin": ()})
"""Words that ask for a secret only where it stands directly behind them: `chờ` is no `cho`."""
ENTERING: Mapping[str, Collection[str]] = MappingProxyType(
    {"nhap": {"nhập"}, "lay": {"lấy"}, **dict.fromkeys(("enter", "get"), ())}
)
"""Verbs that ask for a secret only where it is to be reported then: `nhap OTP roi bao lai`."""
REPORTED: Mapping[str, Collection[str]] = MappingProxyType(
    {
        **{f"roi {verb}": {f"rồi {written}"} for verb, written in (("bao", "báo"), ("gui", "gửi"), ("doc", "đọc"))},
        **{f"roi {verb}": {f"rồi {written}"} for verb, written in (("nhan", "nhắn"), ("cho biet", "cho biết"))},
        **{f"{word} {verb}": () for word in ("and", "then") for verb in ("tell", "send", "report", "text")},
    }
)
NEGATIONS: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "khong": {"không"},
        "dung": {"đừng", "dừng"},
        "chua bao gio": {"chưa bao giờ"},
        **dict.fromkeys(("never", "not", "don't", "nobody"), ()),
    }
)
"""Where one stands before the verb, in the same clause, a secret is not asked for: `đúng` is no `đừng`."""

_ACCENTED_ONLY = frozenset({"goi"})
"""Without accents these are other words: `goi` is to call."""
BREAKS = frozenset({"thi", "xin", "vui long", "nhung", "hãy", "mời", "mà", "but", "please", "then"})
"""Words behind which a negation no longer holds: `khong vao duoc thi gui mat khau`. Some read otherwise without their
accents: `hay` is `or`, too."""
_LISTED = frozenset({"va", "hoac", "hay", "or", "and", "cho", "ai", "bat", "ky", "nguoi", "nao", "so", "ma", ","})
"""Words of a list, in which a negation holds behind a comma, too: `khong doc, gui hay cung cap mat khau`."""

_OF_BATTERIES = frozenset({"cu", "hong", "thai", "sac", "xe", "tieu", "dien", "mat"})
"""What follows `pin` where it is a battery, and no secret."""

_QUOTE = "\N{RIGHT SINGLE QUOTATION MARK}"
_WORD = re.compile(rf"[^\W_]+(?:['{_QUOTE}-][^\W_]+)*|[.!?;]+(?=\s|$)|,")
_ENDS = re.compile(r"[.!?;]")


class _Word(NamedTuple):
    written: str
    folded: str
    start: int
    end: int


def find_secret_requests(text: str) -> Sequence[tuple[int, int]]:
    """Return the places of requests to send a secret, in the text as NFC; never raises, takes linear time.

    >>> text = "Gửi mật khẩu cho tôi nhé"
    >>> [text[start:end] for start, end in find_secret_requests(text)]
    ['Gửi mật khẩu']
    >>> find_secret_requests("Không gửi mật khẩu cho ai"), find_secret_requests("Mang CCCD đến để nhận mật khẩu mới")
    ([], [])
    """
    found = [place for sentence in _sentences(text) for place in _in_sentence(sentence)]
    return [place for at, place in enumerate(found) if at == 0 or place[0] >= found[at - 1][1]]


def _sentences(text: str) -> Iterator[Sequence[_Word]]:
    words: list[_Word] = []
    for found in _WORD.finditer(unicodedata.normalize("NFC", text)):
        if _ENDS.match(found[0]):
            yield words
            words = []
        else:
            written = found[0].lower().replace(_QUOTE, "'")
            words.append(_Word(written, unaccented(written), found.start(), found.end()))
    yield words


def _in_sentence(words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    negated = listed = False  # listed: since the negation there were only words of a list
    for at in range(len(words)):
        end = _secret_asked(words, at)
        if end is not None and not negated:
            yield words[at].start, words[end - 1].end
        if _begins(words, at, NEGATIONS):
            negated = listed = True
        elif _breaks(words, at) or (words[at].folded == "," and not listed):
            negated = False
        else:
            listed = listed and _is_listed(words, at)


def _secret_asked(words: Sequence[_Word], at: int) -> int | None:
    """Return where the secret ends that the word here asks for."""
    verb = _begins(words, at, VERBS)
    if verb:
        places = range(at + verb, at + verb + WITHIN_WORDS)
    else:
        asking = _begins(words, at, ASKING)
        if not asking:
            return _secret_reported(words, at)
        places = range(at + asking, at + asking + 1)
    return next((place + length for place in places if (length := _secret(words, place))), None)


def _secret_reported(words: Sequence[_Word], at: int) -> int | None:
    """Return where the words end that ask to enter a secret here, and to report it."""
    verb = _begins(words, at, ENTERING)
    places = range(at + verb, at + verb + WITHIN_WORDS) if verb else ()
    end = next((place + length for place in places if (length := _secret(words, place))), None)
    if end is None:
        return None
    behind = range(end, end + WITHIN_WORDS)
    return next((place + length for place in behind if (length := _begins(words, place, REPORTED))), None)


def _secret(words: Sequence[_Word], at: int) -> int:
    """Return how many words the secret has that begins here; 0 for none."""
    for length in (3, 2, 1):
        several = words[at : at + length]
        if len(several) == length and " ".join(word.folded for word in several) in SECRETS:
            return 0 if _is_battery(words, at) else length
    return 0


def _is_battery(words: Sequence[_Word], at: int) -> bool:
    return words[at].folded == "pin" and any(word.folded in _OF_BATTERIES for word in words[at + 1 : at + 2])


def _begins(words: Sequence[_Word], at: int, table: Mapping[str, Collection[str]]) -> int:
    """Return how many words the entry of a table has that begins here; 0 for none."""
    for length in (3, 2, 1):
        several = words[at : at + length]
        if len(several) < length:
            continue
        folded = " ".join(word.folded for word in several)
        if folded in table:
            written = " ".join(word.written for word in several)
            fine = written == folded and folded not in _ACCENTED_ONLY
            if fine or written in table[folded]:
                return length
    return 0


def _breaks(words: Sequence[_Word], at: int) -> bool:
    """Return whether a negation before this word does not hold behind it."""
    phrase = " ".join(word.folded for word in words[at : at + 2])
    return words[at].folded in BREAKS or phrase in BREAKS or words[at].written in BREAKS


def _is_listed(words: Sequence[_Word], at: int) -> bool:
    """Return whether a word is between the parts of a list, or in a verb or secret that begins up to two before."""
    if words[at].folded in _LISTED:
        return True
    starts = range(max(at - 2, 0), at + 1)
    lengths = ((start, max(_begins(words, start, table) for table in (VERBS, NEGATIONS))) for start in starts)
    return any(max(length, _secret(words, start)) > at - start for start, length in lengths)
