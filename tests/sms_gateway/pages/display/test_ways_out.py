"""The page of a message whose answer goes out by HTTP or in a chat speaks of requests, not of SMPP."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from db.schema import OutboundState
from db.store.engine import Database
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON, SECRET
from tests.sms_gateway.pages.acting import get
from tests.sms_gateway.pages.message_rows import message_rows

SMPP = ("submit_sm", "data_coding", "sm_length", "On the wire", "Segments", "GSM 03.38", "segment 1 of 1", "carrier")
NAMES = ("esms", "zalo")


@pytest.fixture
def app(parts: WebDependencies) -> Flask:
    channels = {
        name: ChannelSettings(network=name, secret=SecretStr(SECRET), send_url="default", options={"app_id": "1"})
        for name in NAMES
    }
    return create_app(replace(parts, settings=parts.settings.model_copy(update={"channels": channels})))


def test_it_names_the_provider_and_what_its_code_means(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
) -> None:
    made, again = {}, {}
    with message_rows(database, new_id, NOON) as rows:
        for name in NAMES:
            made[name] = rows.text("HD", link=name)
            rows.answer(made[name], "Xin chao", link=name)
            tried = rows.answer(
                made[name], "x", state=OutboundState.FAILED, error="HTTP 200 code 146 (template)", link=name
            )
            again[name] = tried
            rows.event("retried", outbound_id=tried, detail="HTTP 200 code 160 (too fast)")
        by_link = rows.text("HD")
        rows.answer(by_link, "Xin chao")
    for name in NAMES:
        title = NETWORKS[name].title
        page = get(logged_in, f"/admin/messages/{made[name]}").text
        answers = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index('id="answer-') :]))
        assert [words for words in SMPP if words in answers.replace("by the carrier; will be", "")] == [], name
        assert f"{name} · {title} · HTTP" in answers
        assert f"{title}: HTTP 200 code 146: the text matches no registered template" in answers
        for words in (
            "HTTP request",
            "Sent to the provider",
            "Taken by the provider",
            "Delivery report",
            "Provider's id",
        ):
            assert words in answers.replace("&#39;", "'"), (name, words)
        assert "HTTP 200 code 160: we send too fast" in answers
        question = get(logged_in, f"/admin/messages/{made[name]}/send-again/{again[name]}").text
        assert "Encoding" not in question
        assert ("Segments" in question) is (name == "esms")
    assert "submit_sm" in get(logged_in, f"/admin/messages/{by_link}").text
