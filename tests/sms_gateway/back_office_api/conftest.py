"""The application with the back office on, and a client of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.back_office.api_clients import Scope, add_client
from db.store.engine import Database
from sms_gateway.settings.back_office_model import AccountMode, BackOfficeSettings
from sms_gateway.settings.model import LookupsSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON

KEY = "sgk_canary-key-91c7"
SIGNING_KEY = "sgk_canary-key-of-the-signer"
SIGNING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
WITHOUT_SCOPE = "sgk_canary-key-without-scope"
BEARER: Mapping[str, str] = {"Authorization": f"Bearer {KEY}"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Api:
    """What a system of the city does."""

    client: FlaskClient

    def push(self, body: object, *, query: str = "", headers: Mapping[str, str] = BEARER) -> TestResponse:
        return self.client.post(f"/back-office/dossiers{query}", json=body, headers=dict(headers))


def examples_of_the_manual() -> Sequence[Any]:
    """Return the JSON of docs/back-office.md, in its order."""
    page = (Path(__file__).parents[3] / "docs" / "back-office.md").read_text(encoding="utf-8")
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]


@pytest.fixture
def back_office_parts(parts: WebDependencies) -> WebDependencies:
    settings = parts.settings.model_copy(
        update={
            "back_office": BackOfficeSettings(enabled=True, accounts=AccountMode.VERIFY),
            "lookups": LookupsSettings(enabled=True),
        }
    )
    return replace(parts, settings=settings)


@pytest.fixture
def back_office_app(back_office_parts: WebDependencies, database: Database) -> Flask:
    clients: Sequence[tuple[str, str, Sequence[Scope], str | None]] = (
        ("lgsp", KEY, list(Scope), None),
        ("signer", SIGNING_KEY, [Scope.DOSSIERS], SIGNING_SECRET),
        ("other", WITHOUT_SCOPE, [], None),
    )
    with database.write() as connection:
        for number, (name, key, scopes, secret) in enumerate(clients, 1):
            add_client(connection, client_id=number, name=name, scopes=scopes, key=key, secret=secret, now=NOON)
    return create_app(back_office_parts)


@pytest.fixture
def api(back_office_app: Flask) -> Api:
    return Api(client=back_office_app.test_client())
