"""The log of messages, page by page and whole, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from sqlalchemy import text

from db.reports import message_log_filter
from db.reports.message_log import LogPage, read_log_page, read_message
from db.reports.message_log_filter import LogFilter, candidates, find_beside
from db.schema import NOT_FOUND, InboundState, OutboundState, ReceiptState
from db.store.address import Address
from db.store.engine import Database
from handlers.answer import Outcome
from tests.db.plans import explained
from tests.sms_gateway.pages.message_rows import SENDER, MessageRows

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
OTHER = "84935111222"
EVERYTHING = LogFilter()


@pytest.fixture
def rows(database: Database) -> Iterator[MessageRows]:
    numbers = count(1)
    with database.write() as connection:
        yield MessageRows(connection=connection, new_id=lambda: next(numbers), now=NOW)


def page(rows: MessageRows, wanted: LogFilter = EVERYTHING, *, before: int | None = None, size: int = 10) -> LogPage:
    return read_log_page(rows.connection, wanted, before=before, size=size)


def bodies(found: LogPage) -> list[str]:
    return [entry.text.body for entry in found.entries]


def test_an_empty_log_has_one_empty_page(rows: MessageRows) -> None:
    assert page(rows) == LogPage(entries=(), older=None)


def test_pages_turn_by_key_newest_first(rows: MessageRows) -> None:
    for number in range(5):
        rows.text(f"text {number}")
    first = page(rows, size=2)
    assert bodies(first) == ["text 4", "text 3"]
    rows.text("came meanwhile")
    second = page(rows, before=first.older, size=2)
    assert bodies(second) == ["text 2", "text 1"]
    third = page(rows, before=second.older, size=2)
    assert bodies(third) == ["text 0"]
    assert third.older is None


def test_a_full_last_page_has_no_older_one(rows: MessageRows) -> None:
    rows.text("a")
    rows.text("b")
    assert page(rows, size=2).older is None


def test_a_line_holds_the_answers_in_their_order(rows: MessageRows) -> None:
    asked = rows.text("DVC 1", reading="look_up_status", outcome="status_told")
    rows.answer(asked, "first", state=OutboundState.FAILED, error="ESME_RINVDSTADR")
    rows.answer(asked, "second", state=OutboundState.QUEUED)
    rows.text("HD")
    entry = page(rows).entries[1]
    assert (entry.text.sender, entry.text.reading, entry.text.outcome) == (SENDER, "look_up_status", "status_told")
    assert [(one.shown, one.state, one.error) for one in entry.answers] == [
        ("first", OutboundState.FAILED, "ESME_RINVDSTADR"),
        ("second", OutboundState.QUEUED, None),
    ]


def test_the_words_of_a_secret_answer_are_never_read(rows: MessageRows) -> None:
    asked = rows.text("TK")
    rows.answer(asked, "MK: canary-password", masked="MK: ****")
    rows.answer(asked, None)
    whole = read_message(rows.connection, asked)
    assert whole is not None
    for answers in (page(rows).entries[0].answers, whole.answers):
        assert [(one.shown, one.is_secret) for one in answers] == [("MK: ****", True), (None, False)]
        assert "canary-password" not in repr(answers)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(LogFilter(sender=Address(OTHER)), ["by other"], id="number"),
        pytest.param(LogFilter(sender=Address("84900000000")), [], id="unknown number"),
        pytest.param(LogFilter(readings=("register_account",)), ["by other"], id="command"),
        pytest.param(
            LogFilter(readings=("misread:birth_date", "misread:id_number")), ["misread 2", "misread 1"], id="misreads"
        ),
        pytest.param(LogFilter(state=InboundState.PARKED), ["parked"], id="state of the text"),
        pytest.param(LogFilter(state=OutboundState.FAILED), ["misread 2"], id="state of the answer"),
        pytest.param(LogFilter(sender=Address(SENDER), state=OutboundState.DELIVERED), ["misread 1"], id="combined"),
        pytest.param(LogFilter(readings=("help",), state=OutboundState.FAILED), [], id="nothing fits both"),
    ],
)
def test_filters_combine(rows: MessageRows, wanted: LogFilter, expected: list[str]) -> None:
    rows.answer(rows.text("misread 1", reading="misread:birth_date"), "fix it")
    rows.answer(rows.text("by other", sender=OTHER, reading="register_account"), "done")
    rows.answer(rows.text("misread 2", reading="misread:id_number"), "fix it", state=OutboundState.FAILED)
    rows.text("parked", state=InboundState.PARKED, reading=None, outcome=None)
    assert bodies(page(rows, wanted)) == expected


def test_pages_of_an_answers_state_turn_too(rows: MessageRows) -> None:
    for number in range(3):
        rows.answer(rows.text(f"text {number}"), "answer", state=OutboundState.FAILED)
    wanted = LogFilter(state=OutboundState.FAILED)
    first = page(rows, wanted, size=2)
    assert bodies(first) == ["text 2", "text 1"]
    assert bodies(page(rows, wanted, before=first.older, size=2)) == ["text 0"]


def test_a_text_with_two_failed_answers_stands_once(rows: MessageRows) -> None:
    asked = rows.text("twice")
    rows.answer(asked, "a", state=OutboundState.FAILED)
    rows.answer(asked, "b", state=OutboundState.FAILED)
    assert bodies(page(rows, LogFilter(state=OutboundState.FAILED))) == ["twice"]


def test_a_message_comes_with_everything_that_happened(rows: MessageRows) -> None:
    first = rows.text("TK once")
    asked = rows.text("TK", octets=b"TK\xff", data_coding=3, duplicate_of=first)
    answered = rows.answer(asked, "long answer", segments=2)
    rows.event("redelivered", inbound_id=asked)
    rows.event("retried", outbound_id=answered, detail="ESME_RTHROTTLED")
    rows.event("parked", inbound_id=first)
    whole = read_message(rows.connection, asked)
    assert whole is not None
    assert (whole.octets, whole.data_coding, whole.session, whole.attempts) == (b"TK\xff", 3, 7, 1)
    assert whole.duplicate_of == first
    assert [(one.number, one.receipt) for one in whole.answers[0].taken] == [
        (1, ReceiptState.DELIVERED),
        (2, ReceiptState.DELIVERED),
    ]
    assert [(one.kind, one.detail) for one in whole.events] == [("redelivered", None), ("retried", "ESME_RTHROTTLED")]


def test_a_message_that_is_not_there_is_none(rows: MessageRows) -> None:
    assert read_message(rows.connection, 12345) is None


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        pytest.param(LogFilter(), "INTEGER PRIMARY KEY", id="everything"),
        pytest.param(LogFilter(readings=("help",)), "ix_inbound_reading", id="command"),
        pytest.param(LogFilter(state=InboundState.PARKED), "ix_inbound_state", id="state of the text"),
        pytest.param(LogFilter(state=OutboundState.FAILED), "ix_outbound_state", id="state of the answer"),
    ],
)
def test_a_page_is_found_by_an_index_and_needs_no_sorting(
    sqlite_database: Database, wanted: LogFilter, index: str
) -> None:
    told = plan_of(sqlite_database, wanted)
    assert index in told
    assert "TEMP B-TREE" not in told
    assert "SCAN" not in told


def test_the_texts_of_a_number_are_found_by_its_index_and_sorted(sqlite_database: Database) -> None:
    """They are few; an index that kept them in order beside the one that limits need would cost every text."""
    told = plan_of(sqlite_database, LogFilter(sender=Address(SENDER)))
    assert "COVERING INDEX ix_inbound_sender" in told
    assert "SCAN" not in told


def plan_of(database: Database, wanted: LogFilter) -> str:
    compiled = candidates(wanted, 1000, 51, spans=(1, 2)).compile(
        dialect=database.reader.dialect, compile_kwargs={"render_postcompile": True}
    )
    unbound = tuple(0 for _ in compiled.positiontup or ())  # the plan does not depend on the values
    with database.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", unbound).all()
    return " | ".join(step.detail for step in plan)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        pytest.param(LogFilter(unsure=True), "ix_outbound_unsure", id="unsure"),
        pytest.param(LogFilter(state=OutboundState.DELIVERED), "ix_outbound_state", id="common state"),
        pytest.param(
            LogFilter(state=OutboundState.DELIVERED, readings=("help",)),
            "ix_inbound_reading",
            id="common state, command",
        ),
        pytest.param(
            LogFilter(state=OutboundState.FAILED, readings=("help",)), "ix_outbound_state", id="rare state, command"
        ),
        pytest.param(
            LogFilter(sender=Address(SENDER), state=OutboundState.FAILED), "ix_inbound_sender", id="number, state"
        ),
        pytest.param(
            LogFilter(state=OutboundState.DELIVERED, since=1, until=2), "INTEGER PRIMARY KEY", id="common state, day"
        ),
    ],
)
def test_filters_that_combine_go_by_the_index_that_fits_the_fewest(
    sqlite_database: Database, wanted: LogFilter, index: str
) -> None:
    assert index in plan_of(sqlite_database, wanted)


def test_any_of_several_readings_is_found_newest_first_without_sorting_all(rows: MessageRows) -> None:
    for number in range(6):
        rows.text(f"text {number}", reading=f"misread:{number % 3}")
    wanted = LogFilter(readings=("misread:0", "misread:2"))
    first = page(rows, wanted, size=2)
    assert bodies(first) == ["text 5", "text 3"]
    assert bodies(page(rows, wanted, before=first.older, size=2)) == ["text 2", "text 0"]


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(LogFilter(link="other"), id="link"),
        pytest.param(LogFilter(readings=("help",), state=OutboundState.DELIVERED, link="other"), id="three"),
        pytest.param(LogFilter(state=OutboundState.FAILED, readings=("register_account",)), id="state and command"),
        pytest.param(LogFilter(code="7777"), id="code"),
    ],
)
def test_a_page_that_looked_far_enough_says_where_the_next_goes_on(
    rows: MessageRows, monkeypatch: pytest.MonkeyPatch, wanted: LogFilter
) -> None:
    for name, value in (("LOOKED_AT", 4), ("OPENED", 4), ("STEP", 2)):
        monkeypatch.setattr(message_log_filter, name, value)
    oldest = rows.text("DVC 7777", link="other", reading="register_account")
    rows.answer(oldest, "answer", state=OutboundState.FAILED)
    if wanted.readings == ("help",):
        rows.answer(rows.text("fits", link="other"), "answer")
    for number in range(9):
        rows.answer(rows.text(f"text {number}"), "answer", state=wanted.state or OutboundState.DELIVERED)  # type: ignore[arg-type]  # of answers alone
    found, before, pages = [], None, 0
    while True:
        one = page(rows, wanted, before=before)
        found += bodies(one)
        before, pages = one.older, pages + 1
        if before is None:
            break
    assert found == ["fits" if wanted.readings == ("help",) else "DVC 7777"]
    assert pages == 3


def test_answers_of_a_day_are_looked_for_between_their_own_ids(rows: MessageRows) -> None:
    first = rows.text("that day")
    failed = rows.answer(first, "answer", state=OutboundState.FAILED)
    rows.answer(rows.text("the day after"), "answer", state=OutboundState.FAILED)
    wanted = LogFilter(
        state=OutboundState.FAILED, since=first, until=first + 1, answers_since=first, answers_until=failed + 1
    )
    assert bodies(page(rows, wanted)) == ["that day"]


def test_look_ups_that_found_nothing_have_an_index_of_their_own(database: Database) -> None:
    with database.read() as connection:
        with explained(connection) as plans:
            read_log_page(connection, LogFilter(outcome=NOT_FOUND))
            find_beside(connection, LogFilter(outcome=NOT_FOUND), 1)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))  # it reads an empty table whole
            with explained(connection) as plans:
                read_log_page(connection, LogFilter(outcome=NOT_FOUND))
    assert "ix_inbound_not_found" in "\n".join(plans)


def test_what_the_index_holds_is_the_outcome_of_a_look_up_that_found_nothing() -> None:
    assert Outcome.STATUS_NOT_FOUND.value == NOT_FOUND
