"""Answers about the service: what is stored by what is on, contacts of units, and the short help."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.conversation.answers.about_service import (
    ContactFacts,
    contact,
    contact_unknown,
    language_chosen,
    privacy,
    short_help,
)
from tests.handlers.conversation.answers.cases import UNIT
from tests.handlers.surroundings import CONVERSING, CONVERSING_SERVICES, SERVICE


@pytest.mark.parametrize(
    ("accounts", "tickets", "stored"),
    [
        (True, True, "so may, noi dung tin, yeu cau va thong tin tai khoan (neu co)"),
        (False, True, "so may, noi dung tin va yeu cau"),
        (True, False, "so may, noi dung tin va thong tin tai khoan (neu co)"),
        (False, False, "so may, noi dung tin"),
    ],
)
def test_what_is_stored_follows_the_services_that_are_on(accounts: bool, tickets: bool, stored: str) -> None:  # noqa: FBT001 - a table
    assert f"8188 luu {stored} de phuc vu ban." in privacy(CONVERSING, accounts=accounts, tickets=tickets)


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        (
            replace(UNIT, is_open_now=True),
            "Lam viec 7h30-11h30, 13h30-17h30 thu hai den thu sau. Dang mo cua. Tong dai 1022",
        ),
        (
            replace(UNIT, is_open_now=None),
            "76 Quang Trung. Lam viec 7h30-11h30, 13h30-17h30 thu hai den thu sau. Tong dai 1022",
        ),
        (replace(UNIT, week=()), "76 Quang Trung. Dang nghi, mo lai 7h30 thu hai 30/11. Tong dai 1022"),
        (replace(UNIT, week=(), opens=None), "76 Quang Trung. Dang nghi. Tong dai 1022"),
        (
            replace(UNIT, address=None, is_open_now=None),
            "0236 3822222. Lam viec 7h30-11h30, 13h30-17h30 thu hai den thu sau.",
        ),
        (replace(UNIT, phone=None, week=()), "UBND phuong Hai Chau, 76 Quang Trung. Tong dai 1022"),
    ],
    ids=["open", "not known whether", "no hours", "no opening", "no address", "no phone"],
)
def test_a_contact_says_what_is_known(unit: ContactFacts, said: str) -> None:
    assert said in contact(unit, CONVERSING)


def test_an_unknown_unit_is_repeated_only_where_it_can_be_nothing_else() -> None:
    assert contact_unknown("Phường Hòa Xuân", CONVERSING).startswith("Khong thay don vi Phuong Hoa Xuan. Soan: LH")
    assert contact_unknown("0905123456", CONVERSING).startswith("Chua ro don vi nao. Soan: LH")
    assert contact_unknown("Hoa Xuan", SERVICE) == "Chua ro don vi nao. Tong dai 1022"


def test_a_language_is_chosen_in_its_own_words() -> None:
    assert language_chosen("EN", CONVERSING).endswith("soan: EN gui 8188")
    assert language_chosen("VI", CONVERSING_SERVICES["usual, en"]) == (
        "From now on 8188 answers about your requests in English. To change it, text: VI to 8188"
    )
    assert language_chosen(None, CONVERSING) == "Tu nay 8188 tra loi ve yeu cau cua ban bang tieng Viet."


def test_the_short_help_names_what_is_on() -> None:
    assert "HOI noi dung (hoi can bo), PA noi dung (phan anh), TT (xem yeu cau)" in short_help(CONVERSING)
    assert short_help(SERVICE) == "Chua ro ban can gi. Soan HD gui 8188 de xem huong dan. Ho tro: 1022"
