"""Ratings: the last one within a week of the first counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from db.tickets.ratings import Rating, add_words, rate, read_rating
from tests.db.tickets.ticket_rows import HAI_CHAU, NOW, Town

WEEK = timedelta(days=7)


def test_a_rating_is_replaced_for_a_week_after_the_first(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        assert read_rating(connection, opened.id) is None
        first = Rating(ticket_id=opened.id, score=2, by_words=True, unit_id=HAI_CHAU, at=NOW, operator="lan")
        assert rate(connection, first)
        add_words(connection, opened.id, "cham qua")
        assert read_rating(connection, opened.id) == replace(first, words="cham qua")
        better = replace(first, score=4, by_words=False, at=NOW + WEEK - timedelta(seconds=1))
        assert rate(connection, better)
        assert read_rating(connection, opened.id) == replace(better, at=NOW)
        assert not rate(connection, replace(first, score=1, at=NOW + WEEK))
        assert read_rating(connection, opened.id) == replace(better, at=NOW)
