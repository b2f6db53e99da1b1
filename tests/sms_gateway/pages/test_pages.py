"""A text that comes in by an HTTP endpoint stands in the log and has a page of its own."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.sms_gateway.conftest import SECRET


def test_a_text_from_a_door_stands_in_the_log_and_has_its_page(logged_in: FlaskClient) -> None:
    stored = logged_in.post(
        "/mo/gapit",
        json={"from": "0905123456", "to": "8188", "text": "HD"},
        headers={"X-Gateway-Secret": SECRET},
    )
    assert stored.json == {"status": "stored"}
    log = logged_in.get("/admin/messages")
    assert "8490***3456" in log.text
    found = re.search(r"/admin/messages/\d+", log.text)
    assert found
    page = logged_in.get(found.group())
    assert page.status_code == 200
    assert "<dd>8188</dd>" in page.text
