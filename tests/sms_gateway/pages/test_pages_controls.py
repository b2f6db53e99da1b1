"""A control character in a sender, a text or a search breaks no page and no export."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO, StringIO

import openpyxl
import pytest
from flask.testing import FlaskClient

from db.schema import OperatorRole, OutboundState
from db.store.engine import Database
from tests.sms_gateway.conftest import NOON, form_token
from tests.sms_gateway.pages.acting import ENGLISH, act, get, post
from tests.sms_gateway.pages.message_rows import MessageRows

CONTROLS = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), 127, 0x85, 0x9F]))
SENDER = "\x01\x02NAME\x0b"
BODY = f"DVC\x01 H17{CONTROLS}\ud800"
ALLOWED = set("\t\n\r")


@pytest.fixture
def made(database: Database, new_id: Callable[[], int]) -> int:
    """A text, its answer and an answer that nobody asked for, control characters wherever a stranger can put them."""
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        made = rows.text(
            BODY, sender=SENDER, outcome="helped\x01", link="vie\x02ttel", octets=BODY.encode("utf-8", "replace")
        )
        rows.answer(made, f"Ho so{CONTROLS}", state=OutboundState.FAILED, error="ESME\x01")
        rows.event("retried\x03", inbound_id=made, detail="carrier's \x04 words")
    return made


@pytest.fixture
def administrator(logged_in: FlaskClient, make: Callable[[OperatorRole], None]) -> FlaskClient:
    make(OperatorRole.ADMINISTRATOR)
    return logged_in


def shows_no_controls(text: str) -> bool:
    return all(sign.isprintable() or sign in ALLOWED or sign.isspace() for sign in text if ord(sign) < 0xA0)


def test_no_page_shows_one(administrator: FlaskClient, made: int) -> None:
    pages = [
        "/admin",
        "/admin/messages",
        "/admin/misreads",
        f"/admin/messages/{made}",
        f"/admin/messages/{made}/conversation",
    ]
    shown = [get(administrator, page) for page in pages]
    shown += [act(administrator, f"{page}/reveal") for page in pages[3:]]
    assert [page.status_code for page in shown] == [200] * len(shown)
    assert all(shows_no_controls(page.text) for page in shown)
    assert "\ufffd\ufffdNAME\ufffd" in shown[-1].text


@pytest.mark.parametrize("unmasked", [{}, {"unmasked": "1"}], ids=["masked", "clear"])
def test_no_export_breaks(administrator: FlaskClient, made: int, unmasked: dict[str, str]) -> None:
    assert made
    written = post(administrator, "/admin/messages/export", kind="csv", **unmasked)
    rows = list(csv.reader(StringIO(written.data.decode("utf-8-sig"))))
    book = post(administrator, "/admin/messages/export", kind="xlsx", **unmasked)
    assert (written.status_code, book.status_code) == (200, 200)
    sheet = openpyxl.load_workbook(BytesIO(book.data)).active
    assert sheet is not None
    cells = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows == cells
    assert len(rows) == 2
    assert all(shows_no_controls(cell) for row in rows for cell in row)
    assert "NAME" in rows[1][1]


FILTERS = ("operator", "action", "link", "code", "state", "who", "from", "before", "days", "status")


def test_no_filter_breaks(administrator: FlaskClient) -> None:
    for page in ("/admin/audit", "/admin/messages", "/admin/dossiers", "/admin/misreads", "/admin/accounts"):
        for column in FILTERS:
            for value in ("a\x0bb", "a\x00", "\ufffe"):
                response = administrator.get(page, query_string={column: value}, headers=ENGLISH)
                assert response.status_code in {200, 400, 404, 410}, (page, column, value, response.status_code)
                assert shows_no_controls(response.text)


@pytest.mark.parametrize("value", ["\x01", "a\x00b", "\x0b"])
def test_no_log_in_breaks(client: FlaskClient, value: str) -> None:
    token = form_token(client.get("/admin/log-in"))
    response = client.post("/admin/log-in", data={"csrf": token, "name": value, "password": value})
    assert response.status_code in {400, 401}
    assert shows_no_controls(response.text)


CELLS = {
    "=1+1": "'=1+1",
    " =1+1": " '=1+1",
    "\n=1+1": "\n'=1+1",
    "＝1+1": "'＝1+1",
    "＠SUM(A1)": "'＠SUM(A1)",
    "x;=HYPERLINK(1)": "x;'=HYPERLINK(1)",
    "x\t=1": "x\t'=1",
    "x| +1": "x| '+1",
    "\tx": "'\tx",
    "a=b; c - d": "a=b; c - d",
    "DVC 1-2": "DVC 1-2",
}


def test_no_cell_is_a_formula(administrator: FlaskClient, database: Database, new_id: Callable[[], int]) -> None:
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
        for body in CELLS:
            rows.text(body)
    written = post(administrator, "/admin/messages/export", kind="csv")
    cells = [row[2] for row in csv.reader(StringIO(written.data.decode("utf-8-sig"), newline=""))]
    assert cells[:0:-1] == list(CELLS.values())
