"""The tutorial of the first answer: its commands, run as written on free ports, lead to the answer that it shows."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from tests.postgres import free_port

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "tutorials" / "first-answer.md").read_text("utf-8")
PROGRAM = [sys.executable, "-c", "from sms_gateway.cli import main; main()"]
PATIENCE_SECONDS = 60

_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHOWN = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def script(block: str, ports: Mapping[str, int]) -> list[str]:
    """Return a block as a shell runs it: with this program, on other ports than those of the page."""
    text = block.strip().replace(".venv/bin/sms-gateway", shlex.join(PROGRAM))
    for option, port in ports.items():
        text = re.sub(rf"--{option}\b", f"--{option.split()[0]} {port}", text)
    return ["bash", "-euc", text if "\n" in text else f"exec {text}"]


@contextmanager
def running(words: list[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    program = subprocess.Popen(
        words, cwd=folder, env=surroundings(), text=True, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT
    )
    deadline = Timer(PATIENCE_SECONDS, program.kill)
    deadline.start()
    try:
        yield program
    finally:
        deadline.cancel()
        program.terminate()
        program.communicate(timeout=PATIENCE_SECONDS)


def surroundings() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SMS_GATEWAY_", "COV_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def heard(program: subprocess.Popen[str], wanted: str) -> str:
    """Return the first line that has these words; the program's end fails the test."""
    assert program.stdout is not None
    lines = []
    for line in program.stdout:
        lines.append(line)
        if wanted in line:
            return line
    raise AssertionError(f"{wanted} is not in {lines}")


@pytest.mark.timeout(180)  # it starts four programs
def test_the_first_answer_comes_as_the_tutorial_says(tmp_path: Path) -> None:
    carrier_port, port = free_port(), free_port()
    ports = {"port 2775": carrier_port, "smpp-port 2775": carrier_port, "port 8188": port}
    install, carry, set_up, serve = _BLOCK.findall(PAGE)
    assert install == "make .venv/run-ready\n"
    assert re.search(r"^\$\(VENV\)/run-ready:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    texts = _SHOWN.findall(PAGE)
    with running(script(carry, ports), tmp_path) as carrier:
        heard(carrier, "listens on 127.0.0.1")
        done = subprocess.run(
            script(set_up, ports), cwd=tmp_path, env=surroundings(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert texts[0].split(" port")[0] in done.stderr
        made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
        assert set(re.findall(r"^\| `(first-answer/\S+)` \|", PAGE, re.MULTILINE)) <= made
        with running(script(serve, ports), tmp_path) as service:
            heard(service, " serving ")
            assert carrier.stdin is not None
            carrier.stdin.write(texts[1])
            carrier.stdin.flush()
            said = texts[2].partition("]: ")[2].strip()
            assert said
            assert heard(carrier, said).startswith("8188 #")
