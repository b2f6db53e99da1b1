"""What the Debian package holds besides the program: units, scripts, the sample for nginx, each checked by its tool."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sms_gateway.cli import main
from sms_gateway.settings.variables import known_variables
from sms_gateway.web.request_reader import LONG_BODIES
from tests.postgres import free_port
from tests.sms_gateway.channels.smpp.fixtures.certificates import Authority
from tools.package.debian import FILES, SCRIPTS, control, debian_version

ROOT = Path(__file__).parents[3]
UNITS = ROOT / "deploy/systemd"
SAMPLE = ROOT / "deploy/nginx/sms-gateway.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
ANALYZE = shutil.which("systemd-analyze")

FAILED = "sms-gateway-failed@.service"
MOST_EXPOSED = {"sms-gateway.service": 15, "sms-gateway-backup.service": 5, FAILED: 15}
"""Tenths: what systemd-analyze may say of each unit. The service and the report of a failure need the network."""


def values(unit: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", (UNITS / unit).read_text("utf-8"), re.MULTILINE)


def test_every_file_of_the_package_is_in_the_source() -> None:
    scripts = [f"deploy/debian/{name}" for name in SCRIPTS]
    assert [name for name in [*FILES, *scripts] if not (ROOT / name).is_file()] == []
    for name in [*scripts[:-1], "deploy/systemd/nightly-backup"]:
        subprocess.run(["sh", "-n", ROOT / name], check=True)
        assert (ROOT / name).stat().st_mode & 0o100, f"{name} cannot be run; fix: chmod +x"


def test_units_name_the_settings_and_the_files_of_the_package() -> None:
    for unit in MOST_EXPOSED:
        variables = dict(line.split("=", 1) for line in values(unit, "Environment"))
        assert known_variables(variables, {})[1] == [], unit
        targets = {f"/{target}" for target in FILES.values()}
        assert all(
            word.split()[0] in {*targets, "/opt/sms-gateway/bin/sms-gateway"} for word in values(unit, "ExecStart")
        )
    assert values("sms-gateway.service", "LoadCredential") == ["keys:/etc/sms-gateway/keys"]
    assert "SMS_GATEWAY_DATABASE__KEY_FILE=%d/keys" in values("sms-gateway.service", "Environment")


def test_a_unit_that_fails_or_is_restarted_is_reported_by_a_command_that_there_is() -> None:
    for unit in ("sms-gateway.service", "sms-gateway-backup.service"):
        assert values(unit, "OnFailure") == ["sms-gateway-failed@%N.service"]
    (after_stop,) = values("sms-gateway.service", "ExecStopPost")
    assert 'start "sms-gateway-failed@%N.service"' in after_stop
    (command,) = values(FAILED, "ExecStart")
    _, *words = command.replace("%t/", "/run/").replace("%i", "sms-gateway").split()
    assert CliRunner().invoke(main, [*words, "--help"]).exit_code == 0
    assert f"/run/{values(FAILED, 'RuntimeDirectory')[0]}" in words


def test_a_crash_starts_the_report_and_the_last_failure_only_clears_the_way_for_it(tmp_path: Path) -> None:
    (after_stop,) = values("sms-gateway.service", "ExecStopPost")
    script = after_stop.partition("'")[2].removesuffix("'")
    script = script.replace("$$", "$").replace("%t", str(tmp_path)).replace("%N", "sms-gateway")
    (tmp_path / "systemctl").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/started\n', "utf-8")
    (tmp_path / "systemctl").chmod(0o755)
    stamp, started = tmp_path / "sms-gateway-failed" / "sms-gateway.told", tmp_path / "started"
    stamp.parent.mkdir()
    for result, status, starts, keeps in (
        ("success", "0", False, True),
        ("signal", "KILL", True, True),
        ("exit-code", "1", True, True),
        ("exit-code", "2", False, False),  # OnFailure= follows
    ):
        stamp.touch()
        started.unlink(missing_ok=True)
        variables = {"PATH": f"{tmp_path}:/usr/bin:/bin", "SERVICE_RESULT": result, "EXIT_STATUS": status}
        subprocess.run(["/bin/sh", "-c", script], env=variables, check=True, timeout=10)
        assert (started.exists(), stamp.exists()) == (starts, keeps), (result, status)


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed; Debian has it")
def test_systemd_finds_no_fault_in_the_units_and_rates_them_hardened(tmp_path: Path) -> None:
    for path in [*UNITS.glob("*.service"), *UNITS.glob("*.timer")]:
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text("utf-8"), flags=re.MULTILINE)
        (tmp_path / path.name).write_text(text, "utf-8")  # the program is not installed here
    found = subprocess.run(
        [str(ANALYZE), "verify", *tmp_path.iterdir()], capture_output=True, text=True, check=False, timeout=30
    )
    assert (found.returncode, found.stderr) == (0, "")
    for unit, most in MOST_EXPOSED.items():
        words = [str(ANALYZE), "security", "--offline=true", "--no-pager", f"--threshold={most}", str(tmp_path / unit)]
        rated = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)
        assert rated.returncode == 0, rated.stdout


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed; Debian has it")
def test_the_unit_allows_the_system_calls_that_the_product_makes() -> None:
    listed = [str(ANALYZE), "syscall-filter", "@resources", "@privileged"]
    refused = set(
        re.findall(
            r"^ +([a-z_0-9]+)$", subprocess.run(listed, capture_output=True, text=True, check=True).stdout, re.MULTILINE
        )
    )
    made = {
        name
        for room in ("sms_gateway", "db")
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(r"\bos\.([a-z_0-9]+)\(", path.read_text("utf-8"))
    }
    allowed = {word for line in values("sms-gateway.service", "SystemCallFilter") for word in line.split()}
    assert (
        {"setpriority", "sched_setaffinity"} <= refused & made <= allowed | {"chown", "setgroups"}
    )  # these two: commands of root


@pytest.mark.parametrize(
    ("version", "expected"),
    [("0.1.0", "0.1.0"), ("1.0rc2", "1.0~rc2"), ("1.0.dev3", "1.0~dev3"), ("1.0.post1", "1.0.post1")],
)
def test_versions_are_ordered_as_debian_orders_them(version: str, expected: str) -> None:
    assert debian_version(version) == expected
    written = control(expected, octets=1025, depends="python3.11", architecture="amd64")
    assert f"\nVersion: {expected}\n" in written
    assert "\nInstalled-Size: 2\n" in written


def test_the_proxy_lets_each_long_body_through_that_the_service_reads() -> None:
    found = re.search(r"^    location ~ (\S+) \{(.*?)\}", SAMPLE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    bound = re.search(r"client_max_body_size (\d+)m;", found[2])
    assert bound is not None
    assert int(bound[1]) * 1024 * 1024 >= max(one.most for one in LONG_BODIES)
    assert "proxy_request_buffering off;" in found[2]
    paths = ["dossiers/import", "tables/new", "units/import"]
    paths = [f"/admin/{path}" for path in paths] + [
        f"/back-office/{path}" for path in ("dossiers", "tables/bus", "tables/bus/rows")
    ]
    assert [one for one in LONG_BODIES if not any(map(one.path.search, paths))] == [], "fix: add its path here"
    assert [path for path in paths if not re.fullmatch(found[1], path)] == []
    assert not re.fullmatch(found[1], "/mo/aggregator")


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """The sample, run by nginx; returns its ports for http and https. Nothing is behind it."""
    if NGINX is None:
        pytest.skip("nginx is not installed; Debian has it")
    ports = free_port(), free_port()
    certificate, key = Authority(tmp_path).issue("sms.example")
    text = SAMPLE.read_text("utf-8").replace("/var/log/nginx/", f"{tmp_path}/")
    text = text.replace("/etc/ssl/sms.example.pem", str(certificate)).replace("/etc/ssl/sms.example.key", str(key))
    text = re.sub(r"^    listen \[.*\n", "", text, flags=re.MULTILINE)
    for standard, port in zip((443, 80), reversed(ports), strict=True):
        text = text.replace(f"listen {standard}", f"listen 127.0.0.1:{port}")
    text = text.replace("unix:/run/sms-gateway/", f"unix:{tmp_path}/")
    (tmp_path / "site.conf").write_text(text, "utf-8")
    places = "".join(
        f"{name}_temp_path {tmp_path}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log stderr crit; events {{}}\n"
        f"http {{ {places} include {tmp_path}/site.conf; }}\n",
        "utf-8",
    )
    words = [NGINX, "-p", str(tmp_path), "-c", f"{tmp_path}/nginx.conf", "-e", "stderr"]
    subprocess.run([*words, "-t", "-q"], check=True, timeout=30)
    with subprocess.Popen(words) as process:
        try:
            deadline = time.monotonic() + 10
            while True:
                try:
                    socket.create_connection(("127.0.0.1", ports[1])).close()
                    break
                except OSError:
                    assert time.monotonic() < deadline
                    time.sleep(0.02)
            yield ports
        finally:
            process.terminate()


def answer(port: int, host: str, request: str, *, tls: bool) -> str:
    """Return the first line that comes back; empty when the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the sample's certificate is not ours
        connection = context.wrap_socket(plain, server_hostname=host) if tls else plain
        with connection:
            connection.sendall(f"{request} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n".encode())
            return connection.recv(4096).decode("latin-1").partition("\r\n")[0]


def test_the_proxy_refuses_strangers_names_and_keeps_metrics_inside(proxy: tuple[int, int]) -> None:
    plain, secure = proxy
    for request, expected in {
        "GET /metrics": "HTTP/1.1 403 Forbidden",
        "GET /mo/aggregator": "HTTP/1.1 502 Bad Gateway",  # passed on
    }.items():
        assert answer(secure, "sms.example", request, tls=True) == expected
    with pytest.raises(ssl.SSLError):
        answer(secure, "other.example", "GET /", tls=True)
    assert answer(plain, "other.example", "GET /", tls=False) == ""
    assert answer(plain, "sms.example", "GET /admin", tls=False) == "HTTP/1.1 301 Moved Permanently"
    assert answer(plain, "sms.example", "POST /mo/aggregator", tls=False) == "HTTP/1.1 404 Not Found"


def test_the_service_that_dpkg_stopped_is_started_again_also_when_dpkg_gives_up(tmp_path: Path) -> None:
    """The programs of systemd and debconf are replaced by ones that write down what they were asked for."""
    programs = tmp_path / "bin"
    programs.mkdir()
    log, run = tmp_path / "log", tmp_path / "run"
    for name in ("systemctl", "deb-systemd-invoke", "deb-systemd-helper", "systemd-sysusers", "systemd-tmpfiles"):
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {log}\n')
    (programs / "setpriv").write_text('#!/bin/sh\necho "$SAID"\nexit "$CODE"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    for name in SCRIPTS[:3]:
        text = re.sub(
            r"^\. .*confmodule$|^db_stop$", "", (ROOT / "deploy/debian" / name).read_text(), flags=re.MULTILINE
        )
        text = text.replace("/run/systemd/system", str(run)).replace("/run/sms", f"{run}/sms")
        (tmp_path / name).write_text(text.replace("/var/lib/sms-gateway", str(tmp_path)))
    other, unknown = "0001 (needed: 0002)", "the database cannot be reached"
    for calls, said, is_started in (
        ("prerm upgrade, postinst configure", "", True),
        ("prerm upgrade, postinst configure", other, False),
        ("prerm upgrade, postinst configure", unknown, True),
        ("prerm upgrade, postinst abort-upgrade", "", True),
        ("prerm remove, postinst abort-remove", "", True),
        ("prerm deconfigure, postinst abort-deconfigure", "", True),
        ("prerm remove, postrm remove, postinst configure", "", False),
        ("prerm failed-upgrade, postinst abort-upgrade", "", False),
    ):
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir()
        log.write_text("")
        environ = {"PATH": f"{programs}:/usr/bin:/bin", "SAID": said, "CODE": str(int(bool(said)))}
        for call in calls.split(", "):
            script, word = call.split()
            done = subprocess.run(
                ["sh", "-eu", tmp_path / script, word], env=environ, check=True, capture_output=True, text=True
            )
        asked = log.read_text()
        assert "deb-systemd-invoke stop sms-gateway-backup.timer sms-gateway-backup.service sms-gateway" in asked, calls
        assert ("deb-systemd-invoke start sms-gateway.service" in asked) == is_started, (calls, said)
        assert said in done.stderr, "what `db current` said is shown"
        assert ("another revision" in done.stderr) == (said == other), (calls, said)
        assert not (run / "sms-gateway.was-active").exists(), calls
