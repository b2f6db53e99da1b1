"""What commands do stands in the audit log, as the command line's, and the chain stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.staff.audit import read_page, verify
from db.store.engine import Database, open_database
from sms_gateway.process import keyfile
from tests.sms_gateway.cli.data.test_messages import park
from tests.sms_gateway.cli.surroundings import run

NAME = "sqlite:///var/gateway.db"


@pytest.fixture(autouse=True)
def _tables(_somewhere_else: None) -> None:
    assert run("db", "upgrade").exit_code == 0


def noted(address: str = NAME) -> list[tuple[str, str, str, str]]:
    """Return who did what to which with what detail, oldest first."""
    database: Database = open_database(address, keyfile.load(Path("var/keys")))
    with database.read() as connection:
        assert verify(connection).broken is None
        entries = read_page(connection)
    database.close()
    return [(one.operator, one.action, one.subject, one.detail) for one in reversed(entries)]


def did(*words: str) -> list[tuple[str, str, str, str]]:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return noted()


def test_operators_added_and_reset() -> None:
    assert did("operators", "add", " Lan ", "--role", "administrator") == [
        ("command-line", "operator_added", "operator:lan", "administrator")
    ]
    assert did("operators", "reset", "LAN")[1:] == [("command-line", "operator_reset", "operator:lan", "")]
    assert run("operators", "add", "lan").exit_code == run("operators", "reset", "nobody").exit_code == 1
    assert len(noted()) == 2


@pytest.mark.parametrize("name", ["command-line", "Loop", " COMMAND-LINE "])
def test_no_operator_has_the_name_of_a_program(name: str) -> None:
    assert run("operators", "add", name).exit_code == 1
    assert noted() == []


def test_the_help_of_a_reset_says_that_the_second_factor_goes() -> None:
    assert "takes the second factor away" in " ".join(run("operators", "reset", "--help").output.split())


def test_keys_rotated_and_dropped() -> None:
    assert did("keys", "rotate") == [("command-line", "key_added", "key:2", "")]
    assert run("keys", "drop", "2").exit_code == 1
    assert did("keys", "drop", "1")[1:] == [("command-line", "key_dropped", "key:1", "")]


def test_dossiers_imported(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("code,status\n000.00.12.H17-230815-0007,4\n", "utf-8")
    assert did("dossiers", "import", "d.csv") == [("command-line", "dossiers_imported", "dossier", "1 new, 0 changed")]
    long = "".join(f"AC{number:04},4\n" for number in range(130))
    (tmp_path / "d.csv").write_text(f"code,status\n{long}")
    *_, begun, ended = did("dossiers", "import", "d.csv")  # in steps: it may be interrupted, and has begun all the same
    assert (begun[-1], ended[-1]) == ("begun: 130 lines", "130 new, 0 changed")


def test_messages_run_again() -> None:
    for number in (7, 17, 27):
        park(number)
    assert did("messages", "rerun", "7") == [("command-line", "run_again", "inbound:7", "1 parked")]
    assert did("messages", "rerun", "--all")[1:] == [("command-line", "run_again", "inbound", "2 parked")]
    assert did("messages", "rerun", "--all")[2:] == []


def test_a_copy_of_the_database_is_noted_on_both_sides(tmp_path: Path) -> None:
    run("operators", "add", "lan")
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert did("db", "copy", "--to", other)[1:] == [("command-line", "database_copied", "", "into another database")]
    assert noted(other)[1:] == [("command-line", "database_copied", "", "from another database")]
    assert run("db", "copy", "--to", other).exit_code == 1  # it holds rows now
    assert len(noted()) == 2
