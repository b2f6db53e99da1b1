"""Bodies of pushes: the three forms, what is dropped, and the fault of each item or of the whole."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from db.back_office.dossier_pushes import PushedDossier
from db.schema import DossierStatus
from sms_gateway.back_office.dossier_push.bodies import ReadBody, WrongBody, read_body

NOON = datetime(2026, 11, 29, 5, 0, tzinfo=UTC)
CODE = "000.00.12.H17-261129-0001"


def read(given_: object, query: str = "") -> ReadBody | WrongBody:
    body = given_ if isinstance(given_, bytes) else json.dumps(given_).encode()
    return read_body(body, query_corrects=query, at=NOON, allowed=("8188", "1022"))


def whole(given_: object, query: str = "") -> ReadBody:
    found = read(given_, query)
    assert isinstance(found, ReadBody), found
    return found


def one(item: object) -> PushedDossier:
    (found,) = whole([item]).items
    assert isinstance(found.read, PushedDossier), found.read
    return found.read


def faults(*items: object) -> list[str | None]:
    return [found.read if isinstance(found.read, str) else None for found in whole(list(items)).items]


def test_the_three_forms_say_the_same() -> None:
    national = {
        "MaHoSo": CODE,
        "TrangThaiHoSo": "4",
        "NgayTiepNhan": "20261101083000",
        "NgayHenTra": "20261220170000",
        "TenTTHC": "Cấp giấy phép",
    }
    own = {
        "code": CODE,
        "status": 4,
        "received_on": "2026-11-01",
        "due_on": "20/12/2026",
        "procedure": "Cấp giấy phép",
    }
    call = {"session": "s", "madonvi": "m", "service": "DongBoHoSoMC", "isUpdating": True, "data": [national]}
    of_call, of_list, of_own = whole(call), whole([national]), whole([own])
    assert of_call.items == of_list.items
    assert [found.read for found in of_list.items] == [found.read for found in of_own.items]
    assert (of_call.corrects, of_list.corrects, whole([national], "True").corrects) == (True, False, True)
    facts = one(national).facts
    assert (facts.status, facts.received_on, facts.due_on) == (
        DossierStatus.IN_PROGRESS,
        date(2026, 11, 1),
        date(2026, 12, 20),
    )


def test_a_step_has_its_own_status_and_time() -> None:
    found = one({"MaHoSo": CODE, "TrangThai": "9", "ThoiDiemXuLy": "20261129083000", "NguoiXuLy": "Lê Thị B"})
    assert (found.facts.status, found.at) == (DossierStatus.DONE, datetime(2026, 11, 29, 1, 30, tzinfo=UTC))
    assert one({"MaHoSo": CODE, "TrangThai": "9"}).at == NOON
    assert one({"MaHoSo": CODE, "TrangThai": "9", "ThoiDiemXuLy": 20261129083000}).at == found.at
    assert one({"code": CODE, "status": "9", "updated_at": "2026-11-29T01:30:00Z"}).at == found.at
    assert one({"code": CODE, "status": "9", "updated_at": "2030-01-01T00:00:00Z"}).at == NOON  # a clock that is fast


def test_papers_are_wanted_by_the_latest_demand_and_only_while_status_5_holds() -> None:
    demands = [
        {"NoiDungBoSung": "Bản sao CCCD 048077001234", "NgayBoSung": "20261120080000", "NgayHenTraMoi": "20261230"},
        {"NoiDungBoSung": "Đơn cũ", "NgayBoSung": "20261101080000"},
    ]
    found = one({"MaHoSo": CODE, "TrangThaiHoSo": "05", "NgayHenTra": "20261201", "DanhSachHoSoBoSung": demands}).facts
    assert (found.wanted, found.due_on) == ("Bản sao CCCD ***", date(2026, 12, 30))
    assert one({"MaHoSo": CODE, "TrangThaiHoSo": "4", "DanhSachHoSoBoSung": demands}).facts.wanted is None
    for words in ("Yêu cầu bổ sung giấy tờ", "yeu cau bo sung"):
        assert one({"MaHoSo": CODE, "TrangThaiHoSo": words, "DanhSachHoSoBoSung": demands}).facts.wanted is not None


def test_long_numbers_are_masked_in_every_field_of_words() -> None:
    own = one(
        {"code": CODE, "status": 5, "wanted": "CCCD 048 077 001 234 2 ban sao", "fix": "nop CMND 201499999"}
    ).facts
    assert (own.wanted, own.fix) == ("CCCD *** ban sao", "nop CMND ***")
    done = one(
        {"code": CODE, "status": 9, "pick_up": "Quay 3, so 048077001234", "procedure": "x 048/077/001/234"}
    ).facts
    assert (done.pick_up, done.procedure) == ("Quay 3, so ***", "x ***")
    national = one({"MaHoSo": CODE, "TrangThaiHoSo": "4", "TenTTHC": "Cap CCCD cho A 048077001234"}).facts
    assert (national.code, national.procedure) == (CODE, "Cap CCCD cho A ***")


def test_what_is_wrong_with_an_item_is_named_and_never_its_value() -> None:
    secret = "Nguyễn Văn Canary 048077001234"
    cases = [
        ("no object", secret, "no object"),
        ("no code", {"TrangThaiHoSo": "4"}, "code: it is missing"),
        ("unknown status", {"MaHoSo": CODE, "TrangThaiHoSo": "11"}, "status: "),
        ("no status", {"MaHoSo": CODE}, "status: "),
        ("a wrong type", {"MaHoSo": CODE, "TrangThaiHoSo": {"a": secret}}, "TrangThaiHoSo"),
        ("a bool", {"MaHoSo": CODE, "TrangThaiHoSo": True}, "TrangThaiHoSo"),
        ("a wrong time", {"MaHoSo": CODE, "TrangThai": "4", "ThoiDiemXuLy": "hôm qua"}, "time of the change"),
        ("a wrong day", {"code": CODE, "status": 4, "due_on": "31/02/2026"}, "due_on: "),
        (
            "dates in the wrong order",
            {"code": CODE, "status": 4, "received_on": "2026-2-2", "due_on": "1990-01-01"},
            "",
        ),
        ("a link", {"code": CODE, "status": 5, "wanted": "xem http://canary.top"}, "wanted: "),
        ("a wrong secret", {"code": CODE, "status": 5, "identity_last4": "99"}, "identity"),
        ("too long", {"code": CODE, "status": 5, "wanted": "a" * 201}, "wanted: it has 201 letters"),
        ("far too long", {"code": CODE, "status": 5, "wanted": "a" * 2001}, "wanted"),
        ("supplements that are no list", {"MaHoSo": CODE, "TrangThai": 5, "DanhSachHoSoBoSung": secret}, "DanhSach"),
    ]
    for label, item, wanted in cases:
        (fault,) = faults(item)
        assert fault is not None, label
        assert wanted in fault, (label, fault)
        assert "Canary" not in fault, (label, fault)


def test_a_code_that_comes_twice_is_taken_once_the_latest() -> None:
    items = [
        {"MaHoSo": CODE, "TrangThai": "4", "ThoiDiemXuLy": "20261129080000"},
        {"MaHoSo": CODE.lower(), "TrangThai": "5", "ThoiDiemXuLy": "20261129090000"},
        {"MaHoSo": CODE, "TrangThai": "9", "ThoiDiemXuLy": "20261129090000"},
        {"MaHoSo": "H17-261129-0002", "TrangThai": "9"},
    ]
    first, second, third, other = faults(*items)
    assert (second, other) == (None, None)
    assert first == third == "the code is in item 2 too, which is taken: send each code once"


def test_a_body_that_cannot_be_used_says_why() -> None:
    cases = [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[NaN]", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'"text"', "must be a list"),
        ({"service": "DongBoHoSoMC"}, "must be a list"),
        ({"service": "TraCuuHoSo", "data": []}, "service: "),
        ({"service": [1], "data": []}, "service: "),
        ([{}] * 1001, "1001 items"),
    ]
    for body, wanted in cases:
        found = read(body)
        assert isinstance(found, WrongBody), wanted
        assert wanted in found.words
    assert len(whole([{}] * 1000).items) == 1000
    assert whole(b"\xef\xbb\xbf[]").items == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NAMES = (
    "MaHoSo",
    "TrangThaiHoSo",
    "TrangThai",
    "ThoiDiemXuLy",
    "DanhSachHoSoBoSung",
    "code",
    "status",
    "due_on",
    "data",
)


@settings(max_examples=60, deadline=None)
@given(body=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6) | st.lists(JSON, max_size=3) | JSON)
def test_no_body_raises(body: object) -> None:
    for given_ in (body, [body], {"data": [body]}):
        assert isinstance(read(given_), ReadBody | WrongBody)
