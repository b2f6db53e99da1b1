"""The tutorials work: their files are written into a copy of the repository, and their commands show what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tutorials" / "first-command.md"
AGGREGATOR = ROOT / "docs" / "tutorials" / "first-aggregator.md"
COPIED = (
    "parsers",
    "handlers",
    "db",
    "sms_gateway",
    "tests",
    "tools",
    "docs",
    "setup.cfg",
    "pyproject.toml",
    "Makefile",
)

_STEP = re.compile(
    r"(?:(?P<how>Create|Change|Add to the end of) `(?P<path>[^`]+)`:\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_CALL = re.compile(r"^\$ (?P<command>.+)\n(?P<shown>(?:(?!\$ ).*\n)*)", re.MULTILINE)
PROGRAMS = {
    ".venv/bin/python": [sys.executable],
    ".venv/bin/sms-gateway": [sys.executable, "-c", "from sms_gateway.cli import main; main()"],
    ".venv/bin/pybabel": [sys.executable, "-m", "babel.messages.frontend"],
}
OPTIONS = "-p no:cacheprovider -k 'not postgresql'"
"""Of pytest: a server takes longer to start than all tests of the page to run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A block of the page: a file and what is done to it, or commands."""

    how: str | None
    path: str | None
    kind: str
    body: str


def steps(page: Path) -> Iterator[Step]:
    for found in _STEP.finditer(page.read_text("utf-8")):
        yield Step(how=found["how"], path=found["path"], kind=found["kind"], body=found["body"])


def write(step: Step, path: Path) -> None:
    if step.how == "Create":
        assert not path.exists()
        path.write_text(step.body, "utf-8")
    elif step.how == "Add to the end of":
        path.write_text(f"{path.read_text('utf-8').rstrip()}\n\n{step.body}", "utf-8")
    else:
        for hunk in step.body.split("@@\n"):
            before, after = (side(hunk, " -"), side(hunk, " +"))
            text = path.read_text("utf-8")
            assert text.count(before) == 1, before
            path.write_text(text.replace(before, after), "utf-8")


def side(hunk: str, signs: str) -> str:
    return "".join(line[1:] for line in hunk.splitlines(keepends=True) if line[0] in signs)


def run(command: str, folder: Path) -> str:
    """Run a command as the page has it; `make` installs packages first, so its recipe is run instead."""
    if command.startswith("make "):
        recipe = re.search(
            rf"^{command.removeprefix('make ')}:.*\n\t(.+)", (folder / "Makefile").read_text("utf-8"), re.MULTILINE
        )
        assert recipe is not None, command
        command = recipe[1].replace("$(BIN)", ".venv/bin")
    program, _, rest = command.partition(" ")
    arguments = [one.strip('"') for one in re.findall(r'"[^"]*"|\S+', rest)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_", "COVERAGE_"))}
    surroundings = {**kept, "PYTHONPATH": str(folder), "PYTEST_ADDOPTS": OPTIONS}
    done = subprocess.run(
        [*PROGRAMS[program], *arguments], cwd=folder, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)  # with compiled modules: else each program compiles
        else:
            shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def follow(page: Path, folder: Path) -> tuple[int, int]:
    """Do what a page says; return how many files were written, and how many commands showed what they should."""
    written = shown = 0
    for step in steps(page):
        if step.path is not None:
            write(step, folder / step.path)
            written += 1
        elif step.kind == "console":
            for call in _CALL.finditer(step.body):
                assert run(call["command"], folder) == call["shown"], call["command"]
                shown += 1
        elif step.kind == "sh":
            for line in step.body.splitlines():
                run(line, folder)
    return written, shown


@pytest.mark.timeout(300)  # it starts nine programs, two of them pytest
def test_the_tutorial_leads_to_a_command_that_works(folder: Path) -> None:
    assert follow(PAGE, folder) == (9, 11)


@pytest.mark.long
@pytest.mark.timeout(300)  # three of its programs are pytest
def test_the_tutorial_leads_to_an_aggregator_that_works(folder: Path) -> None:
    assert follow(AGGREGATOR, folder) == (5, 1)
    assert "| `messagebird` | MessageBird | yes | yes | yes |" in (folder / "docs/networks.md").read_text("utf-8")


def test_every_text_that_the_page_names_is_one_that_its_command_reads() -> None:
    """Sentences of the page name texts to send; the page must show each of them being read."""
    page = PAGE.read_text("utf-8")
    after = page.index("See it work")
    read = re.findall(r'parse --json "([^"]+)"\n\{"command": "opening_hours"', page[after:])
    read += re.findall(r'parse "([^"]+)"\nText: .*(?:\n.+)*\nRead as: opening_hours', page[after:])
    named = re.findall(r"`((?:GIO|giờ) [^`]+)`", re.sub(r"^```\w+\n.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL))
    assert len(named) > 2
    assert {text.upper() for text in named} <= {text.upper() for text in read}
