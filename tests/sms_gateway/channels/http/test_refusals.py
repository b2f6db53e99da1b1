"""Wrong secrets at the HTTP endpoints: the log has sums, each with its channel and address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from db.store.engine import Database
from sms_gateway.channels.http.refusals import MOST, Refusals, Refused
from sms_gateway.log import TextFormatter
from tests.sms_gateway.conftest import NOON, Clock, Counts


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what is about the log."""
    return sqlite_database


def guess(client: FlaskClient, address: str, *, channel: str = "gapit", times: int = 1) -> None:
    for _ in range(times):
        answer = client.post(
            f"/mo/{channel}", headers={"X-Gateway-Secret": "wrong"}, environ_base={"REMOTE_ADDR": address}
        )
        assert answer.status_code == 401


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    told = [TextFormatter().format(record) for record in caplog.records if record.message == "endpoint_refused"]
    caplog.clear()
    return [line.partition("endpoint_refused ")[2] for line in told]


def test_a_guesser_has_one_line_a_minute(
    client: FlaskClient, clock: Clock, counts: Counts, caplog: pytest.LogCaptureFixture
) -> None:
    guess(client, "203.0.113.9", times=500)
    guess(client, "203.0.113.9", channel="named")
    guess(client, "2001:db8::9", channel="nobody")
    assert lines(caplog) == [
        "channel=gapit address=203.0.113.9 refused=1",
        "channel=named address=203.0.113.9 refused=1",
        "channel=unknown address=2001:db8::9 refused=1",
    ]
    clock.advance(timedelta(seconds=59))
    guess(client, "203.0.113.9")
    assert lines(caplog) == []
    clock.advance(timedelta(seconds=1))
    guess(client, "198.51.100.1")  # anybody's next refusal brings the sums of all
    assert sorted(lines(caplog)) == [
        "channel=gapit address=198.51.100.1 refused=1",
        "channel=gapit address=203.0.113.9 refused=500",
    ]
    assert counts.seen.count(("gapit", "wrong_secret")) == 502


def test_more_addresses_than_are_told_apart_share_a_line() -> None:
    refusals = Refusals()
    first = [refusals.count(Refused("gapit", f"10.0.{one // 256}.{one % 256}"), now=NOON) for one in range(MOST + 50)]
    assert sum(bool(told) for told in first) == MOST + 1
    assert first[MOST] == {Refused("gapit", None): 1}
    later = NOON + timedelta(minutes=1)
    assert refusals.count(Refused("gapit", "192.0.2.1"), now=later) == {
        Refused("gapit", None): 50,
    }
    assert refusals.count(Refused("gapit", "192.0.2.1"), now=later) == {Refused("gapit", "192.0.2.1"): 1}
