"""The log page: lines, filters, pages, and what of them stands in an address."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.processes.channel_states import ChannelState
from db.reports import message_log_filter
from db.schema import InboundState, OutboundState
from db.store.engine import Database
from handlers.answer import Outcome
from sms_gateway.pipeline.dispatch.rulings import Silence
from tests.sms_gateway.conftest import NOON, VIETTEL, form_token
from tests.sms_gateway.pages.message_rows import MessageRows

OTHER = "84935111222"


@pytest.fixture
def written(database: Database, new_id: Callable[[], int]) -> list[int]:
    """Four messages; their ids."""
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        opened = rows.text(
            "TK, Nguyen Van A, 201499999, 20/12/1990", reading="register_account", outcome="account_opened"
        )
        rows.answer(opened, "MK: canary-pw", masked="Tai khoan: anv. MK: ****")
        asked = rows.text(
            "DVC 000.00.12.H17-230815-0007", reading="look_up_status", outcome="status_told", sender=OTHER
        )
        rows.answer(asked, "Ho so 000.00.12.H17-230815-0007: Dang xu ly", state=OutboundState.SENT)
        wrong = rows.text("TK, A", reading="misread:missing_fields", outcome="corrected")
        rows.answer(wrong, "<b>Thieu</b> so CCCD", state=OutboundState.FAILED)
        parked = rows.text("HD", state=InboundState.PARKED, reading=None, outcome=None)
    return [opened, asked, wrong, parked]


def choose(client: FlaskClient, **fields: str) -> TestResponse:
    token = form_token(client.get("/admin/messages"))
    response = client.post("/admin/messages/filter", data={"csrf": token, **fields})
    return client.get(response.location) if response.status_code == 303 else response


def shown(page: TestResponse, written: list[int]) -> list[int]:
    return [number for number, made in enumerate(written) if f'id="m{made}"' in page.text]


def test_a_line_tells_time_number_text_reading_answer_and_state(logged_in: FlaskClient, written: list[int]) -> None:
    page = logged_in.get("/admin/messages", headers={"Accept-Language": "en"})
    assert shown(page, written) == [0, 1, 2, 3]
    for words in (
        "22/11/2026 12:00",  # 05:00 UTC
        "8490***3456",
        "TK, Nguyen Van A, ••••••999, 20/12/1990",
        "TK: open account",
        "Tai khoan: anv. MK: ****",
        "Delivered",
        "DVC 000.00.12.H17-230815-0007",
        "Misread: fields missing",
        "Parked",
        "not read yet",
        "No answer: handling failed several times.",
        f"/admin/messages/{written[0]}",
    ):
        assert words in page.text
    for hidden in ("201499999", "84905123456", "canary-pw", "<b>Thieu"):
        assert hidden not in page.text


def test_thanks_are_shown_in_words_and_found_by_the_filter(
    logged_in: FlaskClient, database: Database, written: list[int], new_id: Callable[[], int]
) -> None:
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        thanks = rows.text("cam on nhieu", reading="thanks", outcome="thanked")
    page = choose(logged_in, reading="thanks")
    assert shown(page, [*written, thanks]) == [4]
    assert "Cảm ơn, ok" in page.text
    assert "không: lời cảm ơn không cần trả lời" in page.text
    message = logged_in.get(f"/admin/messages/{thanks}", headers={"Accept-Language": "en"}).text
    assert "none: thanks need no answer" in message
    assert "There is no answer yet." not in message
    assert "cam on nhieu" not in logged_in.get("/admin/misreads").text


def test_an_empty_log_says_so(logged_in: FlaskClient) -> None:
    assert "Chưa có tin nhắn nào." in logged_in.get("/admin/messages").text


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, [0, 1, 2, 3], id="nothing"),
        pytest.param({"number": "0905 123 456"}, [0, 2, 3], id="number"),
        pytest.param({"number": "+84935111222"}, [1], id="other number"),
        pytest.param({"reading": "register_account"}, [0], id="command"),
        pytest.param({"reading": "misread"}, [2], id="any misread"),
        pytest.param({"reading": "misread:missing_fields"}, [2], id="one misread"),
        pytest.param({"reading": "misread:empty"}, [], id="another misread"),
        pytest.param({"state": "failed"}, [2], id="state of the answer"),
        pytest.param({"state": "parked"}, [3], id="state of the text"),
        pytest.param({"number": "0905123456", "state": "delivered"}, [0], id="combined"),
    ],
)
def test_filters(logged_in: FlaskClient, written: list[int], fields: dict[str, str], expected: list[int]) -> None:
    assert shown(choose(logged_in, **fields), written) == expected


@pytest.mark.parametrize("typed", ["3456", "123456", "0905 123", "0905-12", "+84 905"])
def test_a_part_of_a_number_is_asked_for_whole_and_the_rest_of_the_filter_stays(
    logged_in: FlaskClient, written: list[int], typed: str
) -> None:
    page = choose(logged_in, number=typed, state="failed", **{"from": "1/11/2026"})
    assert page.status_code == 400
    assert 'id="fault-number">Hãy nhập cả số điện thoại' in page.text
    assert 'aria-describedby="fault-number"' in page.text
    assert f'value="{typed}"' in page.text
    assert '<option value="failed" selected>' in page.text
    assert 'value="1/11/2026"' in page.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"from": "31/02/2026"}, "from", id="no day"),
        pytest.param({"from": "1/1/1990"}, "from", id="before every text"),
        pytest.param({"from": "22/11/2026", "to": "2026-11-21"}, "to", id="the wrong way round"),
        pytest.param({"code": "17"}, "code", id="too few letters"),
        pytest.param({"number": "???"}, "number", id="no number"),
    ],
)
def test_a_fault_is_shown_at_its_field(logged_in: FlaskClient, fields: dict[str, str], field: str) -> None:
    page = choose(logged_in, **fields)
    assert page.status_code == 400
    assert page.text.count('role="alert" id="fault-') == 1
    assert f'aria-invalid="true" aria-describedby="fault-{field}"' in page.text


def test_days_are_typed_as_people_write_them(logged_in: FlaskClient, written: list[int]) -> None:
    for day in ("22/11/2026", "22-11-2026", "22.11.2026", "2026-11-22"):
        page = choose(logged_in, **{"from": day, "to": day})
        assert shown(page, written) == [0, 1, 2, 3]
        assert 'value="22/11/2026"' in page.text
    assert shown(choose(logged_in, to="21/11/2026"), written) == []


@pytest.mark.parametrize(("outcome", "expected"), [("status_told", [1]), ("corrected", [2]), ("status_not_found", [])])
def test_texts_are_found_by_what_came_of_them(
    logged_in: FlaskClient, written: list[int], outcome: str, expected: list[int]
) -> None:
    assert shown(choose(logged_in, outcome=outcome), written) == expected


def test_the_filter_knows_every_outcome_that_a_text_can_have(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
) -> None:
    every: list[str] = [*Outcome, *Silence]
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        made = [rows.text("HD", outcome=outcome) for outcome in every]
    form = logged_in.get("/admin/messages", headers={"Accept-Language": "en"}).text
    choices = form[form.index('<select name="outcome"') :].partition("</select>")[0]
    assert re.findall(r'<option value="([a-z_]+)"', choices) == every
    for number, outcome in enumerate(every):
        assert shown(choose(logged_in, outcome=outcome), made) == [number], outcome


def test_a_message_keeps_the_filter_and_leads_to_its_neighbours(logged_in: FlaskClient, written: list[int]) -> None:
    page = choose(logged_in, number="0905 123 456")
    addresses = re.findall(r'href="(/admin/messages/\d+\?who=[^"]+)"', page.text)
    assert [address.split("?")[0].rsplit("/", 1)[1] for address in addresses] == [str(written[n]) for n in (3, 2, 0)]
    middle = logged_in.get(html.unescape(addresses[1])).text
    assert f'rel="prev" href="{addresses[0]}"' in middle
    assert f'rel="next" href="{addresses[2]}"' in middle
    to_list = re.search(r'<a href="(/admin/messages\?who=[^"]+)"', middle)
    assert to_list is not None
    assert shown(logged_in.get(html.unescape(to_list[1])), written) == [0, 2, 3]
    last = logged_in.get(html.unescape(addresses[2])).text
    assert 'rel="next"' not in last


def test_a_number_never_stands_in_an_address(logged_in: FlaskClient, written: list[int]) -> None:
    page = choose(logged_in, number="0905 123 456")
    assert "905123456" not in page.request.url
    assert "905123456" not in page.text
    assert "8490***3456" in page.text
    who = parse_qs(urlsplit(page.request.url).query)["who"][0]
    kept = choose(logged_in, who=who, state="failed")
    assert shown(kept, written) == [2]
    assert shown(choose(logged_in, who=who, clear="1"), written) == [0, 1, 2, 3]


def test_a_number_that_is_none_is_told(logged_in: FlaskClient) -> None:
    page = choose(logged_in, number="khong-phai-so!")
    assert page.status_code == 400
    assert "Số điện thoại này không đọc được." in page.text


@pytest.mark.parametrize(
    "query",
    ["reading=nothing", "state=nothing", "before=-1", "before=99999999999999999999"],
)
def test_a_made_up_filter_is_no_page(logged_in: FlaskClient, query: str) -> None:
    assert logged_in.get(f"/admin/messages?{query}").status_code == 404


def test_pages_turn(logged_in: FlaskClient, database: Database, new_id: Callable[[], int]) -> None:
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        made = [rows.text(f"text {number}") for number in range(60)]
    first = logged_in.get("/admin/messages")
    assert "data-live-mark" in first.text
    assert len(shown(first, made)) == 50
    older = logged_in.get(f"/admin/messages?before={made[10]}")
    assert shown(older, made) == list(range(10))
    assert "data-live-mark" not in older.text
    assert "Mới nhất" in older.text


def test_the_links_are_shown_as_they_are(logged_in: FlaskClient, links: list[ChannelState]) -> None:
    links.append(replace(VIETTEL, name="mobifone", up=False, last_error="connection refused", round_trip_ms=None))
    page = logged_in.get("/admin", headers={"Accept-Language": "en"}).text
    assert "3.4 ms" in page
    assert ">2 / 10</td>" in page  # on the way
    assert "down since 22/11/2026 12:00" in page
    assert page.count("connection refused") == 3  # in the alarm, the name of its link, and the table


def test_a_flood_is_cut_in_the_log_and_whole_on_its_page(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
) -> None:
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        made = rows.text("long " * 300 + "end")
    assert "end<" not in logged_in.get("/admin/messages").text
    assert "long end<" in logged_in.get(f"/admin/messages/{made}").text


def test_texts_that_utf8_cannot_hold_are_shown(
    logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
) -> None:
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        made = rows.text("half \ud83d pair \x00")
    assert "half ? pair" in logged_in.get("/admin/messages").text
    assert "half ? pair" in logged_in.get(f"/admin/messages/{made}").text


def test_a_page_that_stopped_short_says_how_far_it_looked_and_leads_on(
    logged_in: FlaskClient, written: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_log_filter, "STEP", 2)
    monkeypatch.setattr(message_log_filter, "LOOKED_AT", 2)
    first = logged_in.get("/admin/messages?link=fpt", headers={"Accept-Language": "en"})
    assert shown(first, written) == []
    assert "No message so far fits the filter." in first.text
    assert "Looked back as far as" in first.text
    assert f"before={written[2]}" in first.text
    last = logged_in.get(f"/admin/messages?link=fpt&before={written[1]}", headers={"Accept-Language": "en"})
    assert "Looked back" in last.text or "No message fits the filter." in last.text
