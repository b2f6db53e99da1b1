"""Blocks of code in the documents work: a shell reads them, options and targets exist, settings load."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import click
import yaml  # type: ignore[import-untyped]  # its types are not in the lock

from sms_gateway.cli import main
from sms_gateway.demo.simulator.scenario import read_scenario
from sms_gateway.settings.faults import SettingsFaultyError
from sms_gateway.settings.load import load_settings
from tools.docs.diagrams import as_tables

ROOT = Path(__file__).parents[1]
PAGES = sorted(chain(ROOT.glob("*.md"), (ROOT / "docs").rglob("*.md")))

_BLOCK = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_CALL = re.compile(
    r"(?<!-[gou] )(?<![\w/.-])(?:\.venv/bin/|/opt/sms-gateway/bin/)?(?:sms-gateway|gw) (?P<words>[a-z].*)"
)
_END = re.compile(r" (?:#|\||&&|>|<|;).*|;$|\)$|`.*")
_TARGET = re.compile(r"^(?:\$ )?make ([a-z.][\w./ -]*)", re.MULTILINE)

INCOMPLETE = re.compile(r"is missing|the file .*|cannot be read.*|there is no .*file.*|no channel sends texts")
"""What may be wrong with a part of a settings file: it is a part, without its channels, and secrets are elsewhere."""


def blocks(*kinds: str) -> Iterator[tuple[str, str]]:
    """Yield the page and the text of each block of these kinds."""
    for page in PAGES:
        for found in _BLOCK.finditer(page.read_text("utf-8")):
            if not kinds or found["kind"] in kinds:
                body = re.sub(rf"^{found['indent']}", "", found["body"], flags=re.MULTILINE)
                yield f"{page.relative_to(ROOT)}: {body.partition(chr(10))[0]}", body


def faults_of(check: Callable[[str], object], *kinds: str, least: int = 1) -> list[str]:
    """Return the blocks of these kinds that a check refuses, with its words."""
    found, seen = [], 0
    for place, body in blocks(*kinds):
        seen += 1
        try:
            check(body)
        except (ValueError, SyntaxError, SettingsFaultyError, AssertionError) as error:
            found.append(f"{place}: {error}")
    assert seen >= least, kinds
    return found


def test_every_kind_of_block_has_a_check_or_needs_none() -> None:
    kinds = {found["kind"] for page in PAGES for found in _BLOCK.finditer(page.read_text("utf-8"))}
    checked = {"sh", "console", "toml", "python", "json", "yaml", "mermaid"}
    applied = {"diff", "po"}  # tests/test_docs_tutorial.py writes them into a copy of the repository
    assert kinds - checked - applied - {"text", "csv", "nginx", ""} == set()


def test_python_json_yaml_and_diagrams_are_well_formed() -> None:
    assert faults_of(ast.parse, "python", least=5) == []
    assert faults_of(load_json, "json", least=5) == []
    assert faults_of(load_yaml, "yaml") == []
    assert faults_of(lambda body: as_tables(f"```mermaid\n{body}```\n"), "mermaid", least=5) == []


def load_json(body: str) -> None:
    """Read one value, or one on each line."""
    for part in body.splitlines() if body.count("\n") > 1 and body.startswith("{") and "}\n{" in body else [body]:
        json.loads(part)


def load_yaml(body: str) -> None:
    """Read one value; a fault is told as ValueError."""
    try:
        yaml.safe_load(body)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def test_shell_is_read_by_a_shell() -> None:
    scripts = dict(blocks("sh"))
    assert len(scripts) > 30
    functions = (f"check_{number}() {{\n{body}\n:\n}}" for number, body in enumerate(scripts.values()))
    done = subprocess.run(["bash", "-n"], input="\n".join(functions), capture_output=True, text=True, check=False)
    assert done.stderr == ""


def calls(text: str) -> Iterator[list[str]]:
    """Yield the words of each call of the command line, without what follows it on its line."""
    for line in text.replace("\\\n", " ").splitlines():
        for call in _CALL.finditer(line):
            words = _END.sub("", call["words"])
            try:
                yield shlex.split(words)
            except ValueError:  # a quotation that something around it ends
                yield words.split()


def test_every_command_and_option_of_a_call_exists() -> None:
    faults, seen = [], 0
    for page in PAGES:
        text = page.read_text("utf-8")
        code = chain((body for _, body in pairs(text)), re.findall(r"`([^`\n]+)`", _BLOCK.sub("", text)))
        for call in chain.from_iterable(map(calls, code)):
            seen += 1
            faults += [f"{page.relative_to(ROOT)}: {' '.join(call)}: {wrong}" for wrong in wrong_in(call)]
    assert faults == []
    assert seen > 300


def pairs(text: str) -> Iterator[tuple[str, str]]:
    return (
        (found["kind"], found["body"]) for found in _BLOCK.finditer(text) if found["kind"] in {"sh", "console", "text"}
    )


def wrong_in(call: list[str]) -> Iterator[str]:
    """Yield the words of a call that name no command, and the options that its command does not have."""
    command: click.Command = main
    words = iter(call)
    while isinstance(command, click.Group) and re.fullmatch(r"[a-z][a-z-]*", word := next(words, "")):
        inner = command.get_command(click.Context(command), word)
        if inner is None:
            yield word
            return
        command = inner
    known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)} | {"--help", "--version"}
    given = (word.partition("=")[0].strip("'") for word in call)
    yield from (one for one in given if one.startswith("--") and len(one) > len("--") and one not in known)


def test_every_target_of_make_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("$(VENV)", ".venv")
    known = {name for line in re.findall(r"^([\w./ -]+):(?!=)", makefile, re.MULTILINE) for name in line.split()}
    named = [
        (place, word)
        for page in PAGES
        for place, text in [(str(page.relative_to(ROOT)), page.read_text("utf-8"))]
        for code in chain((body for _, body in pairs(text)), re.findall(r"`([^`\n]+)`", _BLOCK.sub("", text)))
        for words in _TARGET.findall(code)
        for word in words.partition("  ")[0].split()
        if word == word.lower()
    ]
    assert len(named) > 20
    assert [(place, word) for place, word in named if word not in known] == []


def test_settings_load(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"

    def load(body: str) -> None:
        document = tomllib.loads(body)
        path.write_text(body)
        if "texts" in document:
            read_scenario(path)
            return
        if "[services.opening_hours]" in body:  # a command that the tutorial adds to the program
            return
        try:
            load_settings(path, {})
        except SettingsFaultyError as error:
            wrong = [str(fault) for fault in error.faults if not INCOMPLETE.fullmatch(fault.wrong)]
            assert wrong == []

    assert faults_of(load, "toml", least=8) == []
