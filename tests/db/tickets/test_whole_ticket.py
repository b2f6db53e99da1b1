"""One ticket: who may see it, what was said in it, and the list of a citizen's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.schema import EntryKind, OutboundState
from db.tickets.merging import Merge, merge
from db.tickets.senders import name_citizen
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry
from db.tickets.whole_ticket import (
    EVERYTHING,
    Scope,
    find_ticket,
    list_own,
    newest_of,
    read_entries,
    read_ticket,
    read_tickets,
)
from tests.db.tickets.ticket_rows import CITIZEN, HAI_CHAU, NEW, NOW, OTHER, SON_TRA, Town

DAY = timedelta(days=1)
E = TicketEvent


@pytest.mark.parametrize(
    ("scope", "is_accusation", "seen"),
    [
        pytest.param(EVERYTHING, False, True, id="every unit"),
        pytest.param(EVERYTHING, True, False, id="an accusation is for leads alone"),
        pytest.param(Scope(units=frozenset({HAI_CHAU})), False, True, id="own unit"),
        pytest.param(Scope(units=frozenset({SON_TRA})), False, False, id="other unit"),
        pytest.param(Scope(units=frozenset()), False, False, id="no unit"),
        pytest.param(Scope(units=frozenset({HAI_CHAU})), True, False, id="an accusation in the own unit"),
        pytest.param(Scope(units=frozenset({HAI_CHAU}), led=frozenset({HAI_CHAU})), True, True, id="as its lead"),
        pytest.param(Scope(units=None, led=frozenset({SON_TRA})), True, False, id="as the lead of another unit"),
        pytest.param(Scope(units=None, led=frozenset({SON_TRA})), False, True, id="a lead sees other tickets"),
    ],
)
def test_a_ticket_is_seen_by_its_unit(town: Town, scope: Scope, *, is_accusation: bool, seen: bool) -> None:
    with town.database.write() as connection:
        opened = town.open(connection, is_accusation=is_accusation)
        by_id, by_number = read_ticket(connection, opened.id, scope), find_ticket(connection, opened.number, scope)
    assert (by_id is not None, by_number is not None) == (seen, seen)


def test_a_ticket_is_read_with_its_citizen(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        found = read_ticket(connection, opened.id, EVERYTHING)
        assert found is not None
        assert found.citizen_id is not None
        name_citizen(connection, found.citizen_id, "Nguyen Van A")
        (again,) = read_tickets(connection, [opened.id, 5])
    assert (found.phone, found.subject, found.citizen_name, again.citizen_name) == (
        CITIZEN,
        NEW.subject,
        None,
        "Nguyen Van A",
    )


def test_words_do_not_come_into_a_log(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        shown = repr((read_ticket(connection, opened.id, EVERYTHING), read_entries(connection, opened.id)))
    assert not any(words in shown for words in (CITIZEN, NEW.subject, NEW.body))


def test_an_entry_knows_what_became_of_its_sms(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        sms = town.sms(connection, sent_at=NOW)
        answer = NewEntry(kind=EntryKind.ANSWER, at=NOW, body="mang CCCD", outbound_id=sms, operator="lan")
        town.step(connection, opened.id, E.RESOLVE, entry=answer)
        entries = read_entries(connection, opened.id)
    assert [(one.kind, one.body, one.sms) for one in entries] == [
        (EntryKind.CITIZEN, NEW.body, None),
        (EntryKind.ANSWER, "mang CCCD", OutboundState.SENT),
    ]


def test_own_tickets_are_the_newest_with_contact(town: Town) -> None:
    with town.database.write() as connection:
        town.open(connection, created_at=NOW - 91 * DAY)
        tickets = [town.open(connection) for _ in range(4)]
        town.happen(connection, tickets[0].id, E.DONE)
        town.open(connection, sender=OTHER)
        listed = list_own(connection, CITIZEN, since=NOW - 90 * DAY, most=2)
        every = list_own(connection, CITIZEN, since=NOW - 90 * DAY, most=9, closed=True)
    assert ([one.number for one in listed.newest], listed.count) == ([tickets[3].number, tickets[2].number], 3)
    assert every.count == 4


def test_the_newest_tickets_of_several_phones_are_read_together(town: Town) -> None:
    with town.database.write() as connection:
        own = [town.open(connection) for _ in range(3)]
        others = town.open(connection, sender=OTHER, unit_id=SON_TRA)
        town.open(connection, is_accusation=True)
        gone = town.open(connection)  # its texts go to another ticket
        note = NewEntry(kind=EntryKind.STAFF, at=NOW)
        merge(
            connection,
            Merge(ticket_id=gone.id, version=1, into_id=own[0].id, entry=note, note=note),
            new_id=town.new_id,
        )
        every = newest_of(connection, {CITIZEN, OTHER}, EVERYTHING, most=2)
        of_unit = newest_of(connection, {CITIZEN, OTHER}, Scope(units=frozenset({HAI_CHAU})), most=5)
        of_none = newest_of(connection, set(), EVERYTHING, most=5)
    numbers = {phone: [one.number for one in tickets] for phone, tickets in every.items()}
    assert numbers == {CITIZEN: [own[2].number, own[1].number], OTHER: [others.number]}
    assert {phone: len(tickets) for phone, tickets in of_unit.items()} == {CITIZEN: 3}
    assert of_none == {}
