"""`sms-gateway service`: services are switched by keyword or name, and each switch is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.staff.audit import read_page
from db.staff.service_switches import off_sentences, switch_off
from sms_gateway.clock import utc_now
from sms_gateway.process.startup import opened
from sms_gateway.settings.load import load_settings
from tests.sms_gateway.cli.surroundings import run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "gateway.toml"
    path.write_text("[lookups]\nenabled = true\n[conversation]\nenabled = true\n", "utf-8")
    made = run("db", "upgrade")
    assert made.exit_code == 0, made.output
    said = run("lookups", "answer", "gio", "--title", "gio lam viec", "--keywords", "GIO", "--answer", "7h30-17h")
    assert said.exit_code == 0, said.output
    return path


def test_services_are_switched_by_keyword_or_name_and_noted(config: Path) -> None:
    assert [line.split("\t")[:3] for line in run("service", "list").stdout.splitlines()] == [
        ["register_account", "TK", "on"],
        ["look_up_dossier", "DVC", "on"],
        ["conversation", "HOI", "on"],
    ]
    done = run("service", "off", "dvc", "--sentence", "Tạm ngừng. Gọi 1022.")
    assert (done.exit_code, done.stdout) == (0, "look_up_dossier is off\n"), done.output
    assert "was off already" in run("service", "off", "look_up_dossier").stdout
    assert run("service", "off", "hoi").stdout == "conversation is off\n"
    with opened(load_settings(config, {})) as database, database.read() as connection:
        assert off_sentences(connection) == {"look_up_dossier": "Tam ngung. Goi 1022.", "conversation": ""}
        entries = [(one.action, one.subject, one.detail) for one in reversed(read_page(connection))]
    assert ("service_switched", "service:look_up_dossier", "off: Tam ngung. Goi 1022.") in entries
    assert "off" in run("service", "list").stdout
    assert run("service", "on", "DVC").stdout == "look_up_dossier is on\n"
    assert run("service", "on", "hoi").exit_code == 0
    with opened(load_settings(config, {})) as database, database.write() as connection:
        assert switch_off(connection, "table_bus", operator="lan", now=utc_now(), sentence="x")  # out of use since
    assert "table_bus\t\toff" in run("service", "list").stdout
    assert run("service", "off", "bus").exit_code == 1
    assert run("service", "on", "bus").stdout == "table_bus is on\n"
    wrong = run("service", "off", "abc")
    assert (wrong.exit_code, "fix: give one of tk (register_account)" in wrong.stderr) == (1, True)
    link = run("service", "off", "tk", "--sentence", "xem vneid.top")
    assert (link.exit_code, "holds a link" in link.stderr) == (2, True)
