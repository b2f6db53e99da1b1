"""The segments of an answer as the link sends them, with what must stay hidden in every alphabet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from db.reports.message_log import WholeMessage, read_message
from db.store.engine import Database
from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.pages.messages.detail.octets import SegmentOnWire, segments_of_answer
from sms_gateway.settings.link_model import Alphabet, LinkSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON, log_in
from tests.sms_gateway.pages.message_rows import message_rows

ANSWER = "Tai khoan cua so {number} da mo. "
SHORT, LONG, ACCENTED = ANSWER, ANSWER * 9, "Hồ sơ đã mở, số {number}. " * 5
ONE, OTHER = "201499999", "876512999"
"""Two identity numbers; their last three digits are shown."""


@pytest.fixture
def message(database: Database, new_id: Callable[[], int]) -> Callable[[str], WholeMessage]:
    def make(body: str) -> WholeMessage:
        with message_rows(database, new_id, NOON) as rows:
            made = rows.text("HD")
            rows.answer(made, body)
        with database.read() as connection:
            found = read_message(connection, made)
        assert found is not None
        return found

    return make


def segments(whole: WholeMessage, alphabet: Alphabet, *, clear: bool) -> list[SegmentOnWire]:
    return list(segments_of_answer(whole, whole.answers[0], alphabet, clear=clear))


def hexes(segment: SegmentOnWire) -> list[str]:
    return [octet for line in segment.octets for octet in line.split()]


@pytest.mark.parametrize(
    ("alphabet", "octets", "name"),
    [
        (Alphabet.GSM, "00 02", "GSM 03.38"),
        (Alphabet.GSM_PACKED, "00 01", "GSM 03.38, packed"),
        (Alphabet.ASCII, "40 24", "ASCII"),
        (Alphabet.LATIN1, "40 24", "Latin-1"),
    ],
)
def test_octets_are_those_of_the_links_alphabet(
    message: Callable[[str], WholeMessage], alphabet: Alphabet, octets: str, name: str
) -> None:
    (segment,) = segments(message("@$"), alphabet, clear=True)
    assert " ".join(hexes(segment)) == octets
    assert {field.name: field.meaning for field in segment.fields} == {
        "data_coding": name,
        "sm_length": "2",
    }


def test_packed_segments_unpack_to_the_answer(message: Callable[[str], WholeMessage]) -> None:
    body = LONG.format(number=ONE)
    found = ""
    for segment in segments(message(body), Alphabet.GSM_PACKED, clear=True):
        assert [each.octets[:8] for each in segment.fields if each.name == "user_data_header"] == ["05 00 03"]
        packed = bytes.fromhex("".join(hexes(segment)))
        found += gsm.decode(gsm.unpack(packed, fill_bits=1))  # 48 bits of header: one bit up to the next septet
    assert found == body


@pytest.mark.parametrize("alphabet", list(Alphabet))
@pytest.mark.parametrize("body", [SHORT, LONG, ACCENTED])
def test_hidden_digits_are_nowhere_in_the_hex(
    message: Callable[[str], WholeMessage], body: str, alphabet: Alphabet
) -> None:
    one, other = (message(body.format(number=number)) for number in (ONE, OTHER))
    hidden = segments(one, alphabet, clear=False)
    assert [hexes(each) for each in hidden] == [hexes(each) for each in segments(other, alphabet, clear=False)]
    assert [hexes(each) for each in segments(one, alphabet, clear=True)] != [
        hexes(each) for each in segments(other, alphabet, clear=True)
    ]
    assert "**" in hexes(hidden[0])
    assert any(octet != "**" for octet in hexes(hidden[0]))


@pytest.mark.usefixtures("operator_id")
def test_the_page_goes_by_the_alphabet_of_the_answers_link(
    parts: WebDependencies, database: Database, new_id: Callable[[], int]
) -> None:
    with message_rows(database, new_id, NOON) as rows:
        made = rows.text("HD")
        rows.answer(made, "@$")
    packing = LinkSettings.model_validate({"host": "h", "system_id": "s", "alphabet": "gsm-packed"})
    settings = parts.settings.model_copy(update={"links": {"viettel": packing}})
    client = create_app(replace(parts, settings=settings, traits=traits_by_channel(settings))).test_client()
    assert log_in(client).status_code == 303
    page = client.get(f"/admin/messages/{made}").text
    assert "GSM 03.38, packed" in page
