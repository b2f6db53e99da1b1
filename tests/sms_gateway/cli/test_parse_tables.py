"""`sms-gateway parse` in the directory of a service: its keywords, and its own tables as far as they can be read."""

from __future__ import annotations

import json
from pathlib import Path

from tests.sms_gateway.cli.surroundings import begin, run

ADD = ("--title", "tuyen xe buyt", "--keywords", "BUS", "--label", "so tuyen", "--answer", "Tuyen {tuyen}: {lo trinh}")


def settle(tmp_path: Path, settings: str = "[lookups]\nenabled = true\n") -> None:
    (tmp_path / "gateway.toml").write_text(settings, "utf-8")


def approve(tmp_path: Path) -> None:
    """Let the table answer, as a second person would."""
    (tmp_path / "bus.csv").write_text("Tuyến;Lộ trình\nR16;Chợ Cồn - Hội An\n", "utf-8")
    begin()
    added = run("lookups", "add", "bus", "bus.csv", *ADD)
    assert added.exit_code == 0, added.output
    # There is no command that approves: a page of another operator does.
    run_sql(tmp_path, "UPDATE lookup SET state = 'approved', approved_by = 'binh', approved_at = made_at")


def run_sql(tmp_path: Path, sql: str) -> None:
    import sqlite3  # noqa: PLC0415 - for this row alone

    (path,) = tmp_path.rglob("*.db")
    with sqlite3.connect(path) as connection:
        connection.execute(sql)
    connection.close()


def test_a_text_to_an_own_table_is_read_as_the_service_reads_it(tmp_path: Path) -> None:
    settle(tmp_path)
    approve(tmp_path)
    told = run("parse", "BUS R16")
    assert told.exit_code == 0, told.output
    assert "Read as: table_bus" in told.stdout
    assert "R16" in told.stdout
    assert told.stderr == ""
    assert "BUS so tuyen" in run("parse", "HD").stdout, "the help names it"
    printed = json.loads(run("parse", "--json", "--config", "gateway.toml", "BUS R16").stdout)
    assert printed["command"] == "table_bus"
    assert json.loads(run("parse", "--json", "BUS R16").stdout)["misread"], "a program waits for no database"


def test_without_the_database_a_line_says_so_and_texts_are_read_without_own_tables(tmp_path: Path) -> None:
    settle(tmp_path)
    told = run("parse", "BUS R16")
    assert (told.exit_code, "Read as" in told.stdout) == (0, False)
    assert "Caution: texts are read without own tables: the database" in told.stderr
    assert list(tmp_path.rglob("*.db")) == [], "nothing is made"
    settle(tmp_path, '[lookups]\nenabled = true\n[database]\nurl = "postgresql+psycopg://nobody@127.0.0.1:1/none"\n')
    unreachable = run("parse", "DVC 000.00.12.H17-230815-0007")
    assert "Read as: look_up_status" in unreachable.stdout
    assert "Caution: texts are read without own tables: " in unreachable.stderr


def test_the_keywords_are_those_of_the_settings_and_faulty_ones_are_left_aside(tmp_path: Path) -> None:
    settle(tmp_path, '[services.look_up_dossier]\nkeywords = ["HOSO"]\n')
    assert "Read as: look_up_status" in run("parse", "HOSO 000.00.12.H17-230815-0007").stdout
    settle(tmp_path, "[services.look_up_dossier]\nkeywords = 5\n")
    told = run("parse", "DVC 000.00.12.H17-230815-0007")
    assert "Read as: look_up_status" in told.stdout
    assert "the settings cannot be used" in told.stderr
    assert run("parse", "--config", "gateway.toml", "HD").exit_code == 2
