"""A wording with accents: the answers keep them where they cost nothing, and are else what they were without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.store.engine import Database
from handlers import apologise, handle, tell_limit
from handlers.answer import Answer, Outcome
from handlers.context import ServiceFacts
from handlers.notices import tell_new_password
from handlers.wording.catalogue import Wording, faults
from handlers.wording.catalogues.vietnamese import VIETNAMESE
from handlers.wording.fit import cheaper, counted_by_length
from handlers.wording.phrases import Phrase
from handlers.wording.plain import is_plain, unaccented
from parsers.commands import Command, ShowHelp
from parsers.misread import Misread, MisreadKind
from sms_gateway.channels.smpp.coding.text import count_segments, most_segments
from sms_gateway.settings.link_model import Alphabet
from tests.handlers.surroundings import FIRST, SERVICE, context, dvc, tk

ACCENTS = str.maketrans("aoueiyAOUEIYdD", "ậồửềịỷẬỒỬỀỊỶđĐ")


def accented(form: str) -> str:
    """Put accents on every letter that can have one, but for the names in braces."""
    pieces = form.split("{")
    rest = [name + "}" + text.translate(ACCENTS) for name, _, text in (piece.partition("}") for piece in pieces[1:])]
    return "{".join([pieces[0].translate(ACCENTS), *rest])


WORDING = Wording(
    language="vi",
    name="Tiếng Việt",
    sentences={phrase: tuple(map(accented, forms)) for phrase, forms in VIETNAMESE.sentences.items()},
)
ACCENTED = ServiceFacts(wording=WORDING)


def with_sentence(phrase: Phrase, *forms: str) -> ServiceFacts:
    return ServiceFacts(wording=replace(VIETNAMESE, sentences={**VIETNAMESE.sentences, phrase: forms}))


def test_every_sentence_may_be_written_with_accents() -> None:
    assert faults(WORDING) == []
    assert {p: tuple(map(unaccented, forms)) for p, forms in WORDING.sentences.items()} == dict(VIETNAMESE.sentences)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("Hồ sơ đang xử lý", "Ho so dang xu ly", id="letters"),
        pytest.param("Nguye\u0302\u0303n", "Nguyen", id="marks apart"),
        pytest.param("a\nb  c", "a\nb  c", id="blanks are left alone"),
        pytest.param("Đ Ð đ €王", "D D d €王", id="strokes; what is no accent stays"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_takes_accents_off_and_nothing_else(given: str, expected: str) -> None:
    assert unaccented(given) == expected


@given(st.text(st.sampled_from("aăâáấậđĐéệưởỡỳ XYZ09.,\n{}"), max_size=50))
def test_a_twin_is_plain_and_as_long(text: str) -> None:
    twin = unaccented(text)
    assert len(twin) == len(text)
    assert is_plain(twin.replace("{", "").replace("}", ""))
    assert unaccented(twin) == twin


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        pytest.param("ạ" * 70, True, id="one segment either way"),
        pytest.param("ạ" * 71, False, id="two against one"),
        pytest.param("à" * 160, True, id="accents that GSM 03.38 has"),
        pytest.param("à" * 159 + "ạ", False, id="but for one"),
        pytest.param("ạ" * 161, False, id="three against two"),
        pytest.param("a" * 200, True, id="none"),
    ],
)
def test_of_two_twins_the_cheaper_goes_and_of_equals_the_accented(text: str, *, keeps: bool) -> None:
    assert cheaper(text, lambda text: count_segments(text)[1]) == (text if keeps else unaccented(text))


def test_a_carrier_without_accents_in_its_alphabet_is_counted_as_such() -> None:
    assert most_segments("à" * 160, {Alphabet.GSM, Alphabet.GSM_PACKED}) == 1
    assert most_segments("à" * 160, {Alphabet.GSM, Alphabet.ASCII}) == 3
    assert most_segments("à" * 160, set()) == 1


@given(st.text(st.sampled_from("aạ .,\n"), max_size=500))
def test_whoever_knows_no_carrier_counts_as_the_usual_one_does(text: str) -> None:
    assert counted_by_length(text) == count_segments(text)[1]


ANSWERS: Mapping[str, tuple[Command | Misread, str]] = {
    "TK": (tk(), "TK: nguyenvana, MK: abcde23456 la tai khoan"),
    "DVC": (dvc("000.00.12.H17-230815-0007"), "Khong tim thay ho so 000.00.12.H17-230815-0007"),
    "HD": (ShowHelp(topic=None), "Soan"),
    "misread": (Misread(kind=MisreadKind.BIRTH_DATE, wrong="31/02/1990"), "Ngay sinh 31/02/1990"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_are_those_of_the_twin_unless_accents_cost_nothing(database: Database, name: str) -> None:
    command, beginning = ANSWERS[name]
    answers: list[Answer] = []
    for service in (SERVICE, ACCENTED):
        with database.write() as connection, connection.begin_nested() as trial:
            answers.append(handle(command, context(connection, service=service)))
            trial.rollback()
    delivered, chosen = answers
    assert delivered.text.startswith(beginning)
    assert chosen in (delivered, replace(delivered, text=chosen.text))
    assert unaccented(chosen.text) == delivered.text
    assert count_segments(chosen.text)[1] == count_segments(delivered.text)[1] == 1
    assert (chosen.text != delivered.text) == (len(delivered.text) <= 70)


def test_a_short_answer_keeps_its_accents_and_a_long_one_not() -> None:
    short = with_sentence(Phrase.APOLOGY, "Xin lỗi, cần gấp xin gọi {hotline}.")
    assert apologise(short).text == "Xin lỗi, cần gấp xin gọi 1022."
    long = with_sentence(
        Phrase.APOLOGY, "Xin lỗi, hệ thống đang gặp lỗi và chưa xử lý được tin nhắn. Xin gọi {hotline}."
    )
    assert apologise(long).text == "Xin loi, he thong dang gap loi va chua xu ly duoc tin nhan. Xin goi 1022."
    hour = with_sentence(Phrase.HOUR_LIMIT, "Bạn đã nhắn nhiều. Gọi {hotline}.")
    assert tell_limit(Outcome.HOUR_LIMIT_TOLD, hour).text == "Bạn đã nhắn nhiều. Gọi 1022."


@pytest.mark.parametrize("more", ["", " Hãy đổi mật khẩu sớm, và không cho ai biết."])
def test_the_password_is_masked_in_either_twin(more: str) -> None:
    service = with_sentence(Phrase.ACCOUNT_OPENED, f"TK: {{user_name}}, MK: {{password}} mới, {{days}} ngày.{more}")
    answer = tell_new_password("lan", FIRST, service)
    assert answer.text.startswith("TK: lan, MK: abcde23456 moi" if more else "TK: lan, MK: abcde23456 mới")
    assert answer.masked == answer.text.replace(FIRST.clear, "****")
