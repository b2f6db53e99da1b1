"""Remarks that name no ticket: F15, F4, F5, F6 and F7."""

from __future__ import annotations

import pytest

from handlers.conversation.situation import Situation
from tests.handlers.conversation.situations import decided, situation

CONTINUED = [
    ("open", "cot dien so 3", situation("O:A N:B", previous="B 40"), "F15 entry B new"),
    ("at the limit", "quen noi la o dau hem", situation("O:A N:B", previous="B 90"), "F15 entry B new"),
    ("too late", "quen noi la o dau hem", situation("O:A N:B", previous="B 91"), "F7 ask_which kept"),
    ("waits for the citizen", "nghe chi oi nha o cuoi hem", situation("P:A O:B", previous="A 9"), "F15 entry A open"),
    ("the question is not sent", "toi gui them day", situation("P:A", "details A 1", previous="A 9"),
     "F15 entry A pending_citizen"),
    ("waits for another body", "toi gui them day", situation("T:A", previous="A 9"), "F15 entry A pending_third"),
    ("resolved", "ma van con mui hoi", situation("R:A", previous="A 9"), "F15 reopen A open"),
    ("closed meanwhile", "ma van con mui hoi", situation("C:A", previous="A 9"), "F10 ask_send kept"),
    ("a reaction", "ok", situation("N:A", previous="A 9"), "F6 silent A new"),
    ("before the choice of which", "o gan cho do", situation("O:A O:B", "which A B new", previous="B 9"),
     "F15 entry B open"),
]  # fmt: skip

DETAILS = [
    ("words", "nha so 25 Le Duan, gan cho", situation("P:A", "details A"), "F4 entry A open"),
    ("ok", "ok", situation("P:A", "details A"), "F4 entry A open"),
    ("a score", "5 sao", situation("P:A", "details A"), "F4 entry A open"),
    ("unclear", "dung", situation("P:A", "details A"), "F4 entry A open"),
    ("done", "da xong", situation("P:A", "details A"), "F4 entry A open"),
    ("thanks", "cam on em", situation("P:A", "details A"), "F4 silent A pending_citizen"),
    ("stop", "stop", situation("P:A", "details A"), "F9 stop"),
    ("not sent yet", "toi gui them dia chi", situation("P:A", "details A 1"), "F4 entry A pending_citizen"),
    ("no question is given", "nha so 25 Le Duan", situation("P:A"), "F4 entry A open"),
    ("the question is out of date", "nha so 25 Le Duan", situation("P:A", "details A 700000"), "F4 entry A open"),
    ("another ticket is open", "nha so 25 Le Duan", situation("P:A O:B", "details A"), "F4 entry A open"),
    ("another one is open, and no question", "nha so 25 Le Duan", situation("P:A O:B"), "F7 ask_which kept"),
    ("another one waits", "nha so 25 Le Duan", situation("P:A P:B", "details A"), "F5 ask_which kept"),
    ("asked about a ticket that is open again", "nha so 25 Le Duan", situation("O:A", "details A"), "F6 entry A open"),
    ("a code", "000.00.12.H17-230815-0009", situation("P:A", "details A"), "F4 entry A open"),
    ("a code, no question given", "000.00.12.H17-230815-0009", situation("P:A"), "F4 entry A open"),
    ("a code behind its keyword", "DVC 000.00.12.H17-230815-0009", situation("P:A", "details A"), "F1 command"),
    ("a code before the question was sent", "000.00.12.H17-230815-0009", situation("P:A", "details A 1"), "F1 command"),
    ("an identity number", "201499999", situation("P:A", "details A"), "F4 entry A open"),
    ("a person", "Nguyen Van A, 201499999, 20/12/1990", situation("P:A", "details A"), "F4 entry A open"),
    ("a person, and nothing is asked", "Nguyen Van A, 201499999, 20/12/1990", situation("O:A"), "F1 ask_back"),
    ("four codes", " ".join(f"000.00.12.H17-230815-000{n}" for n in range(4)), situation("P:A"), "F4 entry A open"),
    ("a code behind TT", "TT 000.00.12.H17-230815-0009", situation("P:A", "details A"), "F1 command"),
    ("a slip for TK", "TKK Nguyen Van A, 201499999, 20/12/1990", situation("P:A", "details A"), "F4 entry A open"),
    ("nearly a keyword, soon", "PAden hong", situation("P:A", "details A", previous="A 9"), "F4 entry A open"),
    ("TK", "TK, Nguyen Van A, 201499999, 20/12/1990", situation("P:A", "details A"), "F1 command"),
    ("words for a keyword", "cho toi hoi la so nha cu hay moi", situation("P:A", "details A"), "F4 entry A open"),
    ("nearly a keyword", "PAden hong o so 5", situation("P:A", "details A"), "F4 entry A open"),
    ("about an account", "TK cua toi bi khoa thi mo o dau", situation("P:A", "details A"), "F4 entry A open"),
]  # fmt: skip

SEVERAL = [
    ("words", "hom qua em noi roi ma", situation("P:A P:B"), "F5 ask_which kept"),
    ("thanks", "cam on", situation("P:A P:B"), "F5 silent"),
    ("ok", "ok", situation("P:A P:B"), "F5 silent"),
    ("yes", "dong y", situation("P:A P:B"), "F5 help"),
    ("a score", "5 sao", situation("P:A P:B"), "F5 help"),
    ("a digit", "1", situation("O:A O:B"), "F7 help"),
    ("words to two open ones", "van chua thay ai den sua", situation("O:A O:B"), "F7 ask_which kept"),
    ("one open, one resolved", "bao gio xong vay", situation("O:A R:B"), "F7 ask_which kept"),
    ("thanks to two open ones", "cam on nha chi", situation("O:A O:B"), "F7 silent"),
    ("words for a keyword", "cho toi hoi bao gio xong", situation("O:A O:B"), "F7 ask_which kept"),
    ("the keyword", "HOI co thu phi khong a", situation("O:A O:B"), "F1 new_ticket new"),
]  # fmt: skip

ONE = [
    ("words to an open one", "van chua thay ai den sua", situation("O:A"), "F6 entry A open"),
    ("words to a new one", "van chua thay ai den sua", situation("N:A"), "F6 entry A new"),
    ("words to one that waits for others", "van chua thay ai den", situation("T:A"), "F6 entry A pending_third"),
    ("words to a resolved one", "5 ngay roi chua ai goi", situation("R:A"), "F6 reopen A open"),
    ("thanks and more", "cam on nhung rac van con", situation("R:A"), "F6 reopen A open"),
    ("TT and words", "tt lau qua vay", situation("O:A"), "F6 entry A open"),
    ("TL and words", "TL da nop giay roi", situation("O:A"), "F6 entry A open"),
    ("HUY and words", "huy giup em voi", situation("O:A"), "F6 entry A open"),
    ("keys of VNI", "va6n4 chu7a tha6y1 ai d9e6n1", situation("O:A"), "F6 entry A open"),
    ("a house number", "nha so 25", situation("O:A"), "F6 entry A open"),
    ("a digit and an address", "6 em", situation("R:A"), "F6 ask_score A resolved"),
    ("hands", "🙏", situation("O:A"), "F6 silent A open"),
    ("words for a keyword", "phan anh cua toi lam toi dau", situation("O:A"), "F6 entry A open"),
    ("a question about an account", "TK cua toi bi khoa thi mo o dau", situation("O:A"), "F6 ask_which kept"),
    ("a question about a dossier", "DVC ho so cua toi bao gio xong", situation("R:A"), "F6 ask_which kept"),
    ("resolved eight days ago", "den lai hong roi", situation("R:A/192"), "F10 ask_send kept"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [pytest.param(*row[1:], id=row[0]) for row in (*CONTINUED, *DETAILS, *SEVERAL, *ONE)],
)
def test_files_a_remark_by_the_tickets_at_hand(text: str, known: Situation, expected: str) -> None:
    assert decided(text, known) == expected
