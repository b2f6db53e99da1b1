"""The microscope: what a text came in, field by field, with nothing personal until it is revealed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from db.schema import inbound
from db.store.address import address_of
from db.store.engine import Database
from sms_gateway.channels.address_kinds import AddressKinds
from sms_gateway.channels.http.stored_request import keep_request
from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import write_pdu
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, encode_data_message, encode_short_message
from sms_gateway.channels.smpp.pdu.tlv import Tlvs
from sms_gateway.pipeline.addresses import PHONES, AddressKind
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.translations import LANGUAGES
from sms_gateway.wiring.application import create_app
from tests.generators.generated import LONG
from tests.sms_gateway.conftest import NOON, form_token, log_in
from tests.sms_gateway.pages.message_rows import SENDER, MessageRows, message_rows

ENGLISH = {"Accept-Language": "en"}
TK = "TK, Nguyen Van A, 201499999, 20/12/1990"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: nothing here is asked that the two answer in two ways."""
    return sqlite_database


@pytest.fixture
def rows(database: Database, new_id: Callable[[], int]) -> Iterator[MessageRows]:
    with message_rows(database, new_id, NOON) as made:
        yield made


def deliver(octets: bytes, *, tlvs: Tlvs = (), header: bytes = b"", coding: int = 0) -> bytes:
    message = ShortMessage(
        source=SENDER,
        source_ton=1,
        source_npi=1,
        destination="8188",
        esm_class=codes.ESM_UDHI if header else 0,
        data_coding=coding,
        user_data=header + octets,
        tlvs=tlvs,
    )
    return write_pdu(codes.DELIVER_SM, 77, encode_short_message(message))


def kept(rows: MessageRows, wire: bytes | None, body: str = TK, **named: object) -> int:
    made = rows.text(body, reading="register_account", **named)  # type: ignore[arg-type]  # passed through
    rows.connection.execute(update(inbound).where(inbound.c.id == made).values(wire=wire))
    rows.commit()
    return made


def page_of(client: FlaskClient, made: int, language: str = "en") -> str:
    response = client.get(f"/admin/messages/{made}", headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.text


def revealed(client: FlaskClient, made: int) -> str:
    token = form_token(client.get(f"/admin/messages/{made}"))
    response = client.post(f"/admin/messages/{made}/reveal", data={"csrf": token}, headers=ENGLISH)
    assert response.status_code == 303
    return client.get(response.location, headers=ENGLISH).text


def fields(page: str) -> dict[str, tuple[str, str]]:
    """Return the hex and the meaning of each field by its name."""
    found = re.findall(
        r'<th scope="row"[^>]*><code>(.*?)</code></th><td[^>]*><code>(.*?)</code></td><td[^>]*>(.*?)</td>',
        page[: page.index('id="way"')],
    )
    return {name: (octets, meaning) for name, octets, meaning in found}


def test_every_field_of_a_pdu_is_told_in_words(logged_in: FlaskClient, rows: MessageRows) -> None:
    made = kept(rows, deliver(TK.encode(), tlvs=((0x0427, b"\x02"), (0x1400, b"45204"), (0x1401, b"4"))))
    shown = fields(page_of(logged_in, made))
    assert shown["command_id"] == ("00 00 00 05", "deliver_sm")
    assert shown["sequence_number"] == ("00 00 00 4d", "77")
    assert shown["source_addr_ton"] == ("01", "international")
    assert shown["source_addr_npi"] == ("01", "telephone, E.164 (ISDN)")
    assert shown["source_addr"] == ("38 34 39 30 ** ** ** 33 34 35 36 00", "8490***3456")
    assert shown["destination_addr"] == ("38 31 38 38 00", "8188")
    assert shown["esm_class"] == ("00", "a normal message")
    assert shown["registered_delivery"] == ("00", "no receipt wanted")
    assert shown["message_state"] == ("04 27 00 01 02", "DELIVERED: at the phone")
    assert shown["TLV 0x1400"] == ("14 00 00 05 ** ** ** ** **", "5 octets")
    assert shown["TLV 0x1401"] == ("14 01 00 01 **", "1 octet")
    assert "** ** ** ** ** ** 39 39 39" in shown["short_message"][0]


def test_what_is_hidden_is_told_after_the_reveal(logged_in: FlaskClient, rows: MessageRows) -> None:
    made = kept(rows, deliver(TK.encode(), tlvs=((0x1400, b"45204"),)))
    shown = fields(revealed(logged_in, made))
    assert shown["source_addr"] == (f"{SENDER.encode().hex(' ')} 00", SENDER)
    assert shown["TLV 0x1400"][0] == "14 00 00 05 34 35 32 30 34"
    assert b"201499999".hex(" ") in shown["short_message"][0]


def test_parts_are_told_one_by_one_and_a_number_cut_in_two_stays_hidden(
    logged_in: FlaskClient, rows: MessageRows
) -> None:
    cut = TK.index("499")
    halves = [TK[:cut].encode(), TK[cut:].encode()]
    wire = b"".join(deliver(half, header=bytes((5, 0, 3, 9, 2, at))) for at, half in enumerate(halves, 1))
    made = kept(rows, wire)
    page = page_of(logged_in, made)
    for words in ("Part 1 of 2: deliver_sm", "Part 2 of 2: deliver_sm", "part 2/2 · reference 9"):
        assert words in page
    assert "32 30 31" not in page
    assert "34 39 39" not in page
    assert "** ** ** 39 39 39" in page
    assert "** ** **</code>" in page  # the end of the first part


@pytest.mark.parametrize(
    ("octets", "coding"),
    [
        (gsm.pack(gsm.encode(TK) or b""), 0),
        (TK.encode("utf-16-be"), 0),
        (TK.encode("utf-16-le"), 8),
        (b"\xff\xfe" + TK.encode("utf-16-le"), 0x18),
    ],
    ids=["packed", "UCS-2 under another coding", "the other byte order", "with a byte order mark"],
)
def test_a_number_that_the_octets_do_not_show_hides_them_all(
    logged_in: FlaskClient, rows: MessageRows, octets: bytes, coding: int
) -> None:
    made = kept(rows, deliver(octets, coding=coding), octets=octets, data_coding=coding)
    page = page_of(logged_in, made)
    assert set(fields(page)["short_message"][0].split()) == {"**"}
    dump = page[page.index('<pre class="octets"') :]
    assert set(re.findall(r" ([0-9a-f]{2}|\*\*)(?= |\n)", dump[: dump.index("</pre>")])) == {"**"}


def test_a_text_in_a_parameter_is_hidden_as_well(logged_in: FlaskClient, rows: MessageRows) -> None:
    message = ShortMessage(source=SENDER, destination="8188", tlvs=((codes.MESSAGE_PAYLOAD, TK.encode()),))
    made = kept(rows, write_pdu(codes.DATA_SM, 1, encode_data_message(message)))
    page = page_of(logged_in, made)
    assert "data_sm" in page
    assert b"201499999".hex(" ") not in page
    assert SENDER.encode().hex(" ") not in page


def test_a_request_is_told_by_its_fields(logged_in: FlaskClient, rows: MessageRows) -> None:
    content = f"from={SENDER}&to=8188&text={TK}&api_key=canary&agent=0905111222&note=h%E1%BB%8Fi&moid=a1".encode()
    wire = keep_request(method="GET", content_type="", content=content, secrets=("",), own=("from", "to", "text", "id"))
    made = kept(rows, wire, link="gapit")
    page = page_of(logged_in, made)
    shown = fields(page)
    assert shown["from"][1] == "8490***3456"
    assert shown["to"] == ("38 31 38 38", "8188")
    assert shown["api_key"] == ("", "not stored: a secret, a proof of who sent the request, or no simple value")
    assert shown["moid"] == ("61 31", "a1")
    assert "0905111222" not in page
    assert "canary" not in page
    assert b"201499999".hex(" ") not in page
    clear = fields(revealed(logged_in, made))
    assert clear["agent"][1] == "0905111222"
    assert clear["api_key"][0] == ""


USERS = AddressKind(name="user", read=lambda raw: address_of("user", raw), mask=lambda stored: f"{stored[:7]}***")


@pytest.fixture
def of_users(parts: WebDependencies, operator_id: int) -> FlaskClient:
    """A client that is logged in where senders are names of users."""
    client = create_app(replace(parts, addresses=AddressKinds((PHONES, USERS)))).test_client()
    assert log_in(client).status_code == 303
    return client


@pytest.mark.parametrize("user", ["user1234", "6142494823000001", "ann"])
@pytest.mark.parametrize("link", ["gapit", "of_last_year"])
def test_a_sender_that_is_no_telephone_number_is_hidden_in_every_field(
    of_users: FlaskClient, rows: MessageRows, user: str, link: str
) -> None:
    content = f"from={user}&to=8188&text=DVC&reply_to=app%2F{user}&moid=a1".encode()
    wire = keep_request(method="GET", content_type="", content=content, secrets=("",), own=("from", "to", "text", "id"))
    made = kept(rows, wire, body="DVC", link=link, sender=f"user:{user}")
    shown = fields(page_of(of_users, made))
    assert shown["from"] == (" ".join(["**"] * len(user)), f"user:{user[:2]}***")
    assert shown["reply_to"] == (" ".join(["**"] * (len(user) + 4)), f"user:{user[:2]}***")
    assert (shown["to"][1], shown["moid"][1]) == ("8188", "a1")
    clear = fields(revealed(of_users, made))
    assert (clear["from"], clear["reply_to"][1]) == ((user.encode().hex(" "), user), f"app/{user}")


def test_a_text_from_before_shows_what_was_kept(logged_in: FlaskClient, rows: MessageRows) -> None:
    page = page_of(logged_in, kept(rows, None))
    assert "before whole PDUs were stored" in page
    assert fields(page)["source_addr"] == ("38 34 39 30 ** ** ** 33 34 35 36 00", "8490***3456")


@settings(max_examples=200 if LONG else 30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=120), st.integers(0, 60))
def test_no_octets_break_the_page(logged_in: FlaskClient, database: Database, strange: bytes, cut: int) -> None:
    whole = deliver(TK.encode())
    with database.write() as connection:
        made = MessageRows(connection=connection, new_id=iter_id(), now=NOON).text(TK)
        wire = strange if cut % 2 else whole[:cut] + strange
        connection.execute(update(inbound).where(inbound.c.id == made).values(wire=wire))
    assert 'id="timeline"' in page_of(logged_in, made, LANGUAGES[cut % 2])


_ids = iter(range(10**17, 10**18))


def iter_id() -> Callable[[], int]:
    return lambda: next(_ids)
