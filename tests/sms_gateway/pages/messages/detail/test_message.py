"""One message, whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from db.schema import InboundState, OutboundState
from db.store.engine import Database
from sms_gateway.pages.display.encodings import encoding_name
from sms_gateway.pages.messages.detail.comparison import compare
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.message_rows import MessageRows, message_rows

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def rows(database: Database, new_id: Callable[[], int]) -> Iterator[MessageRows]:
    with message_rows(database, new_id, NOON) as made:
        yield made


def committed(rows: MessageRows) -> None:
    rows.commit()


def page_of(client: FlaskClient, made: int) -> str:
    response = client.get(f"/admin/messages/{made}", headers=ENGLISH)
    assert response.status_code == 200
    return response.text


def test_everything_that_happened_stands_in_its_order(logged_in: FlaskClient, rows: MessageRows) -> None:
    made = rows.text("TK, Nguyen Van A, 201499999, 20/12/1990", reading="register_account", outcome="account_opened")
    answer = rows.answer(made, "MK: canary-pw", masked="MK: ****", segments=2)
    rows.event("retried", outbound_id=answer, detail="ESME_RTHROTTLED")
    rows.event("from_a_later_version", inbound_id=made)
    committed(rows)
    page = page_of(logged_in, made)
    order = [
        "Text received",
        "Read and carried out",
        "Answer written",
        "Handed to the carrier",
        "Not taken by the carrier; will be sent again",
        "segment 1 of 2 · submit_sm",
        "segment 2 of 2 · submit_sm",
        "Taken by the carrier",
        "segment 2 of 2 · 0A",
        "Receipt",
    ]
    timeline = page[page.index('id="timeline"') :]
    places = [timeline.index(words) for words in order]
    assert places == sorted(places)
    for words in ("from_a_later_version", "account opened", "SMPP session 7.", "holds a password, hidden", "GSM 03.38"):
        assert words in page
    for hidden in ("canary-pw", "201499999", "84905123456", "32 30 31 34"):
        assert hidden not in page
    assert "** ** ** ** ** ** 39 39 39" in page.replace("\n0010  ", " ")


def test_a_removed_text_says_so(logged_in: FlaskClient, rows: MessageRows) -> None:
    made = rows.text("HD")
    rows.answer(made, None, state=OutboundState.FAILED, error="ESME_RINVDSTADR")
    committed(rows)
    page = page_of(logged_in, made)
    assert "(text removed)" in page
    assert "ESME_RINVDSTADR" in page


def test_a_duplicate_leads_to_the_first(logged_in: FlaskClient, rows: MessageRows) -> None:
    first = rows.text("HD")
    again = rows.text("HD", state=InboundState.DOUBLE_TAP, reading=None, outcome=None, duplicate_of=first)
    committed(rows)
    page = page_of(logged_in, again)
    assert f'href="/admin/messages/{first}"' in page
    assert "the citizen sent the same text twice" in page


def test_a_text_by_http_names_its_door(logged_in: FlaskClient, rows: MessageRows) -> None:
    made = rows.text("HD", link="gapit")
    committed(rows)
    page = page_of(logged_in, made)
    assert "gapit · HTTP" in page
    assert "data_coding" not in page


def test_an_answer_given_back_in_the_response_has_no_segments(logged_in: FlaskClient, rows: MessageRows) -> None:
    made = rows.text("HD", link="kannel")
    rows.answer(made, "help", state=OutboundState.SENT, segments=0)
    committed(rows)
    assert "Taken by the carrier" in page_of(logged_in, made)


@pytest.mark.parametrize("made", ["1", "0", "99999999999999999999", "x"])
def test_a_message_that_is_not_there_is_no_page(logged_in: FlaskClient, made: str) -> None:
    assert logged_in.get(f"/admin/messages/{made}").status_code == 404


@pytest.mark.parametrize(
    ("data_coding", "name"), [(None, ""), (0, "GSM 03.38"), (8, "UCS-2"), (3, "Latin-1"), (245, "0xf5")]
)
def test_encodings_have_names(data_coding: int | None, name: str) -> None:
    assert encoding_name(data_coding) == name


def test_what_cannot_change_is_not_made_anew_for_the_script(logged_in: FlaskClient, rows: MessageRows) -> None:
    made = rows.text("TK; Nguyen Van A")
    committed(rows)
    renewed = logged_in.get(f"/admin/messages/{made}", headers={**ENGLISH, "X-Live": "1"}).text
    assert '<section id="way" data-kept></section>' in renewed
    assert "way-title" not in renewed
    assert "way-title" in page_of(logged_in, made)


@pytest.mark.parametrize(
    ("raw", "normal", "marked"),
    [
        ("TK; A", "TK, A", "TK[;] A"),
        ("a\ra\ra", "a\na\na", "a[\r]a[\r]a"),
        ("a   b", "a b", "a [  ]b"),
        ("Nguyá»…n A", "Nguyễn A", "Nguy[á»…]n A"),
        ("x&amp;y", "x&y", "x&[amp;]y"),
        ("same", "same", "same"),
        ("", "", ""),
        ("abc", "", "[abc]"),
        ("a" * 30 + "b" * 30, "c" * 30 + "d" * 30, f"[{'a' * 30}{'b' * 30}]"),
    ],
)
def test_the_differences_of_two_forms_are_marked(raw: str, normal: str, marked: str) -> None:
    left, right = compare(raw, normal)
    assert "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in left) == marked
    assert "".join(piece.text for piece in right) == normal
    same = ["".join(piece.text for piece in side if not piece.differs) for side in (left, right)]
    assert same[0] == same[1]


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_two_forms_are_whole_and_alike_where_they_do_not_differ(raw: str, normal: str) -> None:
    left, right = compare(raw, normal)
    assert ("".join(piece.text for piece in left), "".join(piece.text for piece in right)) == (raw, normal)
    same = ["".join(piece.text for piece in side if not piece.differs) for side in (left, right)]
    assert same[0] == same[1]
