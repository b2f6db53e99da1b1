from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from sms_gateway.log import Words, describe, event, logger_of, safe, setup
from sms_gateway.settings.model import LogSettings
from tests.sms_gateway.cli.surroundings import logging_kept

CANARY = "Nguyen Van Canary"
NUMBER = "84905123456"
log = logger_of("sms_gateway.test")


class State(Enum):
    READY = "ready"
    SPOKEN = "TK, Nguyen Van A"


def fail_after_another() -> None:
    try:
        dict[str, str]()[CANARY]
    except KeyError as error:
        raise ValueError(CANARY) from error


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with logging_kept():
        yield stream


@pytest.fixture
def lines(written: io.StringIO) -> Callable[[], list[str]]:
    setup(LogSettings(level="debug"))
    return lambda: [line.split(" ", 1)[1] for line in written.getvalue().splitlines()]


@pytest.fixture
def objects(written: io.StringIO) -> Callable[[], list[dict[str, object]]]:
    setup(LogSettings(level="info", format="json"))
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def test_an_event_is_one_line_of_names_and_numbers(lines: Callable[[], list[str]]) -> None:
    event(log, "bound", link="main", session=3, took=0.123456789, ok=True, error_code=None, state=State.READY)
    assert lines() == [
        "info sms_gateway.test bound link=main session=3 took=0.123457 ok=True error_code=none state=ready"
    ]


def test_json_has_the_same_parts(objects: Callable[[], list[dict[str, object]]]) -> None:
    event(log, "bound", level="warning", link="main", session=3, took=0.5, state=None)
    (written,) = objects()
    assert list(written) == ["at", "level", "logger", "event", "link", "session", "took", "state"]
    assert str(written["at"]).endswith("Z")
    assert (written["level"], written["event"], written["took"], written["state"]) == ("warning", "bound", 0.5, None)


def test_what_is_below_the_level_is_not_written(objects: Callable[[], list[dict[str, object]]]) -> None:
    event(log, "small", level="debug")
    logging.getLogger("library").info("small")
    assert objects() == []


NOT_NAMES = [
    CANARY,
    NUMBER,
    "0905 123 456",
    "201499999",
    "20/12/1990",
    "a20-12-1990",
    "TK, A",
    "DVC000.00.12.H17-230815-0007",
    "mật",
    "",
    "x" * 65,
    "two\nlines",
]


@pytest.mark.parametrize("value", NOT_NAMES)
def test_a_string_that_is_no_name_is_told_by_its_length(value: str) -> None:
    assert safe(value) == f"<str {len(value)}>"


@pytest.mark.parametrize("value", ["main", "ESME_RTHROTTLED", "receipt:failed:001", "smsc.example", "10.100.200.30"])
def test_names_and_addresses_are_written(value: str) -> None:
    assert safe(value) == value


def test_other_values_are_told_by_their_type_and_paths_by_their_text() -> None:
    assert safe(b"TK") == "<bytes>"
    assert safe([NUMBER]) == "<list>"
    assert safe(State.SPOKEN) == "<str 16>"
    assert safe(Path("var/keys")) == "var/keys"


def test_words_that_their_author_vouches_for_are_written_without_long_numbers(lines: Callable[[], list[str]]) -> None:
    event(log, "bind_lost", reason=Words(f"port 2775: refused {NUMBER}"))
    assert lines() == ['info sms_gateway.test bind_lost reason="port 2775: refused #"']
    assert len(str(safe(Words("x" * 500)))) == 200


def test_an_exception_is_told_by_types_and_places_and_never_by_its_message(lines: Callable[[], list[str]]) -> None:
    with pytest.raises(ValueError, match=CANARY) as caught:
        fail_after_another()
    event(log, "failed", level="error", error=caught.value)
    (line,) = lines()
    assert CANARY not in line
    assert "ValueError at " in line
    assert "tests/sms_gateway/test_log.py:" in line
    assert " <- KeyError at " in line


def test_a_database_error_is_told_by_its_code_and_never_by_its_parameters(lines: Callable[[], list[str]]) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE t (a TEXT UNIQUE)"))
        connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": CANARY})
        with pytest.raises(IntegrityError) as caught:
            connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": CANARY})
    engine.dispose()
    event(log, "failed", error=caught.value)
    assert "sqlalchemy.exc.IntegrityError at " in lines()[0]
    assert "sqlite3.IntegrityError[SQLITE_CONSTRAINT_UNIQUE]" in lines()[0]
    assert CANARY not in lines()[0]


def test_causes_are_followed_to_a_bound_and_not_past_what_was_suppressed() -> None:
    error: BaseException = OSError(2, CANARY)
    for _ in range(9):
        outer = RuntimeError(CANARY)
        outer.__context__ = error
        error = outer
    assert describe(error) == " <- ".join(["RuntimeError"] * 4)
    error.__suppress_context__ = True
    assert describe(error) == "RuntimeError"
    assert describe(OSError(2, CANARY)) == "FileNotFoundError[2]"


def test_a_library_s_record_loses_its_arguments_and_its_digits(lines: Callable[[], list[str]]) -> None:
    logging.getLogger("library").warning("took %s from %s", CANARY, NUMBER)
    logging.getLogger("library").warning(f"took it from {NUMBER}\nand 20/12/1990")  # noqa: G004 - what libraries do
    logging.getLogger("library").error(ValueError(CANARY))
    try:
        fail_after_another()
    except ValueError:
        logging.getLogger("library").exception("failed")
    written = lines()
    assert written[:3] == [
        "warning library took %s from %s",
        r"warning library took it from #\nand #",
        "error library ValueError",
    ]
    assert written[3].startswith('error library failed error="ValueError at ')
    assert CANARY not in "".join(written)


def test_a_plain_record_of_our_own_is_filled_with_safe_values_only(lines: Callable[[], list[str]]) -> None:
    log.info("link %s sent %d to %s", "main", 3, NUMBER)
    log.info("sent %d", NUMBER)
    log.info("nothing")
    assert lines() == [
        "info sms_gateway.test link main sent 3 to <str 11>",
        "info sms_gateway.test sent %d",
        "info sms_gateway.test nothing",
    ]


def test_a_warning_is_told_by_its_place_and_category(lines: Callable[[], list[str]]) -> None:
    warned = logging.getLogger("py.warnings")  # where captureWarnings sends them, filled in
    warned.warning(f"place.py:7: UserWarning: {CANARY}\n  warn({CANARY})\n")
    warned.warning(CANARY)
    assert lines() == ["warning py.warnings place.py:7: UserWarning", "warning py.warnings warning"]


def test_uncaught_exceptions_are_events_too(lines: Callable[[], list[str]]) -> None:
    def fail() -> None:
        raise ValueError(CANARY)

    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    thread.join()
    sys.excepthook(ValueError, ValueError(CANARY), None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    in_thread, in_main = lines()
    assert in_thread.startswith('error sms_gateway uncaught_in_thread thread=worker error="ValueError at ')
    assert in_main == "error sms_gateway uncaught error=ValueError"
    assert CANARY not in in_thread
