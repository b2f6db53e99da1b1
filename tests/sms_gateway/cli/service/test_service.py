"""The shells of serve, demo and simulate, run as people run them."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.store.address import Address
from db.store.engine import open_database
from db.upkeep.revision import upgrade
from sms_gateway.channels.smpp.link import Link
from sms_gateway.cli.command_context import Stop
from sms_gateway.cli.start_failure import started_plainly
from sms_gateway.clock import utc_now
from sms_gateway.demo.simulator import Direction, Faults, Simulator
from sms_gateway.pipeline.ports import Submission
from sms_gateway.process import keyfile
from sms_gateway.process.startup import PortTakenError
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import DatabaseSettings
from tests.db.switch import Switch
from tests.postgres import Postgres, free_port
from tests.sms_gateway.cli.carried import CountingRoad
from tests.sms_gateway.cli.surroundings import begin, run

PROGRAM = str(Path(sys.executable).with_name("sms-gateway"))
DATABASE = DatabaseSettings()


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [PROGRAM, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(pattern, line)
        if found:
            return found
    raise AssertionError(f"no line with {pattern}")


def cores_of_threads(process: subprocess.Popen[str]) -> list[int]:
    """Return on how many cores each thread of a process may run."""
    threads = [int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()]
    return [len(os.sched_getaffinity(thread)) for thread in threads]


ONE_CORE = len(os.sched_getaffinity(0)) == 1


def test_serve_serves_alone_and_tuned_until_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_GATEWAY_WEB__PORT", "0")
    begin()
    with started("serve") as process:
        read_until(process, r"serving links=0 channels=0 port=[1-9]\d*")
        cores = cores_of_threads(process)
        assert ONE_CORE or cores.count(1) > len(cores) / 2
        second = run("serve")
        assert second.exit_code == 1
        assert "another sms-gateway runs on var/gateway.db; fix: " in second.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.long
@pytest.mark.skipif(ONE_CORE, reason="with one core there is nothing to choose")
def test_tuning_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_GATEWAY_WEB__PORT", "0")
    monkeypatch.setenv("SMS_GATEWAY_PROCESS__TUNING", "false")
    begin()
    with started("serve") as process:
        read_until(process, "serving")
        assert cores_of_threads(process).count(1) == 0


def test_a_terminal_that_closes_stops_it_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_GATEWAY_WEB__PORT", "0")
    begin()
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also when the tests themselves run under nohup
    try:
        with started("serve") as process:
            read_until(process, "serving")
            process.send_signal(signal.SIGHUP)
            read_until(process, "stopped .*finished=True")
            assert process.wait(10) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_under_nohup_it_outlives_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_GATEWAY_WEB__PORT", "0")
    begin()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does; the program inherits it
    try:
        with started("serve") as process:
            read_until(process, "serving")
            process.send_signal(signal.SIGHUP)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.5)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_stop_while_the_carrier_owes_responses_is_a_clean_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_GATEWAY_WEB__PORT", "0")
    monkeypatch.setenv("SMS_GATEWAY_LINKS__MAIN__PASSWORD", "secret99")
    carrier = Simulator(system_id="we", password="secret99", faults=Faults(lose_share=1.0))
    carrier.start()
    text = f'[links.main]\nhost = "127.0.0.1"\nport = {carrier.port}\nsystem_id = "we"\n'
    (tmp_path / "gateway.toml").write_text(text)
    begin()
    with started("serve") as process:
        carrier.wait_bound(1, 60)  # a busy machine starts it slowly
        carrier.send_text("84905123456", "8188", "HD")
        carrier.wait_for("84905123456", lambda it: any(bubble.direction is Direction.MT for bubble in it))
        process.send_signal(signal.SIGTERM)
        read_until(process, "stopped .*finished=False")
        assert process.wait(10) == 0
    carrier.stop()


def test_it_waits_for_postgresql_and_says_so(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()  # makes the key file
    name = "awaited"
    database = open_database(postgres.create_database(name), keyfile.load(tmp_path / "var/keys"), connect_seconds=60)
    upgrade(database)
    database.close()
    with Switch(free_port()) as switch:  # nobody listens behind it yet
        monkeypatch.setenv("SMS_GATEWAY_WEB__PORT", "0")
        monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", f"postgresql+psycopg://gateway@127.0.0.1:{switch.port}/{name}")
        with started("serve") as process:
            read_until(process, "database_awaited")
            switch.port_behind = postgres.port
            read_until(process, "serving links=0")
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        switch.port_behind = free_port()
        with started("serve") as process:
            read_until(process, "database_awaited")
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
    postgres.drop_database(name)


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_told(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begin()
    with taken_port() as port:
        monkeypatch.setenv("SMS_GATEWAY_WEB__PORT", str(port))
        result = run(command, *(["--port", str(port), "--dir", "here"] if command == "demo" else []))
    assert result.exit_code == 1
    told = rf"^Error: cannot listen on 127\.0\.0\.1 port {port}: .*; fix: "
    assert re.search(told, result.stderr, re.MULTILINE), result.stderr


def test_a_service_whose_database_is_deleted_ends_with_1_and_the_next_start_says_how_to_get_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_GATEWAY_WEB__PORT", "0")
    begin()
    with started("serve") as process:
        read_until(process, "serving")
        Path("var/gateway.db").unlink()
        read_until(process, "database_lost trouble=database_gone")
        read_until(process, "part_failed part=database")
        read_until(process, r"database_saved path=\S*/var/gateway\.db\.saved-")
        assert process.wait(10) == 1
    for command in (("serve",), ("db", "upgrade")):
        result = run(*command)
        assert result.exit_code == 1
        assert "although its key file is: it was deleted or moved; fix: move var/gateway.db.saved-" in result.stderr
    assert not Path("var/gateway.db").exists()
    (saved,) = Path("var").glob("gateway.db.saved-*")
    saved.rename("var/gateway.db")
    with started("serve") as process:
        read_until(process, "serving")


def test_what_an_operator_can_mend_is_told_and_nothing_else() -> None:
    with pytest.raises(Stop, match="the port"), started_plainly(DATABASE):
        raise PortTakenError("the port")
    with pytest.raises(Stop, match=r"the/file cannot be used \(No space\); fix: make room"), started_plainly(DATABASE):
        raise OSError(errno.ENOSPC, "No space", "the/file")
    with pytest.raises(OSError, match="Broken pipe"), started_plainly(DATABASE):
        raise OSError(errno.EPIPE, "Broken pipe")
    with pytest.raises(RuntimeError, match="of ours"), started_plainly(DATABASE):
        raise RuntimeError("a fault of ours")


def test_simulate_carries_what_is_typed_and_shows_what_is_answered() -> None:
    with started("simulate", "--port", "0", "--from", "84905000111") as process:
        port = int(read_until(process, r"port (\d+); each line is sent as 84905000111")[1])
        pipeline = CountingRoad()
        link = Link(
            "main",
            LinkSettings(host="127.0.0.1", port=port, system_id="we"),
            pipeline,
            now=utc_now,
            session_number=lambda: 1,
        )
        link.start()
        assert process.stdin is not None
        process.stdin.write("HD đi\n\n")
        process.stdin.flush()
        assert pipeline.texts.get(timeout=10) == ("84905000111", "8188", "HD đi")
        link.submit([_answer("84905000111", "Xin chao")])
        answer = read_until(process, r"^8188 #\d+ \[1 segment GSM, (.*)\]: (.*)$")
        assert answer[2] == "Xin chao"
        if answer[1] != "delivered":  # it is already when the machine was busy in between
            read_until(process, r"^  8188 #\d+: delivered$")
        link.stop(5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def _answer(recipient: str, body: str) -> Submission:
    return Submission(
        outbound_id=1,
        sender="8188",
        recipient=Address(recipient),
        body=body,
        reference=1,
        expires_at=utc_now().replace(year=2100),
    )


@contextmanager
def told_to_stop_when(ready: threading.Event) -> Iterator[None]:
    """Send this process SIGTERM again and again once it is ready: an early one is heard by nobody and does no harm."""
    before = [(number, signal.signal(number, lambda *_: None)) for number in (signal.SIGTERM, signal.SIGINT)]
    done = threading.Event()

    def tell() -> None:
        ready.wait(20)
        while not done.wait(0.5):
            os.kill(os.getpid(), signal.SIGTERM)

    teller = threading.Thread(target=tell)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
        for number, handler in before:
            signal.signal(number, handler)


def test_simulate_goes_on_after_its_input_until_it_is_told_to_stop() -> None:
    with taken_port() as port:
        pass
    pipeline, ready = CountingRoad(), threading.Event()
    settings = LinkSettings(host="127.0.0.1", port=port, system_id="we", reconnect_seconds=0.1)
    link = Link("main", settings, pipeline, now=utc_now, session_number=lambda: 1)

    def answer() -> None:
        assert pipeline.texts.get(timeout=10) == ("84905123456", "8188", "HD")
        link.submit([_answer("84905123456", "Xin chào ạ")])
        pipeline.receipts.get(timeout=10)
        ready.set()

    citizen = threading.Thread(target=answer)
    citizen.start()
    link.start()
    with told_to_stop_when(ready):
        result = run("simulate", "--port", str(port), given="HD\n")
    citizen.join()
    link.stop(5)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == f"The simulated SMSC listens on 127.0.0.1 port {port}; each line is sent as 84905123456."
    assert re.fullmatch(r"8188 #\d+ \[1 segment UCS2, .*\]: Xin chào ạ", lines[1])
    assert "delivered" in lines[-1]


@pytest.mark.parametrize("command", ["serve", pytest.param("demo", marks=pytest.mark.long)])
def test_a_service_in_this_process_ends_with_0(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_GATEWAY_WEB__PORT", "0")
    begin()
    ready = threading.Event()
    ready.set()
    with told_to_stop_when(ready):
        result = run(*(["demo", "--port", "0"] if command == "demo" else ["serve"]))
    assert (result.exit_code, result.exception) == (0, None)


def test_simulate_says_that_its_port_is_taken() -> None:
    with taken_port() as port:
        result = run("simulate", "--port", str(port))
    assert result.exit_code == 1
    assert f"cannot listen on 127.0.0.1 port {port} (EADDRINUSE); fix: name another --port" in result.output
