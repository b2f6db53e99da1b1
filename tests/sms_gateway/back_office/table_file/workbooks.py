"""Workbooks made by hand, as small and as evil as a test needs them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ROOM = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_AT_ONCE = 100_000

Pieces = Iterable[tuple[str, int]]
"""Texts, each with how often it is repeated."""


def write_book(
    path: Path,
    rows: str = "",
    *,
    behind: str = "",
    before: str = "",
    strings: str = "",
    formats: Iterable[str] = (),
    book: str = "",
    sheets: Iterable[str] = ("visible",),
    strict: bool = False,
) -> Path:
    """Write a workbook. `rows` stands in the last sheet; style 1 and on have the `formats`."""
    room, relations = (STRICT, STRICT_RELATIONS) if strict else (ROOM, RELATIONS)
    states = list(sheets)
    listed = "".join(
        f'<sheet name="S{number}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'
        for number, state in enumerate(states, 1)
    )
    linked = "".join(
        f'<Relationship Id="rId{number}" Type="{relations}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(states) + 1)
    )
    codes = list(formats)
    styles = "".join(f'<numFmt numFmtId="{164 + place}" formatCode="{code}"/>' for place, code in enumerate(codes))
    used = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{164 + place}"/>' for place in range(len(codes)))
    with ZipFile(path, "w", ZIP_DEFLATED) as parts:
        parts.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{room}" xmlns:r="{relations}">{book}<sheets>{listed}</sheets></workbook>',
        )
        parts.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{linked}</Relationships>')
        parts.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{room}"><numFmts>{styles}</numFmts><cellXfs>{used}</cellXfs></styleSheet>',
        )
        if strings:
            parts.writestr("xl/sharedStrings.xml", f'<sst xmlns="{room}">{strings}</sst>')
        for number in range(1, len(states) + 1):
            content = rows if number == len(states) else ""
            parts.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{room}">{before}<sheetData>{content}</sheetData>{behind}</worksheet>',
            )
    return path


def write_bomb(path: Path, *, sheet: Pieces, strings: Pieces = ()) -> Path:
    """Write a workbook whose sheet and shared texts repeat themselves without being held in memory."""
    write_book(path)
    content = {"xl/worksheets/sheet1.xml": [(f'<worksheet xmlns="{ROOM}">', 1), *sheet, ("</worksheet>", 1)]}
    content["xl/sharedStrings.xml"] = [(f'<sst xmlns="{ROOM}">', 1), *strings, ("</sst>", 1)]
    with ZipFile(path) as whole:
        kept = {part.filename: whole.read(part) for part in whole.infolist() if part.filename not in content}
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as parts:
        for name, octets in kept.items():
            parts.writestr(name, octets)
        for name, pieces in content.items():
            with parts.open(name, "w") as part:
                for text, count in pieces:
                    for begun in range(0, count, _AT_ONCE):
                        part.write(text.encode() * min(_AT_ONCE, count - begun))
    return path


def row(*cells: str, number: int | None = None, more: str = "") -> str:
    """Return a row of cells."""
    place = "" if number is None else f' r="{number}"'
    return f"<row{place}{more}>{''.join(cells)}</row>"


def text(words: str, *, place: str = "") -> str:
    """Return a cell with a text."""
    return f'<c{_at(place)} t="inlineStr"><is><t>{words}</t></is></c>'


def number(value: str, *, style: int = 0, place: str = "") -> str:
    """Return a cell with a number."""
    return f'<c{_at(place)} s="{style}"><v>{value}</v></c>'


def names(*words: str, at: int | None = None) -> str:
    """Return a row of column names."""
    return row(*map(text, words), number=at)


def _at(place: str) -> str:
    return f' r="{place}"' if place else ""
