"""The tree keeps its limits: entries in a folder, and lines in a file."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("parsers", "handlers", "db", "sms_gateway")

MOST_ENTRIES = 15
"""Modules and packages in a folder of the product, without its `__init__.py`."""

MOST_LINES = 350

ONE_FILE_A_THING = {"db/migrations/versions", "parsers/grammars", "handlers/commands"}
"""Folders that hold one file for each thing of one kind: they may grow."""


def python_files() -> list[Path]:
    """Return the Python files of the repository, or of the folder when it is no repository."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, check=False, text=True)
    if listed.returncode == 0 and listed.stdout:
        return [path for line in listed.stdout.splitlines() if (path := Path(line)) and (ROOT / path).exists()]
    return [path.relative_to(ROOT) for folder in (*PRODUCT, "tests", "bench") for path in (ROOT / folder).rglob("*.py")]


def test_no_folder_of_the_product_has_too_many_entries() -> None:
    entries = defaultdict(set)
    for path in python_files():
        if path.parts[0] in PRODUCT:
            for depth in range(1, len(path.parts)):
                if path.parts[depth] != "__init__.py":
                    entries["/".join(path.parts[:depth])].add(path.parts[depth])
    assert len(entries) > len(PRODUCT)
    crowded = {name: len(held) for name, held in entries.items() if len(held) > MOST_ENTRIES}
    assert {name for name in crowded if name not in ONE_FILE_A_THING} == set(), crowded


def test_no_file_is_too_long() -> None:
    lengths = {
        str(path): len((ROOT / path).read_text("utf-8").splitlines())
        for path in python_files()
        if path.parent != Path("db/migrations/versions")
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_every_package_says_what_it_holds() -> None:
    for path in python_files():
        if path.parts[0] in PRODUCT and path.name == "__init__.py":
            assert (ROOT / path).read_text("utf-8").startswith('"""'), path
