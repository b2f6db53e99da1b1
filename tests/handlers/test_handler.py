"""Sentences that a command brings: every form that has all its values, in the language of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from handlers.context import ServiceFacts
from handlers.handler import Sentences, forms_of
from handlers.wording.catalogues import CATALOGUES

HOURS = Sentences(
    forms={
        "vi": ("Mo cua {day} tai {place}, goi {hotline}.", "Mo cua {day}.", "Xin goi {hotline}."),
        "en": ("Open on {day} in {place}.", "Open on {day}."),
    }
)

GIVEN = [
    (
        "all values",
        "vi",
        {"day": "T7", "place": "P. 1"},
        ["Mo cua T7 tai P. 1, goi 1022.", "Mo cua T7.", "Xin goi 1022."],
    ),
    ("a value is missing", "vi", {"day": "T7"}, ["Mo cua T7.", "Xin goi 1022."]),
    ("the service's own values only", "vi", {}, ["Xin goi 1022."]),
    ("another language", "en", {"day": "Sat"}, ["Open on Sat."]),
    ("a value too many", "en", {"day": "Sat", "area": "1"}, ["Open on Sat."]),
    ("nothing", "en", {}, []),
]


@pytest.mark.parametrize(("language", "values", "forms"), [case[1:] for case in GIVEN], ids=[case[0] for case in GIVEN])
def test_a_form_without_a_value_is_left_out(language: str, values: Mapping[str, str], forms: list[str]) -> None:
    service = replace(ServiceFacts(hotline="1022"), wording=CATALOGUES[language])
    assert forms_of(HOURS, service, values) == forms
