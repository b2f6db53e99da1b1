"""The examples in docstrings (doctest) show what the code does."""

from __future__ import annotations

from doctest import DocTestFinder, DocTestRunner
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def modules_with_examples(room: str) -> list[str]:
    paths = sorted(path for path in (ROOT / room).rglob("*.py") if ">>> " in path.read_text("utf-8"))
    names = (path.relative_to(ROOT).with_suffix("").parts for path in paths)
    return [".".join(parts).removesuffix(".__init__") for parts in names]


@pytest.mark.parametrize(("room", "least"), [("parsers", 130), ("handlers", 10), ("db", 10), ("sms_gateway", 40)])
def test_every_example_shows_what_the_code_does(room: str, least: int) -> None:
    runner, finder, said = DocTestRunner(verbose=False), DocTestFinder(exclude_empty=True), list[str]()
    for name in modules_with_examples(room):
        for example in finder.find(import_module(name), name):
            runner.run(example, out=said.append)
    assert runner.failures == 0, "".join(said)
    assert runner.tries >= least
