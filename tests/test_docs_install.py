"""The commands of docs/operating.md, Install and First start, run as written below a throw-away root.

What would change the machine (packages, users, owners, systemd) is replaced by programs that do nothing or that do
the same without another user; everything else, the gateway's own commands above all, runs for real.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLACES = ("/opt/", "/etc/", "/var/lib/sms-gateway", "/var/backups/sms-gateway", "/usr/local/bin/", "/usr/libexec/")

_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)

STUBS = {
    "apt-get": "exit 0",
    "systemd-sysusers": "exit 0",
    # the folders of a file that the manual has installed, made below the throw-away root
    "systemd-tmpfiles": 'while read -r _ place _; do mkdir -p "$ROOT$place"; done < "$ROOT/etc/tmpfiles.d/$2"',
    "chgrp": "exit 0",
    "systemctl": "exit 0",
    "curl": "exit 0",
    "runuser": 'shift 3; exec "$@"',  # runuser -u USER -- COMMAND
    # without -o OWNER and -g GROUP
    "install": 'for word do shift; case "$skip$word" in -o | -g) skip=1;; 1*) skip=;;\n'
    '*) set -- "$@" "$word";; esac; done\nexec /usr/bin/install "$@"',
    # `python3 -m venv PLACE`: a place whose pip installs nothing and whose sms-gateway is the one under test
    "python3": 'mkdir -p "$3/bin" && ln -s /bin/true "$3/bin/pip" && ln -s "$PROGRAM" "$3/bin/sms-gateway"',
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for place in ("bin", "opt", "usr/local/bin", "etc", "var/lib", "var/backups"):
        (tmp_path / place).mkdir(parents=True)
    for name, body in STUBS.items():
        stub = tmp_path / "bin" / name
        stub.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        stub.chmod(0o755)
    return tmp_path


def commands(heading: str) -> str:
    """Return the shell commands of one section of the manual."""
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    section = manual.split(f"\n{heading}\n", 1)[1]
    return "".join(_BLOCK.findall(re.split(r"^##+ ", section, maxsplit=1, flags=re.MULTILINE)[0]))


def below(root: Path, text: str) -> str:
    """Return a text with every place of the manual moved below `root`."""
    for place in PLACES:
        text = re.sub(rf"(?<![\w/.]){re.escape(place)}", f"{root}{place}", text)
    return text


def run(root: Path, script: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        input=given,
        cwd=ROOT,
        env={
            "PATH": f"{root}/bin:{root}/usr/local/bin:{os.environ['PATH']}",
            "ROOT": str(root),
            "PROGRAM": shutil.which("sms-gateway", path=Path(sys.executable).parent) or "",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_manual_installs_and_starts_as_written(root: Path) -> None:
    installed = run(root, below(root, commands("## Install")))
    assert installed.returncode == 0, installed.stderr
    settings = root / "etc/sms-gateway/gateway.toml"
    assert settings.is_file()
    settings.write_text(
        f'[database]\nurl = "sqlite:///{root}/var/lib/sms-gateway/gateway.db"\n'
        f'key_file = "{root}/etc/sms-gateway/keys"\n',
        encoding="utf-8",
    )
    secrets = run(root, below(root, commands("### Secrets")), given="secret\n")
    assert secrets.returncode == 0, secrets.stderr
    started = run(root, below(root, commands("## First start")))
    assert started.returncode == 0, started.stderr
    assert "One-time password:" in started.stdout
    assert "FAULT" not in started.stdout
    assert (root / "etc/sms-gateway/keys").stat().st_mode & 0o777 == 0o640
    units = {path.name for path in (root / "etc/systemd/system").iterdir()}
    service, backup = "sms-gateway.service", "sms-gateway-backup.service"
    assert units == {service, backup, "sms-gateway-backup.timer", "sms-gateway-failed@.service"}


def test_the_manual_names_no_program_that_its_packages_do_not_bring() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert not re.search(r"^(?:alias .*'|.*[|&;] *)?sudo ", manual, re.MULTILINE)
