"""The dependency audit says what it is worth: an audit that asked nobody is not one that found nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.audit import CLEAN, FAULTY, NOT_ASKED, judge, main

SOUND = {"name": "flask", "version": "3.1.3", "vulns": []}
FAULTY_ONE = {"name": "mako", "version": "1.0", "vulns": [{"id": "PYSEC-2022-260", "fix_versions": ["1.2.2"]}]}
UNKNOWN = {"name": "six", "skip_reason": "Dependency not found on PyPI and could not be audited: six (1.17.0)"}
TRACEBACK = """Traceback (most recent call last):
  File "…/adapters.py", line 723, in send
requests.exceptions.ProxyError: HTTPSConnectionPool(host='…', port=443): Max retries exceeded
"""


def written(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


CASES = [
    ("all asked, none faulty", written(SOUND), "", CLEAN, "1 packages looked up, 0 with a known fault"),
    ("a fault", written(SOUND, FAULTY_ONE), "", FAULTY, "mako 1.0: PYSEC-2022-260; fixed in 1.2.2"),
    ("nobody knows any", written(UNKNOWN), "", NOT_ASKED, "NOTHING WAS AUDITED: no advisory was to be had on 1 of 1"),
    ("one is not known", written(SOUND, UNKNOWN), "", NOT_ASKED, "NOT ALL WAS AUDITED: no advisory"),
    ("a fault, and one not known", written(FAULTY_ONE, UNKNOWN), "", FAULTY, "mako 1.0"),
    ("no package", written(), "", NOT_ASKED, "NOTHING WAS AUDITED"),
    ("no network", "", TRACEBACK, NOT_ASKED, "NOTHING WAS AUDITED: pip-audit had no answer (ProxyError)"),
    ("no words", "[]", "", NOT_ASKED, "NOTHING WAS AUDITED: pip-audit had no answer (it said nothing)"),
]


@pytest.mark.parametrize(
    ("answer", "complaint", "code", "first"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_answer_is_judged_for_what_it_is(answer: str, complaint: str, code: int, first: str) -> None:
    verdict = judge(answer, complaint)
    assert verdict.code == code
    assert verdict.lines[0].startswith(first)
    assert any("fix: " in line for line in verdict.lines) == ("AUDITED" in " ".join(verdict.lines))


def test_a_tool_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(str(tmp_path / "pip-audit"), "pins.txt") == NOT_ASKED
    assert "NOTHING WAS AUDITED" in capsys.readouterr().out


def test_a_tool_that_answers_is_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool = tmp_path / "pip-audit"
    tool.write_text(f"#!{sys.executable}\nprint('''{written(SOUND)}''')\n")
    tool.chmod(0o700)
    assert main(str(tool), "pins.txt") == CLEAN
    assert "1 packages looked up" in capsys.readouterr().out
