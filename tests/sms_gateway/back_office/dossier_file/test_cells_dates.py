"""Dates in files of dossiers: every accepted form, and no guesses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.citizens.dossiers import DossierFacts
from tests.sms_gateway.back_office.dossier_file.test_dossier_file import read_cells


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("15/08/2023", date(2023, 8, 15)),
        ("5.8.2023", date(2023, 8, 5)),
        ("15-08-2023", date(2023, 8, 15)),
        ("15/08/2023 09:30", date(2023, 8, 15)),
        ("2023-08-15", date(2023, 8, 15)),
        ("2023-08-15 09:30:00", date(2023, 8, 15)),
        ("2023-08-15T17:30:00Z", date(2023, 8, 16)),
        ("20230815", date(2023, 8, 15)),
        ("20230815093000", date(2023, 8, 15)),
        ("", None),
        ("-", None),
        ("null", None),
    ],
)
def test_dates_in_every_accepted_form(tmp_path: Path, written: str, expected: date | None) -> None:
    found = read_cells(tmp_path, received_on=written)
    assert isinstance(found, DossierFacts)
    assert found.received_on == expected


@pytest.mark.parametrize(
    "written", ["08/15/2023", "31/02/2023", "15/08/23", "15/08/1023", "2023", "45153", "20231315", "mai", "15/08/2323"]
)
def test_other_dates_are_faults_and_never_guessed(tmp_path: Path, written: str) -> None:
    found = read_cells(tmp_path, due_on=written)
    assert found == f"line 2: due_on: '{written}' is no date; write dd/mm/yyyy, for instance 15/08/2023"
