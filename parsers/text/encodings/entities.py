"""HTML entities that aggregators leave in texts (`&amp;`, `&#39;`, `&nbsp;`, `&#7877;`), turned into characters."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.entities import name2codepoint

_ENTITY = re.compile(
    r"&(?:#(?P<decimal>[0-9]{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[A-Za-z][A-Za-z0-9]{1,7}));"
)
_LONGEST = 10
"""Characters of the longest entity that is decoded, `&thetasym;`; bounds the search back from each semicolon."""


def decode_entities(text: str, clean: Callable[[str], str]) -> str:
    """Decode every entity, also those that appear by decoding (`&amp;amp;`); `clean` makes a character normal.

    Linear: each decoding shortens the result so far.

    >>> decode_entities("Nguy&#7877;n &amp;amp; H&#39;Hen &foo; A&B", str)
    "Nguyễn & H'Hen &foo; A&B"
    """
    if "&" not in text or ";" not in text:
        return text
    written: list[str] = []
    waiting = list(reversed(text))
    while waiting:
        character = waiting.pop()
        written.append(character)
        if character != ";":
            continue
        tail = "".join(written[-_LONGEST:])
        start = tail.rfind("&")
        entity = _ENTITY.fullmatch(tail, start) if start >= 0 else None
        decoded = _character(entity) if entity is not None else None
        if decoded is not None:
            del written[start - len(tail) :]
            waiting.extend(reversed(clean(decoded)))
    return "".join(written)


def _character(entity: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = entity.group("decimal", "hex", "name")
    if name is not None:
        point = 0x27 if name == "apos" else name2codepoint.get(name, 0)
    else:
        point = int(decimal) if decimal is not None else int(hexadecimal, 16)
    return chr(point) if 0 < point <= 0x10FFFF else None  # noqa: PLR2004 -- the last code point of Unicode
