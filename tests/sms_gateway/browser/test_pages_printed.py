"""The leaflet on paper: the sheet alone, on one page of A4, in both languages with everything switched on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from db.store.engine import Database
from sms_gateway import web
from sms_gateway.web.dependencies import EXTENSION, WebDependencies
from sms_gateway.web.translations import LANGUAGES
from tests.sms_gateway.pages.acting import get
from tests.sms_gateway.pages.leaflet.test_page import ADDRESS, ALL, of, settings_of

pytestmark = pytest.mark.browser
STYLE = Path(web.__file__).parent / "static" / "style.css"
PAGE_OF_A_PDF = re.compile(rb"/Type\s*/Page\b")


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
        styled = f"<style>{STYLE.read_text('utf-8')}</style>"
        plain_page.set_content(re.sub(r"<(link|script)[^>]*>", "", written).replace("</head>", f"{styled}</head>"))
        expect(plain_page.get_by_role("table")).to_be_visible()
        assert plain_page.get_by_role("navigation").count() == 0, language
        assert len(PAGE_OF_A_PDF.findall(plain_page.pdf(prefer_css_page_size=True))) == 1, language
