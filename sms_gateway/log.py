"""Logs: events with ids, states, lengths and durations; never a text, a full number or a secret, at any level.

An event's values are numbers, enums, names and paths. A string that does not look like a name of ours is not written:
its length is. An exception is written as its types and places, never as its message, for that may quote data.
Records of libraries keep their template and lose their arguments and every longer run of digits.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from ipaddress import ip_address
from pathlib import Path, PurePath
from types import TracebackType
from typing import Literal

from sms_gateway.settings.model import LogSettings

LONGEST_WORDS = 200


class Words(str):
    """A sentence of ours or of the system, such as why a bind ended, that its author knows to hold no personal data.

    `event(log, "bind_lost", reason=Words(reason))`. Cut to 200 characters; longer runs of digits are masked too.
    """

    __slots__ = ()


class Digest(str):
    """A keyed digest in hexadecimal digits: it holds nobody's data and is written whole."""

    __slots__ = ()


Value = int | float | bool | str | Enum | PurePath | None
"""What an event may carry. A str must be a short name: see `safe`."""

Level = Literal["debug", "info", "warning", "error"]

LONGEST_NAME = 64
MOST_DIGITS = 6  # fewer than any phone number, identity number or whole birth date has
DEEPEST_CAUSE = 4
FRAMES = 6

_ROOMS = ("sms_gateway", "handlers", "parsers", "db", "wsgi")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]*", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{32}", re.ASCII)
_MANY_DIGITS = re.compile(r"\d(?:[\s.,/-]?\d){3,}")
_VALUES = "sms_gateway_values"  # the attribute of a record that marks it as ours


def logger_of(module: str) -> logging.Logger:
    """Return a module's logger; give it `__name__`."""
    return logging.getLogger(module)


def event(
    logger: logging.Logger, name: str, *, level: Level = "info", error: BaseException | None = None, **values: Value
) -> None:
    """Log one event: `event(log, "bound", link="main", session=3)`. The name is a literal, never made from data."""
    number = logging.getLevelNamesMapping()[level.upper()]
    if logger.isEnabledFor(number):
        safe_values = {key: safe(value) for key, value in values.items()}
        exc_info = None if error is None else (type(error), error, error.__traceback__)
        logger.log(number, name, extra={_VALUES: safe_values}, exc_info=exc_info, stacklevel=2)


def safe(value: object) -> int | float | bool | str | None:
    """Return the value if it may be written, else a word that tells its type and length only.

    >>> safe("main"), safe(12.5), safe("TK, Nguyen Van A"), safe("84905123456")
    ('main', 12.5, '<str 16>', '<str 11>')
    """
    match value:
        case Enum():
            return safe(value.value)
        case bool() | int() | float() | None:
            return value
        case PurePath():
            return str(value)
        case Words():
            return re.sub(r"\d{7,}", "#", value[:LONGEST_WORDS])
        case Digest() if _DIGEST.fullmatch(value):
            return str(value)
        case str():
            return value if _is_name(value) or _is_address(value) else f"<str {len(value)}>"
        case _:
            return f"<{type(value).__name__}>"


def _is_name(text: str) -> bool:
    if len(text) > LONGEST_NAME or not _NAME.fullmatch(text):
        return False
    return sum(character.isdigit() for character in text) <= MOST_DIGITS


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def describe(error: BaseException) -> str:
    """Return an exception's types and places, the outermost first, without any message or value."""
    return " <- ".join(_one(link) for link in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    for _ in range(DEEPEST_CAUSE):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _one(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    code = "".join(f"[{value}]" for value in (_code(error),) if value)
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = [f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno}" for frame in frames]
    return f"{name}{code} at {' > '.join(places)}" if places else f"{name}{code}"


def _code(error: BaseException) -> str | None:
    """Return the code that the driver or the system gives the fault; codes tell causes and never data."""
    for attribute in ("sqlstate", "sqlite_errorname", "errno"):
        code = getattr(error, attribute, None)
        if isinstance(code, int) or (isinstance(code, str) and _NAME.fullmatch(f"c{code}")):
            return str(code)
    return None


def setup(settings: LogSettings) -> None:
    """Send all logs to standard error in the chosen format, and uncaught exceptions and warnings with them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # libraries tell trouble only
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it tells of every request that waits for a thread
    for room in _ROOMS:
        logging.getLogger(room).setLevel(settings.level.upper())
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # a record that cannot be written would be printed with its arguments
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def _log_uncaught(kind: type[BaseException], error: BaseException, places: TracebackType | None) -> None:
    del places
    if not issubclass(kind, KeyboardInterrupt):
        event(logger_of("sms_gateway"), "uncaught", level="error", error=error)


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    name = args.thread.name if args.thread else None
    event(logger_of("sms_gateway"), "uncaught_in_thread", level="error", error=args.exc_value, thread=name)


class _Formatter(logging.Formatter):
    """Takes a record apart into what may be written."""

    @staticmethod
    def parts(record: logging.LogRecord) -> dict[str, int | float | bool | str | None]:
        """Return the parts in the order in which they are read."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        values = getattr(record, _VALUES, None)
        parts: dict[str, int | float | bool | str | None] = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg) if values is not None else _template(record),
        }
        parts.update(values or {})
        if record.exc_info and record.exc_info[1] is not None:
            parts["error"] = describe(record.exc_info[1])
        return parts


class TextFormatter(_Formatter):
    """`2026-11-22T05:30:00.123Z info sms_gateway.channels.smpp.link bound link=main session=3`."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        parts = self.parts(record)
        head = " ".join(str(parts.pop(key)) for key in ("at", "level", "logger", "event"))
        return " ".join([head, *(f"{key}={_quoted(value)}" for key, value in parts.items())])


class JsonFormatter(_Formatter):
    """One JSON object a line, keys as in `parts`."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        return json.dumps(self.parts(record), separators=(",", ":"))


def _template(record: logging.LogRecord) -> str:
    """Return the words without the arguments, which may be data; digits that were written in before are masked."""
    words = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    if record.name.partition(".")[0] in _ROOMS and isinstance(record.args, tuple):
        return _filled(words, record.args)  # ours, but not by `event`: only what an event may carry
    if record.name == "py.warnings":  # already filled in: only the place and the category are sure to hold no data
        words = next(iter(re.findall(r"^(\S+:\d+: \w+):", words)), "warning")
    return json.dumps(_MANY_DIGITS.sub("#", words[:LONGEST_WORDS]))[1:-1]


def _filled(template: str, args: tuple[object, ...]) -> str:
    try:
        return template % tuple(safe(arg) for arg in args)
    except (TypeError, ValueError):  # an argument that became a word where a number belongs
        return template


def _quoted(value: float | str | None) -> str:
    text = "none" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return json.dumps(text) if re.search(r'[\s"=]', text) else text
