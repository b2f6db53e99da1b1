"""Known names, numbers and secrets go in; then they are looked for in everything that comes out."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.schema import OutboundState
from db.store.engine import Database
from tests.sms_gateway.conftest import NOON, PASSWORD, SECRET, form_token, log_in
from tests.sms_gateway.pages.message_rows import MessageRows

PHONE = "84937654321"
ID_NUMBER = "079201987654"
FIRST_PASSWORD = "k3h9xmq2pa"
TEXT = f"TK, Canary Van Nguyen, {ID_NUMBER}, 20/12/1990"
NEVER = (PHONE, PHONE[2:], ID_NUMBER, FIRST_PASSWORD, SECRET, PASSWORD, "wrong-canary", "30 37 39 32")
NEVER_LOGGED = (*NEVER, "Canary", "20/12/1990")


def everything(response: TestResponse) -> str:
    """Return what a proxy could note of a response: status, headers, body; cookies are the reader's own."""
    headers = [f"{name}: {value}" for name, value in response.headers if name != "Set-Cookie"]
    return "\n".join([response.status, *headers, response.text, response.request.url])


@pytest.mark.usefixtures("operator_id")
def test_nothing_comes_out_that_must_stay_in(
    client: FlaskClient,
    database: Database,
    new_id: Callable[[], int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: list[str] = []

    def note(response: TestResponse) -> TestResponse:
        seen.append(everything(response))
        return response

    with caplog.at_level(logging.DEBUG):
        fields = {"from": PHONE, "to": "8188", "text": TEXT, "id": "1"}
        note(client.post("/mo/gapit", json=fields, headers={"X-Gateway-Secret": SECRET}))
        note(client.post("/mo/gapit", json=fields, headers={"X-Gateway-Secret": SECRET[:-1]}))
        note(client.post("/mo/gapit", json={**fields, "text": [TEXT]}, headers={"X-Gateway-Secret": SECRET}))
        with database.write() as connection:
            rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
            made = rows.text(TEXT, sender=PHONE, reading="register_account", outcome="account_opened")
            rows.answer(made, f"MK: {FIRST_PASSWORD}", masked="MK: ****")
            wrong = rows.text(f"TK {ID_NUMBER}", sender=PHONE, reading="misread:missing_fields")
            rows.answer(wrong, f"Soan: TK, ho ten, {ID_NUMBER}, ngay sinh", state=OutboundState.FAILED)
        note(log_in(client, password="wrong-canary"))
        note(log_in(client))
        page = note(client.get("/admin/messages"))
        assert "Canary Van Nguyen" in page.text  # names are shown to operators, and only to them
        found = note(client.post("/admin/messages/filter", data={"csrf": form_token(page), "number": PHONE}))
        note(client.get(found.location))
        for message in (made, wrong):
            note(client.get(f"/admin/messages/{message}"))
        data = {"csrf": form_token(page), "current": "wrong-canary", "new": PASSWORD, "again": PASSWORD}
        note(client.post("/admin/password", data=data))
        note(client.post("/language", data={"csrf": form_token(page), "language": "en", "back": found.location}))

    assert len(seen) == 12
    for canary in NEVER:
        assert [one for one in seen if canary in one] == [], canary
    for canary in NEVER_LOGGED:
        assert canary not in caplog.text
