"""The sentences of notices: one segment with long values, without accents and links, each with how to stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from db.notices.changes import Told
from db.schema import DossierStatus, NoticeKind
from handlers.context import ServiceFacts
from handlers.conversation.answers.dossier_notices import changed, ended, nothing_ended, notice, subscribed
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.contacts import find_contacts
from handlers.wording.fit import room
from handlers.wording.plain import is_plain
from tests.handlers.surroundings import LONGEST_SERVICE, SERVICE

CODE = "000.00.12.H17-230815-0007"
LONG_CODE = "A" * 20 + "0123456789" * 2
LONG = Told(
    status=DossierStatus.DONE,
    due_on=date(2026, 12, 30),
    wanted="Bản sao công chứng giấy chứng nhận quyền sử dụng đất, " * 3 + "ảnh 3x4",
    fix="Nộp tại Bộ phận Một cửa UBND phường Hải Châu, giờ hành chính, " * 3,
    pick_up="Bộ phận Một cửa, tầng 1, toà nhà Trung tâm hành chính, 24 đường Trần Phú, phường Hải Châu",
)


def services() -> Iterator[ServiceFacts]:
    """Give the usual service and the longest, in each language."""
    words = {"subscription": "NHANTINHS", "withdrawal": "NGUNGTIN"}
    for wording in CATALOGUES.values():
        usual = replace(SERVICE, wording=wording)
        yield replace(usual, keywords={**usual.keywords, "subscription": "DK", "withdrawal": "HUY"})
        longest = replace(LONGEST_SERVICE, wording=wording)
        yield replace(longest, keywords={**longest.keywords, **words})


def check(text: str, service: ServiceFacts, *, stops: bool = True) -> None:
    assert len(text) <= room(1), text
    assert is_plain(text), text
    for known in (CODE, LONG_CODE, service.hotline):  # `gui 000.00.12` looks like a number to call
        text = text.replace(known, "X")
    assert find_contacts(text, [service.short_code]) == [], text
    if stops:
        assert f"{service.keywords['withdrawal']} " in text + " ", text
        assert service.short_code in text, text


def test_a_change_without_its_state_is_one_segment_and_says_how_to_learn_more() -> None:
    for service in services():
        for code in (CODE, LONG_CODE):
            text = changed(code, service)
            assert code in text
            check(text, service)


def test_each_notice_is_one_segment_names_its_dossier_and_says_how_to_stop() -> None:
    bare = Told(status=DossierStatus.DONE)
    for service in services():
        for kind in NoticeKind:
            for told in (LONG, bare) if kind is not NoticeKind.DUE_TOMORROW else (LONG,):
                for code in (CODE, LONG_CODE):
                    text = notice(kind, code, told, service, missed=date(2026, 11, 29))
                    check(text, service)
                    assert code in text


def test_what_is_wanted_comes_with_how_to_supply_it() -> None:
    vietnamese, _, english, _ = services()
    told = Told(status=DossierStatus.PAPERS_WANTED, wanted="bản sao CCCD.", fix="nộp tại quầy 3")
    assert notice(NoticeKind.PAPERS_WANTED, CODE, told, vietnamese) == (
        f"Ho so {CODE} can bo sung: ban sao CCCD. Cach nop: nop tai quay 3. Ngung nhan tin: soan HUY gui 8188"
    )
    text = notice(NoticeKind.PAPERS_WANTED, CODE, LONG, english)
    assert "How: Nop tai" in text
    assert "...." not in text


def test_a_result_is_at_a_desk_comes_by_post_or_is_online_by_the_words_of_its_place() -> None:
    service = next(services())
    cases = [
        ("Bộ phận Một cửa", "moi ban nhan tai Bo phan Mot cua"),
        (None, "noi nhan xem giay hen"),
        ("Gửi qua bưu điện", "gui qua buu dien"),
        ("Bưu chính công ích", "gui qua buu dien"),
        ("Trực tuyến trên Cổng dịch vụ công", "truc tuyen: Truc tuyen tren Cong dich vu cong"),
    ]
    for place, words in cases:
        text = notice(NoticeKind.DONE, CODE, Told(status=DossierStatus.DONE, pick_up=place), service)
        assert words in text, place


def test_a_place_is_cut_behind_its_first_part_and_only_as_far_as_needed() -> None:
    place = "Bộ phận Một cửa của UBND phường Hải Châu, 76 Quang Trung"
    service = next(services())
    text = notice(NoticeKind.DONE, "000.00.12.H17-230815-0007", Told(status=DossierStatus.DONE, pick_up=place), service)
    assert "Bo phan Mot cua cua UBND phuong Hai Chau" in text
    assert "...." not in text
    assert len(text) <= room(1)


def test_an_apology_names_the_new_date_only_when_there_is_a_later_one() -> None:
    service, missed = next(services()), date(2026, 11, 29)
    for due_on, words in [(date(2026, 12, 8), "Hen moi: 08/12/2026"), (missed, ""), (None, "")]:
        told = Told(status=DossierStatus.IN_PROGRESS, due_on=due_on)
        text = notice(NoticeKind.OVERDUE, CODE, told, service, missed=missed)
        assert "bi tre hen 29/11/2026" in text
        assert ("Hen moi" in text) is bool(words)
        assert words in text


def test_each_answer_about_subscriptions_is_one_segment() -> None:
    three = [CODE, "H17-261129-0001", LONG_CODE]
    for service in services():
        for codes in ([CODE], three):
            check(subscribed(codes, [], service), service)
            check(subscribed(codes[:1], codes, service), service)
            check(subscribed(codes[:1], ["goi 0905123456"], service), service)
            for text in (ended(codes, service, named=True), nothing_ended(codes, service)):
                check(text, service, stops=False)
        check(ended(three, service, named=False), service, stops=False)
        check(nothing_ended([], service), service, stops=False)
        assert "0905" not in nothing_ended(["GOI-0905123456"], service)


@given(st.sampled_from(NoticeKind), st.text(max_size=200), st.text(max_size=200), st.text(max_size=100))
def test_no_words_of_an_office_make_a_notice_longer(kind: NoticeKind, wanted: str, fix: str, pick_up: str) -> None:
    told = Told(status=DossierStatus.DONE, due_on=date(2026, 12, 30), wanted=wanted, fix=fix, pick_up=pick_up)
    for service in services():
        text = notice(kind, CODE, told, service, missed=date(2026, 11, 29))
        assert len(text) <= room(1), text
        assert is_plain(text)
