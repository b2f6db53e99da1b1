"""The page Figures: its tables, their files, its periods, and who sees what."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from threading import Event

import pytest
from flask.testing import FlaskClient

from db.reports.day_figures import TAKEN, Figure, FigureKind, TicketFigure
from db.schema import OperatorRole, OutboundState
from db.store.engine import Database
from db.store.ids import first_id_at
from db.units.memberships import Membership, set_membership
from sms_gateway.process.back_office_jobs import CountDays, days_counting
from sms_gateway.settings.model import RetentionSettings
from sms_gateway.settings.switches import CONVERSATION
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.db.units.rows import units
from tests.sms_gateway.conftest import NOON, Clock, log_in
from tests.sms_gateway.pages.acting import ENGLISH, get
from tests.sms_gateway.pages.message_rows import message_rows
from tests.sms_gateway.pages.messages.figures.kept_counts import write_counts

TODAY = date(2026, 11, 22)
TICKET, SCORE = FigureKind.TICKET, FigureKind.SCORE
DAY = {
    Figure(FigureKind.TEXT, "look_up_status", "status_told"): 40,
    Figure(FigureKind.TEXT, "misread:birth_date", "corrected"): 8,
    Figure(FigureKind.TEXT, "", "redelivery"): 2,
    Figure(FigureKind.SMS, "delivered", TAKEN): 40,
    Figure(FigureKind.SMS, "failed", TAKEN): 3,
    Figure(FigureKind.SMS, "failed"): 1,
    Figure(FigureKind.SMS, "sent", TAKEN): 4,
    Figure(FigureKind.SEGMENTS, ""): 60,
    Figure(FigureKind.TIME, "3"): 30,
    Figure(FigureKind.TIME, "60"): 10,
    Figure(FigureKind.TIME, "longer"): 8,
    Figure(TICKET, TicketFigure.OPENED, "H17.01"): 5,
    Figure(TICKET, TicketFigure.IN_TIME, "H17.01"): 3,
    Figure(TICKET, TicketFigure.LATE, "H17.02"): 1,
    Figure(TICKET, TicketFigure.OPENED, ""): 7,
    Figure(SCORE, "5", "H17.01"): 1,
    Figure(SCORE, "2", "H17.02"): 1,
}
DAYS = {date(2026, 11, 3): DAY, date(2026, 11, 4): DAY, date(2026, 10, 31): DAY, date(2024, 2, 29): DAY}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    with sqlite_database.write() as connection:
        units(connection, 1, 2)
    write_counts(sqlite_database, DAYS)
    return sqlite_database


def tables(page: str) -> dict[str, list[list[str]]]:
    """Return the cells of each table of the page by its name, with the headings."""
    found = {}
    for name, section in re.findall(r'aria-labelledby="(\w+)-title">(.*?)</section>', page, re.DOTALL):
        rows = re.findall(r"<tr\b.*?</tr>", section, re.DOTALL)
        cells = [re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
        found[name] = [[html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in row] for row in cells]
    return found


def test_each_table_holds_the_counts_and_its_file_is_the_same_table(logged_in: FlaskClient) -> None:
    page = get(logged_in, "/admin/figures?by=day&from=2026-11-03&to=2026-11-04").text
    shown = tables(page)
    assert list(shown) == ["texts", "times", "tickets", "units", "commands", "outcomes"]
    day = ["48", "8", "48", "47", "40", "4", "0", "4", "0", "60"]
    assert [row[1:] for row in shown["texts"][1:3]] == [day, day]
    assert shown["texts"][3] == ["Sum", *(str(2 * int(cell)) for cell in day)]
    assert shown["times"][1] == ["03/11/2026", "48", "62.5 %", "83.3 %", "3", "–"]
    assert shown["tickets"][1][1:] == ["12", "4", "3", "1", "75.0 %", "0", "0", "2", "3.5"]
    assert [row[:3] for row in shown["units"][1:]] == [
        ["UBND phường 1", "10", "6"],
        ["UBND phường 2", "0", "2"],
        ["accusations (no unit is named)", "14", "0"],
    ]
    assert [row[1:] for row in shown["commands"][1:]] == [["80", "80.0 %"], ["16", "16.0 %"], ["4", "4.0 %"]]
    links = [html.unescape(link) for link in re.findall(r'href="(/admin/figures\.csv[^"]*)"', page)]
    assert len(links) == len(shown)
    for (name, cells), link in zip(shown.items(), links, strict=True):
        file = get(logged_in, link)
        assert list(csv.reader(StringIO(file.data.decode("utf-8-sig")))) == cells, name
    assert page.count('<path class="chart-texts"') == 2 * 3  # in each of three drawings and its legend


def test_vietnamese_numbers_have_a_decimal_comma_on_the_page_and_in_files(
    logged_in: FlaskClient, database: Database
) -> None:
    times = {Figure(FigureKind.TIME, "3"): 5, Figure(FigureKind.TIME, "60"): 3}
    write_counts(database, {date(2026, 11, 5): times | {Figure(FigureKind.TEXT, "help", "helped"): 1234}})
    vietnamese, asked = {"Accept-Language": "vi"}, "by=day&from=2026-11-05&to=2026-11-05"
    shown = tables(logged_in.get(f"/admin/figures?{asked}", headers=vietnamese).text)
    assert shown["texts"][1][1] == "1.234"
    assert shown["times"][1][2] == "62,5 %"
    for path, line, place, values in (
        (f".csv?table=texts&{asked}", "05/11/2026", 1, ["1234"]),
        (f".csv?table=times&{asked}", "05/11/2026", 2, ["62,5 %", "100,0 %"]),
        ("/report.csv?year=2026&q=4", "trong 5 giây", 1, ["62,5 %"]),
    ):
        file = logged_in.get(f"/admin/figures{path}", headers=vietnamese).data.decode("utf-8-sig")
        cells = {row[0].lower(): row[1:] for row in csv.reader(StringIO(file), delimiter=";") if row}[line]
        assert cells[place - 1 :][: len(values)] == values, path


def test_periods_lead_to_each_other_and_hold_what_was_counted(logged_in: FlaskClient) -> None:
    for by, texts, sums in (("day", 31, 96), ("month", 12, 144), ("year", 6, 192)):
        page = get(logged_in, f"/admin/figures?by={by}").text
        rows = tables(page)["texts"][1:]
        assert len(rows) <= texts, by
        assert rows[-1][1] == str(sums), by
        assert 'rel="next"' not in page, "nothing is later than today"
        before = html.unescape(re.findall(r'href="([^"]*)" rel="prev"', page)[0])
        earlier = get(logged_in, before).text
        assert 'rel="next"' in earlier, by
        assert tables(earlier)["texts"][-1][1] == {"day": "48", "month": "0", "year": "0"}[by]
    assert "The last 100 rows are shown" in get(logged_in, "/admin/figures?from=2024-01-01&to=2026-11-01").text
    assert tables(get(logged_in, "/admin/figures?from=2027-01-01&to=2027-01-05").text)["texts"][1:] == [
        ["Sum", *["0"] * 10]
    ]
    for path in ("by=week", "from=yesterday", "from=0001-01-01", "to=9999-12-31"):
        assert get(logged_in, f"/admin/figures?{path}").status_code == 404, path
    assert get(logged_in, "/admin/figures.csv?table=passwords").status_code == 404


def test_the_page_says_that_days_were_never_counted(logged_in: FlaskClient, database: Database, clock: Clock) -> None:
    said, earlier = "Some days of this time are not counted yet.", NOON - timedelta(days=3)
    with message_rows(database, lambda: first_id_at(earlier), earlier) as rows:
        rows.text("HD")
    for path in ("/admin/figures", "/admin/figures?by=year"):
        assert said in get(logged_in, path).text, path
    in_report = "Some days of these quarters are not counted yet."
    assert in_report in get(logged_in, "/admin/figures/report?year=2026&q=4&in=en").text
    assert said not in get(logged_in, "/admin/figures?from=2026-11-21&to=2026-11-22").text
    assert CountDays(counting=days_counting(RetentionSettings())).run(database, clock, Event()) == 1
    page = get(logged_in, "/admin/figures").text
    assert said not in page
    assert ["19/11/2026", "1"] in [row[:2] for row in tables(page)["texts"]]


def test_today_is_live(logged_in: FlaskClient, database: Database, new_id: Callable[[], int]) -> None:
    with message_rows(database, new_id, NOON - timedelta(seconds=5)) as rows:
        rows.answer(rows.text("HD"), "x", state=OutboundState.SENT)
    shown = tables(get(logged_in, "/admin/figures").text)
    assert [row[:5] for row in shown["texts"][-2:]] == [
        ["22/11/2026", "1", "0", "1", "1"],
        ["Sum", "97", "16", "97", "95"],
    ]
    assert tables(get(logged_in, "/admin/figures?by=year").text)["texts"][-2][:2] == ["2026", "145"]


def test_who_sees_numbers_sees_figures_and_tickets_of_own_units_alone(
    logged_in: FlaskClient, database: Database, make: Callable[[OperatorRole], None], operator_id: int
) -> None:
    make(OperatorRole.VIEWER)
    for path in ("/admin/figures", "/admin/figures.csv", "/admin/figures/report", "/admin/figures/report.csv"):
        assert get(logged_in, path).status_code == 403, path
    make(OperatorRole.AGENT)
    address = "/admin/figures?from=2026-11-03&to=2026-11-03"
    assert list(tables(get(logged_in, address).text)) == ["texts", "times", "commands", "outcomes"]
    with database.write() as connection:
        set_membership(connection, Membership(operator_id=operator_id, unit_id=2, leads=True))
    shown = tables(get(logged_in, address).text)
    assert shown["units"][1:] == [["UBND phường 2", "0", "1", "0", "1", "0.0 %", "0", "0", "1", "2.0"]]
    assert shown["tickets"][-1][1:3] == ["0", "1"]
    assert 'href="/admin/figures"' in get(logged_in, "/admin/numbers").text


def test_a_city_without_tickets_sees_no_ticket_part(
    parts: WebDependencies, make: Callable[[OperatorRole], None]
) -> None:
    make(OperatorRole.OPERATOR)
    client = create_app(replace(parts, is_on=lambda service: service != CONVERSATION)).test_client()
    log_in(client)
    page = client.get("/admin/figures?from=2026-11-03&to=2026-11-03", headers=ENGLISH).text
    assert list(tables(page)) == ["texts", "times", "commands", "outcomes"]
    report = client.get("/admin/figures/report?year=2026&q=4&in=en", headers=ENGLISH).text
    assert report.count("<table") == 2
