"""A form that each route of own tables, webhooks and systems of the city takes."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from itertools import count

from db.back_office.api_clients import Scope, add_client
from db.citizens.lookups import StoredTable, add_table
from db.processes.webhook_deliveries import (
    DeliveryFilter,
    TryResult,
    give_receivers,
    list_deliveries,
    record_try,
)
from db.processes.webhook_events import note_event
from db.schema import LookupState, WebhookType
from sms_gateway.demo.sample_tables import HOURS
from sms_gateway.settings.webhook_model import WebhookSettings
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.actions.form_stories import Story, World, of

RECEIVERS = {"lgsp": WebhookSettings(url="https://lgsp.example/hooks", events=[WebhookType.ACCOUNT_OPENED])}
_BUS = {
    "name": "bus",
    "title": "tuyen xe buyt",
    "keywords": "BUS",
    "shape": "code",
    "template": "Tuyen {tuyen}: {lo trinh}.",
    "key_label": "so tuyen",
}
_ids = count(9_000)


def table(state: LookupState, way: str) -> Story:
    """Return a form of a version that another operator made."""

    def story(world: World) -> tuple[str, Mapping[str, object]]:
        row_id = next(_ids)
        made = StoredTable(id=row_id, name=way, state=state, definition=HOURS, made_by="huy", made_at=NOON)
        with world.database.write() as connection:
            add_table(connection, made)
        return f"/admin/tables/{row_id}/{way}", {}

    return story


def event_of(world: World, result: TryResult) -> str:
    """Write an event and what a try came to; return its key."""
    give_receivers(world.database, {WebhookType.ACCOUNT_OPENED: ("lgsp",)})
    with world.database.write() as connection:
        note_event(connection, WebhookType.ACCOUNT_OPENED, {"account": "1"}, at=NOON)
        newest = list_deliveries(connection, DeliveryFilter())[0]
        assert record_try(connection, newest, result)
    give_receivers(world.database, {})
    return newest.key


def given_up(world: World) -> tuple[str, Mapping[str, object]]:
    key = event_of(world, TryResult(delivered=False, at=NOON, status=500))
    return f"/admin/webhooks/event/{key}/again", {}


def stopped(world: World) -> tuple[str, Mapping[str, object]]:
    event_of(world, TryResult(delivered=False, at=NOON, next_try=NOON, status=410, stops=True))
    return "/admin/webhooks/system/lgsp/start", {}


def another_key(world: World) -> tuple[str, Mapping[str, object]]:
    with world.database.write() as connection:
        add_client(
            connection, client_id=next(_ids), name="lgsp", scopes={Scope.DOSSIERS}, key="a key", secret=None, now=NOON
        )
    return "/admin/systems/lgsp", {"action": "rotate"}


SERVICE_STORIES: Mapping[str, Story] = {
    "admin.new_table": lambda _: (
        "/admin/tables/new",
        {**_BUS, "file": (BytesIO("Tuyến;Lộ trình\nR16;Chợ Cồn\n".encode()), "bus.csv")},
    ),
    "admin.submit_version": table(LookupState.DRAFT, "submit"),
    "admin.approve_version": table(LookupState.WAITING, "approve"),
    "admin.remove_version": table(LookupState.DRAFT, "remove"),
    "admin.switch_table_off": table(LookupState.APPROVED, "off"),
    "admin.switch_table_on": table(LookupState.APPROVED, "on"),
    "admin.send_webhook": given_up,
    "admin.start_webhook": stopped,
    "admin.add_api_client": of("/admin/systems/add", name="mot-cua", scope="dossiers"),
    "admin.change_api_client": another_key,
}
"""A form that each route takes, in an order in which each can be done."""
