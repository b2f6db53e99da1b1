"""Several columns of one field: which was used and which was ignored, where both held something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from parsers.localised_message import LocalisedMessage
from sms_gateway.back_office.dossier_file.cells import filled_text
from sms_gateway.back_office.dossier_file.fault_messages import named, wrong
from sms_gateway.back_office.dossier_file.headings import Field
from sms_gateway.back_office.table_file.cell_texts import WrongCellError
from sms_gateway.back_office.table_file.lines import Cell

NOTES = 20
"""Most pairs of columns that are reported; a file has a few, and only a strange one has more."""

JOINABLE = frozenset({Field.WANTED, Field.FIX, Field.PICK_UP})
"""Texts for citizens: of these both may be meant, as missing papers and a fee are. Of a code or a date one is."""

Pair = tuple[Field, str, str]


class SharedFields:
    """Counts, over the lines of a file, the cells that were ignored since another column of their field is filled."""

    def __init__(self) -> None:
        self._lines: Counter[Pair] = Counter()
        self._first: dict[Pair, int] = {}

    def look(self, line: int, cells: Mapping[Field, Sequence[Cell]], names: Mapping[Field, Sequence[str]]) -> None:
        """Look at one line that was taken: the cells of each field, and the names of their columns."""
        for field, given in cells.items():
            if len(given) > 1:
                self._look_at(line, field, given, names[field])

    def notes(self) -> Sequence[LocalisedMessage]:
        """Return a sentence for each pair of columns, the one with the most lines first."""
        return [self._note(pair, count) for pair, count in self._lines.most_common()]

    def _note(self, pair: Pair, count: int) -> LocalisedMessage:
        field, used, ignored = pair
        key = "ignored.text" if field in JOINABLE else "ignored"
        return wrong(key, field=named(field), used=used, ignored=ignored, count=count, line=self._first[pair])

    def _look_at(self, line: int, field: Field, cells: Sequence[Cell], names: Sequence[str]) -> None:
        filled = [(name, text) for name, cell in zip(names, cells, strict=False) if (text := _text(field, cell))]
        for name, text in filled[1:]:
            used, used_text = filled[0]
            pair = (field, used, name)
            if text != used_text and (pair in self._lines or len(self._lines) < NOTES):
                self._lines[pair] += 1
                self._first.setdefault(pair, line)


def _text(field: Field, cell: Cell) -> str:
    try:
        return filled_text(field, cell)
    except WrongCellError as error:
        return str(error.message)  # something stands in it, whatever it is
