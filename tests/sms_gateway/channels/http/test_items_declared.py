"""A field that a network's function reads and does not name ends the request; its texts are not ignored in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.store.engine import Database
from sms_gateway.channels.http.bodies.declared_fields import UndeclaredFieldError
from sms_gateway.channels.http.network import Arrivals, table_of
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.channels.http.test_endpoint_receipts import LISTS
from tests.sms_gateway.channels.http.test_items import EVENTS, LISTED
from tests.sms_gateway.conftest import SECRET


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


def test_a_network_must_name_what_its_kind_reads(parts: WebDependencies) -> None:
    def forgetful(settings: ChannelSettings) -> Arrivals:
        return replace(LISTS.arrivals(settings), also=())

    network = replace(LISTS, arrivals=forgetful)
    app = create_app(replace(parts, settings=Settings(channels={"lists": LISTED}), networks=table_of([network])))
    app.testing = True
    with pytest.raises(UndeclaredFieldError, match=r"'type' in Arrivals\.also"):
        app.test_client().post("/mo/lists", json={"events": EVENTS}, headers={"X-Key": SECRET})
