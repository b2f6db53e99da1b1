from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from db.audit import Action, append
from db.engine import open_database
from sms_gateway.clock import utc_now
from sms_gateway.keyfile import load
from tests.cli.surroundings import run


@pytest.fixture(autouse=True)
def _tables(_somewhere_else: None) -> None:
    assert run("db", "upgrade").exit_code == 0


def write(directory: Path, *, times: int = 3, forged: bool = False) -> None:
    database = open_database(f"sqlite:///{directory}/var/gateway.db", load(directory / "var" / "keys"))
    with database.write() as connection:
        for _ in range(times):
            append(connection, at=utc_now(), operator="lan", action=Action.REVEALED, subject="inbound:1")
        if forged:
            connection.execute(text("DROP TRIGGER audit_entry_stays_update"))
            connection.execute(text("UPDATE audit_entry SET operator = 'huy' WHERE number = 2"))
    database.close()


def test_an_empty_log_is_whole() -> None:
    result = run("audit", "verify")
    assert (result.exit_code, result.stdout) == (0, "0 entries, whole\n")


def test_a_whole_log_prints_its_end_and_knows_it_again(tmp_path: Path) -> None:
    write(tmp_path)
    result = run("audit", "verify")
    assert result.exit_code == 0
    assert result.stdout.startswith("3 entries, whole\nlast: 3:")
    noted = result.stdout.split("last: ")[1].strip()
    write(tmp_path, times=1)
    assert run("audit", "verify", "--last", noted).exit_code == 0
    cut = run("audit", "verify", "--last", f"9:{noted[2:]}")
    assert cut.exit_code == 1
    assert "entry 9 is not the one that was noted" in cut.stderr


def test_a_forged_entry_is_named(tmp_path: Path) -> None:
    write(tmp_path, forged=True)
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "entry 2 was changed or is missing; mend:" in result.stderr


@pytest.mark.parametrize("last", ["", "3", "x:00", "3:zz"])
def test_a_note_that_is_none_is_told(last: str) -> None:
    assert run("audit", "verify", "--last", last).exit_code == 2
