from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from sms_gateway.cli import COMMANDS, main
from tests.sms_gateway.cli.surroundings import every_command, run

PROGRAM = str(Path(sys.executable).with_name("sms-gateway"))


WORDS = [
    *[(), ("demo",), ("init",), ("serve",), ("check",), ("check-link",), ("parse",), ("file",), ("simulate",)],
    *[
        ("db",),
        ("db", "upgrade"),
        ("db", "current"),
        ("db", "backup"),
        ("db", "verify"),
        ("db", "copy"),
        ("db", "roles"),
        ("db", "standby"),
        ("dossiers",),
        ("dossiers", "import"),
    ],
    ("counts",),
    *[("alarm",), ("alarm", "test"), ("alarm", "failed")],
    *[("operators",), ("operators", "add"), ("operators", "reset"), ("operators", "list")],
    *[("messages",), ("messages", "parked"), ("messages", "rerun")],
    *[("block",), ("block", "add"), ("block", "remove"), ("block", "list")],
    *[("lookups", one) for one in ("add", "answer", "list", "off", "on")],
    ("lookups",),
    *[("service",), ("service", "off"), ("service", "on"), ("service", "list")],
    *[("person",), ("person", "export"), ("person", "erase"), ("audit",), ("audit", "verify")],
    *[("tokens",), ("tokens", "authorise"), ("tokens", "list"), ("tokens", "remove")],
    *[("api-clients",), ("api-clients", "add"), ("api-clients", "list")],
    *[("api-clients", "rotate"), ("api-clients", "disable")],
    *[("keys",), ("keys", "list"), ("keys", "make"), ("keys", "rotate"), ("keys", "reseal"), ("keys", "drop")],
]


def test_no_command_is_left_out_below() -> None:
    assert sorted(WORDS) == sorted(every_command())


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_every_help_is_a_manual(words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "\n  Example:\n    sms-gateway" in result.output or "\n  Example:\n    " in result.output
    example = result.output.split("Example:")[1].split("Exit codes")[0]
    assert "sms-gateway " + " ".join(words) in example
    assert "\n    0  " in result.output.split("Exit codes")[1]
    assert "\n    2  " in result.output.split("Exit codes")[1]
    assert "\b" not in result.output
    assert max(map(len, result.output.splitlines())) <= 100


def test_the_list_of_commands_is_that_of_the_table_and_each_line_is_the_command_s_own() -> None:
    listed = run("--help").output.split("Commands:")[1]
    for name, (_, line) in COMMANDS.items():
        assert f"{name} " in listed
        assert " ".join(line.split()) in " ".join(listed.split())


def test_an_unknown_command_is_a_wrong_command_line() -> None:
    result = run("dance")
    assert result.exit_code == 2
    assert "No such command 'dance'" in result.output


@pytest.mark.parametrize(
    ("words", "meant"), [(("chekc",), "check"), (("oprators", "list"), "operators"), (("block", "lst"), "list")]
)
def test_a_mistyped_command_is_proposed(words: tuple[str, ...], meant: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert "Did you mean" in result.output
    assert meant in result.output.split("Did you mean")[1]


def test_a_directory_without_the_right_to_write_is_told_with_its_fix() -> None:
    result = run("demo", "--dir", "/sys/demo")
    assert result.output.startswith("Error: /sys/demo cannot be used (")
    assert "; fix: let this user write to the file and to its directory" in result.output
    assert "uncaught" not in result.output


def test_a_fault_of_the_program_is_one_line_without_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "broken", ("command_context:COMMAND_NODE", ""))
    result = run("broken")
    assert result.exit_code == 1
    assert result.output.startswith("Error: this is a fault of the program: TypeError at ")
    assert "COMMAND_NODE" not in result.output


def test_a_table_entry_that_names_no_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sms_gateway.cli.COMMANDS", {"x": ("command_context:COMMAND_NODE", "")})
    with pytest.raises(TypeError, match="command_context:COMMAND_NODE is no command"):
        main.get_command(click.Context(main), "x")


def test_the_entry_point_runs() -> None:
    done = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.startswith("sms-gateway, version ")


def test_the_command_line_loads_nothing_heavy() -> None:
    heavy = ["sqlalchemy", "flask", "alembic", "pydantic", "parsers", "openpyxl"]
    code = f"import sys, sms_gateway.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"
