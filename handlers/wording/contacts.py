"""Links, e-mail addresses and telephone numbers in a text: what phones let their readers tap."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from handlers.wording.top_level_domains import TOP_LEVEL_DOMAINS

_STROKES = str.maketrans(dict.fromkeys("đð", "d") | dict.fromkeys("ĐÐƉ", "D") | {"\N{IDEOGRAPHIC FULL STOP}": "."})
_SENT_AS = str.maketrans({"^": "", "$": " ", "~": "-", "|": "/", "\\": "/", "{": "(", "[": "(", "}": ")", "]": ")"})
"""What `plain` makes of signs that not every carrier has."""
_DASHES = str.maketrans("\N{EN DASH}\N{EM DASH}", "--")

_SCHEME = re.compile(r"\b[a-z][a-z0-9+-]{0,15}://\S|\b(?:tel|sms|smsto|mailto):\S", re.IGNORECASE)
_AFTER_SCHEME = re.compile(r"://(?:[^/?#@\s]*@)?([A-Za-z0-9._-]+)")
_HOST = re.compile(r"(?<![A-Za-z0-9._-])[A-Za-z0-9._-]++")
_AROUND = "\"'(),;:!?.<>"
_PATH = re.compile(r"(?::\d{1,5})?/[A-Za-z0-9]")
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_ADDRESS = re.compile(rf"(?<![A-Za-z0-9.])(?!0){_OCTET}(?:\.{_OCTET}){{3}}(?![A-Za-z0-9]|\.\d)")
_ABBREVIATED = re.compile(r"(?:TTHC|UBND|UB|PX|BP|TP|Tp|TX|Tx|TT|Tt|KP|Kp|KV|[A-Z]|\d{1,2})\.[A-Z][a-z]\.?")
"""`Q.Ba Dinh`, `P.My An`, `1.So ho khau`: names and lists, although `.ba`, `.my` and `.so` are countries."""

_NO_DATE = r"(?!\d{1,2}(?P<sign>[./ -])\d{1,2}(?P=sign)(?:19|20)\d\d(?!\d))"
_SEPARATORS = r"[ .\-/()]{0,3}"
_DIGIT = rf"{_SEPARATORS}\d"
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?<!\d[.\-/])" + _NO_DATE + r"(?:"
    rf"\+[1-9](?:{_DIGIT}){{6,14}}"
    rf"|(?:0084|84)(?:{_SEPARATORS}0)?{_SEPARATORS}(?:[35789](?:{_DIGIT}){{8}}|2(?:{_DIGIT}){{9}})"
    rf"|0(?:[35789](?:{_DIGIT}){{8}}|2(?:{_DIGIT}){{9}})"
    rf"|1[89]00(?:{_DIGIT}){{4}}(?:(?:{_DIGIT}){{2}})?"
    r")(?![A-Za-z0-9]|[.\-]\d)"
)
"""+ and a country, Vietnamese mobiles (ten digits) and fixed lines (eleven), service numbers (1800, 1900)."""
_CALLED = re.compile(
    r"\b(?:goi|sdt|dt|d/t|dien thoai|hotline|duong day nong|tong dai|zalo|viber|lien he|nhan tin|soan tin|gui"
    r"|call|dial|telephone|phone|tel|text)"
    r"(?: (?:so|den|toi|qua|theo|vao|ve|cho|us|to|at|on|number)){0,3} ?[:.]? ?"
    + _NO_DATE
    + r"(?P<number>\d(?:[ .\-]?\d){3,14}+)(?![A-Za-z0-9]|[.\-/]\d)(?! ?(?:d|dong|vnd|ban|bo|to|tam|trang|ho so)\b)",
    re.IGNORECASE,
)
"""Other digits, from four on, are a number to call only where the text asks to call them."""
_SHOWN_LETTERS = 60
_LEAST_GENERIC = 3
"""Letters of a top-level domain that is no country's."""


def find_contacts(text: str, allowed: Collection[str] = ()) -> Sequence[str]:
    """Return what phones show as a link, an e-mail address or a telephone number; each once, links first.

    `allowed` holds the telephone numbers that the service itself names: its short code and its hotline. The text is
    read as it would be sent, so accents, wide letters and invisible signs hide nothing. Takes linear time and never
    raises.

    >>> find_contacts("nop tai vneid.top/nop hoac goi 0905 123 789, 1022", ["1022"])
    ['vneid.top/nop', '0905 123 789']
    >>> find_contacts("76 Quang Trung, P.Hai Chau, TP.HCM; 000.00.12.H17-230815-0007; 1.500.000d; v.v.")
    []
    """
    sent = _as_sent(text)
    found = dict.fromkeys(_links(sent))
    fine = {_dialled(number) for number in allowed}
    for number in _numbers(sent.replace("@", " ")):
        if _dialled(number) not in fine:
            fine.add(_dialled(number))
            found[number] = None
    return [piece[:_SHOWN_LETTERS] for piece in found]


def find_links(text: str) -> Sequence[str]:
    """Return the links, web and e-mail addresses in a text, as `find_contacts` finds them; each once, whole."""
    return list(dict.fromkeys(link.strip(_AROUND) for link in _links(_as_sent(text))))


def hosts_of(link: str) -> frozenset[str]:
    """Return every host that a link may lead to, in lower case; none where it is no web or e-mail address.

    >>> sorted(hosts_of("https://danang.gov.vn:443/tin,vneid.top")), sorted(hosts_of("a@Danang.gov.vn"))
    (['danang.gov.vn', 'vneid.top'], ['danang.gov.vn'])
    >>> sorted(hosts_of("http://portal/x")), sorted(hosts_of("tel:0905123456"))
    (['portal'], [])
    """
    hosts = [found[0] for found in _HOST.finditer(link) if _is_domain(found[0], has_path=True)]
    hosts += _ADDRESS.findall(link) + _AFTER_SCHEME.findall(link)
    return frozenset(host.strip("._-").lower() for host in hosts)


def _as_sent(text: str) -> str:
    """Fold a text as `plain` does, but leave links and @ in it."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_STROKES)).translate(_STROKES).translate(_DASHES)
    kept = "".join(sign if sign.isascii() and sign.isprintable() else " " * sign.isspace() for sign in text)
    return " ".join(kept.translate(_SENT_AS).split())


def _links(text: str) -> Iterator[str]:
    for word in text.split(" "):
        if _SCHEME.search(word):
            yield word
        elif "." in word:
            hosts = _HOST.finditer(word)
            if any(_is_domain(host[0], has_path=_PATH.match(word, host.end()) is not None) for host in hosts):
                yield word.strip(_AROUND)
            else:
                yield from _ADDRESS.findall(word)


def _is_domain(run: str, *, has_path: bool) -> bool:
    """Return whether a run of letters, digits, dots and dashes holds a domain that phones know."""
    if run[:4].lower() == "www." and len(run) > len("www."):
        return True
    if _ABBREVIATED.fullmatch(run) and not has_path:
        return False
    labels = [label.strip("-_").lower() for label in run.split(".")]
    ends = [label for before, label in pairwise(labels) if before and label]
    if not TOP_LEVEL_DOMAINS.isdisjoint(ends):
        return True
    return has_path and bool(ends) and ends[-1].isalpha() and len(ends[-1]) >= _LEAST_GENERIC and run.islower()


def _numbers(text: str) -> Iterator[str]:
    for found in _NUMBER.finditer(text):
        yield found[0]
    for found in _CALLED.finditer(text):
        yield found["number"]


def _dialled(number: str) -> str:
    """Return the digits that are dialled inside the country."""
    digits = "".join(sign for sign in number if sign.isdigit())
    abroad = re.match(r"(?:00)?84(?=0?[235789])", digits) if len(digits) > 10 else None  # noqa: PLR2004 - 84 and nine
    return "0" + digits[abroad.end() :].lstrip("0") if abroad else digits
