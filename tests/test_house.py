"""The tree keeps its limits: entries in a folder, lines in a file, and a test file for each module."""

from __future__ import annotations

import ast
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path

from tests.covered_by import COVERED_BY

ROOT = Path(__file__).parents[1]
PRODUCT = ("parsers", "handlers", "db", "sms_gateway")
TESTED = (*PRODUCT, "bench", "tools")

MOST_ENTRIES = 15
"""Modules and packages in a folder of the product, without its `__init__.py`."""

MOST_LINES = 350

MOST_WITHOUT_A_TEST_FILE = 60
"""Entries of `COVERED_BY`."""

ONE_FILE_A_THING = {
    "db/migrations/versions",
    "parsers/grammars",
    "handlers/commands",
    "sms_gateway/channels/http/networks",
}
"""Folders that hold one file for each thing of one kind: they may grow."""

OF_THE_REPOSITORY = {"docs", "house", "makefile", "wsgi"}
"""What the test files in `tests/` itself may bear the name of: docs/, the whole tree, Makefile and wsgi.py."""

BY_HAND = "browser"
"""A folder of tests that share a browser; it has no package of its own, and its files name one beside it."""

LOADED_BY_NAME = {"bench": "bench/", "db/upkeep/revision": "db/migrations/", "sms_gateway/cli": "sms_gateway/cli/"}
"""Modules that load those of a folder by name: who reaches the first reaches all of the second."""

DOCSTRING_ALONE = 7
"""A package whose `__init__.py` is not longer than this has nothing to test."""

NAMED_TUPLES = {"_replace", "_asdict", "_fields", "_make", "_mapping", "_ddl_if"}
"""Public names with an underscore: of named tuples, and of SQLAlchemy."""


@cache
def python_files() -> list[Path]:
    """Return the Python files of the repository, also those not added yet, or of a folder that is no repository."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=False, text=True)
    if listed.returncode == 0 and listed.stdout:
        return [Path(line) for line in listed.stdout.splitlines() if (ROOT / line).exists()]
    return [path.relative_to(ROOT) for folder in (*TESTED, "tests") for path in (ROOT / folder).rglob("*.py")]


@cache
def lines(path: Path) -> int:
    return len((ROOT / path).read_text("utf-8").splitlines())


@cache
def modules() -> dict[str, Path]:
    """Return the file of each module and package of the product, by its path without `.py` or `/__init__.py`."""
    found = [path for path in python_files() if path.parts[0] in TESTED]
    return {str(path.parent if path.name == "__init__.py" else path.with_suffix("")): path for path in found}


def files_of_tests() -> list[Path]:
    return [path for path in python_files() if path.parts[0] == "tests" and path.name.startswith("test_")]


@cache
def named_after(test: Path) -> str | None:
    """Return the module or package that a test file bears the name of, alone or followed by what it tests of it."""
    folder = "/".join(part for part in test.parts[1:-1] if part != BY_HAND)
    named = test.stem.removeprefix("test_")
    near = [name for name in modules() if name == folder or name.rpartition("/")[0] == folder]
    fitting = [name for name in near if f"{named}_".startswith(f"{name.rpartition('/')[2]}_")]
    return max(fitting, key=lambda name: len(name.rpartition("/")[2]), default=None)


def without_a_test_file() -> set[str]:
    tested = {named_after(test) for test in files_of_tests()}
    bare = {name for name, path in modules().items() if path.name == "__init__.py" and lines(path) <= DOCSTRING_ALONE}
    return modules().keys() - tested - bare


def entry_of(module: str) -> str | None:
    """Return the entry of COVERED_BY that covers a module: its own, or that of the nearest package around it."""
    parts = module.split("/")
    around = ("/".join(parts[:depth]) for depth in range(len(parts), 0, -1))
    return next((name for name in around if name in COVERED_BY), None)


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
    lengths = {str(path): lines(path) for path in python_files() if path.parent != Path("db/migrations/versions")}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_every_package_says_what_it_holds() -> None:
    for path in python_files():
        if path.parts[0] in PRODUCT and path.name == "__init__.py":
            assert (ROOT / path).read_text("utf-8").startswith('"""'), path


def test_each_test_file_bears_the_name_of_a_module_or_package() -> None:
    nameless = [path for path in files_of_tests() if named_after(path) is None]
    inside = [path for path in nameless if len(path.parts) > 2]
    assert inside == [], "fix: name the file test_MODULE.py or test_MODULE_SUBJECT.py, in the folder of its package"
    assert {path.stem.removeprefix("test_").partition("_")[0] for path in nameless} <= OF_THE_REPOSITORY


def test_each_module_has_a_test_file_or_is_in_the_list() -> None:
    missing = [name for name in sorted(without_a_test_file()) if entry_of(name) is None]
    assert missing == [], "fix: write the test file, or add an entry with its reason to tests/covered_by.py"


def test_the_list_of_modules_without_a_test_file_is_short_and_true() -> None:
    needed = {entry_of(name) for name in without_a_test_file()}
    assert len(COVERED_BY) <= MOST_WITHOUT_A_TEST_FILE
    assert COVERED_BY.keys() - needed == set(), "fix: remove the entries, their modules have test files or are gone"
    gone = [test for test, _ in COVERED_BY.values() if not (ROOT / test).is_file()]
    assert gone == []
    assert [name for name, (_, reason) in COVERED_BY.items() if len(reason.split()) < 4] == []


@cache
def imported(path: Path) -> frozenset[str]:
    """Return the modules of the product and of the tests' helpers that a file names in imports, or as `-m MODULE`."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(TESTED):
            found.add(node.value.partition(":")[0])
    return frozenset(name.replace(".", "/") for name in found)


@cache
def reached(start: Path) -> frozenset[str]:
    """Return every module that a file imports, and that those import, with the fixtures of its folders."""
    known = modules() | {str(path.with_suffix("")): path for path in python_files() if path.parts[0] == "tests"}
    fixtures = [folder / "conftest.py" for folder in start.parents if (ROOT / folder / "conftest.py").is_file()]
    seen: set[str] = set()
    ahead = [name for path in (start, *fixtures) for name in imported(path)]
    while ahead:
        name = ahead.pop()
        if name in known and name not in seen:
            seen.add(name)
            ahead += [*imported(known[name]), name.rpartition("/")[0]]
            if name in LOADED_BY_NAME:
                ahead += [one for one in modules() if one.startswith(LOADED_BY_NAME[name])]
    return frozenset(seen)


def test_the_test_file_of_an_entry_reaches_the_modules_that_it_covers() -> None:
    far = [
        (name, COVERED_BY[entry][0])
        for name in sorted(without_a_test_file())
        if (entry := entry_of(name)) is not None and name not in reached(Path(COVERED_BY[entry][0]))
    ]
    assert far == []


def private_names(tree: ast.AST) -> set[str]:
    """Return the private names that a test takes from elsewhere: imported, or asked of another object."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in TESTED:
            found |= {name.name for name in node.names if name.name.startswith("_")}
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
            own = ast.unparse(node.value) in {"self", "cls", "super()"}
            found |= set() if own else {node.attr} - NAMED_TUPLES
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
            name = node.args[1] if len(node.args) > 1 else None
            if isinstance(name, ast.Constant) and str(name.value).startswith("_") and "__" not in str(name.value):
                found.add(str(name.value))
    return found


def test_no_test_reaches_into_private_names() -> None:
    found = {
        str(path): names
        for path in python_files()
        if path.parts[0] == "tests" and (names := private_names(ast.parse((ROOT / path).read_text("utf-8"))))
    }
    assert found == {}


def test_private_names_are_found() -> None:
    written = "from db.store import _a\nthing._b\nself._own\npatch.setattr(thing, '_c', 1)\nrow._replace(x=1)"
    assert private_names(ast.parse(written)) == {"_a", "_b", "_c"}
