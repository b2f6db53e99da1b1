"""The preview of a file of dossiers: made once, when the file is uploaded, and kept until the import."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from db.citizens.dossiers import DossierFacts, compare
from db.notices.subscriptions import who_took_it_back
from sms_gateway.back_office.dossier_file import Fault, Field, Reading, read_dossier_file, wrong_phone
from sms_gateway.back_office.dossier_file.stored_faults import faults_from_plain, faults_to_plain, pack_rows

SHOWN_ROWS = 20
HIDDEN = "••••"
CLEARED = "(xóa)"


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneCounts:
    """The telephones of a file: those that are subscribed, those whose owners took their consent back, wrong ones."""

    subscribed: int
    withdrew: int
    wrong: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What an import did, in dossiers and lines."""

    new: int
    changed: int
    same: int
    left_out: int
    phones: PhoneCounts | None = None
    """None when telephones were not read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What an import of a file would do."""

    phones: bool = False
    """Whether telephones are read: the operator stated that their owners agreed to notices."""
    headings: Sequence[str] | None = None
    columns: Mapping[int, Field] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    same: int = 0
    faults: Sequence[Fault] = ()
    contacts: Sequence[Fault] = ()
    """Texts that phones would show as links or telephone numbers."""
    contact_lines: int = 0
    ignored: Sequence[Fault] = ()
    """Which of two columns of one field is used, and which is ignored."""
    phone_counts: PhoneCounts | None = None
    wrong_phones: Sequence[Fault] = ()
    """Telephones that are not taken; their dossiers are."""
    has_unread_phones: bool = False
    """The file has a column of telephones, and nobody stated that their owners agreed."""
    shown: Sequence[Mapping[str, str]] = ()
    """The first dossiers, their fields by name; secrets are hidden."""
    done: Done | None = None

    @property
    def good(self) -> int:
        """Return how many lines can be imported."""
        return self.new + self.changed + self.same

    @property
    def faulty_lines(self) -> int:
        """Return how many lines cannot be imported."""
        return len({fault.line for fault in self.faults})


def read_upload(
    connection: Connection,
    name: str,
    octets: bytes,
    columns: Mapping[int, Field] | None,
    allowed: Sequence[str],
    *,
    with_phones: bool = False,
) -> tuple[str, bytes]:
    """Read a file; return its preview, in the form that `load` reads, and its rows as octets.

    `with_phones`: the operator stated that the owners of the telephones agreed to notices.
    """
    reading = _read(name, octets, columns, allowed, with_phones=with_phones)
    comparison = compare(connection, (row.facts for row in reading.rows))
    preview = {
        "phones": with_phones,
        "phone_counts": asdict(_count_phones(connection, reading)) if with_phones else None,
        "wrong_phones": [fault.line for fault in reading.wrong_phones],
        "has_unread_phones": reading.has_unread_phones,
        "headings": reading.headings,
        "columns": [[place, one.value] for place, one in reading.columns.items()],
        "new": len(comparison.new),
        "changed": len(comparison.changed),
        "same": comparison.same,
        "faults": faults_to_plain(reading.faults),
        "contacts": faults_to_plain([fault for row in reading.rows for fault in row.contact_faults]),
        "contact_lines": sum(bool(row.contacts) for row in reading.rows),
        "ignored": faults_to_plain([Fault(line=None, message=one) for one in reading.ignored]),
        "shown": [_shown(row.facts) for row in reading.rows[:SHOWN_ROWS]],
    }
    return json.dumps(preview, ensure_ascii=False), pack_rows(reading.rows)


def load(written: str) -> Preview:
    """Return the preview that was written."""
    kept = json.loads(written)
    if "done" in kept:
        done = kept["done"] | {"phones": _phone_counts(kept["done"].get("phones"))}
        wrong_phones = [wrong_phone(line) for line in kept.get("wrong_phones", ())]
        return Preview(done=Done(**done), faults=faults_from_plain(kept.get("faults", ())), wrong_phones=wrong_phones)
    return Preview(
        phones=kept.get("phones", False),
        headings=kept["headings"],
        columns={place: Field(name) for place, name in kept["columns"]},
        new=kept["new"],
        changed=kept["changed"],
        same=kept["same"],
        faults=faults_from_plain(kept["faults"]),
        contacts=faults_from_plain(kept["contacts"]),
        contact_lines=kept["contact_lines"],
        ignored=faults_from_plain(kept.get("ignored", ())),  # a file that was uploaded before an update has none
        phone_counts=_phone_counts(kept.get("phone_counts")),
        wrong_phones=[wrong_phone(line) for line in kept.get("wrong_phones", ())],
        has_unread_phones=kept.get("has_unread_phones", False),
        shown=kept["shown"],
    )


def is_of_dossiers(written: str) -> bool:
    """Return whether a preview is of dossiers: files of units wait in the same table, and say what they are about."""
    return "about" not in json.loads(written)


def write_done(done: Done, left_out: Sequence[Fault], wrong_phones: Sequence[Fault]) -> str:
    """Return what stays of a preview after the import: the counts, why lines were left out, and wrong telephones."""
    faults = {"faults": faults_to_plain(left_out), "wrong_phones": [fault.line for fault in wrong_phones]}
    return json.dumps({"done": asdict(done), **faults}, ensure_ascii=False)


def _phone_counts(kept: Mapping[str, int] | None) -> PhoneCounts | None:
    return PhoneCounts(**kept) if kept is not None else None


def _count_phones(connection: Connection, reading: Reading) -> PhoneCounts:
    phones = [row.facts.phone for row in reading.rows if row.facts.phone is not None]
    refused = who_took_it_back(connection, set(phones))
    withdrew = sum(phone in refused for phone in phones)
    return PhoneCounts(subscribed=len(phones) - withdrew, withdrew=withdrew, wrong=len(reading.wrong_phones))


def _read(
    name: str, octets: bytes, columns: Mapping[int, Field] | None, allowed: Sequence[str], *, with_phones: bool
) -> Reading:
    """Read the file from a temporary directory of its own."""
    with TemporaryDirectory(prefix="dossiers-") as directory:
        path = Path(directory) / f"upload{PurePath(name).suffix.lower()}"
        path.write_bytes(octets)
        return read_dossier_file(path, columns, allowed=allowed, with_phones=with_phones)


def _shown(facts: DossierFacts) -> Mapping[str, str]:
    secrets = {"identity": facts.identity, "password": facts.password, "phone": facts.phone}
    open_values = {
        "code": facts.code,
        "status": facts.status.value,
        "procedure": facts.procedure,
        "received_on": facts.received_on and f"{facts.received_on:%d/%m/%Y}",
        "due_on": facts.due_on and f"{facts.due_on:%d/%m/%Y}",
        "wanted": facts.wanted,
        "fix": facts.fix,
        "pick_up": facts.pick_up,
    }
    shown = {name: value for name, value in open_values.items() if value}
    shown |= {name: HIDDEN for name, secret in secrets.items() if secret}
    return shown | dict.fromkeys(facts.cleared, CLEARED)
