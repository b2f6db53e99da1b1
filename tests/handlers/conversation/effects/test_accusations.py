"""Words that accuse somebody are for the leads of the focal unit, whatever ticket they were written for."""

from __future__ import annotations

from functools import partial

from db.store.engine import Database
from db.tickets.ratings import read_rating
from sms_gateway.back_office.tickets import answering
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, FOCAL, CityHall, city_hall, number_in, opened


def accused(hall: CityHall, way: str, sender: str) -> None:
    """Let a citizen accuse somebody in words for an ordinary ticket."""
    words = "toi to cao ong Canary nhan tien"
    ordinary = opened(hall, f"PA den duong hong truoc nha {sender[-1]} phuong Hai Chau", sender)
    if way == "continued":
        hall.text(sender, f"TL {ordinary} van chua sua xong dau")
    if way == "details":
        hall.act(partial(answering.ask, words="so nha nao"), ordinary)
    if way in ("reopens", "score"):
        hall.act(partial(answering.resolve, words="da sua xong"), ordinary)
    if way == "choice":
        opened(hall, "HOI lam ho chieu het bao nhieu tien", sender)
    state, before = hall.ticket(ordinary).state, len(hall.tickets())
    hall.pass_(seconds=20)
    texts = {"reply": f"TL {ordinary} {words}", "score": f"DG 1 {ordinary} {words}"}
    answer = hall.text(sender, texts.get(way, words)).answer
    if way == "choice":
        hall.pass_(minutes=3)
        answer = hall.text(sender, "2").answer
    number = number_in(answer)
    accusation = hall.ticket(number)
    assert len(hall.tickets()) == before + 1, way
    assert (accusation.is_accusation, accusation.unit_id) == (True, FOCAL), way
    assert "giu kin" in (answer or ""), way
    assert "Canary" in (hall.entries(number)[0].body or ""), way
    others = [one.number for one in hall.tickets() if not one.is_accusation]
    assert not [one for other in others for one in hall.entries(other) if "Canary" in (one.body or "")], way
    assert hall.ticket(ordinary).state is state, way  # a low score leaves it answered
    hall.pass_(seconds=30)
    hall.text(sender, "ong ay o phong mot cua")
    assert len(hall.entries(number)) == 2, way  # what follows goes on with the accusation


def test_an_accusation_never_gets_into_the_ticket_of_those_it_may_accuse(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    for place, way in enumerate(["continued", "reply", "choice", "details", "reopens", "score"]):
        accused(hall, way, f"8490500010{place}")


def test_the_score_beside_an_accusation_counts(hall: CityHall) -> None:
    ordinary = opened(hall)
    hall.act(partial(answering.resolve, words="da tra loi"), ordinary)
    hall.pass_(minutes=5)
    hall.text(AN, f"DG 2 {ordinary} toi to cao ong Canary")
    with hall.database.read() as connection:
        rating = read_rating(connection, hall.ticket(ordinary).id)
    assert rating is not None
    assert (rating.score, rating.words) == (2, None)
