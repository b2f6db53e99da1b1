"""The telephones of a file of dossiers: which were not taken, and whether their column was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from db.citizens.dossiers import DossierFacts
from sms_gateway.back_office.dossier_file.cells import filled_text
from sms_gateway.back_office.dossier_file.headings import Field, known_columns, without_phones
from sms_gateway.back_office.table_file.lines import Cell


class Telephones:
    """Notes the lines whose telephone is wrong: their dossier is imported, and nobody is subscribed to it."""

    def __init__(self, *, are_read: bool) -> None:
        self.wrong_lines: list[int] = []
        self.has_unread = False
        """The file has a column of telephones, and nobody stated that their owners agreed to notices."""
        self._are_read = are_read

    def columns_to_read(self, columns: Mapping[int, Field]) -> Mapping[int, Field]:
        """Return the columns that are read: those of telephones only with the statement."""
        return columns if self._are_read else without_phones(columns)

    def look_at_names(self, names: Sequence[Cell]) -> None:
        """Note whether these names have a column of telephones that is not read."""
        self.has_unread |= not self._are_read and Field.PHONE in known_columns(names).values()

    def look(self, line: int, cells: Mapping[Field, Sequence[Cell]], facts: DossierFacts) -> None:
        """Look at one line that was taken."""
        if facts.phone is not None or Field.PHONE.value in facts.cleared:
            return
        if any(filled_text(Field.PHONE, cell) for cell in cells.get(Field.PHONE, ())):
            self.wrong_lines.append(line)
