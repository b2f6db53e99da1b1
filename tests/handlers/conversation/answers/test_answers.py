"""Every answer of the conversation: one segment with the longest facts, plain letters, and the words of the design."""

from __future__ import annotations

import re

import pytest

from handlers.context import ServiceFacts
from handlers.conversation.answers.about_service import ContactFacts
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.wording.plain import is_plain
from tests.handlers.conversation.answers.cases import (
    LONG,
    LONG_UNIT,
    TICKET,
    UNIT,
    WITH_KEYWORDS,
    A,
    B,
    answers_about,
)
from tests.handlers.surroundings import CONVERSING, CONVERSING_SERVICES

services = pytest.mark.parametrize("service", CONVERSING_SERVICES.values(), ids=list(CONVERSING_SERVICES))
BARE = TicketFacts(number=A)
FACTS = {"usual": (TICKET, UNIT), "longest": (LONG, LONG_UNIT), "barest": (BARE, ContactFacts(name="UBND"))}


@services
@pytest.mark.parametrize("facts", FACTS.values(), ids=list(FACTS))
def test_every_answer_fits_one_segment_and_has_only_plain_letters(
    service: ServiceFacts, facts: tuple[TicketFacts, ContactFacts]
) -> None:
    answers = {name: answer(service) for name, answer in answers_about(*facts).items()}
    if "acknowledge" in service.keywords:
        answers |= {name: answer(service) for name, answer in WITH_KEYWORDS.items()}
    assert {name: text for name, text in answers.items() if len(text) > 160} == {}
    assert {name: text for name, text in answers.items() if not is_plain(text) or not text} == {}


@services
@pytest.mark.parametrize("facts", FACTS.values(), ids=list(FACTS))
def test_no_answer_has_an_empty_place_or_a_brace(
    service: ServiceFacts, facts: tuple[TicketFacts, ContactFacts]
) -> None:
    odd = re.compile(r"[{}]|None|  |\(\)| [.,:;]|: *\.|\.\.(?!\.)(?<!\.\.\.)")
    answers = {name: answer(service) for name, answer in answers_about(*facts).items()}
    assert {name: text for name, text in answers.items() if odd.search(text)} == {}


DESIGNED = {
    "QUESTION": "Da nhan cau hoi, so YC482173051, chuyen UBND phuong Hai Chau. Tra loi truoc 17h30 thu hai 30/11. "
    "Xem: TT gui 8188. Bo sung: tra loi tin nay. Ho tro: 1022",
    "out of hours": "Da nhan, so YC482173051. Hien ngoai gio lam viec, can bo se tra loi truoc 17h30 thu hai 30/11. "
    "Can gap goi 1022. Xem: TT gui 8188",
    "overloaded": "Da nhan tin cua ban, so YC482173051. Nhieu nguoi dang hoi, truoc ban con 13 viec, "
    "du kien tra loi truoc 17h30 thu hai 30/11. Can gap goi 1022",
    "CALLED": "Day khong phai so cap cuu. Nguy hiem tinh mang: goi ngay 113, 114, 115. "
    "Tin YC482173051 da bao truc ban UBND phuong Hai Chau.",
    "FILED": "Day khong phai so cap cuu. Nguy hiem tinh mang: goi ngay 113, 114, 115. "
    "Tin YC482173051 da chuyen UBND phuong Hai Chau.",
    "urgent off": "Day khong phai so cap cuu. Nguy hiem tinh mang: goi ngay 113 (cong an), 114 (chay), "
    "115 (cap cuu). Viec khac goi 1022",
    "PROPOSAL": "Da nhan kien nghi, so YC482173051, tra loi truoc 17h30 thu hai 30/11. Luu y: khieu nai, to cao theo "
    "luat phai gui don hoac den truc tiep co quan. Hoi: 1022",
    "accusation": "Da nhan, so YC482173051. Noi dung duoc giu kin. To cao theo luat phai gui don hoac den truc tiep "
    "co quan. Hoi cach gui: 1022",
    "open": "YC482173051 (den duong hong): dang xu ly tai UBND phuong Hai Chau, hen tra loi 17h30 thu hai 30/11. "
    "Bo sung: tra loi tin nay. Ho tro: 1022",
    "pending_citizen": "YC482173051: can bo can ban bo sung: so nha, ten duong. Xin tra loi tin nay truoc 05/12. "
    "Chua ro goi 1022",
    "resolved": "YC482173051: da tra loi ngay 28/11. Chua xong: tra loi tin nay truoc 05/12. "
    "Danh gia: soan so tu 1 (kem) den 5 (rat tot).",
    "list of three": "Yeu cau cua ban: YC482173051 cho xu ly, hen 30/11; YC613509427 cho ban bo sung; "
    "YC407192867 da tra loi. Chi tiet, soan: TT so yeu cau",
    "filed": "Da ghi them vao YC482173051. Neu la viec khac, soan: HOI noi dung gui 8188",
    "reopened": "Da mo lai YC482173051 va ghi tin cua ban. UBND phuong Hai Chau tra loi truoc 17h30 thu hai 30/11. "
    "Viec khac, soan: HOI noi dung. Ho tro: 1022",
    "unclear": "YC482173051: tin nay chua ro. Neu viec da xong, tra loi: DA XONG. Neu chua, tra loi: CHUA XONG. "
    "Thoi nhan thong bao: soan HUY gui 8188",
    "send kept": "Ban co muon gui tin nay cho can bo khong? Tra loi 1: gui, 2: khong gui. "
    "Neu khong tra loi, can bo se xem sau 24 gio. Ho tro: 1022",
    "not yours": "Khong thay yeu cau YC613509427 gui tu so dien thoai nay. Soan TT gui 8188 de xem cac yeu cau cua "
    "ban. Ho tro: 1022",
    "repeated": "Viec nay da co so YC482173051, tin moi da ghi them. Neu la viec khac, soan: HOI MOI noi dung "
    "gui 8188. Xem: TT gui 8188",
    "merged": "YC482173051 da gop vao YC613509427 vi cung mot viec. Tin sau se ghi vao YC613509427. Xem: TT gui 8188",
    "ward wanted": "Da nhan phan anh, so YC482173051. Viec xay ra o phuong nao, duong nao? Xin tra loi tin nay. "
    "Xem: TT gui 8188",
    "low rating": "Cam on ban da danh gia 2/5 cho YC482173051. Con dieu gi chua duoc? Xin tra loi tin nay, "
    "yeu cau se duoc mo lai va bao lanh dao don vi.",
    "late": "YC482173051: xin loi, chua xong trong han. Viec dang o UBND phuong Hai Chau, hen moi 05/12. "
    "Khong can tra loi tin nay.",
    "reminder": "YC482173051 dang cho ban bo sung: so nha, ten duong. Xin tra loi tin nay truoc 05/12; "
    "qua ngay do, yeu cau se dong. Ho tro: 1022",
    "no reply": "YC482173051 da dong vi chua co tra loi cua ban. Muon mo lai, soan: TL YC482173051 noi dung "
    "gui 8188. Ho tro: 1022",
    "day full": "Hom nay ban da gui 5 yeu cau. Tin nay van duoc giu de can bo xem, chua co so rieng. "
    "Can gap goi 1022. Xem: TT gui 8188",
    "all stored": "8188 luu so may, noi dung tin, yeu cau va thong tin tai khoan (neu co) de phuc vu ban. "
    "Thoi han luu, xem, sua, xoa: mang CCCD den bo phan mot cua, goi 1022",
}


@pytest.mark.parametrize("name", DESIGNED)
def test_a_usual_answer_has_the_words_of_the_design(name: str) -> None:
    assert answers_about(TICKET, UNIT)[name](CONVERSING) == DESIGNED[name]


def test_the_choice_between_tickets_is_the_designs() -> None:
    text = answers_about(TICKET, UNIT)["which of two"](CONVERSING)
    assert text == (
        "Tin nay cho viec nao? 1: YC482173051 den duong hong. 2: YC613509427 den duong hong. 3: viec moi. "
        "Tra loi 1, 2 hoac 3. Tin da duoc giu."
    )


@pytest.mark.parametrize("service", [one for one in CONVERSING_SERVICES.values() if not one.bare_replies])
def test_where_replies_need_a_keyword_no_sentence_asks_for_a_bare_one(service: ServiceFacts) -> None:
    bare = re.compile(
        r"tra loi tin nay|[Tt]ra loi[ :]+(?:[1-5](?!\d)|DA|CHUA)|soan (?:so )?(?:tu )?1"
        r"|reply to this|[Rr]eply:? (?:\d|DA|CHUA)|text 1"
    )
    answers = {name: answer(service) for name, answer in answers_about(TICKET, UNIT).items()}
    if "acknowledge" in service.keywords:
        answers |= {name: answer(service) for name, answer in WITH_KEYWORDS.items()}
    said = {name: text.replace("Khong can tra loi tin nay", "") for name, text in answers.items()}
    assert {name: text for name, text in said.items() if bare.search(text)} == {}


NAMES_NO_TICKET = {
    *("urgent off", "day full", "list of none", "send kept", "dropped", "nothing to rate", "short help"),
    *("conversation off", "stopped", "nothing to stop", "all stored", "texts stored", "language", "contact"),
    *("contact unknown", "wrong number"),
}


def test_every_answer_about_a_ticket_names_it() -> None:
    answers = {name: answer(CONVERSING) for name, answer in answers_about(TICKET, UNIT).items()}
    assert {name for name, text in answers.items() if A not in text and B not in text} == NAMES_NO_TICKET


def test_a_long_list_names_the_newest_and_says_how_many_more_there_are() -> None:
    text = answers_about(TICKET, UNIT)["list of twelve"](CONVERSING)
    assert text.count(A) + int(re.findall(r"va (\d+) yeu cau", text)[0]) == 12


def test_an_answer_says_only_what_is_known() -> None:
    answers = {name: answer(CONVERSING) for name, answer in answers_about(BARE, ContactFacts(name="UBND")).items()}
    assert answers["open"] == "YC482173051: dang xu ly. Ho tro: 1022"
    assert answers["pending_citizen"] == "YC482173051: can bo can ban bo sung. Xin tra loi tin nay. Goi 1022"
    assert answers["contact"] == "UBND: tong dai 1022"


def test_an_english_answer_has_the_forms_of_english_dates() -> None:
    english = CONVERSING_SERVICES["usual, en"]
    assert answers_about(TICKET, UNIT)["QUESTION"](english) == (
        "Question received, no. YC482173051, sent to UBND phuong Hai Chau. Answer by 17:30 Mon 30/11. "
        "Status: TT to 8188. To add: reply to this SMS. Help: 1022"
    )
