"""A reading told to a person: how it came about, and the answer that would be sent."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from handlers.context import ServiceFacts
from handlers.correction import correct
from handlers.guidance import show_help
from parsers import read
from parsers.commands import Command, LookUpStatus, RegisterAccount, ShowHelp
from parsers.explanation import explain
from parsers.misread import Misread


def tell(text: str, today: date) -> str:
    """Return some lines about one text, a blank line at the end."""
    return f"{explain(text, today=today)}\n{_answer(read(text, today=today))}\n\n"


def _answer(reading: Command | Misread) -> str:
    service = ServiceFacts()
    match reading:
        case RegisterAccount():
            return "Answer: depends on the accounts: a new one is opened, or the sender is told of the one there is."
        case LookUpStatus():
            codes = ", ".join(f"{code.written} (as {code.canonical})" for code in reading.codes)
            return f"Answer: the state of {codes}, as the dossiers have it."
        case ShowHelp():
            return _quoted(show_help(reading, service).text)
        case Misread():
            return _quoted(correct(reading, service).text)
        case _:
            assert_never(reading)


def _quoted(answer: str) -> str:
    return f"Answer ({len(answer)} characters): {answer}"
