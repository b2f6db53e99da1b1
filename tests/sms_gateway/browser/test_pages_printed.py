"""The leaflet and the report on paper: no menu, no text over another, the leaflet on one page of A4."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from db.reports.day_figures import Figure, FigureKind, TicketFigure
from db.store.engine import Database
from sms_gateway import web
from sms_gateway.web.dependencies import EXTENSION, WebDependencies
from sms_gateway.web.translations import LANGUAGES
from tests.db.units.rows import units
from tests.sms_gateway.pages.acting import get
from tests.sms_gateway.pages.leaflet.test_page import ADDRESS, ALL, of, settings_of
from tests.sms_gateway.pages.messages.figures.kept_counts import write_counts

pytestmark = pytest.mark.browser
STYLE = Path(web.__file__).parent / "static" / "style.css"
PAGE_OF_A_PDF = re.compile(rb"/Type\s*/Page\b")
STREAM_OF_A_PDF = re.compile(rb"/Filter /FlateDecode.{0,80}?stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
TEXT_OF_A_STREAM = re.compile(rb"/F\d+ (\S+) Tf\n1 0 0 -1 (\S+) (\S+) Tm\n<([0-9A-F]*)>")
NARROW, HIGH = 0.3, 0.6
"""Of the size of a font: a width that the mean of its letters is above, and their height without accents."""
PAPER = ("20mm 20mm 20mm 30mm", "12.7mm")
"""Margins: of an official document, and some that people choose in the print dialog."""
UNITS = 12


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for paper."""
    return sqlite_database


def test_the_leaflet_fits_on_one_page_of_paper_without_the_menu(
    app: Flask, parts: WebDependencies, logged_in: FlaskClient, plain_page: Page
) -> None:
    app.extensions[EXTENSION] = of(parts, settings_of(ALL))
    plain_page.emulate_media(media="print")
    for language in LANGUAGES:
        written = get(logged_in, f"{ADDRESS}?language={language}").text
        plain_page.set_content(styled(written))
        expect(plain_page.get_by_role("table")).to_be_visible()
        assert plain_page.get_by_role("navigation").count() == 0, language
        printed = plain_page.pdf(prefer_css_page_size=True)
        assert len(PAGE_OF_A_PDF.findall(printed)) == 1, language
        assert not overprinted(printed), language


def test_the_report_is_printed_as_tables_without_a_text_over_another(
    database: Database, logged_in: FlaskClient, plain_page: Page
) -> None:
    with database.write() as connection:
        units(connection, *range(1, UNITS + 1))
    opened = {Figure(FigureKind.TICKET, TicketFigure.OPENED, f"H17.{number:02}"): 1 for number in range(1, UNITS + 1)}
    read = {Figure(FigureKind.TEXT, command): 1 for command in ("help", "look_up_status", "register_account", "greet")}
    write_counts(database, {date(2026, 9, 30): opened | read})
    written = styled(get(logged_in, "/admin/figures/report?year=2026&q=3&in=vi").text)
    plain_page.emulate_media(media="print")
    plain_page.set_viewport_size({"width": 560, "height": 800})
    for margin in PAPER:
        plain_page.set_content(
            written.replace("</head>", f"<style>@page report {{ margin: {margin}; }}</style></head>")
        )
        cell = plain_page.locator(".report td").first
        assert cell.evaluate("cell => getComputedStyle(cell).display") == "table-cell", margin
        printed = plain_page.pdf(prefer_css_page_size=True)
        assert len(PAGE_OF_A_PDF.findall(printed)) in {2, 3}, margin
        assert not overprinted(printed), margin


def styled(written: str) -> str:
    """Return a page with its style in itself."""
    style = f"<style>{STYLE.read_text('utf-8')}</style>"
    return re.sub(r"<(link|script)[^>]*>", "", written).replace("</head>", f"{style}</head>")


def overprinted(pdf: bytes) -> Sequence[tuple[Sequence[float], Sequence[float]]]:
    """Return the places of texts that lie on each other; raise AssertionError where no text is found."""
    pages = [list(text_boxes(page)) for page in STREAM_OF_A_PDF.findall(pdf)]
    assert sum(map(len, pages)) > UNITS, "the texts of the file are read"
    return [
        (one, other)
        for boxes in pages
        for one, other in combinations(boxes, 2)
        if min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])
    ]


def text_boxes(stream: bytes) -> Iterator[tuple[float, float, float, float]]:
    """Return left, upper, right and lower edge of each text of a page, rather too small than too large."""
    for size, left, base, letters in TEXT_OF_A_STREAM.findall(zlib.decompress(stream)):
        width = len(letters) / 4 * NARROW * float(size)
        yield float(left), float(base) - HIGH * float(size), float(left) + width, float(base)
