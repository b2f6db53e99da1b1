from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import text

from db.staff.audit import Action, append
from db.store.engine import open_database
from sms_gateway.clock import utc_now
from sms_gateway.log import JsonFormatter, TextFormatter
from sms_gateway.process.keyfile import load
from sms_gateway.process.schedule import AUDIT_HEAD, Schedule
from tests.sms_gateway.cli.surroundings import begin, run


@pytest.fixture(autouse=True)
def _tables(_somewhere_else: None) -> None:
    begin()


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
    assert "entry 2 was changed or is missing, and those before it are sound; fix:" in result.stderr


@pytest.mark.parametrize("last", ["", "3", "x:00", "3:zz"])
def test_a_note_that_is_none_is_told(last: str) -> None:
    assert run("audit", "verify", "--last", last).exit_code == 2


def logged(directory: Path, form: Literal["text", "json"]) -> str:
    """Return what the service's schedule writes into its log about the audit log."""
    database = open_database(f"sqlite:///{directory}/var/gateway.db", load(directory / "var" / "keys"))
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logger = logging.getLogger("sms_gateway.process.schedule")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    try:
        Schedule(database, utc_now).run(AUDIT_HEAD)
    finally:
        logger.removeHandler(handler)
        database.close()
    return out.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("prefix", ["", "Nov 28 21:40:00 host sms-gateway[812]: "])
def test_an_end_that_was_cut_off_is_found_by_the_log(
    tmp_path: Path, form: Literal["text", "json"], prefix: str
) -> None:
    write(tmp_path, times=5)
    log = "".join(f"{prefix}{line}\n" for line in logged(tmp_path, form).splitlines())
    whole = run("audit", "verify", "--log", "-", given=log)
    assert (whole.exit_code, whole.stdout.splitlines()[0]) == (0, "5 entries, whole; 1 noted one is among them")
    database = open_database(f"sqlite:///{tmp_path}/var/gateway.db", load(tmp_path / "var" / "keys"))
    with database.write() as connection:
        connection.execute(text("DROP TRIGGER audit_entry_stays_delete"))
        connection.execute(text("DELETE FROM audit_entry WHERE number > 3"))
    database.close()
    assert run("audit", "verify").exit_code == 0  # the chain alone cannot know
    cut = run("audit", "verify", "--log", "-", given=log)
    assert cut.exit_code == 1
    assert "entry 5 is not the one that was noted; fix:" in cut.stderr
    write(tmp_path, times=4)  # and nobody can grow another end in its place
    assert run("audit", "verify", "--log", "-", given=log).exit_code == 1


def test_a_log_that_names_no_entry_proves_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    result = run("audit", "verify", "--log", "-", given="2026-11-28 info serving links=1\n")
    assert result.exit_code == 1
    assert (
        "a log that was given has no audit_head in it; fix: give a log of this service, of level info or debug"
        in result.stderr
    )


def test_an_empty_audit_log_writes_no_head(tmp_path: Path) -> None:
    assert logged(tmp_path, "text") == ""
