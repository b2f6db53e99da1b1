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
    for name in ("Makefile", "setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
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


BROKEN = ["/bin/false", "/nowhere/python3", sys.base_prefix + "/bin/python3"]


def broken(checkout: Path, python: str, *, made_by_make: bool) -> Path:
    """A virtual environment that lost its Python, or that has no pip."""
    (checkout / ".venv/bin").mkdir(parents=True)
    (checkout / ".venv/bin/python").symlink_to(python)
    if made_by_make:
        (checkout / ".venv/made-by-make").touch()
    return checkout / ".venv"


@pytest.mark.parametrize("python", BROKEN)
def test_a_broken_virtual_environment_of_ours_is_made_anew(checkout: Path, python: str) -> None:
    broken(checkout, python, made_by_make=True)
    done = make(checkout, ".venv/run-ready", "PYTHON=/bin/false")
    assert done.returncode != 0
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("python", BROKEN)
def test_one_that_somebody_else_made_stays(checkout: Path, python: str) -> None:
    kept = broken(checkout, python, made_by_make=False) / "bin/python"
    done = make(checkout, ".venv/run-ready", "PYTHON=/bin/true")
    assert done.returncode != 0
    assert "Fix: move it away, or put pip into it" in done.stdout
    assert kept.is_symlink()


@pytest.mark.parametrize("words", [[], ["help"], ["--dry-run", "clean"]])
def test_asking_for_help_removes_nothing(checkout: Path, words: list[str]) -> None:
    kept = broken(checkout, "/nowhere/python3", made_by_make=True)
    assert make(checkout, *words).returncode == 0
    assert kept.exists()


def test_a_virtual_environment_that_make_made_is_known_as_such(checkout: Path) -> None:
    fake = script(
        checkout / "python", 'if [ "$2" = venv ]; then ls "$3" > made; exit 1; fi', f'exec {sys.executable} "$@"'
    )
    make(checkout, ".venv/run-ready", f"PYTHON={fake}")
    assert (checkout / "made").read_text() == "made-by-make\n"


def test_a_sound_virtual_environment_stays(checkout: Path) -> None:
    (checkout / ".venv").symlink_to(sys.prefix)
    assert make(checkout, "--dry-run", "run", "--assume-old=.venv/run-ready").returncode == 0
    assert (checkout / ".venv").is_symlink()


def test_the_port_of_the_demo_can_be_given(checkout: Path) -> None:
    (checkout / ".venv").symlink_to(sys.prefix)
    said = make(checkout, "--dry-run", "run", "PORT=8200", "--assume-old=.venv/run-ready").stdout
    assert "sms-gateway demo --port 8200" in said
