"""`sms-gateway parse`: what texts are taken for, told to a person or, as JSON, to a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click

from parsers import read
from parsers.grammar import Vocabulary
from parsers.printed import as_json
from parsers.vocabulary import VOCABULARY
from sms_gateway.cli.manual import Manual
from sms_gateway.clock import LOCAL_ZONE, utc_now

FILE_ENDINGS = (".txt", ".json", ".jsonl", ".csv", ".log", ".tsv", ".md")
"""A single argument that ends so names a file: no citizen's text does."""

LONGEST_LINE = 1 << 16
"""Octets read of one line: far more than any text that is not refused as too long, so what follows is skipped."""


@click.command(cls=Manual)
@click.option("--json", "wants_json", is_flag=True, help="One JSON object a text, for programs.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day on which ages and two-digit years are judged.  [default: today in Viet Nam]",
)
@click.option("--with-secrets", is_flag=True, help="Read DVC as with [service] look_up_secret: a code and its secret.")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The settings.  [default: as in all commands; with --json, none]",
)
@click.argument("source", metavar="[TEXT|FILE|-]...", nargs=-1)
def parse(
    source: tuple[str, ...], today: datetime | None, config: Path | None, *, wants_json: bool, with_secrets: bool
) -> None:
    """Show what texts are taken for.

    The argument is a text, or a file of texts, or - for standard input, which is also read when there is none. A
    file holds one text a line; a line that is a JSON string (in quotes, with escapes) is the text that it means, so
    a text can hold newlines. Nothing is stored, looked up or sent.

    Texts are read by the keywords of the settings and by the own tables that answer now, for which the database is
    read. When that cannot be done, a line on standard error says so, and texts are read without. With --json settings
    and database are read only when --config names them, so that a program need not wait.

    For a person it shows what each field was taken for and the answer that would be sent. With --json it prints one
    object a line, at once, in the order of the input; lone surrogates are written as escapes. A secret is never
    printed, only that it was given.

    Example:
      sms-gateway parse "TK, Nguyen Van A, 201499999, 20/12/1990"
      sms-gateway parse --json texts.txt
      some-program | sms-gateway parse --json --today 2026-01-31 -

    Exit codes:
      0  every text was read, whatever it was taken for
      1  the file cannot be read
      2  the command line, or the settings that --config names, are wrong
    """
    day = today.date() if today else utc_now().astimezone(LOCAL_ZONE).date()
    tell = _teller(config, wants_json=wants_json)
    output = sys.stdout.buffer
    with _texts(source) as texts:
        for text in texts:
            told = tell(text, day, with_secrets=with_secrets)
            # backslashreplace turns a lone surrogate into \udc80, which is how JSON writes it too
            output.write(told.encode("utf-8", "backslashreplace"))
            output.flush()


@contextmanager
def _texts(source: tuple[str, ...]) -> Iterator[Iterator[str]]:
    path = _file(source)
    if source and source != ("-",) and path is None:
        yield iter([" ".join(source)])
    elif path is None:
        yield _lines(sys.stdin.buffer)
    else:
        try:
            file = path.open("rb")
        except OSError as error:
            raise click.FileError(str(path), type(error).__name__) from error
        with file:
            yield _lines(file)


def _file(source: tuple[str, ...]) -> Path | None:
    """Return the file that is meant: one argument that names something which is there and no directory."""
    if len(source) != 1:
        return None
    path = Path(source[0])
    try:
        there = path.exists() and not path.is_dir()
    except (OSError, ValueError):  # longer than a name may be, or with a NUL: a text
        return None
    if not there and source[0].lower().endswith(FILE_ENDINGS) and not any(map(str.isspace, source[0])):
        raise click.BadParameter(f"there is no file {source[0]}; to read these words as a text, pipe them in")
    return path if there else None


def _lines(file: BinaryIO) -> Iterator[str]:
    """Return each line's text; octets that are no UTF-8 become lone surrogates (surrogateescape)."""
    while line := file.readline(LONGEST_LINE):
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
        yield _text_of(line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "surrogateescape"))


def _text_of(line: str) -> str:
    if not line.lstrip().startswith('"'):
        return line
    try:
        text = json.loads(line)
    except ValueError:  # quotes around a citizen's own text
        return line
    return text if isinstance(text, str) else line


def _teller(config: Path | None, *, wants_json: bool) -> Callable[..., str]:
    """Return what tells about a text; what it cannot know is on standard error."""
    if wants_json and config is None:
        return _as_line
    # These bring SQLAlchemy, which a program in a pipe need not wait for.
    from sms_gateway.cli.parse_report import tell  # noqa: PLC0415 - as above
    from sms_gateway.cli.parse_tables import known_of_service  # noqa: PLC0415 - as above

    known = known_of_service(config)
    for note in known.notes:
        click.echo(f"Caution: {note}", err=True)
    if wants_json:
        return partial(_as_line, vocabulary=known.vocabulary)
    return partial(tell, vocabulary=known.vocabulary, handlers=known.handlers)


def _as_line(text: str, today: date, *, with_secrets: bool, vocabulary: Vocabulary = VOCABULARY) -> str:
    reading = read(text, today=today, with_secrets=with_secrets, vocabulary=vocabulary)
    return json.dumps(as_json(reading, vocabulary), ensure_ascii=False) + "\n"
