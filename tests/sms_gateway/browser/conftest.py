"""A real browser, and an application served to it on loopback."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from db.schema import OperatorRole
from db.staff.operators import add_operator, change_password, find_operator
from db.staff.sessions import open_session
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.channels.http.answer_waiter import AnswerWaiter, DirectIntake
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.demo.handset_page import phone_page
from sms_gateway.pages.session import COOKIE, TOKEN_OCTETS
from sms_gateway.settings.model import WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.server import WebServer
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.city_office import conversation_parts
from tests.sms_gateway.conftest import HASHED, NAME, NOON, SETTINGS, VIETTEL, Clock, Counts, EchoHandset

BROWSERS = ("chromium-headless-shell", "chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 10_000
"""Milliseconds that a page may take for anything, on a busy machine."""

A_LOOK = 5_100
"""Milliseconds after which every page has looked for news; tests move the page's clock on instead of waiting."""


@dataclass(kw_only=True)
class Watch:
    """What pages must not do: complain, or talk to another host."""

    complaints: list[str]
    hosts: set[str | None]

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        self.hosts.add(urlsplit(request.url).hostname)


@dataclass(frozen=True, kw_only=True)
class Served:
    """An application on loopback, its database and its one operator (NAME, PASSWORD)."""

    address: str
    database: Database
    ids: IdSource
    clock: Clock


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.skip("install chromium-headless-shell")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    seen = Watch(complaints=[], hosts=set())
    yield seen
    assert seen.complaints == []
    assert seen.hosts <= {"127.0.0.1"}


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="en-GB", reduced_motion="reduce")
    made.set_default_timeout(PATIENCE)
    watch.over(made)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def plain_page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page in a browser without scripts."""
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    watch.over(context)
    yield context.new_page()
    context.close()


@pytest.fixture
def served(sqlite_database: Database, browser: Browser) -> Iterator[Served]:
    clock = Clock()
    ids = IdSource(node=1, now=clock)
    with sqlite_database.write() as connection:
        made = ids.new()
        add_operator(
            connection, operator_id=made, name=NAME, password_hash=HASHED, role=OperatorRole.OPERATOR, now=NOON
        )
        change_password(connection, made, HASHED)
    parts = WebDependencies(
        database=sqlite_database,
        settings=SETTINGS,
        now=clock,
        text_intake=DirectIntake(database=sqlite_database, new_id=ids.new),
        answer_for=AnswerWaiter(database=sqlite_database, new_id=ids.new, now=clock),
        new_id=ids.new,
        traits=traits_by_channel(SETTINGS),
        links=lambda: [VIETTEL, replace(VIETTEL, name="mobifone", up=False)],
        counters=Counts(),
        conversation=conversation_parts(sqlite_database, traits_by_channel(SETTINGS)),
    )
    server = WebServer(create_app(parts, [phone_page(EchoHandset(clock=clock))]), WebSettings(port=0))
    server.start()
    yield Served(address=f"http://127.0.0.1:{server.port}", database=sqlite_database, ids=ids, clock=clock)
    for context in browser.contexts:  # a page that renews itself would complain of the server that is gone
        context.close()
    server.stop(5)


def log_in(page: Page, served: Served) -> None:
    """Open a session as the log-in does, and go to the first page; test_pages_accessible.py fills in the form."""
    token, csrf = (secrets.token_urlsafe(TOKEN_OCTETS) for _ in range(2))
    now = served.clock.now
    with served.database.write() as connection:
        operator = find_operator(connection, NAME)
        assert operator is not None
        open_session(
            connection,
            token=token,
            operator_id=operator.id,
            csrf=csrf,
            address="127.0.0.1",
            now=now,
            expires_at=now + timedelta(hours=SETTINGS.web.session_hours),
        )
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": served.address}])
    page.goto(f"{served.address}/admin")
