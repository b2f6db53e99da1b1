"""`sms-gateway file`: one line for each line, whatever it is."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from sms_gateway.cli.file import LONGEST_LINE
from tests.sms_gateway.cli.surroundings import run

NOW = "2026-11-28T09:00:00+07:00"
A = "YC482173051"
OPEN = {"number": A, "kind": "report", "state": "open", "subject": "den duong hong", "hours": 5}
WAITS = {**OPEN, "state": "pending_citizen"}


def filed(given: str | bytes) -> list[dict[str, object]]:
    result = run("file", "--json", "--now", NOW, given=given)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def line(text: str, **situation: object) -> str:
    return json.dumps({"text": text, "situation": situation}) + "\n"


def test_files_one_text_a_line() -> None:
    ask = {"kind": "details", "ticket": A, "seconds": 10_800}
    given = line("nha so 25 Le Duan, gan cho", tickets=[WAITS], ask=ask) + line("HOI may gio mo cua") + line("5")
    assert filed(given) == [
        {
            "rule": "F4",
            "does": "entry",
            "ticket": A,
            "state": "open",
            "kept": False,
            "score": None,
            "command": None,
            "urgent": False,
        },
        {
            "rule": "F1",
            "does": "new_ticket",
            "ticket": None,
            "state": "new",
            "kept": False,
            "score": None,
            "command": "question",
            "urgent": False,
        },
        {
            "rule": "F8",
            "does": "help",
            "ticket": None,
            "state": None,
            "kept": False,
            "score": None,
            "command": None,
            "urgent": False,
        },
    ]


def test_every_line_has_its_answer_and_a_faulty_one_its_error() -> None:
    given = line("HOI").encode() + b"\n\xff\n[]\r\n" + b"x" * (LONGEST_LINE + 5) + b"\n" + line("HOI").encode()[:-1]
    answers = filed(given)
    assert ["error" in answer for answer in answers] == [False, True, True, True, True, False]


def test_never_stops_at_any_input() -> None:
    draw = random.Random(17)
    whole = line("YC482173051 5 sao", tickets=[OPEN], ask={"kind": "rate", "ticket": A}).encode()[:-1]
    lines = [
        bytes(draw.choice(whole + b'\x00\xff{}[]"\\,:-1e9') for _ in range(draw.randrange(80))) for _ in range(300)
    ]
    lines += [whole[: draw.randrange(len(whole))] + whole[draw.randrange(len(whole)) :] for _ in range(300)]
    clean = [each.replace(b"\n", b" ") for each in lines]
    assert len(filed(b"\n".join(clean) + b"\n")) == len(clean)


def test_any_unicode_text_is_filed() -> None:
    texts = ["", "\ud800", "\x00", "\ufdd0", "👍", "a" * 100_000, "\u202eHOI a b", "HOI " + "é" * 2000]
    answers = filed("".join(line(text, tickets=[WAITS]) for text in texts))
    assert all("rule" in answer for answer in answers)
    assert len(answers) == len(texts)


def test_reads_a_file_and_tells_people_in_words(tmp_path: Path) -> None:
    (tmp_path / "texts.jsonl").write_text(
        line("SOS chay nha") + line("5 sao", tickets=[{**OPEN, "state": "resolved"}]) + "x"
    )
    result = run("file", str(tmp_path / "texts.jsonl"))
    assert result.stdout.splitlines() == [
        "F1 new_ticket (urgent) -> new urgent",
        f"F6 rate {A} -> closed score 5",
        "error: the line is no JSON",
    ]


@pytest.mark.parametrize("now", ["yesterday", "2026-13-01", "99999-01-01"])
def test_refuses_a_time_that_is_none(now: str) -> None:
    result = run("file", "--json", "--now", now, given="")
    assert result.exit_code == 2
    assert "--now is no date and time" in result.output
