from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from db.upkeep.revision import HEAD
from tests.postgres import Postgres
from tests.sms_gateway.cli.surroundings import run


def test_upgrade_makes_directory_keys_and_tables_once(tmp_path: Path) -> None:
    first = run("db", "upgrade")
    assert (first.exit_code, first.stdout) == (0, f"none -> {HEAD}\n")
    assert "Made the key file var/keys: keep a copy" in first.stderr
    keys = (tmp_path / "var" / "keys").read_text()
    again = run("db", "upgrade")
    assert (again.exit_code, again.output) == (0, f"{HEAD}, nothing to do\n")
    assert (tmp_path / "var" / "keys").read_text() == keys
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_current_tells_the_revision_and_makes_nothing(tmp_path: Path) -> None:
    before = run("db", "current")
    assert (before.exit_code, before.output) == (1, f"none (needed: {HEAD})\n")
    assert list(tmp_path.iterdir()) == []
    run("db", "upgrade")
    after = run("db", "current")
    assert (after.exit_code, after.output) == (0, f"{HEAD} (needed: {HEAD})\n")


def test_upgrade_makes_no_new_keys_for_a_database_that_has_tables(tmp_path: Path) -> None:
    run("db", "upgrade")
    (tmp_path / "var" / "keys").unlink()
    result = run("db", "upgrade")
    assert result.exit_code == 1
    assert "key file var/keys: is not there; fix: put its copy back" in result.output
    assert not (tmp_path / "var" / "keys").exists()


@pytest.mark.parametrize("unknown", ["0016", "later"])
@pytest.mark.parametrize("words", [("operators", "list"), ("dossiers", "import", "d.csv"), ("serve",)], ids=" ".join)
def test_nothing_starts_on_another_revision(tmp_path: Path, words: tuple[str, ...], unknown: str) -> None:
    (tmp_path / "d.csv").write_text("code,status\nAB1234,4\n")
    run("db", "upgrade")
    with sqlite3.connect(tmp_path / "var" / "gateway.db") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", [unknown])
    database.close()
    result = run(*words)
    assert result.exit_code == 1
    assert f"revision {unknown}, which this version does not know" in result.output
    assert "fix: install that version again" in result.output


def test_a_database_that_is_none_is_told_by_its_code(tmp_path: Path) -> None:
    run("db", "upgrade")
    (tmp_path / "var" / "gateway.db").write_bytes(b"x" * 5000)
    for words in (("db", "current"), ("operators", "list")):
        result = run(*words)
        assert result.exit_code == 1
        assert "sqlite:///var/gateway.db cannot be used (sqlite3.DatabaseError[SQLITE_NOTADB]); fix: " in result.output


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    result = run("db", "upgrade")
    assert result.exit_code == 1
    assert "var cannot be made (File exists); fix: name a place whose directory is one" in result.output


def test_upgrade_works_on_postgresql(
    postgres: Postgres, postgres_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", f"{postgres.url}/{postgres_template}")
    assert run("db", "current").output == f"{HEAD} (needed: {HEAD})\n"
    assert "is not there; fix: put its copy back" in run("db", "upgrade").output


def test_faulty_settings_are_told_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text('[web]\nport = "canary"\nprot = 1\n')
    result = run("db", "current")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "The settings cannot be used:",
        "web.port: is no whole number; fix: write a whole number from 0 to 65535, or leave it out for 8188",
        "web.prot: there is no such setting; fix: did you mean port?",
    ]


def test_the_settings_are_those_of_the_option_the_variable_or_the_usual_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("gateway.toml", "variable.toml", "option.toml"):
        (tmp_path / name).write_text(f"{name.removesuffix('.toml')} = 1\n")
    assert "\ngateway: there is no such setting" in run("db", "current").stderr
    monkeypatch.setenv("SMS_GATEWAY_CONFIG", "variable.toml")
    assert "\nvariable: there is no such setting" in run("db", "current").stderr
    assert "\noption: there is no such setting" in run("db", "current", "--config", "option.toml").stderr


def test_upgrade_makes_no_empty_database_in_the_place_of_a_lost_one(tmp_path: Path) -> None:
    run("db", "upgrade")
    Path("var/gateway.db").unlink()
    result = run("db", "upgrade")
    assert result.exit_code == 1
    assert "fix: put it back, or the last backup of it; for a new, empty one give --new" in result.stderr
    assert not Path("var/gateway.db").exists()
    assert run("db", "upgrade", "--new").exit_code == 0
