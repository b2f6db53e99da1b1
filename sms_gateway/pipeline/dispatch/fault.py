"""A fault as stored beside its text: its kind, its place in our code, and an id that is also in the log."""

from __future__ import annotations

import traceback
from hashlib import sha256
from pathlib import Path

from sms_gateway.log import describe

_ROOMS = frozenset({"sms_gateway", "handlers", "parsers", "db"})
_PLACES = 3
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def name_fault(error: BaseException) -> str:
    """Return `bfkcopdg KeyError at handlers/commands/registration.py:41 < …`, innermost place first; never data.

    The first word is the same for the same fault in the same places. It shows which texts are parked for one reason,
    and finds the log line `message_failed` with all places.
    """
    described = describe(error)
    frames = traceback.extract_tb(error.__traceback__)
    places = [place for frame in reversed(frames) if (place := _place(frame.filename, frame.lineno)) is not None]
    return f"{fault_id(described)} {described.split(' at ')[0]} at {' < '.join(places[:_PLACES]) or 'unknown'}"


def fault_id(described: str) -> str:
    """Return eight letters for the types and places of a fault; no digits, which a log would mask."""
    return sha256(described.encode("utf-8", "surrogatepass")).hexdigest()[:8].translate(_LETTERS)


def _place(file: str, line: int | None) -> str | None:
    parts = Path(file).parts
    starts = [number for number, part in enumerate(parts[:-1]) if part in _ROOMS]
    return f"{'/'.join(parts[starts[-1] :])}:{line}" if starts else None
