"""Wording, try it, misreads, links, operators, audit, system, and Today's alarms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select

from db.messages.receipt_matching import NewReceipt
from db.messages.receipts import record
from db.processes.channel_states import ChannelState, write_states
from db.processes.statistics import StatisticName, keep_figures
from db.schema import InboundState, OperatorRole, OutboundState, ReceiptState, account, inbound, receipt_rule
from db.store.engine import Database
from handlers.context import ServiceFacts
from handlers.wording.catalogues.vietnamese import VIETNAMESE
from sms_gateway.pages.messages.misreads import shape_of
from sms_gateway.process.live_wording import live_wording
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.db.units.rows import units_of_a_confirmed_year
from tests.sms_gateway.conftest import NOON, VIETTEL, Clock, log_in
from tests.sms_gateway.pages.acting import act, confirm, did, get, noted, post
from tests.sms_gateway.pages.message_rows import MessageRows

Make = Callable[[OperatorRole], None]


KEYWORDS = frozenset({"TK", "DVC"})


@dataclass(kw_only=True)
class Switchboard:
    """ChannelControl that writes down what it was told: the links are the far edge."""

    told: list[tuple[str, str]] = field(default_factory=list)
    ours: set[str] = field(default_factory=lambda: {"viettel"})

    def is_ours(self, name: str) -> bool:
        return name in self.ours

    def start_channel(self, name: str) -> None:
        self.told.append(("start", name))

    def stop_channel(self, name: str) -> None:
        self.told.append(("stop", name))

    def drain_channel(self, name: str) -> None:
        self.told.append(("drain", name))


@pytest.fixture
def switchboard() -> Switchboard:
    return Switchboard()


@pytest.fixture
def service(database: Database) -> ServiceFacts:
    return ServiceFacts(wording=live_wording(database, VIETNAMESE))


@pytest.fixture
def app(parts: WebDependencies, switchboard: Switchboard, service: ServiceFacts) -> Flask:
    link = LinkSettings(host="smsc.example", system_id="us")
    settings = parts.settings.model_copy(update={"links": {"viettel": link, "mobifone": link}})
    return create_app(replace(parts, settings=settings, control=switchboard, service=service))


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


class TestTrying:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("TK, Nguyen Van A, 201499999, 20/12/1990", "account opened"),
            ("DVC 000.00.12.H17-230815-0007", "dossier not found"),
            ("hd", "helped"),
            ("TK, A", "told what to fix"),
            ("Cảm ơn nhiều", "none: thanks need no answer"),
            ("ok", "thanked, no answer needed"),
        ],
    )
    def test_it_tells_what_would_be_answered_and_leaves_no_trace(
        self, logged_in: FlaskClient, database: Database, text: str, told: str
    ) -> None:
        page = act(logged_in, "/admin/try", text=text).text
        assert told in page
        with database.read() as connection:
            for table in (account, inbound):
                assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        assert [entry.action for entry in noted(database)] == ["tried"]
        assert text not in str(noted(database))

    def test_nothing_typed_is_the_form(self, logged_in: FlaskClient, database: Database) -> None:
        assert "It would be answered so" not in act(logged_in, "/admin/try", text=" ").text
        assert did(database) == []


class TestMisreads:
    def test_texts_of_one_shape_stand_together_with_people_counted(
        self, logged_in: FlaskClient, database: Database, new_id: Callable[[], int]
    ) -> None:
        with database.write() as connection:
            rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
            for sender, text in (
                ("84905000001", "TK. Le Thi B"),
                ("84905000001", "tk. tran c"),
                ("84905000002", "TK. A B 0792"),
            ):
                rows.text(text, sender=sender, reading="misread:missing_fields")
            last = rows.text("TK.  Trần  Văn D", sender="84905000003", reading="misread:missing_fields")
        page = get(logged_in, "/admin/misreads").text
        assert re.search(r">TK. \(words\)</td>\s*<td [^>]*>2</td>\s*<td [^>]*>3</td>", page)
        assert re.search(r">TK. \(words\) \(number\)</td>\s*<td [^>]*>1</td>\s*<td [^>]*>1</td>", page)
        example = re.search(r'href="(/admin/misreads/[^"]+)">TK.  Trần  Văn D', page)
        assert example is not None
        assert f"/admin/messages/{last}" in get(logged_in, example[1]).text

    def test_older_ones_are_left_out(
        self, logged_in: FlaskClient, database: Database, new_id: Callable[[], int], clock: Clock
    ) -> None:
        with database.write() as connection:
            MessageRows(connection=connection, new_id=new_id, now=NOON).text("?", reading="misread:unknown_keyword")
        clock.advance(timedelta(hours=9))
        log_in(logged_in)
        assert ">?</a>" in get(logged_in, "/admin/misreads?days=1").text
        assert get(logged_in, "/admin/misreads?days=2").status_code == 404

    @pytest.mark.parametrize(
        ("one", "other"),
        [("TK, Nguyen Van A, 201499999", "tk,Le Thi  B,048123456789"), ("?!", "?!"), ("", "\n")],
    )
    def test_content_does_not_change_a_shape(self, one: str, other: str) -> None:
        assert shape_of(one, KEYWORDS).replace(" ", "") == shape_of(other, KEYWORDS).replace(" ", "")

    def test_a_flood_has_a_short_shape(self) -> None:
        assert len(shape_of("a1" * 5000, KEYWORDS)) <= 61


class TestLinks:
    @pytest.mark.parametrize("action", ["start", "stop", "drain"])
    def test_an_administrator_turns_them_and_it_is_written_down(
        self, logged_in: FlaskClient, database: Database, make: Make, switchboard: Switchboard, action: str
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        assert post(logged_in, "/admin/links/viettel", action=action).status_code == 303
        assert switchboard.told == [(action, "viettel")]
        assert [entry.subject for entry in noted(database)] == ["link:viettel"]

    @pytest.mark.parametrize("action", ["stop", "drain"])
    def test_what_asks_first_is_done_by_its_own_form(
        self, logged_in: FlaskClient, make: Make, switchboard: Switchboard, action: str
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        confirm(logged_in, f"/admin/links/viettel?action={action}")
        assert switchboard.told == [(action, "viettel")]

    def test_one_that_takes_no_new_texts_says_so_until_it_is_started(
        self, logged_in: FlaskClient, make: Make, links: list[ChannelState]
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        post(logged_in, "/admin/links/viettel", action="drain")
        assert "by lan, 22" not in get(logged_in, "/admin/links").text  # the link itself does not say so yet
        links[:] = [replace(VIETTEL, draining=True)]
        assert "takes no new texts by lan, 22/11/2026 12:00" in plain(get(logged_in, "/admin/links").text)
        assert "Link viettel takes no new texts: lan drained it at 22/11/2026 12:00." in get(logged_in, "/admin").text
        links[:] = [VIETTEL]
        assert "no new texts" not in get(logged_in, "/admin").text

    @pytest.mark.parametrize(("name", "action"), [("viettel", "dance"), ("nobody", "stop")])
    def test_what_is_not_there_is_not_turned(
        self, logged_in: FlaskClient, make: Make, switchboard: Switchboard, name: str, action: str
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        assert post(logged_in, f"/admin/links/{name}", action=action).status_code == 404
        assert switchboard.told == []

    def test_only_what_is_down_or_drained_is_started(
        self, logged_in: FlaskClient, make: Make, links: list[ChannelState]
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        links[:] = [replace(VIETTEL, up=False)]
        assert 'name="action" value="start"' in get(logged_in, "/admin/links").text

    def test_all_that_are_set_up_are_shown(self, logged_in: FlaskClient, make: Make) -> None:
        page = get(logged_in, "/admin/links").text
        assert "smsc.example:2775" in page
        assert "stopped, or run by another process" in page  # mobifone
        assert 'name="action"' not in page
        make(OperatorRole.ADMINISTRATOR)
        assert "/admin/links/viettel?action=stop" in get(logged_in, "/admin/links").text
        assert 'name="action"' not in get(logged_in, "/admin/links").text  # it is bound: a start would bind it anew

    def test_one_that_another_process_holds_is_told_by_its_row(
        self, logged_in: FlaskClient, database: Database, clock: Clock
    ) -> None:
        state = ChannelState(
            name="mobifone",
            up=True,
            since=NOON - timedelta(hours=2),
            binds=2,
            wanted=3,
            in_flight=4,
            window=30,
            round_trip_ms=12,
            last_error="connection closed",
        )
        with database.write() as connection:
            write_states(connection, [state], holder="far:77", now=NOON - timedelta(seconds=4))
        for address in ("/admin/links", "/admin"):
            page = get(logged_in, address).text
            told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split('id="link-mobifone"')[1].split("</tr>")[0]))
            assert "connected connection closed 2 / 3 12.0 ms 4 / 30 22/11/2026 10:00 4 seconds ago, by far:77" in told
        assert "mobifone" not in get(logged_in, "/admin").text.split('id="alarms"')[1].split("</ul>")[0]
        clock.advance(timedelta(seconds=20))
        assert (
            "No process has reported on link mobifone since 22/11/2026 11:59 (connection closed)."
            in get(logged_in, "/admin").text
        )
        assert "no report" in get(logged_in, "/admin/links").text

    def test_one_that_another_process_holds_is_not_turned_here(
        self, logged_in: FlaskClient, make: Make, switchboard: Switchboard
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        assert post(logged_in, "/admin/links/mobifone", action="start").status_code == 404
        assert switchboard.told == []
        switchboard.ours.clear()
        assert 'name="action"' not in get(logged_in, "/admin/links").text

    def test_tells_what_receipts_have_taught(self, logged_in: FlaskClient, database: Database) -> None:
        assert "no receipt matched yet" in get(logged_in, "/admin/links").text
        with database.write() as connection:
            connection.execute(
                insert(receipt_rule),
                [
                    {"link": "viettel", "rule": "hex_decimal", "hits": 120, "last_at": NOON},
                    {"link": "viettel", "rule": "exact", "hits": 1, "last_at": NOON},
                ],
            )
        page = get(logged_in, "/admin/links").text
        assert "hexadecimal in the response, decimal in the receipt: 120 (settled); not at all: 1" in page


def test_the_system_page_tells_versions_and_sizes(logged_in: FlaskClient, make: Make, database: Database) -> None:
    make(OperatorRole.ADMINISTRATOR)
    page = get(logged_in, "/admin/system").text
    assert ("SQLite" if database.is_sqlite else "PostgreSQL") in page
    for job in (
        "Delete operators&#39; sessions that are over",
        "Count texts and answers by the minute",
        "every 5 minutes",
    ):
        assert job in page
    assert "<dt>Texts</dt><dd>not counted yet</dd>" in page
    assert ("<dt>Last backup</dt><dd>none made by sms-gateway db backup</dd>" in page) is database.is_sqlite
    with database.write() as connection:
        keep_figures(connection, {StatisticName.TEXTS: 12345, StatisticName.BACKUP: 3 << 20}, now=NOON)
    page = get(logged_in, "/admin/system").text
    assert "<dt>Texts</dt><dd>12,345 · counted 22/11/2026 12:00</dd>" in page
    assert ("<dt>Last backup</dt><dd>22/11/2026 12:00 · 3.0 MiB</dd>" in page) is database.is_sqlite


class TestToday:
    def write(self, database: Database, new_id: Callable[[], int], times: int, **values: object) -> None:
        with database.write() as connection:
            rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
            for number in range(times):
                made = rows.text(f"HD {number}", **values)  # type: ignore[arg-type]  # the test's own values
                if values.get("state") is None:
                    rows.answer(made, "giup", state=OutboundState.FAILED if number % 2 else OutboundState.DELIVERED)

    def test_a_quiet_day_is_fine(self, logged_in: FlaskClient, links: list[ChannelState], database: Database) -> None:
        with database.write() as connection:
            units_of_a_confirmed_year(connection, NOON.year)
        links.append(replace(VIETTEL, name="mobifone"))
        page = get(logged_in, "/admin").text
        assert "Everything is running well." in page
        assert "3.4 ms" in page

    def test_it_counts_since_midnight_and_draws_the_day(
        self, logged_in: FlaskClient, database: Database, new_id: Callable[[], int], clock: Clock
    ) -> None:
        self.write(database, new_id, 4)
        clock.advance(timedelta(minutes=2))
        page = get(logged_in, "/admin").text
        for count, words in ((4, "texts in"), (4, "answers"), (2, "delivered"), (2, "failed")):
            assert re.search(rf"<strong>{count}</strong> <span>{words}</span>", page), words
        steps = re.findall(r'<tr [^>]*id="step-(.*?)">(.*?)</tr>', page)
        counts = {clock: list(map(int, re.findall(r">(\d+)</td>", row))) for clock, row in steps}
        assert len(counts) == 49  # quarters of an hour from midnight to noon
        assert counts["12:00"] == [4, 2, 2, 0]
        assert sum(texts for texts, *_ in counts.values()) == 4

    def test_each_trouble_is_told_with_what_to_do(
        self,
        logged_in: FlaskClient,
        database: Database,
        new_id: Callable[[], int],
        clock: Clock,
        links: list[ChannelState],
    ) -> None:
        links.append(replace(VIETTEL, name="vinaphone", up=False, last_error="refused"))
        self.write(database, new_id, 10, reading="misread:empty")
        self.write(database, new_id, 1, state=InboundState.PARKED)
        self.write(database, new_id, 2, state=InboundState.RECEIVED)
        with database.write() as connection:
            rows = MessageRows(connection=connection, new_id=new_id, now=NOON)
            rows.answer(rows.text("x"), "y", state=OutboundState.QUEUED)
        clock.advance(timedelta(minutes=3))
        page = get(logged_in, "/admin").text
        for words in (
            "Link vinaphone has been down since 22/11/2026 12:00 (refused).",
            "2 texts wait to be read",
            "1 answer waits to be sent",
            "1 text is parked",
            "5 of 11 answers in the last hour did not arrive",
            "10 of 14 texts in the last hour were misread",
            "then press Run again",
        ):
            assert words in page, words


def test_the_page_of_links_counts_receipts_without_a_message(logged_in: FlaskClient, database: Database) -> None:
    def count(words: str) -> bool:
        page = logged_in.get("/admin/links", headers={"Accept-Language": "en"}).text
        return f"Receipts without a message</dt><dd>{words}</dd>" in page

    assert count("none")
    assert not count("2")
    with database.write() as connection:
        receipts = [
            NewReceipt(
                id=number, link="viettel", message_id="7", state=ReceiptState.DELIVERED, error=None, received_at=NOON
            )
            for number in (1, 2)
        ]
        record(connection, receipts, at=NOON)
    assert count("2")
