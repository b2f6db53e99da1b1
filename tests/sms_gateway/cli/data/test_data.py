"""`sms-gateway keys`, `block` and `person`: as people run them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from db.schema import OutboundState, outbound
from db.store.engine import Database, open_database
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.process.keyfile import load, load_or_make
from tests.sms_gateway.cli.surroundings import begin, run
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk

NUMBER = "0905123456"
ID_NUMBER = "201499999"


@pytest.fixture(autouse=True)
def _texts(_somewhere_else: None, tmp_path: Path) -> None:
    begin()
    database = open_database(f"sqlite:///{tmp_path}/var/gateway.db", load(tmp_path / "var" / "keys"))
    Counterdesk(database=database).text("84905123456", f"TK, Nguyen Van A, {ID_NUMBER}, 20/12/1990")
    database.close()


def send_all(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/var/gateway.db", load(tmp_path / "var" / "keys"))
    with database.write() as connection:
        connection.execute(update(outbound).values(state=OutboundState.SENT))
    database.close()


def test_counts_are_of_yesterday_when_no_day_is_given(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/var/gateway.db", load(tmp_path / "var" / "keys"))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    Counterdesk(database=database, now=yesterday).text("84905123457", "DVC H17-230815-0007")
    database.close()
    day = yesterday.astimezone(LOCAL_ZONE).date()
    heading, row = run("counts").stdout.splitlines()
    assert row == f"{day},look_up_status,status_not_found,,,1"
    assert run("counts", "--day", f"{day - timedelta(days=1)}").stdout == f"{heading}\n"


def test_keys_are_rotated_and_the_old_one_is_dropped() -> None:
    before = run("keys", "list")
    assert "key 1: " in before.stdout
    assert "seals now" in before.stdout
    rotated = run("keys", "rotate")
    assert rotated.exit_code == 0, rotated.output
    assert "values sealed with key 2" in rotated.stdout
    assert run("keys", "reseal").stdout == "0 values sealed with key 2\n"
    assert run("keys", "drop", "2").exit_code == 1
    assert run("keys", "drop", "1").stdout == "key 1 is gone\n"
    assert "key 1" not in run("keys", "list").stdout
    assert run("person", "export", "--number", "-", given=NUMBER).exit_code == 0


def test_several_machines_have_a_new_key_before_it_seals(
    tmp_path: Path, postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "of postgresql"
    load_or_make(path)
    url = postgres_database.writer.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", url)
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__KEY_FILE", str(path))
    first = run("keys", "rotate")
    assert first.exit_code == 0, first.output
    assert "`sms-gateway keys rotate` again" in first.stdout
    assert load(path).current == 1
    second = run("keys", "rotate")
    assert "Key 2" in second.stdout
    assert "`sms-gateway keys reseal`" in second.stdout
    assert load(path).current == 2
    assert run("keys", "reseal").stdout == "0 values sealed with key 2\n"


def test_a_key_that_still_seals_is_not_dropped(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys"
    path.write_text(path.read_text() + f"seal 2 {'ab' * 32}\n")
    result = run("keys", "drop", "1")
    assert result.exit_code == 1
    assert "keys reseal" in result.stderr
    assert "seal 1" in path.read_text()


def test_keys_of_another_database_are_not_rotated(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys"
    path.write_text(f"seal 1 {'ab' * 32}\nmark {'cd' * 32}\n")
    result = run("keys", "rotate")
    assert result.exit_code == 1
    assert "put back the key file" in result.stderr
    assert "seal 2" not in path.read_text()
    assert run("block", "add", NUMBER, "--reason", "x").exit_code == 1


@pytest.mark.parametrize("given", ["-", None])
def test_a_number_is_blocked_listed_and_removed(given: str | None) -> None:
    number = [given] if given else []
    added = run("block", "add", *number, "--days", "7", "--reason", "insults", given=NUMBER)
    assert added.exit_code == 0, added.output
    (line,) = run("block", "list").stdout.splitlines()
    assert line.split("\t")[0] == "84905123456"
    assert line.endswith("\tcommand-line\tinsults")
    assert run("block", "remove", *number, given=NUMBER).exit_code == 0
    empty = run("block", "list")
    assert (empty.stdout, empty.stderr) == ("", "no number is blocked\n")
    assert run("block", "remove", *number, given=NUMBER).exit_code == 1


@pytest.mark.parametrize(
    "words", [("block", "add", "8188", "--reason", "x"), ("block", "add", NUMBER, "--reason", " ")]
)
def test_what_cannot_be_blocked_is_refused(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_a_person_is_exported_into_a_file_of_its_owner_and_erased(tmp_path: Path) -> None:
    exported = run("person", "export", "--id-number", "-", "--out", "out.json", given="201 499 999")
    assert exported.exit_code == 0, exported.output
    assert ID_NUMBER not in exported.output
    out = tmp_path / "out.json"
    assert out.stat().st_mode & 0o777 == 0o600
    stored = json.loads(out.read_text())
    assert stored["accounts"][0]["full_name"] == "Nguyen Van A"
    assert run("person", "export", "--id-number", "-", "--out", "out.json", given=ID_NUMBER).exit_code == 1
    erased = run("person", "erase", "--id-number", "-", given=ID_NUMBER)
    assert erased.exit_code == 1  # its answer was never sent
    assert "under way" in erased.stderr
    assert "audit log" in erased.stderr
    assert json.loads(run("person", "export", "--number", NUMBER).stdout)["accounts"]  # leads to the text later
    send_all(tmp_path)
    assert run("person", "erase", "--id-number", "-", given=ID_NUMBER).exit_code == 0
    left = json.loads(run("person", "export", "--number", NUMBER).stdout)
    assert (left["accounts"], left["texts"]) == ([], [])
    assert "5 entries, whole" in run("audit", "verify").stdout


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("person", "erase"), ""),
        (("person", "erase", "--number", "-", "--id-number", "-"), ""),
        (("person", "export", "--number", "-"), "VIETTEL"),
        (("person", "export", "--id-number", "-"), "12345"),
    ],
)
def test_whom_nobody_can_know_is_refused(words: tuple[str, ...], given: str) -> None:
    assert run(*words, given=given).exit_code == 2
