"""Requests to providers: where the fields go, and that nothing of them is shown."""

from __future__ import annotations

import pytest

from sms_gateway.channels.http.sending.departure import (
    AcceptedText,
    DeclinedText,
    Departure,
    OutgoingRequest,
    OutgoingText,
    get_query,
    post_form,
    post_json,
    within,
)
from sms_gateway.pipeline.ports import Refusal

URL = "https://sms.example/api?v=1"
FIELDS = {"to": "84905123456", "text": "Đã nhận & xong"}
REQUESTS = [
    (
        post_json(URL, FIELDS, {"X-Key": "k"}),
        ("POST", "/api?v=1", '{"to":"84905123456","text":"Đã nhận & xong"}'.encode()),
        {"Content-Type": "application/json", "X-Key": "k"},
    ),
    (
        post_form(URL, FIELDS),
        ("POST", "/api?v=1", b"to=84905123456&text=%C4%90%C3%A3+nh%E1%BA%ADn+%26+xong"),
        {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
    ),
    (
        get_query("https://sms.example", FIELDS),
        ("GET", "/?to=84905123456&text=%C4%90%C3%A3+nh%E1%BA%ADn+%26+xong", None),
        {},
    ),
]


@pytest.mark.parametrize(("request_", "wanted", "headers"), REQUESTS, ids=["json", "form", "query"])
def test_a_request_holds_its_fields_in_its_form(
    request_: OutgoingRequest, wanted: tuple[str, str, bytes | None], headers: dict[str, str]
) -> None:
    assert (request_.method, request_.target, request_.body) == wanted
    assert request_.headers == headers
    assert "84905123456" not in repr(request_)


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/gửi", {}),
        ("/a b", {}),
        ("", {}),
        ("/\x7f", {}),
        ("/", {"Authorization": "Bearer mật"}),
        ("/", {"Authorization": "Bearer a\nX-More: 1"}),
    ],
)
def test_a_request_that_http_cannot_carry_is_never_made(target: str, headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"of a request hold visible ASCII|the header Authorization holds"):
        OutgoingRequest(method="GET", target=target, headers=headers)


def test_a_text_of_more_characters_than_one_message_has_is_never_sent() -> None:
    departure = Departure(
        url=URL, build=lambda text: post_json(URL, {"text": text.body}), read=lambda _: AcceptedText()
    )
    assert within(departure, None) is departure
    for length, declined in (
        (200, None),
        (201, DeclinedText(refusal=Refusal.PERMANENT, error="longer than 200 characters")),
    ):
        text = OutgoingText(key="1", sender="8188", recipient="84905123456", body="đ" * length, valid_seconds=9)
        assert within(departure, 200).build(text) == (declined or departure.build(text)), length
