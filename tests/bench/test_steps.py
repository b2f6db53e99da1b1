"""The stopwatches stand around functions that are there."""

from __future__ import annotations

import importlib
from functools import reduce

import pytest

from bench.steps import STEPS


@pytest.mark.parametrize(("step", "place"), STEPS.items())
def test_a_watched_step_is_there(step: str, place: str) -> None:
    module, _, path = place.partition(":")
    assert callable(reduce(getattr, path.split("."), importlib.import_module(module))), step
