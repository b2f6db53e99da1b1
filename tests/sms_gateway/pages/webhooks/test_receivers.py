"""The page Webhooks: how the systems are, the last events, sending again and starting again, each in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.processes.webhook_deliveries import (
    DeliveryFilter,
    TryResult,
    give_receivers,
    list_deliveries,
    record_try,
)
from db.processes.webhook_events import note_event
from db.schema import OperatorRole, WebhookState, WebhookType
from db.store.engine import Database
from parsers.vocabulary import VOCABULARY
from sms_gateway.settings.model import Settings
from sms_gateway.settings.services import is_on
from sms_gateway.settings.switches import WEBHOOKS
from sms_gateway.settings.webhook_model import WebhookSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import act, did, get, post

Make = Callable[[OperatorRole], None]
HOOK = WebhookSettings(url="https://lgsp.example/hooks", events=[WebhookType.ACCOUNT_OPENED])
EARLIER = NOON - timedelta(hours=2)


@pytest.fixture
def app(parts: WebDependencies) -> Flask:
    return create_app(replace(parts, settings=parts.settings.model_copy(update={"webhooks": {"lgsp": HOOK}})))


@pytest.fixture
def events(sqlite_database: Database) -> Iterator[list[str]]:
    """A system that said 410 to the first of two events, after the second was given up."""
    give_receivers(sqlite_database, {WebhookType.ACCOUNT_OPENED: ("lgsp",)})
    with sqlite_database.write() as connection:
        for account in ("1", "2"):
            note_event(connection, WebhookType.ACCOUNT_OPENED, {"account": account}, at=EARLIER)
        first, second = list_deliveries(connection, DeliveryFilter())
        record_try(connection, second, TryResult(delivered=False, at=NOON, status=500))
        record_try(connection, first, TryResult(delivered=False, at=NOON, next_try=NOON, status=410, stops=True))
    yield [first.key, second.key]
    give_receivers(sqlite_database, {})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_events_are_listed_sent_again_and_the_system_is_started_again(
    logged_in: FlaskClient, make: Make, sqlite_database: Database, events: list[str]
) -> None:
    page = unescape(get(logged_in, "/admin/webhooks").text)
    for shown in (
        "lgsp",
        "account.opened",
        "Given up",
        "HTTP 500",
        "HTTP 410",
        "wants no more events since",
        *events,
        ">1 <span",
    ):
        assert shown in page, shown
    assert "lgsp.example" not in page, "an address may hold a secret in its query"
    assert "HTTP 410" not in get(logged_in, "/admin/webhooks?state=given_up").text.split("<table", 1)[1]
    today = unescape(get(logged_in, "/admin").text)
    assert "no event goes to lgsp: it answered 410" in today
    make(OperatorRole.ADMINISTRATOR)
    waiting, given_up = events
    assert "sent again, with the same id" in act(logged_in, f"/admin/webhooks/event/{given_up}/again").text
    assert post(logged_in, f"/admin/webhooks/event/{waiting}/again").status_code == 409, "it waits already"
    assert "gets events again" in act(logged_in, "/admin/webhooks/system/lgsp/start").text
    assert post(logged_in, "/admin/webhooks/system/lgsp/start").status_code == 409
    assert post(logged_in, "/admin/webhooks/system/other/start").status_code == 404
    assert did(sqlite_database) == [
        ("webhook_sent_again", f"webhook:{given_up}"),
        ("webhook_started", "webhook:lgsp"),
    ]
    with sqlite_database.read() as connection:
        states = {one.key: (one.state, one.tries) for one in list_deliveries(connection, DeliveryFilter())}
    assert states[given_up] == (WebhookState.WAITING, 0)


def test_the_page_exists_only_where_a_system_has_an_address() -> None:
    assert not is_on(Settings(), VOCABULARY)(WEBHOOKS)
    assert is_on(Settings(webhooks={"lgsp": HOOK}), VOCABULARY)(WEBHOOKS)
    assert not is_on(Settings(webhooks={"lgsp": WebhookSettings()}), VOCABULARY)(WEBHOOKS)
