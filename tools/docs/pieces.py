"""The pieces of a page of Markdown: blocks of code, anchors of headings, links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
"""A block of code at the left edge."""

CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"(?P<picture>!?)\[(?P<words>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<target>[^()\s]+)\)")
HEADING = re.compile(r"^(#+) +(.+)$", re.MULTILINE)
OUTSIDE = ("https://", "http://", "mailto:")


def anchors(text: str) -> list[str]:
    r"""Return the anchor of each heading of a page in their order, as forges make them.

    Lower case, blanks as hyphens, punctuation dropped; the second of the same name ends in `-1`.

    >>> anchors("# Set up: `init`\n## Try it\n## Try it\n")
    ['set-up-init', 'try-it', 'try-it-1']
    """
    found: list[str] = []
    seen: dict[str, int] = {}
    for heading in HEADING.finditer(FENCE.sub("", text)):
        name = re.sub(r"[^\w\- ]", "", LINK.sub(lambda link: link["words"], heading[2]).lower()).replace(" ", "-")
        seen[name] = seen.get(name, -1) + 1
        found.append(f"{name}-{seen[name]}" if seen[name] else name)
    return found


def outside_code(text: str, change: Callable[[str], str], *, also_words: bool = True) -> str:
    """Return a page with everything changed that is no code; with `also_words`, words in backticks are code too."""
    kept = re.compile(f"{FENCE.pattern}|{CODE.pattern}" if also_words else FENCE.pattern, FENCE.flags)
    return "".join(piece if is_code else change(piece) for is_code, piece in _pieces(text, kept))


def _pieces(text: str, kept: re.Pattern[str]) -> Iterator[tuple[bool, str]]:
    at = 0
    for found in kept.finditer(text):
        yield False, text[at : found.start()]
        yield True, found[0]
        at = found.end()
    yield False, text[at:]
