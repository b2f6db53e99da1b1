"""Phrases of danger: when they count, and the everyday texts in which the same letters mean something else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.text.normal_form import normalise
from parsers.text.urgent_phrases import URGENT, UrgentPhrase, UrgentTable, urgent_phrases


def found_in(text: str) -> tuple[str, ...]:
    return urgent_phrases(normalise(text))


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("nha may dang chay", ("dang chay",)),
        ("ngoai do dang chay lon", ("dang chay",)),
        ("tai nan o cau song Huong", ("tai nan",)),
        ("xe khach dang chay khoi mu mit", ("dang chay",)),
        ("CHAY NHA SO 5", ("chay nha",)),
        ("chay o chung cu 12 Tran Phu", ("chay o",)),
        ("co chay tai cho Con", ("co chay",)),
        ("dang chay, co nguoi bi cuop, dang chay", ("dang chay", "bi cuop")),
        ("no binh gas", ("no binh",)),
        ("co nguoi duoi nuoc o bien My Khe", ("duoi nuoc",)),
        ("toi bi cuop o cau Rong", ("bi cuop",)),
        ("goi cap cuu giup", ("cap cuu",)),
        ("co nguoi muon tu tu", ("tu tu",)),
        ("nhay cau tu tu o cau Rong", ("tu tu",)),
        ("xe buyt bi chay, lua to lam", ("bi chay",)),
        ("tau dang chay, goi 114 roi", ("dang chay",)),
        ("Cháy nhà rồi", ("cháy",)),
        ("NHÀ TÔI ĐANG CHÁY", ("cháy",)),
        ("nổ bình ga, có người bị thương", ("nổ",)),
        ("tai nạn ở cầu Rồng, cần cấp cứu", ("tai nạn", "cấp cứu")),
        ("có người đuối nước", ("đuối nước",)),
        ("bị cướp điện thoại", ("cướp",)),
        ("có người định tự tử", ("tự tử",)),
        (unicodedata.normalize("NFD", "đang cháy"), ("cháy",)),
    ],
)
def test_phrases_of_danger_are_found(text: str, phrases: tuple[str, ...]) -> None:
    assert found_in(text) == phrases


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no thue",
        "xe dap",
        "hoi dap",
        "lam tu tu",
        "xe buyt 05 co chay chu nhat khong",
        "tuyen 8 chay o dau",
        "he thong dang chay cham",
        "bi tai nan lao dong di cap cuu co duoc BHYT khong",
        "bị tai nạn lao động đi cấp cứu có được BHYT không",
        "HOI phi cap cuu 115 la bao nhieu",
        "an chay o dau ngon vay",
        "quan chay o Le Duan mo may gio",
        "phan mem dang chay sai",
        "nuoc co chay lai chua",
        "no",
        "dap",
        "chay",
        "xe chạy nhanh quá",
        "đang chạy thủ tục",
        "nợ thuế",
        "moi nguoi lam tu tu",
        "xin bien ban tai nan giao thong",
        "duong nay hay xay ra tai nan",
        "thanh toan vien phi cap cuu",
        "khong no binhga",
        "đường có chay nha",
    ],
)
def test_everyday_texts_are_not_urgent(text: str) -> None:
    assert found_in(text) == ()


def test_a_city_can_replace_the_table() -> None:
    table = UrgentTable([UrgentPhrase(words="sat lo", not_with=("bao hiem",)), UrgentPhrase(words="sạt lở")])
    assert urgent_phrases("sat lo o deo Hai Van", table) == ("sat lo",)
    assert urgent_phrases("sạt lở ở đèo Hải Vân", table) == ("sạt lở",)
    assert urgent_phrases("bao hiem sat lo", table) == ()
    assert urgent_phrases("cap cuu", table) == ()
    assert urgent_phrases("cap cuu", UrgentTable(())) == ()


def one_of(words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words.split("|"))


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(" ".join)


CERTAIN = one_of("chay nha|chay rung|chay cho|chay lon|no binh|no ga|duoi nuoc|bi cuop|tai nan|cap cuu|muon tu tu")
OF_FIRE = one_of("co chay|dang chay|bi chay|chay o|chay tai")
PLACES = one_of("nga tu Le Duan|25 Tran Phu|cau Rong|chung cu so 8|phuong Hai Chau")
BEFORE = one_of("|gap,|o day|PA|SOS|alo|hang xom toi")
BEHIND = one_of("|roi|den mau|giup voi|!!!|gap lam")
RUNNING = one_of("xe|xe buyt so 5|tuyen 8|tau|app|ung dung|phan mem|he thong|chuong trinh")
SMOKE = one_of("khoi den|lua to|boc chay|goi cuu hoa|da goi 114")
BENEFITS = one_of(
    "lao dong|BHYT|bao hiem|che do|duoc huong|boi thuong|vien phi|phi cap cuu|thanh toan|khai bao|thu tuc|giay to|"
    "bien ban|hay xay ra"
)
ACCIDENTS = one_of("tai nan|cap cuu|tai nạn|cấp cứu")
SYLLABLES = st.lists(one_of("chay|nổ|tai|nan|co|o|xe|tu|muon|khoi|quan")).map(" ".join)


@given(
    joined(BEFORE, CERTAIN, PLACES, BEHIND) | joined(BEFORE, OF_FIRE, PLACES, BEHIND) | joined(PLACES, OF_FIRE, BEHIND)
)
def test_a_phrase_counts_whatever_is_around_it(text: str) -> None:
    assert found_in(text)


@given(joined(BEFORE, RUNNING, OF_FIRE, PLACES, BEHIND), SMOKE)
def test_what_runs_does_not_burn_unless_there_is_smoke(text: str, smoke: str) -> None:
    assert not found_in(text)
    assert found_in(f"{text} {smoke}")


@given(joined(BENEFITS, ACCIDENTS, PLACES) | joined(ACCIDENTS, PLACES, BENEFITS))
def test_texts_about_benefits_are_not_urgent(text: str) -> None:
    assert not found_in(text)


@given(st.text(max_size=80) | SYLLABLES)
def test_what_is_found_is_of_the_table(text: str) -> None:
    words = {word for phrase in URGENT.phrases for part in phrase.words.split() for word in part.split("|")}
    for phrase in found_in(text):
        assert set(phrase.split()) <= words
