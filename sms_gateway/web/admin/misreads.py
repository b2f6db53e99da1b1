"""Misreads: the texts of the last days that could not be served, grouped by shape, with an example each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from flask import abort, render_template, request

from db.misreads import Misreading, read_misreadings
from parsers.normal import fold, normalise
from sms_gateway.minutes import MISREADINGS
from sms_gateway.road.ids import first_id_at
from sms_gateway.web.admin.kept_secret import without_secret
from sms_gateway.web.admin.shown import MOST_SHOWN
from sms_gateway.web.masking import mask_text
from sms_gateway.web.parts import current_parts

DAYS = (1, 3, 7, 30)
MOST_READ = 2000
"""Texts read for a page, the newest: some 60 ms; what many people send is among them many times."""

MOST_GROUPS = 100
LONGEST_SHAPE = 60

_KEYWORDS = frozenset({"TK", "DVC", "HD", "DK", "HS", "DKTK", "TRACUU", "GUI", "8188"})
_PIECE = re.compile(r"[^\W\d_]+|\d+|\s+|[^\w\s]|_")
_MANY = re.compile(r"a(?: a)+")


@dataclass(kw_only=True, slots=True)
class Group:
    """Texts of one shape."""

    shape: str
    reading: str
    example_id: int
    body: str = field(repr=False)
    people: set[bytes] = field(default_factory=set)
    texts: int = 0

    @property
    def example(self) -> str:
        """Return the newest text, masked; made for the groups that are shown, since a stranger may send a thousand."""
        return mask_text(without_secret(self.body, self.reading), keeps_codes=False, most=MOST_SHOWN + 1)


def misreads() -> str:
    """Show the groups, the largest first."""
    days = request.args.get("days", default=3, type=int)
    if days not in DAYS:
        abort(404)
    parts = current_parts()
    since = first_id_at(parts.now() - timedelta(days=days))
    with parts.database.read() as connection:
        groups = group_by_shape(read_misreadings(connection, MISREADINGS, since=since, most=MOST_READ))
    texts = sum(one.texts for one in groups)
    return render_template(
        "misreads.html",
        groups=groups[:MOST_GROUPS],
        days=days,
        spans=DAYS,
        texts=texts,
        is_cut=texts == MOST_READ,
    )


def group_by_shape(texts: Iterable[Misreading]) -> Sequence[Group]:
    """Group texts by shape, those of the most people first; the newest text of a shape is its example."""
    groups: dict[tuple[str, str], Group] = {}
    for text in texts:
        key = (shape_of(text.body), text.reading)
        group = groups.get(key)
        if group is None:
            group = Group(shape=key[0], reading=text.reading, example_id=text.id, body=text.body)
            groups[key] = group
        group.people.add(text.who)
        group.texts += 1
    return sorted(groups.values(), key=lambda group: (-len(group.people), -group.texts, group.shape))


def shape_of(text: str) -> str:
    """Return what texts have in common that differ only in their content: words, numbers and blanks made equal.

    >>> shape_of("TK. Nguyễn Văn A 201499999"), shape_of("tk.  Le Thi B   048123456789")
    ('TK. a… 9', 'TK. a… 9')
    """
    plain = fold(normalise(text[: LONGEST_SHAPE * 8]))
    pieces = "".join(_piece(found) for found in _PIECE.findall(plain))
    shape = _MANY.sub("a…", pieces).strip()
    return shape if len(shape) <= LONGEST_SHAPE else f"{shape[:LONGEST_SHAPE]}…"


def _piece(piece: str) -> str:
    if piece in _KEYWORDS:
        return piece
    if piece.isspace():
        return " "
    if piece[0].isdigit():
        return "9"
    return "a" if piece[0].isalpha() else piece
