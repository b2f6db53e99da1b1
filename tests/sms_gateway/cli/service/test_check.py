from __future__ import annotations

import logging
import re
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.upkeep.revision import HEAD
from sms_gateway.channels.http.network_reference import reference_of
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.demo.simulator import Simulator
from sms_gateway.settings.explain import explain
from tests.pgbouncer import needs_pgbouncer, running_pgbouncer
from tests.postgres import Postgres
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.cli.surroundings import begin, run

CANARY = "canary99"


@pytest.fixture
def carrier() -> Iterator[Simulator]:
    simulator = Simulator(system_id="we", password=CANARY)
    simulator.start()
    yield simulator
    simulator.stop()


def configure(directory: Path, port: int, monkeypatch: pytest.MonkeyPatch, mode: str = "transceiver") -> None:
    text = (
        f'[links.main]\nhost = "127.0.0.1"\nport = {port}\nsystem_id = "we"\nmode = "{mode}"\nreconnect_seconds = 0.1\n'
    )
    (directory / "gateway.toml").write_text(text)
    monkeypatch.setenv("SMS_GATEWAY_LINKS__MAIN__PASSWORD", CANARY)


@pytest.mark.parametrize("mode", ["transceiver", "pair"])
def test_everything_that_works_is_ok(
    tmp_path: Path, carrier: Simulator, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    configure(tmp_path, carrier.port, monkeypatch, mode)
    begin()
    result = run("check")
    assert result.exit_code == 0, result.output
    lines = re.sub(r"port \d+|\d+ ms", "N", result.stdout).splitlines()
    assert lines == [
        "OK        settings: links: 1, channels: 0",
        "OK        key file: can be used",
        f"OK        database: revision {HEAD}, no text yet",
        f"OK        link main: bound at 127.0.0.1 N as {mode} in N",
    ]
    carrier.wait_bound(0)
    assert logging.getLogger("sms_gateway.channels.smpp").level == logging.NOTSET


def test_a_refused_bind_is_a_fault_and_the_password_is_not_shown(
    tmp_path: Path, carrier: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(tmp_path, carrier.port, monkeypatch)
    monkeypatch.setenv("SMS_GATEWAY_LINKS__MAIN__PASSWORD", "wr0ng-pw")
    begin()
    result = run("check")
    assert result.exit_code == 1
    assert re.search(r"FAULT     link main: not bound at 127\.0\.0\.1 port \d+: .*; fix: compare host", result.stdout)
    assert "wr0ng-pw" not in result.output
    assert CANARY not in result.output


def test_a_provider_is_connected_to_and_sent_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with provider(lambda _: Say()) as sms:
        with socket.create_server(("127.0.0.1", 0)) as server:
            closed = server.getsockname()[1]
        urls = {"here": f"{sms.url}?v=1", "gone": f"http://127.0.0.1:{closed}/send"}
        sections = "".join(f'[channels.{name}]\nsend_url = "{url}"\n' for name, url in urls.items())
        (tmp_path / "gateway.toml").write_text(sections, encoding="utf-8")
        for name in urls:
            monkeypatch.setenv(f"SMS_GATEWAY_CHANNELS__{name.upper()}__SECRET", f"canary-secret-{name}-{CANARY}")
        monkeypatch.chdir(tmp_path)
        begin()
        tried = run("check").stdout.splitlines()
        left_out = run("check", "--no-bind").stdout.splitlines()
    assert f"OK        channel here: connected to http://127.0.0.1:{sms.port}" in tried
    [fault] = [line for line in tried if line.startswith("FAULT")]
    cause = f"127.0.0.1 port {closed}: Connection refused"
    assert fault.startswith(f"FAULT     channel gone: not connected: {cause}; fix: compare send_url and send_ca_file")
    assert "LEFT OUT  channel here: not tried" in left_out
    assert sms.seen == []


def test_a_port_where_nobody_listens_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    configure(tmp_path, port, monkeypatch)
    result = run("check")
    assert result.exit_code == 1
    assert "FAULT     link main: not bound at" in result.stdout


def test_a_peer_that_says_nothing_is_a_fault_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sms_gateway.cli.service.check_channels.LONGEST_BIND", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        configure(tmp_path, server.getsockname()[1], monkeypatch)
        assert ": no answer in time; fix: " in run("check").stdout


def test_links_can_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(tmp_path, 1, monkeypatch)
    begin()
    result = run("check", "--no-bind")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "LEFT OUT  link main: not tried")


def test_every_fault_of_the_settings_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(f'[web]\nport = "{CANARY}"\n[links.main]\npassword = "{CANARY}"\n')
    result = run("check")
    assert result.exit_code == 1
    assert [line.split(":")[:2] for line in result.stdout.splitlines()] == [
        ["FAULT     settings", " links.main.password"],
        ["FAULT     settings", " web.port"],
        ["FAULT     settings", " links.main.host"],
        ["FAULT     settings", " links.main.system_id"],
    ]
    assert CANARY not in result.output


def test_what_is_unwise_is_a_caution_and_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    begin()
    monkeypatch.setenv("SMS_GATEWAY_WEB__HOST", "0.0.0.0")
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.startswith("CAUTION   settings: web.host: operators' passwords may cross")
    assert run("operators", "list").stderr.startswith("Caution: web.host: operators'")


def test_a_service_that_nobody_can_text_is_a_caution() -> None:
    begin()
    result = run("check")
    assert result.exit_code == 0
    assert "CAUTION   settings: links: 0, channels: 0, so nobody can text you; fix: add a [links.NAME]" in result.stdout


def test_nothing_there_yet_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    result = run("check")
    assert result.exit_code == 1
    assert "FAULT     key file: key file var/keys: is not there; fix: " in result.stdout
    assert "FAULT     database: var/gateway.db is not there; fix: run `sms-gateway db upgrade`" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_lost_key_file_and_another_revision_are_faults(tmp_path: Path) -> None:
    begin()
    keys = tmp_path / "var" / "keys"
    copy = keys.read_text()
    keys.unlink()
    result = run("check")
    assert result.exit_code == 1
    assert f"LEFT OUT  database: revision {HEAD}; not read without its key file" in result.stdout
    keys.write_text(copy)
    keys.chmod(0o600)
    with sqlite3.connect(tmp_path / "var" / "gateway.db") as database:
        database.execute("DELETE FROM alembic_version")
    database.close()
    assert "FAULT     database: the database has revision none" in run("check").stdout
    (tmp_path / "var" / "gateway.db").write_bytes(b"x" * 5000)
    assert "cannot be used (sqlite3.DatabaseError[SQLITE_NOTADB]); fix: " in run("check").stdout


def test_explain_prints_what_a_network_does() -> None:
    result = run("check", "--explain", "plain")
    assert (result.exit_code, result.output) == (0, reference_of(NETWORKS["plain"]))
    wrong = run("check", "--explain", "plane")
    assert wrong.exit_code == 2
    assert "there is no such network; name one of" in wrong.output


def test_explain_prints_the_settings_and_reads_none(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text("= nonsense")
    result = run("check", "--explain")
    assert (result.exit_code, result.output) == (0, explain())


def test_dossiers_that_nobody_can_ask_for_are_a_caution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gateway.toml").write_text('[service]\nlook_up_secret = "required"\n')
    monkeypatch.setenv("SMS_GATEWAY_CONFIG", str(tmp_path / "gateway.toml"))
    begin()
    assert "OK        dossiers: each has a secret" in run("check").stdout
    file = tmp_path / "dossiers.csv"
    file.write_text("code;status;cccd\n000.00.12.H17-230815-0007;4;\n000.00.12.H17-230815-0008;4;7391\n")
    assert "2 new" in run("dossiers", "import", str(file)).stdout
    result = run("check")
    assert result.exit_code == 0
    assert "CAUTION   dossiers: 1 dossier has no secret, so no text shows the state; fix: import" in result.stdout
    monkeypatch.delenv("SMS_GATEWAY_CONFIG")
    (tmp_path / "gateway.toml").unlink()
    assert "dossiers" not in run("check").stdout


def test_a_lost_database_is_told_and_not_made(tmp_path: Path) -> None:
    begin()
    (tmp_path / "var" / "gateway.db").unlink()
    result = run("check", "--no-bind")
    assert result.exit_code == 1
    assert "although its key file is: it was deleted or moved; fix: put it back" in result.stdout
    assert not (tmp_path / "var" / "gateway.db").exists()


def test_why_postgresql_refuses_the_connection_is_told_in_its_own_words(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", f"{postgres.url}/nowhere")
    result = run("check")
    assert result.exit_code == 1
    assert 'FATAL: database "nowhere" does not exist); fix: ' in result.stdout
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", f"{postgres.url}/postgres?sslmode=require")
    assert "server does not support SSL, but SSL was required" in run("check").stdout


@needs_pgbouncer
def test_a_pooler_in_between_is_told(
    postgres: Postgres, postgres_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()  # for the key file
    with running_pgbouncer(postgres, mode="transaction") as url:
        monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", f"{url}/{postgres_template}")
        assert f"OK        database: revision {HEAD}, no text yet; behind a pooler, " in run("check").stdout


@pytest.mark.parametrize(("which", "mode"), [("file", 0o444), ("folder", 0o555)])
def test_a_database_that_cannot_be_written_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str, mode: int
) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", f"sqlite:///{folder}/gateway.db")
    begin()
    assert "OK        database" in run("check").stdout
    place = folder / "gateway.db" if which == "file" else folder
    place.chmod(mode)
    result = run("check")
    place.chmod(0o700)
    assert result.exit_code == 1
    assert f"FAULT     database: {place} cannot be written by this user (mode {mode:04o}); fix: " in result.stdout
