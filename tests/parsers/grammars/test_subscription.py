"""DK and HUY with notices on: what is read, and that every other text is read as before."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from parsers import read
from parsers.commands.notices import Subscribe
from parsers.grammar import Vocabulary
from parsers.misread import Misread
from parsers.printed import as_json, official_form
from parsers.vocabulary import CONVERSATION_VOCABULARY, NOTICES_VOCABULARY, VOCABULARY, grammars_of, vocabulary_of

TODAY = date(2026, 11, 29)
CODE = "000.00.12.H17-230815-0007"
BOTH = vocabulary_of(grammars_of(has_conversation=True, has_notices=True))
RENAMED = vocabulary_of(
    grammars_of(has_conversation=False, has_notices=True),
    keywords={"subscription": ["NHANTIN"], "withdrawal": ["NGUNGTIN"]},
)
TEXTS = [
    (f"DK {CODE}", f"DK {CODE}"),
    (f"dk{CODE}", f"DK {CODE}"),
    (f"Soạn: ĐK nhận tin hồ sơ {CODE} gửi 8188", f"DK {CODE}"),
    (f"xin chao, DK {CODE}", f"DK {CODE}"),
    ("DK 123456, HS777/2023", "DK 123456, HS777/2023"),
    (f"dk nhan ket qua ho so cua toi {CODE} sdt 0905123456", f"DK {CODE}"),
    ("DK", "misread receipt_code of subscription"),
    ("DK 0905123456", "misread receipt_code of subscription"),
    ("DK HD", "HD DK"),
    ("HD DK", "HD DK"),
    ("DK Nguyen Van A, 201499999, 20/12/1990", "misread unknown_keyword, meant TK"),
    ("HUY", "HUY"),
    ("huỷ nhận tin", "HUY"),
    (f"HUY {CODE}", f"HUY {CODE}"),
    ("HUY 482173051", "HUY 482173051"),
    ("STOP", "HUY"),
    ("Dừng gửi tin", "HUY"),
    ("dung gui tin nua nhe em", "HUY"),
    ("HUY, 201499999, 20/12/1990", "misread unknown_keyword"),
    ("Huy oi di dau do", "misread unknown_keyword"),
    (f"DVC {CODE}", f"DVC {CODE}"),
]


def told(text: str, vocabulary: Vocabulary = NOTICES_VOCABULARY, *, with_secrets: bool = False) -> str:
    reading = read(text, today=TODAY, vocabulary=vocabulary, with_secrets=with_secrets)
    printed = as_json(reading, vocabulary)
    if not isinstance(reading, Misread):
        return official_form(reading, vocabulary)
    parts = [f"misread {printed['misread']}"]
    parts += [f"of {printed['command']}"] if printed["command"] else []
    return " ".join(parts) + (f", meant {printed['suggestion']}" if printed["suggestion"] else "")


def test_what_dk_and_huy_are_read_as() -> None:
    for text, expected in TEXTS:
        assert told(text) == expected, text


def test_keywords_can_be_renamed() -> None:
    assert told(f"NHANTIN {CODE}", RENAMED) == f"NHANTIN {CODE}"
    assert told("NGUNGTIN", RENAMED) == "NGUNGTIN"
    assert told("STOP", RENAMED) == "NGUNGTIN"
    assert told(f"HUY {CODE}", RENAMED) == f"DVC {CODE}"  # a code among other words


def test_a_secret_is_read_behind_dk_and_not_needed_behind_huy() -> None:
    reading = read(f"DK {CODE} 1234", today=TODAY, vocabulary=NOTICES_VOCABULARY, with_secrets=True)
    assert isinstance(reading, Subscribe)
    assert [code.secret for code in reading.codes] == ["1234"]
    assert told(f"DK {CODE} 1234", with_secrets=True) == f"DK {CODE} ****"
    assert told(f"DK {CODE}", with_secrets=True) == f"DK {CODE}"
    for text in (f"HUY {CODE}", f"HUY {CODE} 1234"):
        assert told(text, with_secrets=True) == f"HUY {CODE}"


def test_with_the_conversation_huy_is_one_command_for_tickets_and_notices() -> None:
    cases = [
        ("HUY YC482173051", ["YC482173051"], None),
        ("HUY 482173051", ["YC482173051"], ["482173051"]),  # what the sender has decides
        (f"HUY {CODE}", [], [CODE]),
        ("HUY", [], None),
    ]
    for text, tickets, codes in cases:
        printed = as_json(read(text, today=TODAY, vocabulary=BOTH), BOTH)
        assert (printed["command"], printed["tickets"], printed.get("codes")) == ("withdrawal", tickets, codes), text
    before = as_json(read(f"HUY {CODE}", today=TODAY, vocabulary=CONVERSATION_VOCABULARY), CONVERSATION_VOCABULARY)
    assert before["command"] == "look_up_status"  # as without notices


def test_every_text_of_the_corpus_is_read_as_before_but_for_the_new_keywords() -> None:
    corpus = Path(__file__).parents[1] / "corpus"
    texts = [
        json.loads(line)["text"]
        for file in corpus.glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    other = []
    for text in texts:
        before = as_json(read(text, today=TODAY), VOCABULARY)
        after = as_json(read(text, today=TODAY, vocabulary=NOTICES_VOCABULARY), NOTICES_VOCABULARY)
        if before != after:
            other.append(text)
    assert len(texts) > 500
    assert [text for text in other if not text.upper().startswith(("DK", "ĐK", "HUY", "STOP", "HD DK"))] == []
    assert len(other) <= 6
