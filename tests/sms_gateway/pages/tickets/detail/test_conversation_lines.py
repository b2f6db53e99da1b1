"""The lines of a ticket are in the reader's language, also those that timers wrote."""

from __future__ import annotations

from db.schema import EntryKind
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry
from tests.sms_gateway.city_office import WARD
from tests.sms_gateway.conftest import NOON
from tests.sms_gateway.pages.acting import ENGLISH
from tests.sms_gateway.pages.tickets.office import TicketOffice

RAW = ("warn_unit", "warn_lead", "warn_parent", "urgent_5", "urgent_10", "urgent_15", "urgent_5 nobody", "rating_end")


def test_no_raw_name_of_a_timer_is_shown(office: TicketOffice) -> None:
    made = office.open()
    for body in RAW:
        office.happen(made, TicketEvent.NOTE, NewEntry(kind=EntryKind.SYSTEM, at=NOON, body=body))
    client = office.agent("mai", WARD)
    for language in (ENGLISH, {"Accept-Language": "vi"}):
        page = client.get(f"/admin/tickets/{made}", headers=language).text
        assert [body for body in RAW if f">{body}<" in page or "entry_did" in page] == []
    assert "chưa ai nhận" in page
