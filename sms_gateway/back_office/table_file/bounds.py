"""How much of a file is read: everything a file can be too much of has its bound here."""

from __future__ import annotations

from dataclasses import dataclass

from sms_gateway.back_office.table_file.fault_messages import wrong
from sms_gateway.back_office.table_file.lines import BrokenFile

FILE_OCTETS = 32 * 1024 * 1024
"""Longest file: about 200,000 dossiers as CSV."""
ROWS = 200_000
"""Most dossiers of one file, so that all of them fit in memory beside the service."""
SCANNED_ROWS = 1_048_576
"""Most rows looked at, blank ones among them: as many as a spreadsheet has."""
COLUMNS = 60
"""Columns read of a row; the portal sends some thirty."""
HEADING_ROWS = 20
"""Rows among which the column names are looked for; titles stand above them."""
CELL_LETTERS = 1000
"""Longest cell taken; no field of a dossier comes near."""
CELLS = 2_000_000
"""Most cells of a workbook or values of a JSON file: 200,000 dossiers with ten columns."""
UNPACKED_OCTETS = 64 * 1024 * 1024
"""Most that the parts of a workbook may unpack to: two million cells take about as much."""
DIRECTORY_OCTETS = 1024 * 1024
"""Longest list of parts of a workbook: some ten thousand; a workbook has dozens."""
ELEMENTS = 4 * CELLS
"""Most XML elements: a cell with a formula and its value has three."""
DEPTH = 64
"""Deepest nesting of XML elements; a cell's text is ten deep."""
TOKEN_OCTETS = 1024 * 1024
"""Longest tag with its attributes: the XML reader goes through an unfinished one again and again."""
LINE_LETTERS = 64 * 1024
"""Longest line of a CSV file: sixty cells of a thousand letters."""
ROW_LETTERS = 256 * 1024
"""Longest row of a CSV file, line ends in quotation marks included."""
MERGED = 100_000
"""Most merged cells that go over several rows."""
STYLES = 65_536
"""Most number formats of a workbook; a spreadsheet has as many."""


@dataclass(kw_only=True, slots=True)
class Meter:
    """What was read of a file so far; raises BrokenFile at the bounds."""

    octets: int = 0
    """Unpacked, where the file is packed."""
    cells: int = 0
    """Rows, cells and shared strings of a workbook; cells or values of another file."""
    elements: int = 0

    def add_octets(self, count: int) -> None:
        """Count octets about to be parsed."""
        self.octets += count
        if self.octets > UNPACKED_OCTETS:
            raise BrokenFile(wrong("unpacks", most=UNPACKED_OCTETS // 2**20))

    def add_cells(self, count: int = 1) -> None:
        """Count cells about to be kept."""
        self.cells += count
        if self.cells > CELLS:
            raise BrokenFile(wrong("cells", most=f"{CELLS:,}"))

    def add_element(self) -> None:
        """Count one XML element."""
        self.elements += 1
        if self.elements > ELEMENTS:
            raise BrokenFile(wrong("cells", most=f"{CELLS:,}"))
