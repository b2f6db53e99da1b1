"""`sms-gateway simulate --network`, run as people run it, beside a gateway with the same settings."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from sms_gateway.cli.command_context import read_settings
from sms_gateway.process.startup import opened
from sms_gateway.wiring.gateway import Gateway
from tests.postgres import free_port
from tests.sms_gateway.cli.service.test_service import read_until, started, taken_port
from tests.sms_gateway.cli.surroundings import begin, run


@pytest.fixture
def settings() -> Path:
    """A file of settings with a channel that sends to this machine."""
    for name in ("secret", "another"):
        Path(name).write_text(f"canary-of-simulate-{name}\n", "ascii")
        Path(name).chmod(0o600)
    file = Path("gateway.toml")
    file.write_text(
        f"""
[database]
url = "sqlite:///gateway.db"
key_file = "keys"
[web]
port = {free_port()}
[channels.agg]
secret_file = "secret"
password_file = "secret"
send_url = "http://127.0.0.1:{free_port()}/send"
reconnect_seconds = 0.05
""",
        "ascii",
    )
    return file


def test_what_is_typed_is_carried_and_what_is_answered_is_shown(settings: Path) -> None:
    begin()
    with started("simulate", "--network", "plain", "--play", "duplicate", "--from", "84905000111") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("HD\n")
        process.stdin.flush()
        read_until(process, "Each line is sent as 84905000111 by the channel agg.")
        read_until(process, "The gateway does not respond; the provider tries again.")
        read = read_settings(settings)
        with opened(read) as database:
            gateway = Gateway(read, database)
            gateway.start()
            assert "TK" in read_until(process, r"^8188 #\d+ \[1 segment GSM, (.*)\]: (.*)$")[2]
            read_until(process, "^  8188 #.*: delivered$|^8188")
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=10)[0]
            gateway.stop()
    counted = json.loads(rest[rest.index("{") :])
    assert counted["sends"] == {"taken": 1}
    assert counted["refused"] == 0
    assert "canary" not in rest


def test_each_fault_of_the_call_says_how_to_fix_it(settings: Path) -> None:
    for words, code, said in (
        (("--network", "pigeon"), 2, "this network cannot be played; there are "),
        (("--network", "plain", "--system-id", "x"), 2, "are of SMPP; leave them out with --network"),
        (("--network", "plain", "--channel", "agh"), 1, "no channel agh has the network plain; fix: name one of agg"),
    ):
        result = run("simulate", *words)
        assert (result.exit_code, said in result.output) == (code, True), (words, result.output)
    with taken_port() as port:
        result = run("simulate", "--network", "plain", "--port", str(port))
    assert f"cannot listen on 127.0.0.1 port {port} (EADDRINUSE); fix: name another --port" in result.output
    written = settings.read_text("ascii")
    settings.write_text(written.replace("http://127.0.0.1:", "https://sms.example:"), "ascii")
    result = run("simulate", "--network", "plain")
    assert (result.exit_code, "send_url is not on this machine; fix: write" in result.output) == (1, True)
    settings.write_text(
        written.replace("[channels.agg]", "[channels.one]\nsecret_file = 'another'\nreply = 'body'\n[channels.agg]"),
        "ascii",
    )
    assert "fix: write --channel with one of one, agg" in run("simulate", "--network", "plain").output
    viettel = written.replace("[channels.agg]", "[channels.agg]\nnetwork = 'viettel'\nuser = 'city'\nreply = 'mt'")
    settings.write_text(f"{viettel}options = {{ cp_code = 'CITY' }}\n", "ascii")
    said = "channel agg takes no texts, and no other channel is answered by it; fix: write [channels.NAME]"
    assert said in run("simulate", "--network", "viettel").output
    settings.write_text(written[: written.index("[channels")], "ascii")
    assert "fix: write [channels.NAME] with network" in run("simulate", "--network", "plain").output
