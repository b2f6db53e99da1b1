"""Try it: how a text is filed in a situation, and where it goes, each step in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from db.schema import OperatorRole, Priority
from db.store.engine import Database
from db.units.route_rules import RuleRow, TopicRow, add_rule, add_topic
from parsers.vocabulary import CONVERSATION_VOCABULARY
from sms_gateway.pages.display.filing_trial import SITUATIONS
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.db.units.rows import units
from tests.sms_gateway.conftest import log_in
from tests.sms_gateway.pages.acting import act, get, noted, post


@pytest.fixture
def conversing(parts: WebDependencies, operator_id: int, make: Callable[[OperatorRole], None]) -> FlaskClient:
    """An operator of a service whose conversation is on."""
    made = create_app(replace(parts, vocabulary=CONVERSATION_VOCABULARY)).test_client()
    make(OperatorRole.OPERATOR)
    assert log_in(made).status_code == 303
    return made


@pytest.fixture
def rule(database: Database) -> None:
    with database.write() as connection:
        units(connection, 1, 2)
        add_rule(
            connection,
            RuleRow(id=5, position=1, any_of=("DEN DUONG",), unit_id=2, priority=Priority.HIGH),
        )


@pytest.mark.usefixtures("rule")
def test_a_report_is_shown_with_its_rule_and_its_due_time(conversing: FlaskClient, database: Database) -> None:
    page = act(conversing, "/admin/try", text="PA den duong hong 3 ngay nay", situation="none").text
    for told in (
        "F1: keyword",
        "new request",
        "UBND phường 2: rule 1, because of “den duong”",
        "high",
        "Time that citizens are told",
    ):
        assert told in page, told
    assert [entry.action for entry in noted(database)] == ["tried"]


@pytest.mark.usefixtures("rule")
def test_a_rule_that_named_only_the_topic_is_shown_beside_it(conversing: FlaskClient, database: Database) -> None:
    with database.write() as connection:
        add_topic(connection, TopicRow(id=6, code="noise", name="Tiếng ồn", words=()))
        add_rule(connection, RuleRow(id=7, position=2, any_of=("KARAOKE",), topic_id=6))
    page = act(conversing, "/admin/try", text="HOI karaoke on qua phai lam sao").text
    assert "Tiếng ồn (rule 2)" in page
    assert "nothing is sure, so it goes to the focal unit" in page
    assert "It is read so" in page


@pytest.mark.parametrize(
    ("situation", "text", "told"),
    [
        ("open", "van chua thay ai den sua", "F6: "),
        ("asked", "nha so 25 Le Duan", "F4: "),
        ("resolved", "5", "score 5"),
        ("two", "van chua thay ai den sua", "asked for which request; the text is kept"),
        ("which", "2", "YC613509427"),
        ("kept", "1", "new request"),
        ("many", "HOI may gio mo cua", "F13: "),
        ("none", "may gio thi mo cua vay", "F10: "),
        ("none", "dang chay lon o nha may", "urgent tickets open at the duty unit"),
    ],
)
@pytest.mark.usefixtures("rule")
def test_a_text_is_filed_by_the_situation(conversing: FlaskClient, situation: str, text: str, told: str) -> None:
    assert told in act(conversing, "/admin/try", text=text, situation=situation).text


def test_without_a_focal_unit_the_page_says_so(conversing: FlaskClient) -> None:
    assert "No unit is the focal unit" in act(conversing, "/admin/try", text="HOI may gio mo cua").text


def test_a_command_without_tickets_still_shows_its_answer(conversing: FlaskClient) -> None:
    page = act(conversing, "/admin/try", text="TK, Nguyen Van A, 201499999, 20/12/1990").text
    assert "carried out" in page
    assert "MK: ****" in page


def test_wrong_input_is_refused(conversing: FlaskClient) -> None:
    assert post(conversing, "/admin/try", text="HD", situation="x").status_code == 400
    assert get(conversing, "/admin/try?situation=x").status_code == 404


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_situation_has_words(conversing: FlaskClient, situation: str) -> None:
    assert act(conversing, "/admin/try", text="xin chao", situation=situation).status_code == 200


def test_with_the_conversation_off_nothing_is_filed(logged_in: FlaskClient) -> None:
    page = act(logged_in, "/admin/try", text="HD").text
    assert ("filed" in page, "The sender has" in page) == (False, False)
