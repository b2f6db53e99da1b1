"""Accusations by SMS: others read on the same phone, so no answer repeats their words."""

from __future__ import annotations

from functools import partial

import pytest

from db.store.engine import Database
from sms_gateway.back_office.tickets import answering, working
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, CityHall, city_hall, opened


@pytest.fixture
def hall(database: Database) -> CityHall:
    return city_hall(database)


def test_no_answer_quotes_an_accusation(hall: CityHall) -> None:
    accusation = opened(hall, "KN ong Canary bi to cao nhan tien")
    hall.text(AN, "TT")
    hall.text(AN, f"TT {accusation}")
    ordinary = opened(hall, "HOI den duong hong")
    hall.text(AN, "van chua thay ai den sua")  # which of the two?
    assert accusation in hall.texts_to(AN)[-1]
    assert "den duong hong" in hall.texts_to(AN)[-1]
    hall.text(AN, "3")
    hall.pass_(minutes=10)
    hall.act(partial(working.wait_third, reason="Canary dang bi xac minh"), accusation)
    hall.text(AN, f"TT {accusation}")
    assert hall.texts_to(AN)[-1].startswith(accusation)
    hall.act(working.resume, accusation)
    hall.pass_(minutes=10)
    hall.act(partial(answering.ask, words="Canary lam o phong nao?"), accusation)
    (question,) = [text for text in hall.texts_to(AN) if "Canary" in text]  # what the agent wrote, and nothing else
    hall.text(AN, f"TT {accusation}")
    assert hall.texts_to(AN)[-1].startswith(f"{accusation}: can bo can ban bo sung. ")
    assert [text for text in hall.texts_to(AN) if "Canary" in text] == [question]
    assert ordinary
