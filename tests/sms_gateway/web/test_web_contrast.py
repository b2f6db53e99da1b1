"""Colours: text stands out 4.5 : 1 (WCAG 2.2 §1.4.3), the edges of controls 3 : 1 (§1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sms_gateway

SHEET = (Path(sms_gateway.__file__).parent / "web" / "static" / "style.css").read_text()
LIGHT, DARK = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in SHEET.split(":root {")[1:3])

TEXT = [
    ("ink", "ground"),
    ("ink", "surface"),
    ("ink", "raised"),
    ("ink", "theirs"),
    ("ink", "good-ground"),
    ("quiet", "ground"),
    ("quiet", "surface"),
    ("quiet", "raised"),
    ("accent", "ground"),
    ("accent", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("good", "good-ground"),
    ("wait", "wait-ground"),
    ("bad", "bad-ground"),
    ("bad", "surface"),
    ("bad", "raised"),
    ("calm", "calm-ground"),
    ("calm", "theirs"),
    ("on-mine", "mine"),
]
EDGES = [("edge", "surface"), ("edge", "ground"), ("accent", "surface"), ("accent", "ground")]


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2, definition)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
def test_text_stands_out(colours: dict[str, str]) -> None:
    assert {
        pair: contrast(colours[pair[0]], colours[pair[1]])
        for pair in TEXT
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    } == {}


@pytest.mark.parametrize("colours", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
def test_edges_stand_out(colours: dict[str, str]) -> None:
    assert [pair for pair in EDGES if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
