"""The one answer to a text that opened a ticket: what the citizen must know comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.conversation.answers.intake import OpenedBy, OpenedTicket, UrgentCall, filed, opened, reopened
from tests.handlers.conversation.answers.cases import DUE, TICKET, A
from tests.handlers.surroundings import CONVERSING, SERVICE

EVERYTHING = OpenedTicket(
    ticket=TICKET,
    due=DUE,
    opening=OpenedBy.REPORT,
    urgent=UrgentCall.CALLED,
    is_accusation=True,
    lacks_ward=True,
    is_open_now=False,
    ahead=13,
)


def test_danger_comes_before_the_law_before_what_is_missing_before_hours_before_load() -> None:
    new, beginnings = EVERYTHING, []
    for without in (
        {"urgent": None},
        {"is_accusation": False},
        {"lacks_ward": False},
        {"is_open_now": True},
        {"ahead": None},
    ):
        beginnings.append(opened(new, CONVERSING))
        new = replace(new, **without)
    assert [text[:44] for text in (*beginnings, opened(new, CONVERSING))] == [
        "Day khong phai so cap cuu. Nguy hiem tinh ma",
        f"Da nhan, so {A}. Noi dung duoc giu k",
        f"Da nhan phan anh, so {A}. Viec xay r",
        f"Da nhan, so {A}. Hien ngoai gio lam ",
        f"Da nhan tin cua ban, so {A}. Nhieu n",
        f"Da nhan phan anh, so {A}, chuyen UBN",
    ]


@pytest.mark.parametrize("opening", [OpenedBy.PROPOSAL, OpenedBy.CALLER])
def test_the_law_and_a_callers_number_are_said_at_any_hour(opening: OpenedBy) -> None:
    now = OpenedTicket(ticket=TICKET, due=DUE, opening=opening)
    assert opened(replace(now, is_open_now=False, ahead=3), CONVERSING) == opened(now, CONVERSING)


def test_a_long_unit_costs_the_courtesy_and_then_the_weekday() -> None:
    long = replace(TICKET, unit="Trung tam Phuc vu hanh chinh")
    text = opened(OpenedTicket(ticket=long, due=DUE, opening=OpenedBy.QUESTION), CONVERSING)
    assert text == (
        f"Da nhan cau hoi, so {A}, chuyen Trung tam Phuc vu hanh chinh. Tra loi truoc 17h30 30/11. "
        "Xem: TT gui 8188. Bo sung: tra loi tin nay. Ho tro: 1022"
    )


def test_a_text_on_a_ticket_says_how_to_send_another_matter_as_far_as_that_is_on() -> None:
    assert filed(A, CONVERSING, holds_code=True) == (
        f"Da ghi them vao {A}. Tra ho so, soan: DVC ma gui 8188. Viec khac, soan: HOI noi dung gui 8188"
    )
    assert filed(A, SERVICE, holds_code=True) == f"Da ghi them vao {A}. Tra ho so, soan: DVC ma gui 8188."
    assert reopened(replace(TICKET, unit=None), DUE, SERVICE) == (
        f"Da mo lai {A} va ghi tin cua ban. Tra loi truoc 17h30 thu hai 30/11. Ho tro: 1022"
    )
