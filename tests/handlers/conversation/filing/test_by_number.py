"""F2 and the commands with a number: whose it is, slips, two numbers, and what only a reaction beside it does."""

from __future__ import annotations

import pytest

from handlers.conversation.situation import Situation
from tests.handlers.conversation.situations import NUMBERS, STRANGE, decided, situation

A, B = NUMBERS["A"], NUMBERS["B"]
SLIP = "YC482173057"
BARE = A.removeprefix("YC")

WORDS = [
    ("in front", f"{A} toi da nop roi", situation("O:A"), "F1 entry A open"),
    ("in front, bare", f"{BARE} toi da nop roi", situation("O:A"), "F1 entry A open"),
    ("in front, bare, of nobody here", "420000005 toi da nop roi", situation("O:A"), "F1 ask_back"),
    ("behind a hash", f"#{BARE} van con toi lam", situation("R:A", "rate A"), "F1 reopen A open"),
    ("TL", f"TL {B} da nop giay roi", situation("O:A O:B"), "F1 entry B open"),
    ("TL, glued", f"TL{B} da nop giay roi", situation("O:A O:B"), "F1 entry B open"),
    ("TL to one that waits", f"TL {A} nha so 5 nhe", situation("P:A P:B"), "F1 entry A open"),
    ("TL to one that waits for others", f"TL {A} da nop giay", situation("T:A"), "F1 entry A open"),
    ("TL to a closed one", f"TL {A} lai hong roi em", situation("C:A/900"), "F1 reopen A open"),
    ("TL and danger", f"TL {A} co tai nan o day", situation("O:A"), "F1 entry A open urgent"),
    ("TL of somebody else", f"TL {STRANGE} da nop giay", situation("O:A"), "F1 not_yours"),
    ("TT and three words", f"TT {A} em gui them anh", situation("O:A"), "F1 entry A open"),
    ("TT and two words", f"TT {A} toi dau", situation("O:A"), "F1 command A open"),
    ("at the end", f"hai hom nay van chua lam, so {B}", situation("O:A O:B"), "F2 entry B open"),
    ("inside, resolved", f"so {A} van con hong do", situation("R:A"), "F2 reopen A open"),
    ("inside, of somebody else", f"so {STRANGE} cua ong xa toi sao roi", situation("O:A"), "F2 not_yours"),
    ("inside, too few digits", "so YC48217305 sao roi vay", situation("O:A"), "F2 not_yours"),
    ("beside one of somebody else", f"{STRANGE} hay {A} cung duoc", situation("O:A"), "F1 entry A open"),
    ("inside, a slip", f"so {SLIP} sao roi vay", situation("O:A"), "F2 entry A open"),
    ("two", f"{A} voi {B} bao gio lam", situation("O:A O:B"), "F2 ask_which kept"),
    ("two, inside", f"cho hoi {A} voi {B} bao gio lam", situation("O:A O:B"), "F2 ask_which kept"),
    ("behind words for a question", f"cho hoi {A} bao gio xong", situation("C:A/900"), "F2 reopen A open"),
    ("the same, of somebody else", f"cho hoi {STRANGE} bao gio xong", situation(), "F2 not_yours"),
    ("danger", f"gap roi {A} co tai nan", situation("O:A"), "F2 entry A open urgent"),
]  # fmt: skip

ALONE = [
    ("it asks for the state", A, situation("O:A"), "F1 command A open"),
    ("TT", "TT yc 482 173 051", situation("O:A"), "F1 command A open"),
    ("TT, glued, with a letter for a digit", "tt#482173O51", situation("O:A"), "F1 command A open"),
    ("TT, glued", f"TT{A}", situation("O:A"), "F1 command A open"),
    ("DVC", f"DVC {A}", situation("O:A"), "F1 command A open"),
    ("with a label", f"so {A}", situation("O:A"), "F1 command A open"),
    ("politely", f"{A} giup em nhe", situation("O:A"), "F1 command A open"),
    ("the choice, politely", f"{B} nhe", situation("O:A O:B", "which A B new"), "F2 entry B open"),
    ("a slip", f"TT {SLIP}", situation("O:A"), "F1 command A open"),
    ("of somebody else", f"TT {STRANGE}", situation("O:A"), "F1 not_yours"),
    ("two", f"TT {A} {B}", situation("O:A O:B"), "F1 command"),
    ("the choice", B, situation("O:A O:B", "which A B new"), "F2 entry B open"),
    ("the choice, bare", B.removeprefix("YC"), situation("O:A O:B", "which A B new"), "F2 entry B open"),
    ("no choice, as it is behind TT", f"TT {B}", situation("O:A O:B", "which A B new"), "F1 command B open"),
    ("not offered", NUMBERS["C"], situation("O:A O:B O:C", "which A B new"), "F1 command C open"),
]  # fmt: skip

REACTIONS = [
    ("score, in front", f"{A} 5", situation("R:A", "rate A"), "F1 rate A closed 5"),
    ("thanks, before", f"cam on {A}", situation("R:A"), "F2 close A closed"),
    ("no", f"{A} khong", situation("R:A"), "F1 reopen A open"),
    ("bad score", f"{A} 10 diem", situation("R:A"), "F1 ask_score A resolved"),
    ("TL and ok", f"TL {A} ok", situation("O:A"), "F1 silent A open"),
    ("TL and yes", f"TL {A} dong y", situation("O:A"), "F1 entry A open"),
    ("done", f"{A} da xong", situation("O:A O:B"), "F1 close A closed"),
    ("thanks while it waits", f"{A} cam on", situation("P:A"), "F1 silent A pending_citizen"),
    ("ok while it waits", f"{A} ok", situation("P:A"), "F1 entry A open"),
    ("stop", f"{A} stop", situation("O:A"), "F9 stop"),
    ("unclear", f"{A} dung", situation("O:A"), "F1 ask_unclear A open"),
    ("yes after a low score", f"{A} dong y", situation("R:A", "why_low A"), "F1 reopen A open"),
    ("score, closed lately", f"{A} 4", situation("C:A/70"), "F1 rate A closed 4"),
    ("score, closed long ago", f"{A} 4", situation("C:A/900"), "F1 help A closed"),
    ("thanks, closed", f"{A} cam on", situation("C:A/900"), "F1 silent A closed"),
]  # fmt: skip

RATINGS = [
    ("of the ask", "DG5", situation("R:A/9 R:B/2", "rate A"), "F1 rate A closed 5"),
    ("of the last", "DG 4", situation("R:A/9 R:B/2"), "F1 rate B closed 4"),
    ("of the last, which is closed", "DG 4", situation("R:A/9 C:B/2"), "F1 rate B closed 4"),
    ("closed three days", "DG 4", situation("C:A/70"), "F1 rate A closed 4"),
    ("closed eight days", "DG 5", situation("C:A/192"), "F1 help"),
    ("low", "DG 2 cham qua", situation("R:A"), "F1 rate A resolved 2"),
    ("in words", "DG rat hai long", situation("R:A"), "F1 rate A closed 5"),
    ("no score", "DG 9", situation("R:A"), "F1 ask_score A resolved"),
    ("with the number", f"DG 5 {A} can bo nhiet tinh", situation("R:A R:B"), "F1 rate A closed 5"),
    ("with a slip", f"DG 5 {SLIP}", situation("R:A R:B"), "F1 rate A closed 5"),
    ("of somebody else", f"DG 5 {STRANGE}", situation("R:A"), "F1 not_yours"),
    ("of one that is open", f"DG 5 {A}", situation("O:A"), "F1 help"),
    ("words, and something to rate", "DG phuc vu qua cham", situation("R:A"), "F1 ask_score A resolved"),
    ("words, and nothing to rate", "DG den duong hong roi", situation("O:A"), "F6 entry A open"),
    ("nothing to rate", "DG 5", situation("O:A"), "F1 help"),
]  # fmt: skip

WITHDRAWALS = [
    ("open", f"HUY {A}", situation("O:A"), "F1 withdraw A closed"),
    ("politely", f"HUY {A} giup em nhe", situation("O:A"), "F1 withdraw A closed"),
    ("resolved", f"huy {A}", situation("R:A"), "F1 withdraw A closed"),
    ("closed", f"HUY {A}", situation("C:A"), "F1 withdraw A closed"),
    ("more words", f"HUY {A} vi da sua xong", situation("O:A"), "F1 ask_back"),
    ("a slip", f"HUY {SLIP}", situation("O:A"), "F1 ask_back"),
    ("two", f"HUY {A} {B}", situation("O:A O:B"), "F1 ask_back"),
    ("of somebody else", f"HUY {STRANGE}", situation("O:A"), "F1 not_yours"),
    ("alone", "HUY", situation("O:A"), "F1 help"),
    ("alone, with notices", "HUY", situation(is_subscribed=True), "F1 stop"),
]  # fmt: skip

DUTY = [
    ("takes it", f"NHAN {STRANGE}", situation(is_duty=True), f"F1 command {STRANGE}"),
    ("takes a wrong number", f"NHAN {SLIP}", situation(is_duty=True), "F1 not_yours"),
    ("is nobody's contact", f"NHAN {STRANGE}", situation(), "F1 not_yours"),
    ("reports", f"{STRANGE} anh em da toi noi", situation(is_duty=True), f"F1 note {STRANGE}"),
    ("reports, the number at the end", f"anh em da toi noi {STRANGE}", situation(is_duty=True), f"F1 note {STRANGE}"),
    ("speaks of an own ticket", f"{A} anh em da toi noi", situation("O:A", is_duty=True), "F1 entry A open"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [pytest.param(*row[1:], id=row[0]) for row in (*WORDS, *ALONE, *REACTIONS, *RATINGS, *WITHDRAWALS, *DUTY)],
)
def test_files_by_the_number(text: str, known: Situation, expected: str) -> None:
    assert decided(text, known) == expected
