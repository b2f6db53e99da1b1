"""The reading order of the conversation: what each text is read as, and what of today's readings may change."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from parsers import GAP, read
from parsers.commands.conversation import AskQuestion, Remark
from parsers.grammars import GRAMMARS
from parsers.grammars.conversation import CONVERSATION
from parsers.masking import hide_secrets
from parsers.misread import Misread
from parsers.printed import as_json, official_form
from parsers.reading.conversation import reaction_to
from parsers.text.normal_form import NormalText, normalise
from parsers.vocabulary import CONVERSATION_VOCABULARY, VOCABULARY, vocabulary_of

TODAY = date(2026, 11, 22)
A = "YC482173051"
CODE = "000.00.12.H17-230815-0007"


def printed(text: str, *, with_secrets: bool = False) -> dict[str, object]:
    reading = read(text, today=TODAY, with_secrets=with_secrets, vocabulary=CONVERSATION_VOCABULARY)
    return as_json(reading, CONVERSATION_VOCABULARY)


READ: list[tuple[str, dict[str, object]]] = [
    ("HOI may gio mo cua", {"command": "question", "words": "may gio mo cua"}),
    ("Hỏi: mấy giờ mở cửa?", {"command": "question", "words": "mấy giờ mở cửa?"}),
    ("hoi.may gio mo cua gui 8188", {"command": "question", "words": "may gio mo cua"}),
    ("Soan tin: HOI may gio mo cua", {"command": "question", "words": "may gio mo cua"}),
    ("Xin chao, HOI may gio mo cua, xin cam on", {"command": "question", "words": "may gio mo cua, xin cam on"}),
    ("CAU HOI may gio mo cua", {"command": "question", "words": "may gio mo cua"}),
    ("Cho toi hoi may gio mo cua", {"command": "question", "words": "may gio mo cua"}),
    ("Xin chao, cho em hoi lam ho chieu o dau", {"command": "question", "words": "lam ho chieu o dau"}),
    ("pa den duong hong", {"command": "report", "words": "den duong hong"}),
    ("[PA, den duong hong]", {"command": "report", "words": "den duong hong"}),
    ("P.A den duong hong", {"command": "report", "words": "den duong hong"}),
    ("PA-den duong hong", {"command": "report", "words": "den duong hong"}),
    ("PA HAI CHAU: rac chat dong", {"command": "report", "words": "HAI CHAU: rac chat dong"}),
    ("Phản ánh đèn đường hỏng", {"command": "report", "words": "đèn đường hỏng"}),
    ("KN mo them lop hoc", {"command": "proposal", "words": "mo them lop hoc"}),
    ("gop y mo them lop hoc", {"command": "suggestion", "words": "mo them lop hoc"}),
    ("SOS chay nha", {"command": "urgent", "words": "chay nha"}),
    ("KHAN, chay nha", {"command": "urgent", "words": "chay nha"}),
    ("khan chay o cho", {"command": "urgent", "words": "chay o cho"}),
    ("HOI", {"command": "help", "topic": "question"}),
    ("HOI?", {"command": "help", "topic": "question"}),
    ("PA hong", {"command": "help", "topic": "report"}),
    ("TL", {"command": "help", "topic": "reply"}),
    ("DG", {"command": "help", "topic": "rating"}),
    ("HD HOI", {"command": "help", "topic": "question"}),
    ("HD TTDL", {"command": "help", "topic": "privacy"}),
    ("TT", {"command": "ticket_status", "tickets": [], "all": False}),
    ("tt.", {"command": "ticket_status", "tickets": [], "all": False}),
    ("TT HET", {"command": "ticket_status", "tickets": [], "all": True}),
    ("tt het nhe em", {"command": "ticket_status", "tickets": [], "all": True}),
    ("TT yc 482 173 051", {"command": "ticket_status", "tickets": [A], "all": False}),
    ("tt#482173O51", {"command": "ticket_status", "tickets": [A], "all": False}),
    (f"TT{A}", {"command": "ticket_status", "tickets": [A], "all": False}),
    ("TT 482173051", {"command": "ticket_status", "tickets": [A], "all": False}),
    (A, {"command": "ticket_status", "tickets": [A], "all": False}),
    (f"DVC {A}", {"command": "ticket_status", "tickets": [A], "all": False}),
    (f"TL {A} da nop roi", {"command": "reply", "tickets": [A], "words": "da nop roi"}),
    (f"{A}: da nop roi", {"command": "reply", "tickets": [A], "words": "da nop roi"}),
    ("DG5", {"command": "rating", "score": 5, "tickets": []}),
    ("DG 5/5", {"command": "rating", "score": 5, "tickets": []}),
    ("DG: rat tot", {"command": "rating", "score": 5, "tickets": []}),
    (f"DG {A} 4 sao", {"command": "rating", "score": 4, "tickets": [A]}),
    ("DG 2, cho lau qua", {"command": "rating", "score": 2, "tickets": []}),
    ("DG 4,5", {"command": "rating", "score": None, "tickets": []}),
    ("DG 10", {"command": "rating", "score": None, "tickets": []}),
    ("DG phuc vu cham", {"command": "rating", "score": None, "tickets": []}),
    ("LH", {"command": "contacts", "place": ""}),
    ("LH phuong Hải Châu", {"command": "contacts", "place": "phuong Hải Châu"}),
    ("HUY", {"command": "withdrawal", "tickets": []}),
    (f"HỦY {A}", {"command": "withdrawal", "tickets": [A]}),
    ("TTDL", {"command": "privacy"}),
    ("en", {"command": "language", "language": "en"}),
    (f"NHAN {A}", {"command": "acknowledge", "tickets": [A]}),
]

UNCHANGED = [
    "TK, Nguyen Van A, 201499999, 20/12/1990",
    f"DVC {CODE}",
    f"cho hoi DVC {CODE}",
    f"cho em hoi ho so {CODE} toi dau roi",
    f"TT {CODE}",
    f"HUY {CODE}",
    "TT Nguyen Van A 201499999 20/12/1990",
    "DK Nguyen Van A 201499999 20/12/1990",
    "Nguyen Van A, 201499999, 20/12/1990",
    "TK bi khoa",
    "DVC la gi",
    "DCV 123456",
    "HDD",
    "1022",
    "xin chao",
    "quen mat khau",
    "...",
    "?",
]

REMARKS = [
    ("nha so 25 Le Duan", False, None, None),
    ("tt lau qua vay", False, None, None),
    ("TL da nop roi", False, None, None),
    ("huy giup em voi", False, None, None),
    ("nhan duoc tin roi", False, None, None),
    ("LH so 0905 123 456 nhe", False, None, None),
    ("VI sao lau vay", True, None, None),
    ("Hôi thối quá, không ai dọn", True, None, None),
    ("Vì trời mưa nên hỏng", False, None, None),
    ("cau hoi cua em chua ai tra loi", False, None, None),
    ("cam on", False, None, None),
    ("5", False, None, None),
    ("👍", False, None, None),
    ("so YC482173051 bao gio xong", True, None, None),
    ("TK cua toi bi khoa thi mo o dau", True, "register_account", None),
    ("TK quen mk roi lam sao lay lai", True, "register_account", None),
    ("DVC ho so cua toi bao gio xong", True, "look_up_status", None),
    ("PAden hong", False, None, "report"),
    ("PA25 Le Duan hong den", False, None, "report"),
    ("HPI may gio mo cua", True, None, "question"),
    ("H0I may gio mo cua", True, None, "question"),
    ("KKN mo them lop", False, None, "proposal"),
    ("KO co nuoc", True, None, None),
    ("HOK co nuoc", False, None, None),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_reads_the_commands_of_the_conversation(text: str, expected: dict[str, object]) -> None:
    assert printed(text) == expected


@pytest.mark.parametrize("text", UNCHANGED)
def test_leaves_what_other_commands_read(text: str) -> None:
    assert printed(text) == as_json(read(text, today=TODAY))


@pytest.mark.parametrize(("text", "is_question", "about", "near"), REMARKS)
def test_reads_remarks(text: str, is_question: bool, about: str | None, near: str | None) -> None:  # noqa: FBT001 -- of the table
    expected = {"command": "remark", "question": is_question, "about": about, "near": near}
    assert printed(text) == expected


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("HOI TK Nguyen Van A, 201499999, 20/12/1990", "TK"),
        ("PA Nguyen Van A, 201499999, 20/12/1990", "TK"),
        ("cho toi hoi Nguyen Van A, 201499999, 20/12/1990", "TK"),
        (f"TK {A}", "TT"),
    ],
)
def test_suggests_the_command_whose_content_it_is(text: str, suggestion: str) -> None:
    assert (printed(text)["misread"], printed(text)["suggestion"]) == ("unknown_keyword", suggestion)


def test_an_urgent_report_is_never_asked_back() -> None:
    assert printed("SOS Nguyen Van A, 201499999, 20/12/1990")["command"] == "urgent"


def test_what_tk_is_gets_the_help_of_tk() -> None:
    assert printed("TK la gi a?") == {"command": "help", "topic": "register_account"}


def test_a_gap_is_shown_to_people() -> None:
    reading = read(f"HOI lam ho chieu {GAP} o dau", today=TODAY, vocabulary=CONVERSATION_VOCABULARY)
    assert reading == AskQuestion(words="lam ho chieu [...] o dau")
    reading = read(f"toi da nop {GAP} roi", today=TODAY, vocabulary=CONVERSATION_VOCABULARY)
    assert isinstance(reading, Remark)
    assert reading.words == "toi da nop [...] roi"


def test_a_code_in_a_sentence_is_asked_back_for_its_secret() -> None:
    assert printed(f"ho so {CODE} sao roi 1234", with_secrets=True)["with_secret"] == [False]
    assert printed(f"PA ho so {CODE} sao roi 1234", with_secrets=True)["command"] == "report"


def test_a_remark_may_hold_a_secret_where_the_service_asks_for_one() -> None:
    reading = read("toi da nop roi", today=TODAY, with_secrets=True, vocabulary=CONVERSATION_VOCABULARY)
    assert isinstance(reading, Remark)
    assert reading.may_hold_secret
    assert hide_secrets("ma ho so la 1234", reading, CONVERSATION_VOCABULARY) == "ma ho so la ****"
    assert hide_secrets("so 1234", Remark(words="so 1234"), CONVERSATION_VOCABULARY) == "so 1234"


def test_renamed_and_removed_keywords() -> None:
    vocabulary = vocabulary_of((*GRAMMARS, *CONVERSATION), keywords={"question": ["HOIDAP"]}, off={"report"})
    assert read("HOIDAP may gio mo cua", today=TODAY, vocabulary=vocabulary) == AskQuestion(words="may gio mo cua")
    for text in ("HOI may gio mo cua", "PA den duong hong", "phan anh den duong hong"):
        assert isinstance(read(text, today=TODAY, vocabulary=vocabulary), Remark)
    assert vocabulary.words_of("question") == ("HOIDAP",)
    assert vocabulary.words_of("report") == ()


def test_without_conversation_no_text_is_a_command_of_it() -> None:
    names = {grammar.name for grammar in CONVERSATION}
    for text, _ in READ:
        assert as_json(read(text, today=TODAY), VOCABULARY).get("command") not in names


@pytest.mark.parametrize("text", [text for text, expected in READ if expected["command"] != "help"])
def test_the_official_form_reads_back_the_same(text: str) -> None:
    reading = read(text, today=TODAY, vocabulary=CONVERSATION_VOCABULARY)
    assert not isinstance(reading, Misread)
    again = read(official_form(reading, CONVERSATION_VOCABULARY), today=TODAY, vocabulary=CONVERSATION_VOCABULARY)
    assert as_json(again, CONVERSATION_VOCABULARY) == as_json(reading, CONVERSATION_VOCABULARY)


CORPUS = [
    json.loads(line)
    for file in sorted((Path(__file__).parents[1] / "corpus").glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]
"""What citizens really type to TK, DVC and HD."""


def may_change(text: str, expected: dict[str, object]) -> bool:
    """Return whether the conversation may take a text: it is no command, a reaction, or begins a question."""
    if expected.get("command") == "thanks" or reaction_to(text, normalise(text)) is not None:
        return True
    if text == "DVC ho so cua toi den dau roi":  # a question of four words and more behind a keyword
        return True
    if expected.get("misread") in ("unknown_keyword", "incomplete") and expected.get("command") is None:
        return expected["suggestion"] is None
    return False


def test_the_corpus_of_the_other_commands_reads_as_before() -> None:
    changed = [
        (row["text"], row["expected"], printed(row["text"]))
        for row in CORPUS
        if not may_change(row["text"], row["expected"]) and printed(row["text"]) != row["expected"]
    ]
    assert changed == []


def test_courtesy_that_is_no_reaction_of_the_table_is_thanks() -> None:
    found = reaction_to("chao em, ok", NormalText("chao em, ok"))
    assert found is not None
