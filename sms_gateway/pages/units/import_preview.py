"""The preview of a file about units: made when it is uploaded, and kept beside the file until the import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from parsers.localised_message import message_from_plain, message_to_plain
from sms_gateway.back_office.unit_file.columns import Kind
from sms_gateway.back_office.unit_file.file_import import Imported, import_file, preview_file
from sms_gateway.back_office.unit_file.importing import Counts
from sms_gateway.back_office.unit_file.reading import Fault
from sms_gateway.web.dependencies import dependencies


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What an import of a file would do, or did."""

    kind: Kind
    counts: Counts = field(default_factory=Counts)
    faults: Sequence[Fault] = ()
    is_done: bool = False

    @property
    def faulty_lines(self) -> int:
        """Return how many lines cannot be imported."""
        return len({fault.line for fault in self.faults if fault.line is not None})

    @property
    def good(self) -> int:
        """Return how many lines can be imported."""
        return self.counts.new + self.counts.changed + self.counts.same


def preview_of(connection: Connection, kind: Kind, name: str, octets: bytes) -> Preview:
    """Return what an import would do; nothing stays written."""
    with TemporaryDirectory(prefix="units-") as directory:
        return _of(kind, preview_file(connection, kind, _written(directory, name, octets), dependencies().new_id))


def carry_out(connection: Connection, kind: Kind, name: str, octets: bytes) -> Preview:
    """Write what the good lines say, and return what was done."""
    with TemporaryDirectory(prefix="units-") as directory:
        path = _written(directory, name, octets)
        return _of(kind, import_file(connection, kind, path, dependencies().new_id), is_done=True)


def write(preview: Preview) -> str:
    """Return a preview in the form that `load` reads."""
    plain = {
        "about": preview.kind.value,
        "counts": asdict(preview.counts),
        "faults": [[fault.line, message_to_plain(fault.message)] for fault in preview.faults],
        "is_done": preview.is_done,
    }
    return json.dumps(plain, ensure_ascii=False)


def load(written: str) -> Preview | None:
    """Return the preview that was written; None for that of another kind of file."""
    kept = json.loads(written)
    if "about" not in kept:
        return None
    return Preview(
        kind=Kind(kept["about"]),
        counts=Counts(**kept["counts"]),
        faults=[Fault(line=line, message=message_from_plain(message)) for line, message in kept["faults"]],
        is_done=kept["is_done"],
    )


def _written(directory: str, name: str, octets: bytes) -> Path:
    path = Path(directory) / f"upload{PurePath(name).suffix.lower()}"
    path.write_bytes(octets)
    return path


def _of(kind: Kind, found: Imported, *, is_done: bool = False) -> Preview:
    return Preview(kind=kind, counts=found.counts, faults=found.faults, is_done=is_done)
