"""Refuse words that readers of English as a second language look up, and report sentences that are too long.

    python -m tools.prose

It reads the documents, docstrings, comments, texts of commands and pages. Code is not read.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WRITE_INSTEAD = {
    r"mend(?:s|ed|ing)?": "fix",
    r"lest": "so that … not",
    r"whoever": "anyone who",
    r"for\s+want\s+of": "because there is no",
    r"doors?": "HTTP endpoint",
    r"roads?": "pipeline",
    r"carriages?": "round, or single-commit path",
    r"leftovers?": "reclaimed texts",
    r"unheard": "unacknowledged",
    r"rehears(?:al|als|e|es|ed|ing)": "warm-up",
}
"""Words, as patterns, and what to write."""

MOST_WORDS = 30
"""A sentence with more is reported."""

EXEMPT = {"tools/prose.py", "tests/tools/test_prose.py", "CHANGELOG.md"}
"""Files that name the words themselves, and the history of changes."""

_WORD = re.compile(rf"(?<![\w/.\-])(?:{'|'.join(WRITE_INSTEAD)})(?![\w/\-]|\.\w)", re.IGNORECASE)
_CODE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\s]*\)", re.DOTALL)
_DOCTEST = re.compile(r"^[ \t]*>>> .*?(?=\n[ \t]*\n|\Z)", re.MULTILINE | re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n\s*\n|\n(?=\s*(?:[-*|#>]|\d+\.))")


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A stretch of prose, and the line of its file on which it begins."""

    line: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A word that is refused, and what to write."""

    line: int
    word: str
    instead: str


def passages_of(path: Path, text: str) -> Iterator[Passage]:
    """Return the prose of a file: of a page all but its code, of Python its docstrings and comments."""
    if path.suffix == ".py":
        yield from _of_python(text)
    elif path.suffix == ".po":
        yield from _of_catalogue(text, english="/en/" in str(path))
    else:
        yield Passage(line=1, text=_without_code(text))


def _of_python(text: str) -> Iterator[Passage]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Passage(line=node.lineno, text=_without_code(_DOCTEST.sub(_blank_lines, node.value.value)))
        elif isinstance(node, ast.Call):
            for given in node.keywords:
                if given.arg in {"help", "description", "short_help"} and isinstance(given.value, ast.Constant):
                    yield Passage(line=given.value.lineno, text=_without_code(str(given.value.value)))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield Passage(line=token.start[0], text=_without_code(token.string))


def _without_code(text: str) -> str:
    return _CODE.sub(lambda found: _blank_lines(found) or " ", text)


def _blank_lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _of_catalogue(text: str, *, english: bool) -> Iterator[Passage]:
    wanted = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("msg"):
            wanted = line.startswith("msgid") or english
        if wanted and '"' in line:
            yield Passage(line=number, text=line.partition('"')[2].rstrip('"'))


def findings(passage: Passage) -> Iterator[Finding]:
    """Return each refused word of a passage."""
    for found in _WORD.finditer(passage.text):
        instead = next(new for old, new in WRITE_INSTEAD.items() if re.fullmatch(old, found[0], re.IGNORECASE))
        yield Finding(line=passage.line + passage.text.count("\n", 0, found.start()), word=found[0], instead=instead)


def long_sentences(passage: Passage) -> Iterator[tuple[int, int]]:
    """Return the line and the number of words of each sentence that is too long."""
    start = 0
    for end in [*(found.start() for found in _SENTENCE_END.finditer(passage.text)), len(passage.text)]:
        sentence = passage.text[start:end]
        words = len(re.findall(r"\w[\w'-]*", sentence))
        if words > MOST_WORDS and "|" not in sentence:
            lead = len(sentence) - len(sentence.lstrip())
            yield passage.line + passage.text.count("\n", 0, start + lead), words
        start = end


def files(root: Path) -> list[Path]:
    """Return every file whose prose is checked, relative to the root."""
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "sms_gateway").rglob("*.po")]
    for room in ("parsers", "handlers", "db", "sms_gateway", "bench", "tools", "tests"):
        found += (root / room).rglob("*.py")
    return sorted(path.relative_to(root) for path in found)


def main(root: Path) -> int:
    """Print what is refused and what is long; return the exit code."""
    refused = long = 0
    for path in files(root):
        if str(path) in EXEMPT:
            continue
        for passage in passages_of(path, (root / path).read_text("utf-8")):
            for one in findings(passage):
                refused += 1
                print(f'{path}:{one.line}: "{one.word}": write {one.instead}')  # noqa: T201 - a command's output
            if path.parts[0] != "tests":
                for line, words in long_sentences(passage):
                    long += 1
                    print(f"{path}:{line}: a sentence of {words} words (reported only)")  # noqa: T201 - as above
    print(f"{refused} words refused, {long} sentences over {MOST_WORDS} words")  # noqa: T201 - as above
    return int(refused > 0)


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
