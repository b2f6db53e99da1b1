"""What phones would show as a link or a telephone number, and what only looks a little like it."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.wording.contacts import find_contacts, find_links, hosts_of
from handlers.wording.plain import plain
from sms_gateway.demo.sample_dossiers import sample_dossiers

OWN = ("8188", "1022")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xem https://vneid.example/x", ["https://vneid.example/x"]),
        ("HTTP://1.2.3.4/a", ["HTTP://1.2.3.4/a"]),
        ("zalo://chat", ["zalo://chat"]),
        ("tel:0905123789", ["tel:0905123789", "0905123789"]),
        ("www.hue", ["www.hue"]),
        ("vneid.top/0007", ["vneid.top/0007"]),
        ("VNEID.TOP", ["VNEID.TOP"]),
        ("xac-minh.vneid-gov.com/a123", ["xac-minh.vneid-gov.com/a123"]),
        ("nop phi tai vneid.top/nop truoc 17h", ["vneid.top/nop"]),
        ("nop tai dichvucong.gov.vn.", ["dichvucong.gov.vn"]),
        ("(bit.ly/3xY)", ["bit.ly/3xY"]),
        ("vneid.top:8080", ["vneid.top:8080"]),
        ("a,vneid.xyz,b", ["a,vneid.xyz,b"]),
        ("moi.nextyear/nop", ["moi.nextyear/nop"]),
        ("mot.cua@danang.gov.vn", ["mot.cua@danang.gov.vn"]),
        ("q.ba", ["q.ba"]),
        ("Q.Ba/x", ["Q.Ba/x"]),
        ("45.77.12.9", ["45.77.12.9"]),
        # Disguised: sent, they are what is above.
        ("vnéid.tóp", ["vneid.top"]),
        ("vneid.t\u200bop", ["vneid.top"]),
        ("ｖｎｅｉｄ．ｔｏｐ", ["vneid.top"]),
        ("vneid。top", ["vneid.top"]),
        ("vneid.t^op", ["vneid.top"]),
        ("vneid.top|a", ["vneid.top/a"]),
        # Telephone numbers
        ("goi 0905123789", ["0905123789"]),
        ("GOI-0987654321-NHAN-QUA", ["0987654321"]),
        ("Anh An 0905 123 789 hoac 0905.123.789", ["0905 123 789"]),
        ("0905-123-789", ["0905-123-789"]),
        ("0905–123–789", ["0905-123-789"]),
        ("0905 - 123 - 789", ["0905 - 123 - 789"]),
        ("0905$123$789", ["0905 123 789"]),
        ("+84 905 123 789", ["+84 905 123 789"]),
        ("+84(0)905123789", ["+84(0)905123789"]),
        ("84905123789", ["84905123789"]),
        ("0084 905123789", ["0084 905123789"]),
        ("+44 20 7946 0958", ["+44 20 7946 0958"]),
        ("DT (0236) 3881888", ["0236) 3881888"]),
        ("0236.3.881.888", ["0236.3.881.888"]),
        ("0236/3881888", ["0236/3881888"]),
        ("024 3825 3536", ["024 3825 3536"]),
        ("1900 1234", ["1900 1234"]),
        ("19006789", ["19006789"]),
        ("1900 545 464", ["1900 545 464"]),
        ("1800-1091", ["1800-1091"]),
        ("０９０５１２３７８９", ["0905123789"]),
        ("goi 8779", ["8779"]),
        ("please call us at 8779 or text to 6789", ["8779", "6789"]),
        ("soan NAP gui 7755", ["7755"]),
        ("Điện thoại: 3881888", ["3881888"]),
        ("nhan tin den so 6020 hoac 8188", ["6020"]),
    ],
)
def test_contacts_are_found(text: str, expected: list[str]) -> None:
    assert find_contacts(text, OWN) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "76 Quang Trung",
        "Quay 5, so 76 Quang Trung, P.Hai Chau, Q.Hai Chau, TP.HCM",
        "UBND Q.1",
        "UBND Q.Ba Dinh, P.My An, X.Hoa Phong, H.Me Linh, P.So 5",
        "Tp.Da Nang",
        "1.So ho khau 2.Giay khai sinh 3.CMND",
        "000.00.12.H17-230815-0007",
        "H17.12-230815-0007",
        "H55.12-230815-0001 nop 15/08/2023",
        "BN-688221488",
        "00673810079",
        "1.899.108.123",
        "1.010.010.000",
        "so 5.2",
        "v.v.",
        "v.v...",
        "vui long cho...com trua",
        "1.500.000d",
        "nop 1500000 dong",
        "gui 1.500.000d vao kho bac",
        "gui 1500 ban",
        "01/01/1990, 05/09/1990 12h, 03.05.2023-05.05.2023, 02-09-1990 150",
        "gui 15.08.2023",
        "20230815093000",
        "048190001234",
        "084190001234",
        "201499999",
        "cong van 1234/UBND-VP",
        "Nghi dinh 61/2018/ND-CP",
        "mau CT01.doc, to khai.pdf",
        "goi 1022 hoac soan HD gui 8188",
        "tong dai 1022",
        "lien he Bo phan Mot cua tang 1",
        "anh 3x4, 4x6",
        "a@b",
        "Nguyen Van An",
        "TK, Ho ten, So CCCD, Ngay sinh",
        "8h00-11h30, 13h30-17h00",
        "T2-T6",
    ],
)
def test_ordinary_words_are_none(text: str) -> None:
    assert find_contacts(text, OWN) == []


def test_a_number_is_allowed_in_any_spelling() -> None:
    assert find_contacts("goi 0236 3 881 888 hoac +84 236 3881888", ["(0236) 3881888"]) == []


def test_what_an_office_writes_in_the_samples_holds_none() -> None:
    for one in sample_dossiers(date(2026, 3, 2)):
        for text in (one.code, one.procedure, one.wanted, one.pick_up):
            assert find_contacts(text or "", OWN) == []


@given(st.text())
def test_never_raises(text: str) -> None:
    find_contacts(text)


@given(st.text(alphabet="aA0.1 -/@wvneidtopcm"))
def test_a_text_as_sent_holds_no_more_than_was_found(text: str) -> None:
    if not find_contacts(text):
        assert find_contacts(plain(text)) == []


@pytest.mark.parametrize("piece", ["a.", "0905 ", "a-", "goi ", "0", "1900", "+1 ", "()", "tel:", "a@", "h://", "www."])
def test_a_long_text_costs_no_more_a_letter_than_a_short_one(piece: str) -> None:
    def seconds(letters: int) -> float:
        text = (piece * letters)[:letters]
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            find_contacts(text)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(20_000) < 20 * 10 * max(seconds(1_000), 1e-4)


@given(
    st.from_regex(
        r"[0-9A-Z][0-9]{2}\.[0-9]{2}\.[0-9]{2}\.H[0-9]{2}-[0-9]{6}-[0-9]{4,5}|H[0-9]{2}(\.[0-9]{1,2})?-[0-9]{6}-[0-9]{4}",
        fullmatch=True,
    )
)
def test_no_code_of_the_national_form_is_one(code: str) -> None:
    assert find_contacts(code) == []
    assert find_contacts(f"Ho so {code}: dang xu ly") == []


@pytest.mark.parametrize(
    ("link", "hosts"),
    [
        ("danang.gov.vn", {"danang.gov.vn"}),
        ("HTTPS://DaNang.gov.vn:8443/Tin?x=1", {"danang.gov.vn"}),
        ("https://danang.gov.vn@vneid.top/x", {"danang.gov.vn", "vneid.top"}),
        ("http://portal/x", {"portal"}),
        ("http://10.0.0.7/x", {"10.0.0.7"}),
        ("danang.gov.vn,vneid.top", {"danang.gov.vn", "vneid.top"}),
        ("motcua@danang.gov.vn", {"danang.gov.vn"}),
        ("tel:0905123456", set()),
    ],
)
def test_a_link_names_every_host_that_it_may_lead_to(link: str, hosts: set[str]) -> None:
    assert hosts_of(link) == hosts


def test_links_are_found_without_the_numbers_beside_them() -> None:
    assert find_links("goi 0905 123 789, xem vneid.top/nop và vneid.top/nop, a@b.vn") == ["vneid.top/nop", "a@b.vn"]
