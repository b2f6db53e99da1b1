"""Texts that were made to cost a lot, as long as their channel takes them; and a generator of more."""

from __future__ import annotations

import random
from collections.abc import Iterator

ORDINARY = "TK, Nguyễn Văn Đức, 048190001234, 20/12/1990"
ONE_SEGMENT = 160
TEN_SEGMENTS = 1530
"""Characters of the longest text that is read (parsers.LONGEST_TEXT)."""
LONGEST_BY_SMPP = 255 * 153
"""Characters of the longest text that carriers bring: 255 parts (3GPP 23.040 §9.2.3.24.1)."""
LONGEST_BY_HTTP = 16 * 1024
"""Octets of a text that an HTTP endpoint takes."""

PATTERNS = (
    "a\r",
    "a  ",
    "1\n",
    "ạ\r",
    "ạ  ",
    "ấ ",
    "201499999,",
    "201 499 999\n",
    "0905123456 ",
    "1 ",
    "1.",
    "o1",
    "O",
    "H17-",
    "H17-230815-0007>TK,w",
    "DVC",
    "TK,",
    "a>",
    "&amp;",
    "&amp;amp;",
    "&#38;#38;",
    "&",
    ";",
    "Ã\u0192",
    "Ã¡Â»â€¦",
    "á»…",
    "\u200b",
    "a\u200b",
    "e\u0301\u0302\u0323",
    "\u0301",
    "\x01",
    "\ud800",
    "𝟏",
    "２",
    "\U0001f600",
    "TK Nguyen Van A 201499999 20/12/1990 ",
    "ngay sinh ",
    "so ma ",
    "¨",
    "h17 230815 0007 TK,",
    "id:0905 123 456 cap 1 thg 2 h17 230815 0007 ",
    "'/a h17 230815 0007 \r",
    "<b>",
    "{{ 7*7 }}",
    "(ß",
    "µ…",
    "aß",
    "æ:",
    "1.…",
    "1-",
    "000.00.12. quen mk   ",
)
PREFIXES = ("", "DVC", "TK, ", "HD ", "DK ", "dang ky tai khoan ")
_SIGNS = (
    *"aAkKtT019xw \n\r\t,;:.-_/\\'\"()[]<>&#+*=?!~^|`@",
    *("ß", "µ", "æ", "…", "¨", "ă", "ạ", "Đ", "\u0301", "\u200b", "Ã", "»", "á»", "Â", "\xa0", "\ud800", "２", "𝟏"),
    *("&amp;", "&#38;", "TK", "DVC", "HD", "TK,", "DVC ", "201499999", "20/12/1990", "0905123456", "H17-230815-0007"),
    *("ngay sinh", "ho ten", "CMND", "so", "nam", "va", "Nguyen", "Van A", "ma ho so", "thang", "1.", "gui 8188"),
)
_ENDS = ("", "", "x", "1", "\n", " gui 8188", ", 201499999, 20/12/1990")


def repeated(pattern: str, length: int, *, before: str = "", after: str = "") -> str:
    """Return a pattern again and again, exactly so long."""
    room = length - len(before) - len(after)
    return before + (pattern * (room // len(pattern) + 1))[:room] + after


def evil_texts(length: int) -> Iterator[str]:
    """Give every pattern behind every beginning, so long."""
    for before in PREFIXES:
        for pattern in PATTERNS:
            yield repeated(pattern, length, before=before)


def random_texts(seed: int, count: int, length: int) -> Iterator[str]:
    """Give texts of a short random pattern each; the seed makes them the same again."""
    chosen = random.Random(seed)
    for _ in range(count):
        pattern = "".join(chosen.choices(_SIGNS, k=chosen.choice((1, 2, 2, 3, 3, 4, 5, 8))))
        before, after = chosen.choice((*PREFIXES, "TK Nguyen Van A ", "DVC H17-230815-0007 ")), chosen.choice(_ENDS)
        yield repeated(pattern, length, before=before, after=after)
