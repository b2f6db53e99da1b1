"""The catalogue: every phrase there, every placeholder right, every sentence plain; and the rules of fitting."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.wording.catalogue import Wording, faults, faults_of_form, placeholders
from handlers.wording.catalogues import CATALOGUES, DEFAULT_LANGUAGE
from handlers.wording.catalogues.vietnamese import VIETNAMESE
from handlers.wording.conversation_placeholders import CONVERSATION, CONVERSATION_PLACEHOLDERS
from handlers.wording.fit import clip, first_fit, room
from handlers.wording.notice_placeholders import NOTICE_PLACEHOLDERS
from handlers.wording.phrases import Phrase
from handlers.wording.placeholders import NEEDED, PLACEHOLDERS
from handlers.wording.plain import is_plain, plain

languages = pytest.mark.parametrize("wording", CATALOGUES.values(), ids=list(CATALOGUES))


@languages
def test_a_catalogue_has_every_phrase_and_no_fault(wording: Wording) -> None:
    assert faults(wording) == []
    assert set(wording.sentences) == set(Phrase)


@languages
def test_a_delivered_sentence_has_only_plain_letters(wording: Wording) -> None:
    for phrase, forms in wording.sentences.items():
        assert all(is_plain(unfilled(form)) for form in forms), phrase


def unfilled(form: str) -> str:
    return form.replace("{", "").replace("}", "")


def test_each_catalogue_is_found_by_its_language() -> None:
    assert [wording.language for wording in CATALOGUES.values()] == list(CATALOGUES)
    assert next(iter(CATALOGUES)) == DEFAULT_LANGUAGE == "vi"
    assert all(re.fullmatch("[a-z]{2,3}", language) for language in CATALOGUES)
    assert len({wording.name for wording in CATALOGUES.values()}) == len(CATALOGUES)


def test_the_product_takes_a_catalogue_from_the_table_alone() -> None:
    """A module that imports one language would keep it when the settings choose another."""
    root = Path(__file__).parents[3]
    paths = [path for room in ("handlers", "db", "sms_gateway") for path in (root / room).rglob("*.py")]
    importing = re.compile(r"handlers\.wording\.catalogues\.|from handlers\.wording\.catalogues import [a-z]")
    found = {path.relative_to(root) for path in paths if importing.search(path.read_text("utf-8"))}
    assert Path("handlers/wording/catalogues/__init__.py") in found
    assert {path for path in found if not path.is_relative_to("handlers/wording/catalogues")} == set()


def test_what_a_phrase_needs_it_may_hold() -> None:
    for phrase, needed in NEEDED.items():
        assert needed <= PLACEHOLDERS[phrase]


@languages
def test_a_later_form_is_shorter(wording: Wording) -> None:
    for phrase in Phrase:
        forms = wording.sentences[phrase]
        lengths = [len(form.replace("{wrong}", "0905123456")) for form in forms]
        if (
            phrase in CONVERSATION_PLACEHOLDERS or phrase in NOTICE_PLACEHOLDERS
        ):  # values of 48 letters beside some of 5
            lengths = [
                len(form.format_map({name: USUAL.get(name, name) for name in placeholders(form)})) for form in forms
            ]
        assert lengths == sorted(lengths, reverse=True), phrase
        assert all(lengths), phrase


@languages
def test_no_sentence_carries_a_link_or_asks_for_a_secret(wording: Wording) -> None:
    for phrase in Phrase:
        for form in wording.sentences[phrase]:
            lower = form.lower()
            assert not any(sign in lower for sign in ("http", "www.", ".vn", ".com", "otp")), phrase
            assert not any(words in lower for words in ("gui mat khau", "text your password", "send your password")), (
                phrase
            )


USUAL = {
    "short_code": "8188",
    "hotline": "0236 3881888",
    "user_name": "nguyenthingoctram12",
    "password": "ab3de6gh9k",
    "days": "30",
    "place": "Cong dich vu cong",
    "code": "000.00.12.H17-230815-0007",
    "state": "x" * 40,
    "received": "15/08/2023",
    "due": "30/08/2023",
    "wanted": "x" * 60,
    "pick_up": "x" * 60,
    "copy": "TAIKHOAN, NGUYEN THI NGOC TRAM, 048190123456, 20/12/1990",
    "wrong": "048190123456",
    "register_account": "TAIKHOAN",
    "look_up_dossier": "TRACUUHS",
    "help": "HUONGDAN",
    **dict.fromkeys(CONVERSATION, "KEYWORDS"),
    "number": "YC482173051",
    "other": "YC482173051",
    "near": "YC482173051",
    "numbers": "YC482173051 hoac YC613509427",
    "unit": "x" * 30,
    "subject": "x" * 20,
    "due_time": "17h30 thu nam 30/11",
    "how_to_reply": "soan KEYWORDS YC482173051 noi dung",
    "how_to_rate": "soan KEYWORDS so 1 den 5",
    "asked": "x" * 48,
    "reason": "x" * 48,
    "where": "x" * 60,
    "words": "x" * 60,
    "ward": "x" * 30,
    "day": "30/11",
    "last_day": "30/11",
    "tickets": "YC482173051 cho co quan khac; YC613509427 cho co quan khac; YC407192867 cho co quan khac",
    "choices": "1: YC482173051. 2: YC613509427. 3: viec moi",
    "digits": "1, 2 hoac 3",
    "stored": "so may, noi dung tin, yeu cau va tai khoan (neu co)",
    "address": "x" * 60,
    "hours": "7h30-11h30, 13h30-17h30 thu hai den thu sau",
    "now": "Dang nghi, mo lai 7h30 30/11",
    "phone": "0236 3881888",
    "codes": "000.00.12.H17-230815-0007",
    "others": "000.00.12.H17-230815-0008",
    "fix": "x" * 30,
    "new_due": "05/09/2023",
    "subscription": "KEYWORDS",
}
"""Long values that are usual; a keyword of eight letters is the longest usual one.
Of values that come in several forms it is the shortest, which the last form is for."""


@languages
def test_the_last_form_fits_one_segment_with_the_longest_usual_values(wording: Wording) -> None:
    for phrase in Phrase:
        values = {name: USUAL.get(name, name) for name in PLACEHOLDERS.get(phrase, ())}
        assert len(wording.sentences[phrase][-1].format_map(values)) <= room(1), phrase


@pytest.mark.parametrize(
    ("phrase", "form", "expected"),
    [
        (Phrase.NOT_FOUND, "Khong thay {code}.", []),
        (Phrase.NOT_FOUND, "Khong thay.", ["placeholder {code} is missing"]),
        (Phrase.NOT_FOUND, "Khong thay {code} {name}.", ["unknown placeholder {name}"]),
        (Phrase.NOT_FOUND, "Không thấy {code}.", []),
        (
            Phrase.NOT_FOUND,
            "Không thấy {code} 王.",
            ["a letter is not in the basic set of GSM 03.38, even without its accents"],
        ),
        (Phrase.NOT_FOUND, "Khong thay {code.", ["a brace is open; write {name}, and no other braces"]),
        (Phrase.NOT_FOUND, "{code} [1]", ["a letter is not in the basic set of GSM 03.38, even without its accents"]),
        (Phrase.NOT_FOUND, "{code!r}", ["a placeholder holds nothing but its name; write {name}"]),
        (Phrase.NOT_FOUND, "{code:>999999}", ["a placeholder holds nothing but its name; write {name}"]),
        (Phrase.NOT_FOUND, "{code.__class__}", ["a placeholder holds nothing but its name; write {name}"]),
        (Phrase.NOT_FOUND, "{code[0]}", ["a placeholder holds nothing but its name; write {name}"]),
        (Phrase.NOT_FOUND, "{}", ["a placeholder holds nothing but its name; write {name}"]),
    ],
)
def test_an_operators_sentence_is_checked(phrase: Phrase, form: str, expected: list[str]) -> None:
    assert [str(fault) for fault in faults_of_form(phrase, form)] == expected


def test_a_wording_with_holes_is_told_phrase_by_phrase() -> None:
    sentences = dict(VIETNAMESE.sentences)
    del sentences[Phrase.HELP]
    sentences[Phrase.WRONG_ID_NUMBER] = ("So {wrong} sai.",)
    sentences[Phrase.NOT_FOUND] = ("{code",)
    found = faults(replace(VIETNAMESE, sentences=sentences))
    assert [str(fault) for fault in found] == [
        "help: no sentence",
        "not_found: a brace is open; write {name}, and no other braces",
        "wrong_id_number: one form must do without {wrong}, which may be unknown",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Đặng Thị Hằng", "Dang Thi Hang"),
        ("Nguye\u0302\u0303n", "Nguyen"),
        ("Ðà Nẵng, ƠƯ ơư", "Da Nang, OU ou"),
        ("a[b]{c}|d\\e~f^g`h", "a(b)(c)/d/e-fg'h"),
        ("a@b$c", "a b c"),
        ("“a” – ‘b’…", "\"a\" - 'b'..."),
        ("  a \n\t b  ", "a b"),
        ("１２３／Ａ", "123/A"),
        ("50.000₫", "50.000d"),
        ("a\u0000b\u200bc\ud800d", "abcd"),
        ("王", ""),
        ("xem https://a.example/b nhe", "xem nhe"),
        ("xem WWW.a.example nhe", "xem nhe"),
        ("000.00.12.H17-230815-0007", "000.00.12.H17-230815-0007"),
    ],
)
def test_plain_folds_what_a_phone_might_not_show(given: str, expected: str) -> None:
    assert plain(given) == expected


@given(st.text())
def test_plain_is_idempotent_and_plain(text: str) -> None:
    assert is_plain(plain(text))
    assert plain(plain(text)) == plain(text)
    assert plain(text) == plain(text).strip()


GSM_BASIC = set(ascii_letters) | set("0123456789 \n!\"#%&'()*+,-./:;<=>?_")


def test_plain_signs_are_one_septet_in_gsm_and_the_same_in_ascii() -> None:
    assert {chr(number) for number in range(0x250) if is_plain(chr(number))} == GSM_BASIC


@given(st.text(alphabet="ab ,;.", max_size=40), st.integers(1, 30))
def test_clip_keeps_a_text_that_fits_and_marks_one_that_does_not(text: str, letters: int) -> None:
    clipped = clip(text, letters, "...")
    if len(text) <= letters:
        assert clipped == text
    else:
        assert clipped.endswith("...")
        assert len(clipped) <= letters + 3
        assert text.startswith(clipped[:-3])


def test_clip_cuts_between_words() -> None:
    assert clip("giay khai sinh, ho khau", 17, "...") == "giay khai sinh..."
    assert clip("x" * 20, 10, "...") == "x" * 10 + "..."


def test_fits_the_fullest_that_the_segments_hold() -> None:
    texts = ["x" * 161, "x" * 160, "x"]
    assert first_fit(texts) == "x" * 160
    assert first_fit(texts, segments=2) == "x" * 161
    assert first_fit(["x" * 307], segments=2) is None
    assert [room(segments) for segments in (1, 2, 3)] == [160, 306, 459]


def test_a_sentence_of_the_conversation_does_without_the_keyword_of_a_service_that_is_off() -> None:
    sentences = {**VIETNAMESE.sentences, Phrase.FILED: ("Da ghi vao {number}, soan {question}.", "{number} {question}")}
    assert [str(fault) for fault in faults(replace(VIETNAMESE, sentences=sentences))] == [
        "filed: one form must do without {question}, which may be unknown"
    ]


def test_only_a_sentence_that_can_quote_the_text_must_have_a_form_without_it() -> None:
    sentences = {**VIETNAMESE.sentences, Phrase.ACCOUNT_EXISTS: ("Ban da co {user} TK",)}
    told = [str(fault) for fault in faults(replace(VIETNAMESE, sentences=sentences))]
    assert not any("{wrong}" in one for one in told)
    assert any("{user}" in one for one in told)
