"""Every measurement can be loaded, and names what is there."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import bench

MODULES = sorted(one.name for one in pkgutil.walk_packages(bench.__path__, "bench."))


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_a_measurement_can_be_loaded(name: str) -> None:
    assert importlib.import_module(name).__doc__
