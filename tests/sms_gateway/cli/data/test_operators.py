from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher

from db.schema import OperatorRole
from db.staff.log_in_attempts import NAME_TRIES, Place, count_try
from db.staff.operators import ONE_TIME, find_operator
from db.store.engine import open_database
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.process.keyfile import load
from tests.sms_gateway.cli.surroundings import begin, run


@pytest.fixture(autouse=True)
def _tables(_somewhere_else: None) -> None:
    begin()


def test_add_prints_a_one_time_password_that_opens(tmp_path: Path) -> None:
    result = run("operators", "add", " Lan ", "--role", "administrator")
    assert result.exit_code == 0
    name, password = [line.split(":")[1].strip() for line in result.stdout.splitlines()]
    database = open_database(f"sqlite:///{tmp_path}/var/gateway.db", load(tmp_path / "var" / "keys"))
    with database.read() as connection:
        operator = find_operator(connection, "lan")
    database.close()
    assert operator is not None
    assert (name, operator.role, operator.must_change) == ("lan", OperatorRole.ADMINISTRATOR, True)
    assert PasswordHasher().verify(operator.password_hash, password)
    assert operator.password_until is not None
    assert operator.password_until == operator.created_at + ONE_TIME
    assert f"opens until {operator.password_until.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M}" in result.stderr
    assert password not in run("operators", "list").output


def test_a_name_is_given_once() -> None:
    run("operators", "add", "lan")
    result = run("operators", "add", "LAN")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "there is an operator lan already; fix: `sms-gateway operators reset lan`" in result.stderr


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\nb"], ids=["empty", "blank", "long", "newline"])
def test_a_name_that_is_none_is_a_wrong_command_line(name: str) -> None:
    assert run("operators", "add", name).exit_code == 2


def test_reset_gives_another_password_and_lifts_the_lock(tmp_path: Path) -> None:
    first = run("operators", "add", "lan").stdout
    database = open_database(f"sqlite:///{tmp_path}/var/gateway.db", load(tmp_path / "var" / "keys"))
    with database.write() as connection:
        for number in range(NAME_TRIES):
            count_try(connection, "lan", Place(key=f"{number}", is_known=False), utc_now())
    assert run("operators", "list").stdout.split("\t")[:3] == ["lan", "operator", "locked"]
    second = run("operators", "reset", "Lan")
    assert second.exit_code == 0
    assert second.stdout.splitlines()[0] == first.splitlines()[0]
    assert second.stdout != first
    assert run("operators", "list").stdout.split("\t")[2] == "must change the password"
    database.close()


def test_reset_of_nobody_is_told() -> None:
    result = run("operators", "reset", "canary")
    assert result.exit_code == 1
    assert "there is no operator of this name; fix: `sms-gateway operators list` shows the names" in result.output


def test_without_its_key_file_nothing_is_done(tmp_path: Path) -> None:
    (tmp_path / "var" / "keys").chmod(0o644)
    result = run("operators", "list")
    assert result.exit_code == 1
    assert "key file var/keys: every user of this machine can use it; fix: chmod 600 var/keys" in result.output
