"""F1, F11 and F10: keywords, near misses of them, words of danger, and free text."""

from __future__ import annotations

import pytest

from handlers.conversation.filing.policy import FreeText, Policy
from handlers.conversation.situation import Guard, Situation
from tests.handlers.conversation.situations import NUMBERS, decided, filed, situation

PERSON = "Nguyen Van A, 201499999, 20/12/1990"
CODE = "000.00.12.H17-230815-0007"

KEYWORDS = [
    ("question", "HOI may gio mo cua", situation("P:A", "details A"), "F1 new_ticket new"),
    ("words for it", "Cho toi hoi dang ky tam tru can giay to gi a", situation(), "F1 new_ticket new"),
    ("report", "PA den duong hong 3 ngay nay tai 25 Le Duan", situation(), "F1 new_ticket new"),
    ("report with dots", "P.A den duong hong", situation(), "F1 new_ticket new"),
    ("report in words", "phan anh den duong hong", situation(), "F1 new_ticket new"),
    ("proposal", "KN to cao ong X nhan tien", situation("O:A O:B"), "F1 new_ticket new"),
    ("suggestion", "GY nen mo cua them thu bay", situation(), "F1 new_ticket new"),
    ("urgent", "SOS chay o chung cu 12 Tran Phu", situation(), "F1 new_ticket new urgent"),
    ("urgent, and five today", "SOS co nguoi bi thuong", situation(new_today=9), "F1 new_ticket new urgent"),
    ("danger in a report", "PA dang chay rung o Son Tra", situation(), "F1 new_ticket new urgent"),
    ("the keyword alone", "HOI", situation("O:A"), "F1 command"),
    ("the other keyword of urgent reports, as a word", "khan hiem nuoc", situation(), "F10 ask_send kept"),
    ("the same in three words", "khan hiem nuoc sach qua", situation(), "F10 ask_send kept"),
    ("the same with accents", "Khan nước cả tuần nay", situation(), "F10 ask_send kept"),
    ("with its own accents", "Khẩn: nước ngập vào nhà", situation(), "F1 new_ticket new urgent"),
    ("in capitals", "KHAN nước ngập vào nhà", situation(), "F1 new_ticket new urgent"),
    ("the same with a mark", "KHAN: chay nha", situation(), "F1 new_ticket new urgent"),
    ("a sign", "?", situation("O:A O:B"), "F1 command"),
    ("help", "HD", situation("O:A O:B"), "F1 command"),
    ("help for a command", "HD HOI", situation(), "F1 command"),
    ("an account", f"TK, {PERSON}", situation("P:A", "details A"), "F1 command"),
    ("a dossier", f"DVC {CODE}", situation("P:A", "details A"), "F1 command"),
    ("a dossier in a sentence", f"ho so {CODE} xong chua em", situation("O:A"), "F1 command"),
    ("a dossier behind words for a question", f"cho em hoi ho so {CODE} toi dau", situation("O:A"), "F1 command"),
    ("a dossier behind TT", f"TT {CODE}", situation(), "F1 command"),
    ("a dossier behind PA", f"PA ho so {CODE}", situation(), "F1 command"),
    ("more words behind PA", f"PA ho so {CODE} tre hen mot thang", situation(), "F1 new_ticket new"),
    ("a dossier behind SOS", f"SOS {CODE}", situation(), "F1 new_ticket new urgent"),
    ("a dossier behind DG", f"DG {CODE}", situation("R:A"), "F1 command"),
    ("a dossier behind HUY", f"HUY {CODE}", situation(), "F1 command"),
    ("contacts", "LH phuong Hai Chau", situation("O:A"), "F1 command"),
    ("privacy", "TTDL", situation("O:A"), "F1 command"),
    ("language", "EN", situation("O:A O:B"), "F1 command"),
    ("all tickets", "TT", situation("O:A O:B"), "F1 command"),
    ("all closed tickets too", "TT HET", situation("O:A"), "F1 command"),
    ("an account in a question", f"HOI TK {PERSON}", situation(), "F1 ask_back"),
    ("a person in a report", f"PA {PERSON}", situation("P:A", "details A"), "F1 ask_back"),
    ("a person behind TT", "TT Nguyen Van A 201499999 20/12/1990", situation(), "F1 ask_back"),
    ("a person behind DK", "DK Nguyen Van A 201499999 20/12/1990", situation(), "F1 ask_back"),
    ("an account that is locked", "TK bi khoa", situation("O:A"), "F1 ask_back"),
    ("what TK is", "TK la gi vay", situation(), "F1 command"),
    ("a ticket behind TK", "TK YC482173051", situation("O:A"), "F1 ask_back"),
    ("too long", "a " * 900, situation("O:A"), "F1 ask_back"),
    ("signs that say nothing", "...", situation("P:A P:B", "which A B new"), "F8 silent"),
]  # fmt: skip

NEAR_MISSES = [
    ("letters touch it", "PAho ga mat nap", situation("O:A"), "F10 ask_send kept"),
    ("one edit", "HPI may gio mo cua", situation("O:A O:B"), "F10 ask_send kept"),
    ("one edit, alone", "HPI", situation(), "F10 ask_send kept"),
    ("a word", "toi da nop roi", situation("O:A"), "F6 entry A open"),
    ("the name of a town", "Hoian mua ngap het duong", situation("O:A"), "F6 entry A open"),
    ("another word with accents", "Hôi thối quá không ai dọn", situation("O:A"), "F6 entry A open"),
    ("a question of before", "Cau hoi cua em chua ai tra loi", situation("O:A"), "F6 entry A open"),
]  # fmt: skip

DANGER = [
    ("no ticket", "co tai nan o nga tu Le Duan", situation(new_today=9), "F11 new_ticket new urgent"),
    ("an open one", "tai nan nua o cho do", situation("O:A/40 N:B/3"), "F11 entry B new urgent"),
    ("one that waits", "co chay o sau nha", situation("P:A", "details A"), "F11 entry A open urgent"),
    ("the first of two as old", "co chay o sau nha", situation("O:A/3 P:B/3"), "F11 entry A open urgent"),
    ("a resolved one", "co chay o sau nha", situation("R:A"), "F11 new_ticket new urgent"),
    ("one that waits for others", "co chay o sau nha", situation("T:A"), "F11 entry A pending_third urgent"),
    ("words for a keyword", "cho toi hoi co tai nan o cau Rong", situation(), "F1 new_ticket new urgent"),
    ("nearly a keyword", "PAA co tai nan o cau Rong", situation(), "F11 new_ticket new urgent"),
    ("a meal", "an chay o dau ngon vay", situation(), "F10 ask_send kept"),
    ("a bus", "xe buyt 05 co chay chu nhat khong", situation(), "F10 ask_send kept"),
]  # fmt: skip

FREE = [
    ("three words", "muon xin giay phep sua nha", situation(), "F10 ask_send kept"),
    ("a question of two words", "may gio?", situation(), "F10 ask_send kept"),
    ("two words", "den hong", situation(), "F10 help"),
    ("a question about an account", "TK cua toi bi khoa thi mo o dau", situation(), "F10 ask_send kept"),
    ("a question about a dossier", "DVC ho so cua toi bao gio xong", situation(), "F10 ask_send kept"),
    ("closed long ago", "den lai hong roi", situation("C:A/960"), "F10 ask_send kept"),
    ("closed, and a number of somebody else", "so YC420000005 sao roi", situation("C:A"), "F2 not_yours"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [pytest.param(*row[1:], id=row[0]) for row in (*KEYWORDS, *NEAR_MISSES, *DANGER, *FREE)],
)
def test_files_by_the_words_of_the_text(text: str, known: Situation, expected: str) -> None:
    assert decided(text, known) == expected


@pytest.mark.parametrize("guard", list(Guard))
def test_nothing_of_a_guarded_number_is_filed(guard: Guard) -> None:
    assert decided("HOI cap doi giay to xe o dau", Situation(guard=guard)) == "F14 silent"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cho toi hoi may gio mo cua", "question"),
        ("PA den duong hong", "report"),
        ("KN mo them lop hoc", "proposal"),
        ("GY mo them lop hoc", "suggestion"),
        ("SOS co nguoi nga xuong song", "urgent"),
        ("TT", "ticket_status"),
        (NUMBERS["A"], "ticket_status"),
        (f"{NUMBERS['A']} da nop roi", "reply"),
        (f"TL {NUMBERS['A']} da nop roi", "reply"),
        ("DG 5", "rating"),
        ("LH", "contacts"),
        (f"HUY {NUMBERS['A']}", "withdrawal"),
        ("TTDL", "privacy"),
        ("VI", "language"),
        (f"NHAN {NUMBERS['A']}", "acknowledge"),
        ("TK, Nguyen Van A, 201499999, 20/12/1990", "register_account"),
        (f"DVC {CODE}", "look_up_status"),
        ("HD", "help"),
        ("HOI", "help"),
        ("den hong roi do", None),
        ("DCV 123456", None),
    ],
)
def test_the_command_that_was_read_is_named(text: str, expected: str | None) -> None:
    assert filed(text, situation()).command == expected


def test_words_for_a_keyword_that_are_a_remark_name_no_command() -> None:
    assert filed("phan anh cua toi lam toi dau", situation("O:A")).command is None


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("SOS chay o chung cu", situation(), "F1 help"),
        ("co tai nan o nga tu Le Duan", situation("O:A"), "F11 help"),
        ("PA dang chay rung o Son Tra", situation(), "F1 new_ticket new"),
    ],
)
def test_without_urgent_reports_danger_is_answered_with_numbers_to_call(
    text: str, known: Situation, expected: str
) -> None:
    assert decided(text, known, Policy(has_urgent=False)) == expected


@pytest.mark.parametrize(
    ("free_text", "known", "expected"),
    [
        (FreeText.OPEN, situation(), "F10 new_ticket new"),
        (FreeText.OPEN, situation(new_today=5), "F13 unfiled"),
        (FreeText.OPEN, situation("O:A"), "F6 entry A open"),
        (FreeText.OFF, situation(), "F10 help"),
    ],
)
def test_free_text_does_what_the_service_decided(free_text: FreeText, known: Situation, expected: str) -> None:
    assert decided("den duong lai hong roi", known, Policy(free_text=free_text)) == expected
