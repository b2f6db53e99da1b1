"""Today: look-ups that find nothing, the newest import, and the chart of the day beside yesterday and last week."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from db.citizens.dossiers import DossierFacts, import_dossiers
from db.processes.access_tokens import TokenPair, claim_renewal, end_renewal, put_tokens, read_token_states
from db.reports.rollups import LookUps
from db.schema import DossierStatus
from db.store.engine import Database
from db.store.ids import IdSource, first_id_at
from handlers.answer import Outcome
from sms_gateway.alarms.look_ups import find_jump
from sms_gateway.process.minute_counts import ROLLUP
from tests.sms_gateway.conftest import NOON, Clock
from tests.sms_gateway.pages.acting import get
from tests.sms_gateway.pages.message_rows import MessageRows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def write(database: Database, clock: Clock, new_id: Callable[[], int], outcome: Outcome, count: int = 1) -> None:
    with database.write() as connection:
        rows = MessageRows(connection=connection, new_id=new_id, now=clock.now)
        for _ in range(count):
            rows.answer(rows.text("DVC H17-1", reading="look_up_status", outcome=outcome.value), "x")


def keep(database: Database, clock: Clock) -> None:
    """Do what the schedule does every minute."""
    with database.read() as connection:
        counted = ROLLUP.count_due(connection, now_id=first_id_at(clock.now))
    for step in counted:
        with database.write() as connection:
            step(connection)


def test_look_ups_that_found_nothing_are_counted_and_lead_to_their_texts(
    logged_in: FlaskClient, database: Database, clock: Clock, new_id: Callable[[], int]
) -> None:
    write(database, clock, new_id, Outcome.STATUS_TOLD, 2)
    write(database, clock, new_id, Outcome.STATUS_NOT_FOUND)
    page = get(logged_in, "/admin").text
    assert re.search(r'outcome=status_not_found"><strong>1</strong> <span>found no dossier, of 3 look-ups', page)
    log = get(logged_in, "/admin/messages?outcome=status_not_found").text
    assert log.count("DVC H17-1") == 1


@pytest.mark.parametrize(
    ("hour", "day", "before", "jumped"),
    [
        pytest.param((0, 0), (0, 0), (0, 0), None, id="nobody asks"),
        pytest.param((3, 3), (9, 9), (40, 4), None, id="too few to tell"),
        pytest.param((2, 2), (10, 9), (40, 4), DAY, id="a small city: the day shows it"),
        pytest.param((2, 0), (12, 4), (40, 8), None, id="a small city: chance"),
        pytest.param((200, 120), (3000, 500), (20_000, 2_600), HOUR, id="a busy city: the hour shows it"),
        pytest.param((200, 45), (3000, 500), (20_000, 2_600), None, id="a busy city: within 15 points"),
        pytest.param((200, 120), (3000, 1800), (20_000, 12_000), None, id="as many as ever"),
        pytest.param((30, 30), (30, 30), (0, 0), HOUR, id="a new service without dossiers"),
    ],
)
def test_a_share_that_jumps_raises_an_alarm(
    hour: tuple[int, int], day: tuple[int, int], before: tuple[int, int], jumped: timedelta | None
) -> None:
    recent = [(window, LookUps(asked=asked, not_found=found)) for window, (asked, found) in ((HOUR, hour), (DAY, day))]
    found = find_jump(recent, LookUps(asked=before[0], not_found=before[1]))
    assert (None if found is None else found.window) == jumped


def test_the_alarm_names_the_newest_import(
    logged_in: FlaskClient, database: Database, clock: Clock, new_id: Callable[[], int]
) -> None:
    facts = [DossierFacts(code="H17-2", status=DossierStatus.DONE)]
    with database.write() as connection:
        import_dossiers(connection, facts, new_id=new_id, now=NOON - 3 * DAY)
    write(database, clock, new_id, Outcome.STATUS_NOT_FOUND, 12)
    clock.advance(timedelta(minutes=2))
    keep(database, clock)
    page = get(logged_in, "/admin").text
    assert "12 of 12 look-ups of the last 1 h found no dossier" in page
    assert "The newest import of dossiers: 19/11/2026 12:00." in page
    assert "3 days ago (19/11/2026 12:00)" in page


def test_no_import_is_told_of_where_dossiers_are_never_imported(logged_in: FlaskClient) -> None:
    assert "Newest import" not in get(logged_in, "/admin").text


def test_the_day_is_beside_yesterday_and_last_week_in_the_zone_of_the_service(
    logged_in: FlaskClient, database: Database, clock: Clock
) -> None:
    for days, texts in ((7, 3), (1, 2), (0, 1)):
        clock.now = NOON - days * DAY
        write(database, clock, IdSource(node=1 + days, now=clock).new, Outcome.STATUS_TOLD, texts)
    clock.now = NOON + timedelta(minutes=20)
    keep(database, clock)
    page = get(logged_in, "/admin").text
    row = re.search(r'<tr [^>]*id="step-12:00".*?</tr>', page)  # 05:00 UTC
    assert row is not None
    assert re.findall(r">(\d+)</td>", row[0]) == ["1", "1", "0", "0", "2", "3"]
    assert "Each quarter of an hour, 22/11/2026" in page
    assert "Texts in yesterday, 21/11/2026" in page
    assert "Texts in last week, 15/11/2026" in page
    paths = dict(re.findall(r'<path class="chart-(\w+)" d="([^"]*)"', page.split("chart-hours")[0]))
    assert paths["texts"] == "M481 200V160h8V200z"  # 12:00 is the 48th quarter; one of five is a fifth of the height
    assert all(
        "160" in paths[name] or "120" in paths[name] or "80" in paths[name] for name in paths if name != "failed"
    )


def test_a_token_that_cannot_be_renewed_raises_an_alarm_before_answers_wait(
    logged_in: FlaskClient, database: Database, clock: Clock
) -> None:
    for days, refused, shown in ((15, False, "-"), (13, False, "valid until"), (15, True, "refused the refresh token")):
        pair = TokenPair(
            access="canary-access",
            refresh="canary-refresh",
            access_until=clock.now + HOUR,
            refresh_until=clock.now + days * DAY,
        )
        with database.write() as connection:
            put_tokens(connection, "gapit", pair, now=NOON)
            [state] = read_token_states(connection)
            if refused:
                until = NOON + DAY
                assert claim_renewal(connection, state, until=until, now=NOON)
                end_renewal(connection, state, until=until, refused_at=NOON)
        page = get(logged_in, "/admin").text
        assert ("sms-gateway tokens authorise gapit" in page, "canary" in page) == (shown != "-", False), shown
        assert shown in page, shown
