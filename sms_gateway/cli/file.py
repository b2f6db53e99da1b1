"""`sms-gateway file`: how texts are filed, by the situation of their senders; nothing is stored and nothing is sent."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

import click

from handlers.conversation.filing import file as file_text
from handlers.conversation.filing.filed import Filed
from parsers import read
from parsers.vocabulary import CONVERSATION_VOCABULARY
from sms_gateway.cli.filing_rows import FaultyRowError, Row, filed_as_plain, row_of
from sms_gateway.cli.manual import Manual
from sms_gateway.clock import LOCAL_ZONE, utc_now

LONGEST_LINE = 1 << 20
"""Octets of one line; the longest text with a hundred tickets has fewer."""

_NO_DAY = "--now is no date and time, such as 2026-11-28T09:00:00+07:00"


@click.command(cls=Manual)
@click.option("--json", "wants_json", is_flag=True, help="One JSON object a text, for programs.")
@click.option(
    "--now",
    metavar="TIME",
    help="The time of the texts, as 2026-11-28T09:00:00+07:00.  [default: the time of the clock]",
)
@click.argument("source", metavar="[FILE|-]", type=click.File("rb"), default="-")
def file(source: BinaryIO, now: str | None, *, wants_json: bool) -> None:
    """Show how texts are filed: the rule, what is done, and the ticket that it is done with.

    Each line is a JSON object with "text" and "situation": the sender's tickets, what was asked last, the text before.
    docs/conversation.md describes its keys; unknown ones are ignored, and a missing situation is that of a stranger.
    Every service of the conversation is on. Nothing is stored, looked up or sent, and no settings are read.

    One line is written for each line that is read, at once. With --json it is an object; a line that is no such object
    gets one with "error".

    Example:
      echo '{"text": "HOI may gio mo cua"}' | sms-gateway file --json

    Exit codes:
      0  every line was filed or has its error
      1  the file cannot be read
      2  the command line is wrong
    """
    day = _day(now)
    output = sys.stdout.buffer
    for line in _lines(source):
        output.write(_answer(line, day, wants_json=wants_json).encode() + b"\n")
        output.flush()


def _day(now: str | None) -> date:
    if now is None:
        return utc_now().astimezone(LOCAL_ZONE).date()
    try:
        moment = datetime.fromisoformat(now)
        return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)).astimezone(LOCAL_ZONE).date()
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(_NO_DAY) from error


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """Return each line; None for one that is too long."""
    while line := source.readline(LONGEST_LINE):
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = source.readline(LONGEST_LINE)
        is_whole = rest is line
        yield line.removesuffix(b"\n").removesuffix(b"\r") if is_whole else None


def _answer(line: bytes | None, today: date, *, wants_json: bool) -> str:
    try:
        filed = _file(row_of(line, longest=LONGEST_LINE), today)
    except FaultyRowError as fault:
        return json.dumps({"error": str(fault)}) if wants_json else f"error: {fault}"
    return json.dumps(filed_as_plain(filed)) if wants_json else _line(filed)


def _file(row: Row, today: date) -> Filed:
    reading = read(row.text, today=today, vocabulary=CONVERSATION_VOCABULARY)
    return file_text(reading, row.text, row.situation, vocabulary=CONVERSATION_VOCABULARY)


def _line(filed: Filed) -> str:
    parts = [
        filed.rule.value,
        filed.does.value,
        f"({filed.command})" if filed.command is not None else "",
        filed.ticket or "",
        f"-> {filed.state.value}" if filed.state is not None else "",
        f"score {filed.score}" if filed.score is not None else "",
        "kept" if filed.is_kept else "",
        "urgent" if filed.is_urgent else "",
    ]
    return " ".join(filter(None, parts))
