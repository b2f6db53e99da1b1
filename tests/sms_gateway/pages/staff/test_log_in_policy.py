"""Who must have a second factor, when unused sessions end, and when one-time passwords do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.staff.address_lockout import FREE_TRIES as ADDRESS_TRIES
from db.staff.audit import Action, read_page
from db.staff.log_in_attempts import FREE_TRIES, NAME_TRIES
from db.staff.operators import ONE_TIME, add_operator, reset_password
from db.store.engine import Database
from sms_gateway.settings.model import Settings, WebSettings
from tests.sms_gateway.conftest import HASHED, NAME, NOON, PASSWORD, Clock, form_token, log_in
from tests.sms_gateway.pages.staff.test_one_time_codes import code, enrol, second

Make = Callable[[OperatorRole], None]

ENGLISH = {"Accept-Language": "en"}
LIVE = {"X-Live": "1"}
IDLE = timedelta(minutes=30)


def from_address(app: Flask, address: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


class TestRequired:
    @pytest.fixture
    def web_settings(self) -> WebSettings:
        return WebSettings()

    def test_of_administrators_by_default(self) -> None:
        assert Settings().web.second_factor == [OperatorRole.ADMINISTRATOR]

    def test_who_has_none_sets_it_up_before_anything_else(
        self, logged_in: FlaskClient, make: Make, clock: Clock
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        open_ones = {"admin.second_factor", "admin.log_out", "admin.log_in", "admin.second_step"}
        rules = [rule for rule in logged_in.application.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
        token = form_token(logged_in.get("/admin/second-factor"))
        for rule in (rule for rule in rules if rule.endpoint not in open_ones):
            path = re.sub(r"<[^>]*>", "1", rule.rule)
            for method in (rule.methods or set()) & {"GET", "POST"}:
                answer = logged_in.open(path, method=method, data={"csrf": token} if method == "POST" else None)
                assert (answer.status_code, answer.location) == (303, "/admin/second-factor"), rule.endpoint
        page = logged_in.get("/admin/second-factor", headers=ENGLISH)
        assert "Your role needs a second factor." in page.text
        assert 'href="/admin/operators"' not in page.text
        refused = logged_in.post("/admin/operators/add", data={"csrf": form_token(page), "name": "x", "role": "viewer"})
        assert refused.location == "/admin/second-factor"
        enrol(logged_in, clock)
        assert logged_in.get("/admin/operators").status_code == 200

    @pytest.mark.parametrize("role", [OperatorRole.VIEWER, OperatorRole.OPERATOR])
    def test_nobody_else_must(self, logged_in: FlaskClient, make: Make, role: OperatorRole) -> None:
        make(role)
        assert logged_in.get("/admin").status_code == 200

    def test_one_can_log_out(self, logged_in: FlaskClient, make: Make) -> None:
        make(OperatorRole.ADMINISTRATOR)
        token = form_token(logged_in.get("/admin/second-factor"))
        assert logged_in.post("/admin/log-out", data={"csrf": token}).location == "/admin/log-in"

    def test_who_turns_it_off_must_set_it_up_anew(self, logged_in: FlaskClient, make: Make, clock: Clock) -> None:
        make(OperatorRole.ADMINISTRATOR)
        secret, _ = enrol(logged_in, clock)
        clock.advance(timedelta(seconds=30))
        token = form_token(logged_in.get("/admin/second-factor"))
        data = {"csrf": token, "current": PASSWORD, "code": code(secret, clock)}
        assert logged_in.post("/admin/second-factor/remove", data=data).status_code == 303
        assert logged_in.get("/admin").location == "/admin/second-factor"

    def test_a_reset_takes_it_away_and_the_next_log_in_sets_it_anew(
        self, logged_in: FlaskClient, make: Make, clock: Clock, database: Database
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        enrol(logged_in, clock)
        with database.write() as connection:
            reset_password(connection, NAME, HASHED, clock.now)
        client = logged_in.application.test_client()
        assert log_in(client).status_code == 303
        page = client.get("/admin/password")
        new = {"new": "four green boats", "again": "four green boats"}
        assert client.post("/admin/password", data={"csrf": form_token(page), "current": PASSWORD, **new}).location
        assert client.get("/admin").location == "/admin/second-factor"

    def test_the_operators_page_shows_who_has_one(
        self, logged_in: FlaskClient, make: Make, clock: Clock, database: Database, new_id: Callable[[], int]
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        enrol(logged_in, clock)
        for name, role in (("huy", OperatorRole.ADMINISTRATOR), ("mai", OperatorRole.VIEWER)):
            with database.write() as connection:
                add_operator(connection, operator_id=new_id(), name=name, password_hash="-", role=role, now=NOON)
        page = unlabelled(logged_in.get("/admin/operators", headers=ENGLISH).text)
        rows = {row.split("</th>")[0]: row for row in page.split('<th scope="row">')[1:]}
        assert "<td>yes</td>" in rows[NAME]
        assert "<td>no, but required</td>" in rows["huy"]
        assert "<td>no</td>" in rows["mai"]


def unlabelled(page: str) -> str:
    """Take out the labels by which a telephone shows the cells of a table as a card."""
    return re.sub(r' (?:data-label|role)="[^"]*"', "", page)


class TestIdle:
    def test_a_session_ends_without_use(self, logged_in: FlaskClient, clock: Clock) -> None:
        clock.advance(IDLE - timedelta(seconds=1))
        assert logged_in.get("/admin").status_code == 200
        clock.advance(IDLE)
        assert logged_in.get("/admin").location == "/admin/log-in"

    def test_a_page_that_renews_itself_is_no_use(self, logged_in: FlaskClient, clock: Clock) -> None:
        for _ in range(29):
            clock.advance(timedelta(minutes=1))
            assert logged_in.get("/admin", headers=LIVE).status_code == 200
        clock.advance(timedelta(minutes=1))
        assert logged_in.get("/admin", headers=LIVE).status_code == 401

    def test_its_end_stands_on_the_sessions_page(self, logged_in: FlaskClient, clock: Clock) -> None:
        elsewhere = logged_in.application.test_client()
        log_in(elsewhere)
        page = logged_in.get("/admin/sessions", headers=ENGLISH).text
        assert "A session ends after 30 minutes without use" in page
        assert unlabelled(page).count("<td>22/11/2026 12:30</td>") == 2
        clock.advance(IDLE - timedelta(minutes=1))
        logged_in.get("/admin")
        clock.advance(timedelta(minutes=1))
        page = logged_in.get("/admin/sessions", headers=ENGLISH).text
        assert unlabelled(page).count("<td>22/11/2026 13:00</td>") == 1
        assert unlabelled(page).count("<td>22/11/2026 12:00</td>") == 1  # when the only session left was opened


class TestOneTimePasswords:
    @pytest.fixture
    def _first_time(self, database: Database, new_id: Callable[[], int]) -> None:
        role = OperatorRole.VIEWER
        with database.write() as connection:
            add_operator(connection, operator_id=new_id(), name=NAME, password_hash=HASHED, role=role, now=NOON)

    @pytest.mark.usefixtures("_first_time")
    def test_they_end(self, client: FlaskClient, clock: Clock, database: Database) -> None:
        clock.advance(ONE_TIME)
        token = form_token(client.get("/admin/log-in", headers=ENGLISH))
        data = {"csrf": token, "name": NAME, "password": PASSWORD}
        answer = client.post("/admin/log-in", data=data, headers=ENGLISH)
        assert answer.status_code == 401
        assert "This one-time password has expired. Ask an administrator for a new one." in answer.text
        wrong = client.post("/admin/log-in", data={**data, "password": "wrong"}, headers=ENGLISH)
        assert "expired" not in wrong.text
        with database.read() as connection:
            assert [one.detail for one in read_page(connection)] == ["wrong_password", "expired"]
        with database.write() as connection:
            reset_password(connection, NAME, HASHED, clock.now)
        assert log_in(client).status_code == 303

    @pytest.mark.usefixtures("_first_time")
    def test_one_that_ends_while_its_page_is_open_is_taken_no_more(self, client: FlaskClient, clock: Clock) -> None:
        clock.advance(ONE_TIME - timedelta(minutes=1))
        log_in(client)
        page = client.get("/admin/password", headers=ENGLISH)
        assert "for one use, until 23/11/2026 12:00" in page.text
        clock.advance(timedelta(minutes=2))
        data = {"csrf": form_token(page), "current": PASSWORD, "new": "four green boats", "again": "four green boats"}
        assert client.post("/admin/password", data=data).status_code == 400

    def test_the_page_says_until_when(self, logged_in: FlaskClient, make: Make) -> None:
        make(OperatorRole.ADMINISTRATOR)
        token = form_token(logged_in.get("/admin/operators"))
        data = {"csrf": token, "name": "huy", "role": "viewer"}
        page = logged_in.get(logged_in.post("/admin/operators/add", data=data).location, headers=ENGLISH)
        assert "One-time password of huy, shown only once; valid until 23/11/2026 12:00:" in page.text


class TestPlaces:
    def test_the_operators_page_shows_where_somebody_must_wait(
        self, app: Flask, logged_in: FlaskClient, make: Make
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        for number in range(2):
            for _ in range(FREE_TRIES):
                log_in(from_address(app, f"203.0.113.{number}"), password="wrong")
        assert "active, must wait at 2 addresses or browsers" in logged_in.get("/admin/operators", headers=ENGLISH).text

    def test_a_guesser_elsewhere_does_not_keep_the_operator_out(self, app: Flask, operator_id: int) -> None:
        del operator_id
        guesser, home = from_address(app, "203.0.113.7"), from_address(app, "198.51.100.9")
        for _ in range(FREE_TRIES + 1):
            assert log_in(guesser, password="wrong").status_code == 401
        assert log_in(guesser).status_code == 401
        assert log_in(home).status_code == 303

    @pytest.mark.long_on_postgresql
    def test_many_guessers_do_not_keep_a_browser_out_that_logged_in_before(
        self, app: Flask, operator_id: int, clock: Clock
    ) -> None:
        del operator_id
        home = from_address(app, "198.51.100.9")
        assert log_in(home).status_code == 303
        home.delete_cookie("session")
        for number in range(NAME_TRIES):
            assert log_in(from_address(app, f"203.0.{number}.7"), password="wrong").status_code == 401
        assert log_in(from_address(app, "192.0.2.1")).status_code == 401
        assert log_in(home).status_code == 303
        home.delete_cookie("session")
        for _ in range(FREE_TRIES):
            assert log_in(home, password="wrong").status_code == 401
        assert log_in(home).status_code == 401  # its own count
        clock.advance(timedelta(minutes=1))
        assert log_in(home).status_code == 303

    def test_a_browser_is_known_for_its_operator_only_and_not_for_ever(
        self, app: Flask, operator_id: int, clock: Clock, database: Database, new_id: Callable[[], int]
    ) -> None:
        role = OperatorRole.VIEWER
        with database.write() as connection:
            add_operator(
                connection, operator_id=(huy := new_id()), name="huy", password_hash=HASHED, role=role, now=NOON
            )
        home = from_address(app, "198.51.100.9")
        log_in(home)
        home.delete_cookie("session")
        kept = home.get_cookie(f"known-{operator_id}")
        assert kept is not None
        assert (kept.http_only, kept.same_site) == (True, "Lax")
        other = from_address(app, "203.0.113.7")
        other.set_cookie(f"known-{huy}", kept.value)  # another operator's
        for _ in range(FREE_TRIES):
            log_in(other, name="huy", password="wrong")
        assert log_in(from_address(app, "203.0.113.7"), name="huy").status_code == 401  # counted by address
        for _ in range(FREE_TRIES):
            log_in(from_address(app, "198.51.100.9"), password="wrong")
        assert log_in(home).status_code == 303
        home.delete_cookie("session")
        clock.advance(timedelta(days=180))
        for _ in range(FREE_TRIES):
            log_in(from_address(app, "198.51.100.9"), password="wrong")
        assert log_in(home).status_code == 401

    def test_a_locked_address_lets_a_known_browser_through(self, app: Flask, operator_id: int) -> None:
        del operator_id
        home = from_address(app, "198.51.100.9")
        log_in(home)
        home.delete_cookie("session")
        for _ in range(ADDRESS_TRIES):
            log_in(from_address(app, "198.51.100.9"), name="nobody", password="wrong")
        assert log_in(from_address(app, "198.51.100.9")).status_code == 401
        assert log_in(home).status_code == 303

    @pytest.mark.parametrize("pattern", ["2001:db8:7:1::{:x}", "2001:db8:7:1:{:x}::1"])
    def test_all_addresses_of_one_ipv6_network_count_as_one(self, app: Flask, operator_id: int, pattern: str) -> None:
        del operator_id
        for number in range(ADDRESS_TRIES):
            log_in(from_address(app, pattern.format(number + 1)), name="nobody", password="wrong")
        assert log_in(from_address(app, "2001:db8:7:1::ffff")).status_code == 401
        assert log_in(from_address(app, "2001:db8:7:2::1")).status_code == 303

    def test_an_ipv4_address_written_as_ipv6_is_that_address(self, app: Flask, operator_id: int) -> None:
        del operator_id
        for number in range(ADDRESS_TRIES):
            log_in(from_address(app, f"::ffff:203.0.113.{number}"), name="nobody", password="wrong")
        assert log_in(from_address(app, "203.0.113.200")).status_code == 303
        for _ in range(ADDRESS_TRIES):
            log_in(from_address(app, "::ffff:203.0.113.9"), name="nobody", password="wrong")
        assert log_in(from_address(app, "203.0.113.9")).status_code == 401


class TestProvingAgain:
    def test_the_code_that_set_it_up_does_not_log_in_once_more(self, logged_in: FlaskClient, clock: Clock) -> None:
        secret, _ = enrol(logged_in, clock)
        logged_in.delete_cookie("session")
        assert second(logged_in, code(secret, clock)).status_code == 401
        clock.advance(timedelta(seconds=30))
        assert second(logged_in, code(secret, clock)).status_code == 303

    def test_setting_it_up_wants_the_password_and_ends_every_other_session(
        self, logged_in: FlaskClient, clock: Clock
    ) -> None:
        elsewhere = logged_in.application.test_client()
        log_in(elsewhere)
        page = logged_in.get("/admin/second-factor")
        secret = re.findall(r"<code>([A-Z2-7]{32})</code>", page.text)[0]
        sealed = re.findall(r'name="secret" value="([^"]+)"', page.text)[0]
        data = {"csrf": form_token(page), "secret": sealed, "code": code(secret, clock)}
        assert logged_in.post("/admin/second-factor", data=data).status_code == 400
        assert logged_in.post("/admin/second-factor", data={**data, "current": "wrong"}).status_code == 400
        assert elsewhere.get("/admin").status_code == 200
        before = logged_in.get_cookie("session")
        answer = logged_in.post("/admin/second-factor", data={**data, "current": PASSWORD})
        done = logged_in.get(answer.location, headers=ENGLISH)
        assert done.text.count("Every other session of yours has ended.") == 1
        assert len(re.findall(r"<code>[A-Z2-7-]{19}</code>", done.text)) == 10
        assert logged_in.get_cookie("session") != before
        assert elsewhere.get("/admin").location == "/admin/log-in"
        assert logged_in.post("/admin/log-out", data={"csrf": form_token(done)}).location == "/admin/log-in"

    def test_a_new_password_wants_the_second_factor_too(
        self, logged_in: FlaskClient, clock: Clock, database: Database
    ) -> None:
        secret, codes = enrol(logged_in, clock)
        clock.advance(timedelta(seconds=30))
        token = form_token(logged_in.get("/admin/password"))
        new = "four green boats"
        data = {"csrf": token, "current": PASSWORD, "new": new, "again": new}
        assert logged_in.post("/admin/password", data=data).status_code == 400
        assert logged_in.post("/admin/password", data={**data, "code": "000000"}).status_code == 400
        answer = logged_in.post("/admin/password", data={**data, "code": code(secret, clock)})
        assert answer.location == "/admin/sessions"
        page = logged_in.get(answer.location, headers=ENGLISH).text
        assert "The password is changed. Every other session of yours has ended." in page
        assert "22/11/2026 12:00: Changed the password" in page
        assert "(wrong code)" in page
        again = {"csrf": form_token(logged_in.get("/admin/password")), "current": new, "new": PASSWORD}
        answer = logged_in.post("/admin/password", data={**again, "again": PASSWORD, "code": codes[0]})
        assert answer.status_code == 303
        with database.read() as connection:
            assert Action.RECOVERY_CODE_USED in {one.action for one in read_page(connection)}
