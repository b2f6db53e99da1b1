"""Files of units for tests."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook


def csv_file(folder: Path, *lines: str, name: str = "file.csv") -> Path:
    """Write lines of a CSV file."""
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def workbook(folder: Path, *rows: tuple[object, ...]) -> Path:
    """Write rows of a workbook, as a spreadsheet does."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    path = folder / "file.xlsx"
    book.save(path)
    return path
