"""The demo's handset, without a browser and without scripts."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.store.engine import Database
from sms_gateway.demo.handset import Bubble, Direction, Tick
from sms_gateway.demo.handset_page import phone_page
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON, EchoHandset, form_token


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what asks it nothing of its own."""
    return sqlite_database


ENGLISH = {"Accept-Language": "en"}


def send(client: FlaskClient, **fields: str) -> TestResponse:
    token = form_token(client.get("/phone"))
    data = {"csrf": token, "number": "0905123456", "text": "HD", **fields}
    return client.post("/phone", data=data, headers=ENGLISH)


def test_without_a_handset_there_is_no_page(parts: WebDependencies) -> None:
    client = create_app(parts).test_client()
    assert client.get("/phone").status_code == 404
    assert "/phone" not in client.get("/admin/log-in").text


def test_the_handset_is_ready_to_text(client: FlaskClient) -> None:
    page = client.get("/phone", headers=ENGLISH).text
    assert 'value="0905123456"' in page
    assert "DVC000.00.12.H17-230815-0007" in page
    assert "Nothing here yet." in page


def test_a_text_is_sent_and_its_answer_shown(client: FlaskClient) -> None:
    response = send(client)
    assert (response.status_code, response.location) == (303, "/phone")
    page = client.get("/phone", headers=ENGLISH).text
    assert "<p>HD</p>" in page
    assert "<p>Da nhan: HD</p>" in page
    assert "GSM 03.38 · 1 segment" in page
    assert "✓✓" in page
    assert "delivered" in page


def test_each_number_has_its_own_conversation_and_none_stands_in_an_address(client: FlaskClient) -> None:
    send(client, number="0935 111 222")
    page = client.get("/phone").text
    assert 'value="0935111222"' in page
    assert "Da nhan: HD" in page
    cookie = client.get_cookie("handset")
    assert cookie is not None
    assert "935111222" not in cookie.value
    assert send(client, number="0905123456", text="", show="1").status_code == 303
    assert "Da nhan: HD" not in client.get("/phone").text


def test_a_citizen_chooses_by_what_to_send_and_the_conversation_says_it(client: FlaskClient) -> None:
    page = client.get("/phone", headers=ENGLISH).text
    assert '<option value="smpp" selected>SMS (SMPP)</option>' in page
    assert send(client, way="chat").status_code == 303
    page = client.get("/phone", headers=ENGLISH).text
    assert '<option value="chat" selected>Chat chat:84905123456</option>' in page
    assert "· Chat" in page
    assert "GSM 03.38" not in page, "what is no SMS has no alphabet"
    send(client, way="pigeon", text="DVC")
    page = client.get("/phone", headers=ENGLISH).text
    assert '<option value="smpp" selected>' in page
    assert "· SMS (SMPP) · GSM 03.38 · 1 segment" in page


def test_a_foreign_number_is_shown_as_it_is_dialled(client: FlaskClient) -> None:
    send(client, number="+66812345678")
    assert 'value="+66812345678"' in client.get("/phone").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": "12"}, "This is not a telephone number."),
        ({"number": ""}, "This is not a telephone number."),
        ({"text": "  "}, "Type a text"),
        ({"text": "x" * 1531}, "A phone sends at most 10 segments as one text: 1530 characters, or 670 with accents."),
        ({"text": "ạ" * 671}, "This text has 671. Shorten it."),
        ({"text": "x" * 2001}, "This text has 2001. Shorten it."),
    ],
)
def test_a_fault_is_told_and_the_text_kept(
    client: FlaskClient, handset: EchoHandset, fields: dict[str, str], words: str
) -> None:
    response = send(client, **fields)
    assert response.status_code == 400
    assert words in response.text
    assert fields.get("text", "HD").strip() in response.text
    assert handset.kept == {}


@pytest.mark.parametrize("text", ["x" * 1530, "ạ" * 670], ids=["without accents", "with accents"])
def test_the_longest_text_of_a_phone_is_sent(client: FlaskClient, handset: EchoHandset, text: str) -> None:
    assert send(client, text=text).status_code == 303
    (bubbles,) = handset.kept.values()
    assert bubbles[0].text == text
    assert 'maxlength="1530"' in client.get("/phone").text


def test_a_sample_is_laid_into_the_box_without_scripts(client: FlaskClient) -> None:
    assert ">DVC000.00.12.H17-230815-0007</textarea>" in client.get("/phone?sample=1").text
    assert "></textarea>" in client.get("/phone?sample=99").text
    assert "></textarea>" in client.get("/phone?sample=x").text


def test_a_spoilt_cookie_is_the_first_number_again(client: FlaskClient) -> None:
    client.set_cookie("handset", "spoilt!")
    assert 'value="0905123456"' in client.get("/phone").text


def test_ticks_have_words(client: FlaskClient, handset: EchoHandset) -> None:
    send(client, text="a")
    (bubbles,) = handset.kept.values()
    bubbles.clear()
    for tick in (None, *Tick):
        bubbles.append(
            Bubble(
                direction=Direction.TO_CITIZEN,
                text="<b>x</b>",
                by="SMS (SMPP)",
                encoding="UCS-2",
                segments=2,
                tick=tick,
                at=NOON,
            )
        )
    page = client.get("/phone", headers=ENGLISH).text
    assert "UCS-2 · 2 segments" in page
    assert page.count("&lt;b&gt;x&lt;/b&gt;") == 4
    for words in (">sent<", ">delivered<", ">not delivered<"):
        assert page.count(words) == 1


def test_one_switches_between_citizens_and_moves_the_clock_by_a_day(
    parts: WebDependencies, handset: EchoHandset
) -> None:
    moved: list[str] = []
    page = phone_page(handset, citizens=("0905123456", "0912345678"), next_day=lambda: moved.append("day"))
    client = create_app(parts, [page]).test_client()
    shown = client.get("/phone", headers=ENGLISH).text
    assert "Citizen 2: 0912345678" in shown
    assert "It is 22/11/2026 12:00." in shown
    assert send(client, citizen="0912345678", text="").status_code == 303
    assert 'value="0912345678"' in client.get("/phone").text
    token = form_token(client.get("/phone"))
    assert client.post("/phone/day", data={"csrf": token}).status_code == 303
    assert moved == ["day"]


def test_without_a_clock_of_its_own_there_is_no_button(client: FlaskClient) -> None:
    assert "/phone/day" not in client.get("/phone").text
    assert client.post("/phone/day", data={"csrf": form_token(client.get("/phone"))}).status_code == 404
