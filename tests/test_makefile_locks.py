"""`make` installs from lock files: they have the versions of constraints.txt, and a hash of every file."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parents[1]

_PIN = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)[^\n\\]*((?:\\\n +--hash=sha256:[0-9a-f]{64} ?)*)$", re.MULTILINE
)
ELSEWHERE = {"colorama", "twisted-iocpsupport"}
"""Packages that other systems need: the lock files serve those too, constraints.txt does not."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(name: str) -> dict[str, str]:
    """Return the versions of a lock file by package; every line of it must be a pin with hashes."""
    text = (ROOT / "requirements" / name).read_text("utf-8")
    found = {normal(pin[1]): pin for pin in _PIN.finditer(text)}
    assert [pin[0] for pin in found.values() if not pin[3]] == []
    assert sum(pin[0].count("\n") + 1 for pin in found.values()) == len(text.splitlines())
    return {key: pin[2] for key, pin in found.items()}


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return {normal(name): version for name, _, version in (line.partition("==") for line in lines if "==" in line)}


def test_the_lock_files_have_the_versions_of_the_constraints_and_hashes() -> None:
    locked = {name: pins(name) for name in ("build.lock", "run.lock", "dev.lock")}
    known = constraints()
    for name, found in locked.items():
        differing = {key: version for key, version in found.items() if known.get(key) != version}
        assert differing.keys() <= ELSEWHERE, f"{name} is not made of constraints.txt; fix: make lock"
    assert locked["run.lock"].items() <= locked["dev.lock"].items()
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    wanted = re.findall(r"^([a-z0-9-]+)", setup["options"]["install_requires"], re.MULTILINE)
    assert set(wanted) <= locked["run.lock"].keys(), "setup.cfg needs more; fix: make lock"
    assert "setuptools" in locked["build.lock"]
    for name, tool in (("docs.lock", "mkdocs"), ("audit.lock", "pip-audit"), ("locking.lock", "uv")):
        assert tool in (own := pins(name)), name  # of its own; what both need has one version
        assert {key: version for key, version in own.items() if known.get(key, version) != version} == {}, name


def test_make_installs_nothing_without_a_hash() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    installs = [line.strip() for line in makefile.splitlines() if re.search(r"\b(pip|uv) install\b|INSTALL_", line)]
    locked = [
        line for line in installs if re.search(r"\$\(INSTALL_LOCKED\) .*(--requirement requirements/|LOCKS)", line)
    ]
    variables = [line for line in installs if line.startswith("INSTALL_")]
    assert len(locked) == 6, locked
    assert [line for line in installs if line not in [*locked, *variables]] == [
        "$(BIN)/python $(INSTALL_OURS) --editable ."
    ]
    assert "--require-hashes --no-deps" in variables[0]
    assert "--no-deps --no-build-isolation" in variables[1]
    written = set(re.findall(r"--output-file requirements/(\S+)", makefile))
    assert written == {path.name for path in (ROOT / "requirements").glob("*.lock")}, "make lock writes each"
