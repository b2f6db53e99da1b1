"""One sentence: the fullest form that fits, what is said where a service is off, and what our mistakes raise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.context import ServiceFacts
from handlers.conversation.answers.sentence import every_form, how_to_rate, how_to_reply, known, one_segment
from handlers.wording.phrases import Phrase
from tests.handlers.conversation.answers.cases import A
from tests.handlers.surroundings import CONVERSING, SERVICE

KEYED = replace(CONVERSING, bare_replies=False)


def test_an_edited_sentence_that_names_a_service_that_is_off_gives_way_to_the_delivered_one() -> None:
    edited = replace(SERVICE.wording, sentences={**SERVICE.wording.sentences, Phrase.FILED: ("{number}: {question}",)})
    text = one_segment(Phrase.FILED, replace(SERVICE, wording=edited), {"number": "YC482173051"})
    assert text == "Da ghi them vao YC482173051. Neu la viec khac, goi 1022"


def test_a_value_that_is_needed_and_missing_is_our_mistake() -> None:
    with pytest.raises(LookupError, match="filed has no form"):
        one_segment(Phrase.FILED, CONVERSING)


def test_all_variants_of_a_form_are_tried_before_a_shorter_form() -> None:
    values = {"number": A, "unit": "x" * 30, "how_to_reply": "tra loi tin nay"}
    texts = every_form(
        Phrase.QUESTION_OPENED,
        CONVERSING,
        {**values, "due_time": "17h30 thu hai 30/11"},
        {**values, "due_time": "30/11"},
    )
    assert [text.count("thu hai") for text in texts] == [1, 0] * 4
    assert one_segment(Phrase.QUESTION_OPENED, CONVERSING, {**values, "due_time": "y" * 40}).startswith(
        "Da nhan cau hoi"
    )


@pytest.mark.parametrize(
    ("service", "reply", "rates"),
    [
        (CONVERSING, "tra loi tin nay", ["soan so tu 1 (kem) den 5 (rat tot)", "soan 1 den 5"]),
        (KEYED, f"soan TL {A} noi dung", ["soan DG so tu 1 (kem) den 5 (rat tot)", "soan DG so 1 den 5"]),
        (replace(SERVICE, bare_replies=False), "goi 1022", []),
        (SERVICE, "tra loi tin nay", []),
    ],
    ids=["bare", "keyed", "keyed, off", "bare, ratings off"],
)
def test_how_to_reply_and_to_rate_follow_the_carrier_and_the_services(
    service: ServiceFacts, reply: str, rates: list[str]
) -> None:
    assert how_to_reply(A, service) == reply
    assert list(how_to_rate(service)) == rates


def test_what_is_unknown_or_empty_is_left_out() -> None:
    assert known(number=A, unit=None, subject="") == {"number": A}
