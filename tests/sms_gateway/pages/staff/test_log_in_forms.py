"""The forms of log-in, password and second factor: a fault stands at its field, and no secret is shown again."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.store.engine import Database
from tests.sms_gateway.conftest import PASSWORD, Clock, form_token, log_in
from tests.sms_gateway.pages.staff.test_one_time_codes import code, enrol, field, second

ENGLISH = {"Accept-Language": "en"}
GOOD = "four green boats"
WRONG = "canary-wrong-one"
SHORT = "canary-7"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what asks it nothing of its own."""
    return sqlite_database


def assert_fault(page: TestResponse, name: str, words: str) -> None:
    """Demand the fault at this field and at no other."""
    assert page.text.count('aria-invalid="true"') == 1
    assert f'id="fault-{name}">{words}' in page.text
    control = page.text[page.text.index(f'<input id="field-{name}"') :].partition(">")[0]
    assert f'aria-describedby="fault-{name}' in control


def assert_forgotten(page: TestResponse, *secrets: str) -> None:
    assert [secret for secret in secrets if secret in page.text] == []


@pytest.mark.usefixtures("operator_id")
def test_a_refused_log_in_keeps_the_name_and_never_the_password(client: FlaskClient) -> None:
    page = log_in(client, name="<LAN>", password=WRONG)
    assert 'name="name" value="&lt;LAN&gt;"' in page.text
    assert_forgotten(page, WRONG)


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        pytest.param({"new": SHORT, "again": SHORT}, "new", "The new password needs at least 12", id="weak"),
        pytest.param({"new": GOOD, "again": f"{GOOD}!"}, "again", "", id="typed differently"),
        pytest.param({"new": PASSWORD, "again": PASSWORD}, "new", "", id="the same again"),
        pytest.param({"current": WRONG}, "current", "", id="the present one is wrong"),
    ],
)
def test_a_fault_of_a_new_password_stands_at_its_field(
    logged_in: FlaskClient, typed: dict[str, str], at: str, words: str
) -> None:
    token = form_token(logged_in.get("/admin/password"))
    fields = {"csrf": token, "current": PASSWORD, "new": GOOD, "again": GOOD, **typed}
    page = logged_in.post("/admin/password", data=fields, headers=ENGLISH)
    assert page.status_code == 400
    assert_fault(page, at, words)
    assert_forgotten(page, PASSWORD, *(set(fields.values()) - {token}))


@pytest.mark.parametrize("wrong", ["code", "current"])
def test_a_fault_of_a_new_second_factor_stands_at_its_field(logged_in: FlaskClient, clock: Clock, wrong: str) -> None:
    form = logged_in.get("/admin/second-factor")
    secret = form.text.partition("<code>")[2].partition("</code>")[0]
    typed = {"code": code(secret, clock), "current": PASSWORD} | {wrong: "000000"}
    fields = {"csrf": form_token(form), "secret": field(form, "secret"), **typed}
    page = logged_in.post("/admin/second-factor", data=fields, headers=ENGLISH)
    assert page.status_code == 400
    assert_fault(page, wrong, "")
    assert_forgotten(page, *(f'value="{one}"' for one in typed.values()), PASSWORD)
    assert f"<code>{secret}</code>" in page.text  # the app has read it already, so it stays the same


def test_a_wrong_code_of_the_second_step_stands_at_its_field(logged_in: FlaskClient, clock: Clock) -> None:
    enrol(logged_in, clock)
    page = second(logged_in.application.test_client(), "123321")
    assert page.status_code == 401
    assert_fault(page, "code", "")
    assert_forgotten(page, "123321")
    form = logged_in.get("/admin/second-factor")
    fields = {"csrf": form_token(form), "current": WRONG, "code": "123321"}
    page = logged_in.post("/admin/second-factor/remove", data=fields, headers=ENGLISH)
    assert page.status_code == 400
    assert_fault(page, "current", "")
    assert_forgotten(page, WRONG, "123321")
