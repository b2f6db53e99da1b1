"""Links and telephone numbers in an edited sentence: stored only when an operator ticked each one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.staff.wordings import present_wordings
from db.store.engine import Database
from handlers.wording.catalogue import Wording, contacts_of_form
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.phrases import Phrase
from tests.sms_gateway.pages.acting import get, noted, post, save_wording

FORM = "Soan TK gui {short_code}, xem dichvucong.vn hoac goi 0236 3881888, {hotline} hay 1022."
CONTACTS = ["dichvucong.vn", "0236 3881888"]
CHANGE = "/admin/wording/help_tk/change"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: the pages are the same on both."""
    return sqlite_database


@pytest.fixture
def administrator(logged_in: FlaskClient, make: Callable[[OperatorRole], None]) -> FlaskClient:
    make(OperatorRole.ADMINISTRATOR)
    return logged_in


def stored(database: Database) -> tuple[str, ...] | None:
    with database.read() as connection:
        return present_wordings(connection, "vi").get("help_tk")


@pytest.mark.parametrize("confirmed", [[], CONTACTS[:1], ["vneid.top"]], ids=["none", "one of two", "another"])
def test_a_sentence_with_links_is_asked_back(
    administrator: FlaskClient, database: Database, confirmed: list[str]
) -> None:
    response = post(administrator, CHANGE, forms=FORM, contacts=confirmed)
    assert response.status_code == 400
    assert stored(database) is None
    assert re.findall(r'name="contacts" value="([^"]*)"', response.text) == CONTACTS
    assert "Citizens may get dichvucong.vn" in response.text
    assert FORM in response.text


def test_a_confirmed_sentence_is_stored_and_noted(administrator: FlaskClient, database: Database) -> None:
    assert save_wording(administrator, CHANGE, forms=FORM, contacts=CONTACTS).status_code == 303
    assert stored(database) == (FORM,)
    assert [entry.detail for entry in noted(database)] == ["changed language=vi links_confirmed=1"]
    assert 'name="contacts"' not in get(administrator, "/admin/wording/help_tk").text


def test_a_preview_warns_and_asks_nothing(administrator: FlaskClient, database: Database) -> None:
    response = post(administrator, CHANGE, forms=FORM, preview="1")
    assert response.status_code == 200
    assert "Tick each one that is right" in response.text
    assert stored(database) is None


def test_an_earlier_sentence_with_links_is_brought_back_only_when_confirmed(
    administrator: FlaskClient, database: Database
) -> None:
    save_wording(administrator, CHANGE, forms=FORM, contacts=CONTACTS)
    save_wording(administrator, CHANGE, forms="Soan TK gui {short_code}.")
    page = get(administrator, "/admin/wording/help_tk").text
    (earlier,) = re.findall(r"undo\?change=(\d+)", page)
    asked = post(administrator, "/admin/wording/help_tk/undo", change=earlier)
    assert asked.status_code == 400
    assert FORM in asked.text
    assert stored(database) == ("Soan TK gui {short_code}.",)
    assert post(administrator, "/admin/wording/help_tk/undo", change=earlier, contacts=CONTACTS).status_code == 303
    assert stored(database) == (FORM,)


@pytest.mark.parametrize("wording", CATALOGUES.values(), ids=list(CATALOGUES))
def test_no_delivered_sentence_needs_to_be_confirmed(wording: Wording) -> None:
    forms = [form for phrase in Phrase for form in wording.sentences[phrase]]
    assert {form: found for form in forms if (found := contacts_of_form(form, ()))} == {}


def test_a_form_with_an_open_brace_has_no_contacts_but_a_fault() -> None:
    assert contacts_of_form("xem {a vneid.top", ()) == []
