from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.fill import fill
from bench.fill_tickets import KEPT_TEXTS, fill_tickets
from bench.gateway import Installation
from bench.grow import ticket_pages
from bench.pages import log_in
from db.schema import TicketState
from db.store.engine import open_database
from db.tickets.inbox import read_inbox
from db.tickets.inbox.filters import InboxFilter, View
from db.tickets.kept_texts import read_to_sort
from db.tickets.timers import due_timers
from db.tickets.whole_ticket import EVERYTHING, read_entries
from parsers.fields.codes.ticket_numbers import is_number
from sms_gateway.clock import utc_now
from sms_gateway.process import keyfile

TICKETS = 600


def filled(directory: Path) -> Installation:
    place = Installation(directory)
    place.configure()
    place.command("db", "upgrade")
    fill(directory / "gateway.db", place.key_file, messages=300, dossiers=5)
    return place


def test_what_is_filled_in_opens_and_is_found_as_if_citizens_had_asked(tmp_path: Path) -> None:
    place = filled(tmp_path)
    fill_tickets(tmp_path / "gateway.db", place.key_file, tickets=TICKETS)
    log_in(place)  # the tickets' agent
    database = open_database(place.url, keyfile.load(place.key_file))
    now = utc_now()
    with database.read() as connection:
        every = read_inbox(connection, InboxFilter(view=View.EVERY), EVERYTHING, now=now).tickets
        waiting = read_inbox(connection, InboxFilter(view=View.WAITING), EVERYTHING, now=now).tickets
        entries = read_entries(connection, every[0].id)
        kept = read_to_sort(connection, now=now, size=KEPT_TEXTS)
        overdue = due_timers(connection, now=now - timedelta(hours=1))
        assert connection.execute(text("SELECT count(*) FROM ticket")).scalar_one() == TICKETS
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    database.close()
    assert all(is_number(one.number.removeprefix("YC")) for one in every)
    assert all(one.subject and one.phone for one in every)
    assert {one.state for one in waiting} <= {TicketState.NEW, TicketState.OPEN}
    assert (entries[0].body or "").startswith("HOI ")
    assert 0 < len(kept) <= KEPT_TEXTS
    assert overdue == []


@pytest.mark.long
def test_the_pages_of_tickets_are_timed_beside_the_log(tmp_path: Path) -> None:
    pages = ticket_pages(filled(tmp_path), tickets=TICKETS)
    assert pages["milliseconds"].keys() == {"log", *pages["ratios"]}
    assert {"inbox", "inbox: late", "ticket", "to sort"} <= pages["ratios"].keys()
    assert all(ratio > 0 for ratio in pages["ratios"].values())
