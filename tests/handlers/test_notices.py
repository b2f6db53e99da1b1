"""Notices stand in one segment, whatever the service is called and wherever its hotline is."""

from __future__ import annotations

import pytest

from handlers.answer import Outcome
from handlers.notices import tell_limit
from handlers.wording.plain import is_plain
from tests.handlers.surroundings import LONGEST_SERVICE, SERVICE

TOLD = [Outcome.HOUR_LIMIT_TOLD, Outcome.DAY_LIMIT_TOLD, Outcome.REST_TOLD, Outcome.PHONE_NEEDED, Outcome.WORDS_NEEDED]


@pytest.mark.parametrize("outcome", TOLD)
def test_a_notice_fits_into_one_segment_without_accents(outcome: Outcome) -> None:
    for service in (SERVICE, LONGEST_SERVICE):
        answer = tell_limit(outcome, service)
        assert answer.outcome is outcome
        assert len(answer.text) <= 160
        assert is_plain(answer.text)
        assert service.hotline in answer.text


def test_each_notice_says_something_else() -> None:
    assert len({tell_limit(outcome, SERVICE).text for outcome in TOLD}) == len(TOLD)


def test_who_has_no_phone_is_told_where_to_send_an_sms() -> None:
    assert "SMS den 8188" in tell_limit(Outcome.PHONE_NEEDED, SERVICE).text
