"""From the Markdown of forges to that of mkdocs: lists indented by four, code in lists, pipes in tables, anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.docs.pieces import CODE, anchors

_ITEM = re.compile(r"(?P<mark>[-*]|\d+\.) +")
_STEP = 4
"""Blanks by which Python-Markdown indents what belongs to an item."""


def translated(text: str) -> str:
    """Return a page as Python-Markdown reads it in the same way as a forge."""
    left = iter(anchors(text))
    return "\n".join(_lines(text.splitlines(), left)) + "\n"


def _lines(lines: list[str], left: Iterator[str]) -> Iterator[str]:
    items: list[int] = []  # of each item around this line: the column of its words
    fence: int | None = None  # the column of the block of code around this line
    parts = False  # whether a blank line is in the list: then Python-Markdown needs one before each item
    for number, line in enumerate(lines):
        words = line.lstrip(" ")
        column = len(line) - len(words)
        if words.startswith("```"):
            fence = column if fence is None else None
            if column:
                continue  # a block inside an item is marked by its indent
            items.clear()
            yield line
        elif fence is not None:
            yield f"{' ' * (_STEP * (len(items) + 1))}{line[fence:]}" if fence else line
        elif not words:
            parts = bool(items)
            yield ""
        else:
            while items and column < items[-1]:
                items.pop()
            shift = " " * (_STEP * len(items))
            if item := _ITEM.match(words):
                items.append(column + len(item[0]))
                if parts and lines[number - 1]:
                    yield ""
            yield shift + _line(words, left)


def _line(words: str, left: Iterator[str]) -> str:
    if re.match(r"#+ ", words):
        return f"{words} {{: #{next(left)} }}"
    if words.startswith("|"):
        return CODE.sub(lambda code: code[0].replace("\\|", "|"), words)
    return words
