"""How much units have to do: what waits, and who is there."""

from __future__ import annotations

import re
from datetime import timedelta

from db.staff.sessions import open_session, touch_session
from db.units.memberships import Membership, set_membership
from sms_gateway.back_office.tickets import working
from sms_gateway.pipeline.dispatch.filing.unit_loads import UnitLoads
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import FOCAL, LAN, CityHall, opened


def test_new_tickets_wait_and_agents_with_a_page_open_are_there(hall: CityHall) -> None:
    numbers = [
        opened(hall, f"HOI {words}") for words in ("lam ho chieu o dau", "mo cua may gio vay", "nop thue the nao")
    ]
    hall.act(working.take, numbers[0])
    units = hall.parts.units()
    assert units is not None
    unit = units.directory.units[FOCAL]
    with hall.database.write() as connection:
        set_membership(connection, Membership(operator_id=LAN, unit_id=FOCAL, capacity=7))
        absent = UnitLoads(connection, hall.now).of(unit)
        assert (absent.waiting, absent.capacities) == (2, [])
        assert UnitLoads(connection, hall.now).present() == frozenset()


def test_how_long_the_queue_takes_is_read_only_where_there_is_too_much_to_do(hall: CityHall) -> None:
    numbers = [
        opened(hall, f"HOI {words}") for words in ("lam ho chieu o dau", "mo cua may gio vay", "nop thue the nao")
    ]
    for number in numbers[:2]:
        hall.act(working.take, number)
        hall.pass_(minutes=10)
    units = hall.parts.units()
    assert units is not None
    unit = units.directory.units[FOCAL]
    with hall.database.write() as connection:
        assert UnitLoads(connection, hall.now).of(unit).gaps == [10]
        set_membership(connection, Membership(operator_id=LAN, unit_id=FOCAL, capacity=7))
        expires = hall.now + timedelta(hours=1)
        open_session(connection, token="t", operator_id=LAN, csrf="c", now=hall.now, expires_at=expires)
        touch_session(connection, "t", open_at=hall.now)
        here = UnitLoads(connection, hall.now).of(unit)
    assert (here.waiting, here.capacities, here.gaps) == (1, [7], ())


def test_each_of_several_citizens_in_a_batch_has_a_place_of_its_own_in_the_queue(hall: CityHall) -> None:
    opened(hall)
    fates = hall.desk.batch([(f"8490500700{place}", "HOI lam ho chieu o dau") for place in range(3)])
    assert [re.findall(r"truoc ban con (\d+) viec", fate.answer or "") for fate in fates] == [["1"], ["2"], ["3"]]
