"""Tables that a phone shows as cards: each cell has the heading of its column (`data-label`) for the style sheet.

When the rows of a `<table>` are laid out as cards, a screen reader no longer sees a table. So the roles are written
out.
"""

from __future__ import annotations

import re
from itertools import count

from markupsafe import Markup

_TABLE = re.compile(r"<table\b[^>]*>.*?</table>", re.DOTALL)
_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ROW = re.compile(r"<tr\b.*?(?=<tr\b|</tbody>)", re.DOTALL)
_CELL = re.compile(r"<(td|th)\b([^>]*)>")
_ROLES = {"td": "cell", "th": "rowheader"}


def as_cards(markup: str) -> Markup:
    """Return the markup of templates with its tables ready to be shown as cards; tables are not nested.

    >>> print(as_cards('<table><thead><tr><th>Day</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>'))
    <table class="cards" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader">Day</th></tr>\
</thead><tbody role="rowgroup"><tr role="row"><td role="cell" data-label="Day">1</td></tr></tbody></table>
    """
    return Markup(_TABLE.sub(lambda found: _table(found[0]), markup))  # noqa: S704 - escaped already, by the template


def _table(table: str) -> str:
    head, body = table.split("</thead>", 1)
    labels = [_TAG.sub("", found).strip() for found in _HEADING.findall(head)]
    body = _ROW.sub(lambda row: _row(row[0], labels), body)
    head = head.replace("<th ", '<th role="columnheader" ').replace("<th>", '<th role="columnheader">')
    whole = f"{head}</thead>{body}".replace("<tr", '<tr role="row"').replace("<table", '<table role="table"', 1)
    for group in ("thead", "tbody"):
        whole = whole.replace(f"<{group}", f'<{group} role="rowgroup"', 1)
    return whole.replace('role="table" class="', 'role="table" class="cards ').replace(
        '<table role="table">', '<table class="cards" role="table">'
    )


def _row(row: str, labels: list[str]) -> str:
    place = count()

    def cell(found: re.Match[str]) -> str:
        number = next(place)
        label = labels[number] if number < len(labels) and "colspan" not in found[2] else ""
        told = f' data-label="{label}"' if label else ""
        return f'<{found[1]}{found[2]} role="{_ROLES[found[1]]}"{told}>'

    return _CELL.sub(cell, row)
