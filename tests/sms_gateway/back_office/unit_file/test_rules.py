"""Files of rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.schema import Priority
from sms_gateway.back_office.unit_file.rules import RuleFacts, read_rules
from tests.sms_gateway.back_office.unit_file.files import csv_file

UNITS = {"H17.12"}
HEADING = "kind|any_of|all_of|area|topic|unit|priority"


def test_lines_are_rules_in_their_order_with_folded_phrases(tmp_path: Path) -> None:
    lines = (
        HEADING,
        "phản ánh|đèn đường, mất điện; Đèn  Đường|hỏng|phường Hải Châu|Lamps||cao",
        "|cấp phép|xây dựng|||h17.12|",
    )
    found = read_rules(csv_file(tmp_path, *lines), UNITS)
    assert found.faults == []
    assert found.rows == [
        RuleFacts(
            line=2,
            kind="report",
            any_of=("DEN DUONG", "MAT DIEN"),
            all_of=("HONG",),
            area=("HAI CHAU",),
            topic="lamps",
            unit=None,
            priority=Priority.HIGH,
        ),
        RuleFacts(
            line=3,
            kind=None,
            any_of=("CAP PHEP",),
            all_of=("XAY DUNG",),
            area=(),
            topic=None,
            unit="H17.12",
            priority=None,
        ),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("||||lamps||", "the rule has no condition, so it would fit every text; fill any_of, all_of or area"),
        ("|,;|.|||H17.12|", "the rule has no condition, so it would fit every text; fill any_of, all_of or area"),
        ("|a|||||", "the rule leads nowhere; fill topic or unit"),
        ("|a||||H99|", "unit: no unit has the code H99; import the units first, or correct it"),
        ("x|a|||t||", "kind: 'x' is none; write question, report or proposal, or leave it blank"),
        ("|a|||t||x", "priority: 'x' is none; write low, normal, high or urgent, or leave it blank"),
    ],
)
def test_a_wrong_rule_is_told_and_the_others_go_on(tmp_path: Path, line: str, fault: str) -> None:
    found = read_rules(csv_file(tmp_path, HEADING, "|a|||t||", line, "|b|||t||"), UNITS)
    assert [str(one) for one in found.faults] == [f"line 3: {fault}"]
    assert [row.any_of for row in found.rows] == [("A",), ("B",)]
