"""Texts of a batch are filed together, and each sees what the one before of its sender did."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import pytest

from db.store.engine import Database
from db.tickets.transitions import lock_ticket
from db.units.route_rules import RuleRow
from parsers.missing_parts import GAP
from sms_gateway.back_office.tickets import answering
from sms_gateway.back_office.tickets.results import Acted
from sms_gateway.back_office.tickets.working import take
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, BINH, DUTY, CityHall, city_hall, opened


def test_several_texts_of_one_sender_in_a_batch_see_each_other(hall: CityHall) -> None:
    fates = hall.desk.batch([(AN, "HOI lam ho chieu can giay to gi"), (BINH, "TT"), (AN, "cho ca hai vo chong")])
    (ticket,) = hall.tickets()
    assert [fate.outcome for fate in fates] == ["ticket_opened", "tickets_told", "text_filed"]
    assert len(hall.entries(ticket.number)) == 2


def test_a_batch_locks_the_tickets_of_its_senders_in_one_order(postgres_database: Database) -> None:
    """Another transaction has the first ticket and wants the second; the batch names the second one first."""
    hall = city_hall(postgres_database)
    first, second = opened(hall, sender=AN), opened(hall, sender=BINH)
    ids = [hall.ticket(one).id for one in (first, second)]
    stored = hall.desk.store([(BINH, "cho ca hai vo chong"), (AN, "cho ca hai con")])
    with ThreadPoolExecutor(max_workers=1) as pool:
        with hall.database.write() as connection:
            lock_ticket(connection, ids[0])
            waiting = pool.submit(hall.desk.dispatch, stored)
            wait([waiting], timeout=0.5)
            assert not waiting.done()
            assert lock_ticket(connection, ids[1]) is not None
        assert [fate.outcome for fate in waiting.result(timeout=20)] == ["text_filed", "text_filed"]


def statements_of(hall: CityHall, texts: list[tuple[str, str]]) -> list[str]:
    """Bring a batch; return what its dispatch asked SQLite."""
    stored = hall.desk.store(texts)
    read: list[str] = []
    with hall.database.write() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(read.append)
    hall.desk.dispatch(stored)
    driver.set_trace_callback(None)
    return read


def test_a_batch_of_other_texts_asks_nothing_about_tickets(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    read = statements_of(hall, [(AN, "DVC 000.00.12.H17-230815-0007"), (BINH, "HD")])
    assert len(read) > 3
    assert [statement for statement in read if "citizen" in statement or "ticket" in statement] == []


def test_a_batch_of_questions_asks_once_what_its_senders_have_open(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    read = statements_of(hall, [(f"8490500100{place}", f"HOI viec so {place} cua gia dinh toi") for place in range(8)])
    assert sum("LEFT OUTER JOIN kept_text" in statement for statement in read) == 1


def test_while_it_is_switched_off_nothing_is_filed_and_agents_go_on(hall: CityHall) -> None:
    hall.text(AN, "HOI lam ho chieu can giay to gi")
    (ticket,) = hall.tickets()
    hall.desk.conversation = replace(hall.parts, switched_off=lambda: {"conversation": ""})
    assert hall.text(BINH, "HOI may gio mo cua vay").outcome == "conversation_off"
    assert hall.text(BINH, "DVC 000.00.12.H17-230815-0007").outcome == "status_not_found"
    assert isinstance(hall.act(take, ticket.number), Acted)
    assert len(hall.tickets()) == 1


def test_while_it_is_switched_off_danger_is_answered_with_the_emergency_numbers(hall: CityHall) -> None:
    hall.desk.conversation = replace(hall.parts, switched_off=lambda: {"conversation": ""})
    for text in ("SOS chay nha o 5 Tran Phu", "nha toi dang chay", "HOI nha toi bi chay goi ai", "Cháy nhà rồi", "SOS"):
        fate = hall.text(AN, text)
        assert fate.outcome == ("helped" if text == "SOS" else "emergency_numbers_told"), text
        assert "113 (cong an), 114 (chay), 115 (cap cuu)" in (fate.answer or ""), text
        hall.pass_(minutes=10)
    assert hall.tickets() == []


@pytest.mark.parametrize("shut", [{"switched_off": lambda: {"conversation": ""}}, {"units": lambda: None}])
def test_while_nothing_is_filed_no_answer_teaches_a_keyword_of_the_conversation(
    sqlite_database: Database, shut: dict[str, Callable[[], object]]
) -> None:
    hall = city_hall(sqlite_database)
    texts = ("TK bi khoa", "HD", "HD HOI", "DVC la gi", "xin chao 123", "TKK Nguyen Van A")
    taught = {text: hall.text(BINH, text).answer or "" for text in texts}
    assert "HOI" in taught["TK bi khoa"]
    assert "HOI" in taught["HD"]
    hall.desk.conversation = replace(hall.parts, **shut)  # type: ignore[arg-type] # fields of ConversationParts
    for text in texts:
        answer = hall.text(AN, text).answer or ""
        assert not re.search(r"HOI|PA|TT|LH", answer), (text, answer)
        hall.pass_(minutes=10)


def test_without_a_focal_unit_nobody_answers_and_nothing_is_filed(hall: CityHall) -> None:
    hall.desk.conversation = replace(hall.parts, units=lambda: None)
    assert hall.text(AN, "HOI lam ho chieu can giay to gi").outcome == "conversation_off"
    assert hall.text(AN, "DVC 000.00.12.H17-230815-0007").outcome == "status_not_found"
    assert hall.tickets() == []


def test_the_word_for_a_price_answers_a_question_of_the_agent_and_is_help_everywhere_else(
    sqlite_database: Database,
) -> None:
    hall = city_hall(sqlite_database)
    number = opened(hall, sender=AN)
    assert hall.text(BINH, "gia cuoc").outcome == "helped"
    ask = "Ban hoi ve gia hay ve thu tuc?"
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, ask), number)
    hall.send()
    outcomes = []
    for words in ("HD GIA", "Gia", "HD gia", "gia cuoc"):
        hall.pass_(minutes=5)
        outcomes.append(hall.text(AN, words).outcome)
    assert outcomes == ["helped", "text_filed_for_agent", "helped", "helped"]
    assert "Gia" in [one.body for one in hall.entries(number)]


def test_no_identity_number_of_a_person_waits_in_a_queue(hall: CityHall) -> None:
    fate = hall.text(AN, "KN toi Nguyen Van A 201499999 sinh ngay 20/12/1990 khong duoc giai quyet")
    assert fate.outcome == "corrected"
    assert fate.answer == (
        "Tin co so giay to, chua gui cho can bo. Mo tai khoan, soan: TK, Nguyen Van A, 201499999, 20/12/1990 gui 8188. "
        "Muon hoi, gui lai va bo so giay to."
    )
    assert hall.tickets() == []


def test_a_gap_in_a_long_text_is_shown_to_the_agent(hall: CityHall) -> None:
    hall.text(AN, f"HOI lam ho chieu can {GAP} va nop o dau")
    (ticket,) = hall.tickets()
    assert "[...]" in (hall.entries(ticket.number)[0].body or "")
    assert GAP not in (ticket.subject or GAP)


def test_words_and_phones_are_in_clear_nowhere(sqlite_database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hall = city_hall(sqlite_database)
    secret = "kanarienvogel truoc cua nha"
    hall.text(AN, f"SOS chay o {secret}")
    number = hall.tickets()[0].number
    hall.act(lambda link, office, acting: answering.ask(link, office, acting, f"con {secret} khong?"), number)
    hall.pass_(minutes=5)
    hall.text(AN, f"van con {secret}")
    hall.text(BINH, f"duong co {secret}")
    hall.pass_(days=9)
    hall.look_at_timers()
    with hall.database.write() as connection:
        file = connection.connection.driver_connection.execute("PRAGMA database_list").fetchone()[2]  # type: ignore[union-attr] # SQLite's own
    stored = b"".join(path.read_bytes() for path in Path(file).parent.glob(f"{Path(file).name}*"))
    assert number.encode() in stored
    for canary in (secret, "kanarienvogel", AN, AN[2:]):
        assert canary.encode() not in stored, canary
        assert canary not in caplog.text, canary
        assert canary.encode() not in hall.desk.metrics.render(), canary


def test_each_ticket_counts_the_rule_that_fitted_in_one_statement_a_batch(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    hall.set_rules(
        RuleRow(id=5, position=1, any_of=("DEN DUONG",), unit_id=DUTY),
        RuleRow(id=4, position=2, any_of=("CHO HOANG",), unit_id=DUTY),
    )
    texts = [(AN, "PA den duong hong"), (BINH, "PA den duong tat"), (AN, "PA MOI cho hoang chay rong"), (BINH, "TT")]
    read = statements_of(hall, [*texts, ("84905000003", "HOI lam ho chieu can giay to gi")])
    assert len(hall.tickets()) == 4
    assert hall.hits() == {4: 1, 5: 2}
    assert sum(one.startswith("UPDATE route_rule") for one in read) == 2  # one statement, run for each rule
    hall.text(BINH, "den duong ca doan gan cho cung tat")  # more words for the ticket count nothing
    assert hall.hits() == {4: 1, 5: 2}
