"""The documents say what is true: links, commands, states, tests and examples that they name are there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path

import click
import pytest

from db.citizens.dossiers import import_dossiers
from db.schema import AccountState, InboundState, OutboundState
from db.store.engine import Database
from db.store.ids import IdSource
from handlers import HANDLERS, handle
from handlers.context import FirstPassword, ServiceFacts
from parsers import read
from sms_gateway.channels.smpp.coding.text import Encoding, count_segments
from sms_gateway.channels.smpp.session.terms import SessionState
from sms_gateway.cli import main
from sms_gateway.demo.sample_dossiers import sample_dossiers
from sms_gateway.metrics import Metrics
from tests.handlers.surroundings import NOW, context
from tools.docs.pieces import CODE, FENCE, anchors

ROOT = Path(__file__).parents[1]
TUTORIALS = ROOT / "docs" / "tutorials"
MANUAL = ("README.md", "docs/operating.md", "docs/smpp.md", "docs/how-to/upgrade.md", "docs/how-to/backup.md")
PAGES = sorted(chain(ROOT.glob("*.md"), (ROOT / "docs").rglob("*.md")))

_LINK = re.compile(r"\]\(([^()\s]+)\)")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROOMS = ("parsers/", "handlers/", "db/", "sms_gateway/", "bench/", "tools/", "tests/", "docs/")
_PATH = re.compile(rf"(?<![\w/.])((?:{'|'.join(ROOMS)})[\w/-]+\.(?:py|md|jsonl|po|html))\b")
"""A file of the repository, by its path from the root."""

_WORD = re.compile(r"`(\w+)`")
_ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| `([^`]+)` \|$", re.MULTILINE)
_PASSWORD = re.compile(r"MK: (\S+)")


def prose(text: str) -> str:
    """Return a page without its blocks and words of code, in which brackets are no links."""
    return CODE.sub("", FENCE.sub("", text))


def test_every_relative_link_leads_somewhere() -> None:
    texts = {page: page.read_text("utf-8") for page in PAGES}
    found = {page: set(anchors(text)) for page, text in texts.items()}
    links = [(page, link) for page in PAGES for link in _LINK.findall(prose(texts[page]))]
    assert len(links) > 300
    lost = []
    for page, link in links:
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        is_there = target.exists() and target.is_relative_to(ROOT) and (not anchor or anchor in found[target])
        if not link.startswith(("https://", "http://", "mailto:")) and not is_there:
            lost.append(f"{page.relative_to(ROOT)}: {link}")
    assert lost == []


def test_every_command_there_is_is_told_by_the_operators_manual_or_the_readme() -> None:
    told = "".join((ROOT / page).read_text("utf-8") for page in MANUAL)
    missing = [
        name for name in main.list_commands(click.Context(main)) if not re.search(rf"(sms-gateway|gw) {name}\b", told)
    ]
    assert missing in ([], ["demo"])  # `make run` is its name in the documents


@pytest.mark.parametrize("states", [InboundState, OutboundState, AccountState, SessionState])
def test_every_state_is_drawn(
    states: type[InboundState | OutboundState | AccountState | SessionState],
) -> None:
    drawn = "".join(FENCE.findall((ROOT / "docs" / "architecture.md").read_text("utf-8")))
    assert [state.value for state in states if not re.search(rf"\b{state.value}\b", drawn)] == []


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def named(pattern: re.Pattern[str]) -> Iterator[tuple[str, ...]]:
    for page in PAGES:
        for found in pattern.finditer(page.read_text("utf-8")):
            yield found.groups()


def test_every_test_named_is_there() -> None:
    found = list(named(_TEST))
    assert len(found) > 20
    assert [f"{path}::{name}" for path, name in found if name not in functions(path)] == []


def test_every_file_named_is_there() -> None:
    pages = TUTORIALS.glob("*.md")
    made = {path for page in pages for path in re.findall(r"^Create `(\S+)`:$", page.read_text("utf-8"), re.MULTILINE)}
    found = [(page, path) for page in PAGES if page.name != "CHANGELOG.md" for path in files_in(page)]
    found = [(page, path) for page, path in found if page.parent != TUTORIALS or path not in made]
    assert len(found) > 60
    assert [f"{page.relative_to(ROOT)}: {path}" for page, path in found if not (ROOT / path).exists()] == []


def files_in(page: Path) -> list[str]:
    """Return the paths from the root that a page names in code: of files, and of folders with their slash."""
    named = (path.partition("::")[0] for path in re.findall(r"`([\w./-]+/[\w./-]*)`", page.read_text("utf-8")))
    return [path for path in named if path.startswith(ROOMS) and "NAME" not in path]


def test_every_file_that_a_docstring_or_comment_names_is_there() -> None:
    sources = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    found = [(path, name) for path in sources for name in _PATH.findall(path.read_text("utf-8"))]
    assert len(found) > 20
    made_up = {"tests/tools/test_prose.py", "tests/test_docs.py", "docs/tutorials/first-command.md"}
    gone = [f"{path.relative_to(ROOT)}: {name}" for path, name in found if not (ROOT / name).exists()]
    assert [one for one in gone if one.partition(":")[0] not in made_up] == []


def test_every_event_of_the_operators_manual_is_logged_somewhere() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    _, _, table = manual.partition("| event | means |")
    names = [name for row in table.partition("\n\n")[0].splitlines() for name in _WORD.findall(row.split(" | ")[0])]
    source = "".join(path.read_text("utf-8") for room in ("sms_gateway", "db") for path in (ROOT / room).rglob("*.py"))
    assert len(names) > 10
    assert [name for name in names if f'"{name}"' not in source] == []


def test_every_metric_of_the_operators_manual_is_counted() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    counted = Metrics().render().decode()
    names = re.findall(r"^\| `(sms_[a-z_]+?)(?:_total)?(?:\{[a-z]+\})?` \|", manual, re.MULTILINE)
    assert len(names) > 5
    assert [name for name in names if f"# TYPE {name}" not in counted] == []


def test_every_decision_names_its_alternatives() -> None:
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        text = page.read_text("utf-8")
        assert re.match(rf"# {page.name[:4]} ", text), page.name
        parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Alternatives", "Consequences"], page.name


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "screenshots").glob("*.png"))
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > 150 * 1024] == []


def test_the_readmes_examples_are_answered_as_shown(sqlite_database: Database) -> None:
    examples = _ROW.findall((ROOT / "README.md").read_text("utf-8"))
    assert len(examples) >= 7
    today = date(2026, 3, 2)
    with sqlite_database.write() as connection:
        new_id = IdSource(node=0, now=lambda: NOW).new
        import_dossiers(connection, sample_dossiers(today), now=NOW, new_id=new_id)
    for text, _, shown in examples:
        assert answer_to(text, shown, sqlite_database, today) == shown
        assert count_segments(shown) == (Encoding.GSM, 1)


def answer_to(text: str, shown: str, database: Database, today: date) -> str:
    """Answer one text; a password is random, so it is taken from what is shown."""
    command = read(text, today=today)
    password = _PASSWORD.search(shown)
    first = FirstPassword(clear=password.group(1) if password else "unused", hashed="$argon2id$made-up")
    with database.write() as connection:
        found = HANDLERS.prefetch(connection, [command], ServiceFacts())[1]
        first_password = first if HANDLERS.needs_preparation(command) else None
        return handle(command, context(connection, dossiers=found, first_password=first_password)).text
