"""Texts for people that hold all that opens an account are asked back, with the text to copy."""

from __future__ import annotations

from datetime import date

import parsers
from parsers.commands.conversation import TicketText
from parsers.misread import Misread
from parsers.vocabulary import CONVERSATION_VOCABULARY

TODAY = date(2026, 11, 28)
PERSON = "TK, Nguyen Van A, 201499999, 20/12/1990"
ASKED_BACK = {
    "HOI TK Nguyen Van A, 201499999, 20/12/1990": PERSON,
    "PA toi la Nguyen Van A cmnd 201499999 sinh 20/12/1990 o 25 Le Duan den duong hong": PERSON,
    "KN toi Nguyen Van A 201499999 sinh ngay 20/12/1990 khong duoc giai quyet": PERSON,
    "GY nha toi co Nguyen Van A 201499999 sinh ngay 20/12/1990 nen cap lai": PERSON,
    "HOI ho so cua me toi Nguyen Thi B 201499999 20/12/1960 xong chua": "TK, Nguyen Thi B, 201499999, 20/12/1960",
}
FILED = (
    "HOI the can cuoc 048190001234 cap ngay 20/12/2021 con dung duoc khong",  # no name, and no birth date
    "PA phong ho so 201499999 ngay 20/11/2026 dong cua",  # a day of this year
    "HOI goi so 0905123456 den hong tu ngay 20/12/1990",  # a telephone number
    "SOS chay nha Nguyen Van A 201499999 20/12/1990",  # danger is never asked back
)


def test_a_person_in_a_sentence_is_asked_back_and_other_digits_are_not() -> None:
    for text, meant in ASKED_BACK.items():
        reading = parsers.read(text, today=TODAY, short_codes={"8188"}, vocabulary=CONVERSATION_VOCABULARY)
        assert isinstance(reading, Misread), text
        assert (reading.meant, reading.is_for_people) == (meant, True), text
    for text in FILED:
        reading = parsers.read(text, today=TODAY, short_codes={"8188"}, vocabulary=CONVERSATION_VOCABULARY)
        assert isinstance(reading, TicketText), text
