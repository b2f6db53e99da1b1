"""`make` on a machine where something is missing or broken: what it says, and that a second try is a fresh one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What `make` needs of a checkout to begin."""
    for name in ("Makefile", "setup.cfg", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *words], cwd=checkout, capture_output=True, text=True, check=False, timeout=60)


def script(path: Path, *lines: str) -> str:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="ascii")
    path.chmod(0o755)
    return str(path)


def test_a_python_without_venv_is_told_and_leaves_nothing_half_made(checkout: Path) -> None:
    half = script(
        checkout / "python",
        'if [ "$2" = venv ]; then mkdir -p "$3/bin"; ln -s /bin/true "$3/bin/python"; exit 1; fi',
        f'exec {sys.executable} "$@"',
    )
    done = make(checkout, ".venv/run-ready", f"PYTHON={half}")
    assert done.returncode != 0
    assert "Fix: apt-get install python3-venv" in done.stdout
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("python", ["/bin/false", "/nowhere/python3", sys.base_prefix + "/bin/python3"])
def test_a_broken_virtual_environment_is_removed_first(checkout: Path, python: str) -> None:
    (checkout / ".venv/bin").mkdir(parents=True)
    (checkout / ".venv/bin/python").symlink_to(python)
    (checkout / ".venv/run-ready").touch()
    assert make(checkout, "help").returncode == 0
    assert not (checkout / ".venv").exists()


def test_a_sound_virtual_environment_stays(checkout: Path) -> None:
    (checkout / ".venv").symlink_to(sys.prefix)
    assert make(checkout, "help").returncode == 0
    assert (checkout / ".venv").is_symlink()


def test_the_port_of_the_demo_can_be_given(checkout: Path) -> None:
    (checkout / ".venv").symlink_to(sys.prefix)
    said = make(checkout, "--dry-run", "run", "PORT=8200", "--assume-old=.venv/run-ready").stdout
    assert "sms-gateway demo --port 8200" in said
