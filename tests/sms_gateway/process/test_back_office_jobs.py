"""The jobs of notices and counts: which run when, and what a run writes before a stop."""

from __future__ import annotations

from datetime import date
from threading import Event

from sqlalchemy import select

from db.schema import day_count, outbound
from db.staff.service_switches import switch_off, switch_on
from db.store.address import Address
from db.store.engine import Database
from sms_gateway.back_office.citizen_notices import MOST_QUEUED
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.process.back_office_jobs import CountDays, days_counting, notice_jobs
from sms_gateway.settings.model import RetentionSettings
from sms_gateway.settings.switches import NOTICES, offered
from tests.db.notices.followers import S, at, follow, store
from tests.sms_gateway.back_office.test_citizen_notices import Office
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, city_hall

FORGETTING = ["forget_notices", "forget_subscriptions", "forget_consents"]


def test_what_was_kept_ends_also_when_notices_are_off(sqlite_database: Database) -> None:
    jobs = notice_jobs(Office(sqlite_database).desk())
    assert [job.name for job in notice_jobs(None)] == FORGETTING
    assert [job.name for job in jobs] == [*FORGETTING, "note_due_dossiers", "release_notices"]
    assert [job.name for job in offered(jobs, lambda service: service != NOTICES)] == FORGETTING


def test_a_run_writes_what_the_link_has_room_for_and_a_stop_ends_it(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    for number in range(MOST_QUEUED + 2):
        code = f"H17-261129-{number:04}"
        store(sqlite_database, S.REGISTERED, code=code, minute=-200)
        follow(sqlite_database, code=code, phone=Address(f"849051234{number:02}"))
        store(sqlite_database, S.ACCEPTED, code=code, minute=-100)
    by_name = {job.name: job for job in notice_jobs(office.desk())}
    stopping = Event()
    stopping.set()
    assert by_name["release_notices"].run(sqlite_database, lambda: at(-41), stopping) == 0  # held for an hour
    with sqlite_database.write() as connection:
        switch_off(connection, NOTICES, operator="lan", now=at(0))
    assert by_name["release_notices"].run(sqlite_database, lambda: at(0), stopping) == 0  # switched off for now
    with sqlite_database.write() as connection:
        switch_on(connection, NOTICES)
    assert by_name["release_notices"].run(sqlite_database, lambda: at(0), stopping) == MOST_QUEUED
    with sqlite_database.read() as connection:
        assert len(connection.execute(select(outbound.c.id)).all()) == MOST_QUEUED
    assert by_name["note_due_dossiers"].run(sqlite_database, lambda: at(0), stopping) == 0  # none has a due date
    for name in FORGETTING:
        assert by_name[name].run(sqlite_database, lambda: at(0), stopping) == 0, name


def test_days_are_counted_while_the_service_runs_and_after_it_was_down(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    job = CountDays(counting=days_counting(RetentionSettings()))
    stopping = Event()

    def kept() -> list[tuple[date, int]]:
        asked = select(day_count.c.day, day_count.c.count).where(day_count.c.kind == "text").order_by(day_count.c.day)
        with sqlite_database.read() as connection:
            return [(day, texts) for day, texts in connection.execute(asked)]

    day = hall.desk.now.astimezone(LOCAL_ZONE).date()
    hall.text(AN, "HD")
    hall.pass_(minutes=1)
    assert job.run(sqlite_database, lambda: hall.desk.now, stopping) == 0, "no day that is over has counts"
    assert kept() == [(day, 1)]
    hall.text(AN, "HD")  # after the last count, and then the service is down
    hall.pass_(minutes=9 * 24 * 60)
    stopping.set()
    assert job.run(sqlite_database, lambda: hall.desk.now, stopping) == 0, "a stop ends the run after a day"
    stopping.clear()
    assert job.run(sqlite_database, lambda: hall.desk.now, stopping) == 1
    assert kept() == [(day, 2)]
    assert job.run(sqlite_database, lambda: hall.desk.now, stopping) == 0
