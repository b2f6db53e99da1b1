"""The report of a quarter: Vietnamese, complete, compared with two quarters, ready to print and to sign."""

from __future__ import annotations

import csv
import html
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from threading import Event

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, insert

from db.reports.day_figures import Figure, FigureKind, TicketFigure
from db.schema import InboundState, day_count, month_count
from db.store.engine import Database
from db.store.ids import first_id_at
from sms_gateway.process.back_office_jobs import CountDays, days_counting
from sms_gateway.settings.back_office_model import CountsSettings
from sms_gateway.settings.model import RetentionSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.db.units.rows import units
from tests.sms_gateway.conftest import NOON, Clock, log_in
from tests.sms_gateway.pages.acting import get
from tests.sms_gateway.pages.message_rows import message_rows
from tests.sms_gateway.pages.messages.figures.kept_counts import write_counts

TOLD = Figure(FigureKind.TEXT, "look_up_status", "status_told")
OPENED = Figure(FigureKind.TEXT, "register_account", "account_opened")
SOON, LATE = Figure(FigureKind.TIME, "5"), Figure(FigureKind.TIME, "600")
IN_TIME = Figure(FigureKind.TICKET, TicketFigure.IN_TIME, "H17.01")
OVER = Figure(FigureKind.TICKET, TicketFigure.LATE, "H17.01")
FAILED, DELIVERED = Figure(FigureKind.SMS, "failed"), Figure(FigureKind.SMS, "delivered", "taken")
DAYS = {
    date(2026, 7, 1): {TOLD: 20, IN_TIME: 3},
    date(2026, 9, 30): {TOLD: 10, OPENED: 5, SOON: 3, LATE: 1, OVER: 1, FAILED: 1, DELIVERED: 3},
    date(2026, 4, 1): {TOLD: 20, SOON: 1, LATE: 1},
    date(2026, 6, 30): {TOLD: 8},
    date(2026, 10, 1): {TOLD: 1000},
}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    with sqlite_database.write() as connection:
        units(connection, 1)
    write_counts(sqlite_database, DAYS)
    return sqlite_database


def lines(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr\b.*?</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[html.unescape(cell) for cell in row] for row in cells]


def test_one_click_gives_the_report_of_the_last_quarter_in_vietnamese(logged_in: FlaskClient) -> None:
    (address,) = re.findall(r'href="(/admin/figures/report[^"]*)"', get(logged_in, "/admin/figures").text)
    page = get(logged_in, html.unescape(address)).text  # the frame is in the reader's language
    assert '<html lang="en">' in page
    assert '<article class="card report" lang="vi">' in page
    for words in (
        "Số: ……/BC-……",
        "Quý III/2026",
        "Độc lập – Tự do – Hạnh phúc",
        "NGƯỜI LẬP BÁO CÁO",
        "THỦ TRƯỞNG ĐƠN VỊ",
    ):
        assert words in page, words
    assert "Quý chưa kết thúc" not in page
    found = {line[0]: line[1:] for line in lines(page)}
    assert found["Chỉ tiêu"] == [
        "Quý III/2026",
        "Quý II/2026",
        "so với Quý II/2026",
        "Quý III/2025",
        "so với Quý III/2025",
    ]
    assert found["Tin nhắn đến"] == ["35", "28", "+25,0 %", "–", "–"]
    assert found["Trong 5 giây"] == ["75,0 %", "50,0 %", "+25,0", "–", "–"]
    assert found["Tin trả lời không đến được"][0] == "1"
    assert found["Tỷ lệ không đến được"][0] == "25,0 %"
    assert found["Tỷ lệ đúng hạn"][:3] == ["75,0 %", "–", "–"]
    assert found["UBND phường 1"][:5] == ["0", "4", "3", "1", "75,0 %"]
    assert [line[1] for line in lines(page) if "DVC" in line[0] or "TK" in line[0]] == ["30", "5"]


def test_its_file_holds_the_same_tables(logged_in: FlaskClient) -> None:
    address = "/admin/figures/report{}?year=2026&q=3&in=en"
    file = get(logged_in, address.format(".csv")).data.decode("utf-8-sig")
    tables = [line for line in csv.reader(StringIO(file)) if len(line) > 1]
    assert tables == lines(get(logged_in, address.format("")).text)


def test_a_quarter_that_is_not_over_says_so_and_other_quarters_are_a_click_away(logged_in: FlaskClient) -> None:
    page = get(logged_in, "/admin/figures/report?year=2026&q=4&in=en").text
    assert "The quarter is not over. Counts up to 22/11/2026 12:00." in page
    assert ["Texts", "1,000"] in [line[:2] for line in lines(page)]
    vietnamese = get(logged_in, "/admin/figures/report?year=2026&q=4").text
    assert ["Tin nhắn đến", "1.000"] in [line[:2] for line in lines(vietnamese)]
    assert 'rel="next"' not in page
    before = html.unescape(re.findall(r'href="([^"]*)" rel="prev"', page)[0])
    earlier = get(logged_in, before).text
    assert "Report on texts of citizens, QIII/2026" in earlier
    assert html.unescape(re.findall(r'href="([^"]*)" rel="next"', earlier)[0]).startswith(
        "/admin/figures/report?year=2026&q=4"
    )
    for wrong in ("year=2026&q=5", "year=1&q=1", "year=2026&q=3&in=fr"):
        assert get(logged_in, f"/admin/figures/report?{wrong}").status_code == 404, wrong


def test_it_says_that_days_of_a_quarter_it_compares_with_are_not_counted(
    logged_in: FlaskClient, database: Database
) -> None:
    address, said = "/admin/figures/report?year=2026&q=4&in=en", "Some days of these quarters are not counted yet."
    with message_rows(database, lambda: first_id_at(NOON), NOON) as rows:
        rows.text("HD")
    assert said not in get(logged_in, address).text
    uncounted = datetime(2026, 9, 15, 5, tzinfo=UTC)
    with message_rows(database, lambda: first_id_at(uncounted), uncounted) as rows:
        rows.text("HD")
    with database.write() as connection:  # as of a service that ran in October and November alone
        days = [date(2026, 10, 1) + timedelta(days=ago) for ago in range(53)]
        marks = [{"day": day, "kind": "counted", "key": "", "detail": "", "count": 1} for day in days]
        connection.execute(insert(day_count), marks)
    assert said in get(logged_in, address).text


def test_the_head_is_that_of_the_settings(parts: WebDependencies, operator_id: int) -> None:
    assert operator_id
    head = CountsSettings(authority="UBND thành phố <Biển>", office="Trung tâm 1022", place="Hải Châu")
    client = create_app(replace(parts, settings=parts.settings.model_copy(update={"counts": head}))).test_client()
    log_in(client)
    page = client.get("/admin/figures/report").text
    assert "UBND thành phố &lt;Biển&gt;" in page
    assert "Trung tâm 1022" in page
    assert "Hải Châu, ngày 22 tháng 11 năm 2026" in page


def test_a_text_that_is_not_to_be_read_is_no_unread_one(logged_in: FlaskClient, database: Database) -> None:
    """Said in the report and on the page: a reader takes an unread text for a citizen without an answer."""
    states = {
        InboundState.REDELIVERY: "sent twice, not read again",
        InboundState.DOUBLE_TAP: "sent twice, not read again",
        InboundState.UNANSWERABLE: "needs no reading",
        InboundState.SILENCED: "needs no reading",
        InboundState.PARKED: "parked",
        InboundState.RECEIVED: "not read yet",
    }
    counts = {Figure(FigureKind.TEXT, "", state): 2 ** (place + 1) for place, state in enumerate(states)}
    write_counts(database, {date(2026, 9, 1): counts})
    expected = {
        words: sum(2 ** (place + 1) for place, each in enumerate(states.values()) if each == words)
        for words in states.values()
    }
    for path in ("/report?year=2026&q=3&in=en", "?from=2026-09-01&to=2026-09-01"):
        rows = [line for line in lines(get(logged_in, f"/admin/figures{path}").text) if len(line) > 1]
        found = {line[0].partition(" <")[0].lower(): line[1] for line in rows}
        assert {words: found[words] for words in expected} == {words: str(sum_) for words, sum_ in expected.items()}


def test_a_quarter_before_the_first_text_has_dashes_and_one_without_a_text_has_zeros(
    logged_in: FlaskClient, database: Database, clock: Clock
) -> None:
    first, none = NOON - timedelta(days=60), "Nothing was counted in this time."  # in September
    with database.write() as connection:
        connection.execute(delete(day_count))
        connection.execute(delete(month_count))
    with message_rows(database, lambda: first_id_at(first), first) as rows:
        rows.text("HD")
    CountDays(counting=days_counting(RetentionSettings())).run(database, clock, Event())
    expected = {"2025&q=1": ["–", "–"], "2026&q=2": ["–", "–"], "2026&q=3": ["1", "–"], "2026&q=4": ["0", "1"]}
    for quarter, values in expected.items():
        page = get(logged_in, f"/admin/figures/report?year={quarter}&in=en").text
        (line,) = [line for line in lines(page) if line[0] == "Texts"]
        assert line[1:3] == values, quarter
        assert (none in page.partition("<table")[0]) is (values[0] == "–"), quarter
