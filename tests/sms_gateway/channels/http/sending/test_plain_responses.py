"""Responses of providers that no table knows: HTTP 200 alone does not mean that an answer was taken."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.sending.departure import AcceptedText, ProviderResponse
from sms_gateway.settings.link_model import ChannelSettings

HTML = b"<html><body>Log in to the Wi-Fi</body></html>"
CASES: list[tuple[str, bytes, str]] = [
    ("", b'{"id": "a"}', "taken a"),
    ("", b"<r><id>a</id></r>", "taken a"),
    ("", b"", "taken"),
    ("", b"OK", "taken"),
    ("", "Đã nhận".encode(), "taken"),
    ("", b"status=0", "taken"),
    ("", b'{"error": 0, "message": "Success"}', "taken"),
    ("", b'{"errors": [], "data": null}', "taken"),
    ("", b"{}", "taken"),
    ("", HTML, "unanswered"),
    ("", b"  <!DOCTYPE html><p>Log in", "unanswered"),
    ("", b'{"id": "a', "unanswered"),
    ("", b"\x00\x01", "unanswered"),
    ("", b"\xff\xfe\xff", "unanswered"),
    ("", b'{"error": "bad key"}', "unanswered"),
    ("", b'{"error": {"code": 7}}', "unanswered"),
    ("", b'{"errors": ["no money"]}', "unanswered"),
    ("status=ok|sent", b'{"status": "Sent", "id": "a"}', "taken a"),
    ("status=ok", b"<r><status>OK</status></r>", "taken"),
    ("status=ok", b'{"status": "failed", "id": "a"}', "temporary"),
    ("status=ok", b'{"id": "a"}', "unanswered"),
    ("status=ok", HTML, "unanswered"),
    ("data.id=*", b'{"data": {"id": 7}}', "taken"),
    ("data.id=*", b'{"data": {"id": null}}', "unanswered"),
    ("OK|Accepted", b"ok 77", "taken"),
    ("OK", b"ERR 5", "temporary"),
    ("OK", HTML, "unanswered"),
    ("OK", b"", "unanswered"),
]


@pytest.mark.parametrize("content_type", ["application/json", "text/html; charset=utf-8"])
def test_what_says_nothing_is_not_taken_for_a_success(content_type: str) -> None:
    for taken, body, wanted in CASES:
        settings = ChannelSettings(
            secret=SecretStr("canary-plain-secret"), send_url="https://sms.example/send", options={"taken": taken}
        )
        said = plain.departure(settings).read(
            ProviderResponse(status=200, body=body, headers={"content-type": content_type})
        )
        if isinstance(said, AcceptedText):
            found = " ".join(("taken", *said.ids))
        else:
            found = said.refusal.value
            assert len(said.error) <= 64
        assert found == wanted, (taken, body)


def test_a_status_that_refuses_is_read_before_the_body() -> None:
    read = plain.departure(ChannelSettings(send_url="https://sms.example/send", options={"taken": "OK"})).read
    for status, wanted in ((429, "throttled"), (400, "permanent"), (503, "temporary")):
        said = read(ProviderResponse(status=status, body=b"OK"))
        assert not isinstance(said, AcceptedText)
        assert said.refusal.value == wanted
