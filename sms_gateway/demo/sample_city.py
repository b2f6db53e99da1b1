"""The units of the demo's city: an invented city of 2026 with 22 departments and centres, and 64 wards and communes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

OFFICE = "Giờ hành chính"
ALL_DAY = "Cả ngày"

FOCAL = "H17.00.01"
DUTY = "H17.00.02"

_DEPARTMENTS = (
    ("H17.00.01", "Văn phòng UBND thành phố", "VP UBND thanh pho", "24 Tran Phu"),
    ("H17.00.02", "Trung tâm Thông tin 1022", None, "15 Quang Trung"),
    ("H17.01", "Sở Nội vụ", None, "24 Tran Phu"),
    ("H17.02", "Sở Tư pháp", None, "24 Tran Phu"),
    ("H17.03", "Sở Tài chính", None, "24 Tran Phu"),
    ("H17.04", "Sở Công Thương", None, "24 Tran Phu"),
    ("H17.05", "Sở Nông nghiệp và Môi trường", "So Nong nghiep Moi truong", "57 Quang Trung"),
    ("H17.06", "Sở Xây dựng", None, "24 Tran Phu"),
    ("H17.07", "Sở Khoa học và Công nghệ", None, "24 Tran Phu"),
    ("H17.08", "Sở Văn hóa, Thể thao và Du lịch", "So Van hoa The thao Du lich", "24 Tran Phu"),
    ("H17.09", "Sở Giáo dục và Đào tạo", None, "24 Tran Phu"),
    ("H17.10", "Sở Y tế", None, "103 Hung Vuong"),
    ("H17.11", "Sở Dân tộc và Tôn giáo", None, "24 Tran Phu"),
    ("H17.12", "Thanh tra thành phố", None, "24 Tran Phu"),
    ("H17.13", "Ban Quản lý An toàn thực phẩm", None, "1 Nguyen Huu Tho"),
    ("H17.14", "Ban Quản lý khu công nghệ cao và các khu công nghiệp", "BQL khu cong nghe cao", "Tru so KCNC"),
    ("H17.15", "Công an thành phố", None, "80 Le Loi"),
    ("H17.16", "Bảo hiểm xã hội thành phố", "BHXH thanh pho", "1A Tran Quy Cap"),
    ("H17.17", "Thuế thành phố", None, "8 Cach Mang Thang Tam"),
    ("H17.18", "Công ty Điện lực", None, "35 Phan Dinh Phung"),
    ("H17.19", "Công ty Cấp nước", None, "57 Xo Viet Nghe Tinh"),
    ("H17.20", "Trung tâm Phục vụ hành chính công", "TT Phuc vu hanh chinh cong", "24 Tran Phu"),
)

_WARDS = (
    *("Hải Châu", "Hòa Cường", "Thanh Khê", "An Khê", "An Hải", "Sơn Trà", "Ngũ Hành Sơn", "Hòa Khánh", "Hải Vân"),
    *("Liên Chiểu", "Cẩm Lệ", "Hòa Xuân", "Tam Kỳ", "Quảng Phú", "Hương Trà", "Bàn Thạch", "Điện Bàn", "An Thắng"),
    *("Hội An", "Cửa Đại", "Mỹ Khê", "Phước Long", "Tân Chính", "Xuân Hà"),
)
_COMMUNES = (
    *("Hòa Vang", "Hòa Tiến", "Bà Nà", "Núi Thành", "Tam Mỹ", "Tam Anh", "Đức Phú", "Tam Xuân", "Tây Hồ", "Chiên Đàn"),
    *("Phú Ninh", "Lãnh Ngọc", "Tiên Phước", "Thạnh Bình", "Sơn Cẩm Hà", "Trà Liên", "Trà Giáp", "Trà Tân", "Trà Đốc"),
    *("Trà My", "Nam Trà My", "Trà Tập", "Trà Vân", "Trà Linh", "Trà Leng", "Thăng Bình", "Thăng An", "Thăng Điền"),
    *("Đồng Dương", "Quế Sơn", "Xuân Phú", "Nông Sơn", "Quế Phước", "Duy Nghĩa", "Nam Phước", "Duy Xuyên", "Thu Bồn"),
    *("Đại Lộc", "Hà Nha", "Thượng Đức"),
)
_OLD_PARTS = ("Bắc", "Nam", "Đông", "Trung")
"""What old wards were called beside the name of the ward that they are part of now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleUnit:
    """A unit of the sample city."""

    code: str
    name: str
    address: str
    phone: str
    calendar: str = OFFICE
    sms_name: str | None = None
    parent: str | None = None
    ward: str | None = None
    """The name of the ward that it looks after."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleWard:
    """A ward of the sample city, and the code of its unit; `is_old` for a name of before July 2025."""

    name: str
    unit: str
    is_old: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleTopic:
    """What citizens of the sample city write about: words that lead to it, and the unit where it is not the ward's."""

    code: str
    name: str
    phrases: Sequence[str]
    unit: str | None = None
    is_accusation: bool = False


TOPICS = (
    SampleTopic(code="accusation", name="Tố cáo", phrases=("HOI LO", "VOI VINH", "THAM NHUNG"), is_accusation=True),
    SampleTopic(code="lamps", name="Đèn đường", phrases=("DEN DUONG", "DEN CHIEU SANG")),
    SampleTopic(code="waste", name="Rác thải", phrases=("RAC", "THU GOM", "HOI THOI")),
    SampleTopic(code="noise", name="Tiếng ồn", phrases=("KARAOKE", "TIENG ON", "LOA KEO")),
    SampleTopic(code="holes", name="Ổ gà, nắp cống", phrases=("HO GA", "NAP CONG", "O GA", "SUT LUN")),
    SampleTopic(code="residence", name="Cư trú", phrases=("TAM TRU", "TAM VANG", "THUONG TRU"), unit="H17.15"),
    SampleTopic(code="cards", name="Căn cước", phrases=("CAN CUOC", "CCCD", "VNEID"), unit="H17.15"),
    SampleTopic(code="passports", name="Hộ chiếu", phrases=("HO CHIEU", "PASSPORT"), unit="H17.15"),
    SampleTopic(code="permits", name="Giấy phép xây dựng", phrases=("PHEP XAY DUNG", "XAY NHA"), unit="H17.06"),
    SampleTopic(code="buses", name="Xe buýt", phrases=("XE BUYT", "TUYEN XE", "TRAM XE"), unit="H17.06"),
    SampleTopic(code="licences", name="Giấy phép lái xe", phrases=("BANG LAI", "GIAY PHEP LAI XE"), unit="H17.15"),
    SampleTopic(code="land", name="Đất đai", phrases=("SO DO", "SO HONG", "TACH THUA", "QUY HOACH"), unit="H17.05"),
    SampleTopic(code="insurance", name="Bảo hiểm", phrases=("BHYT", "BHXH", "BAO HIEM"), unit="H17.16"),
    SampleTopic(code="tax", name="Thuế", phrases=("THUE DAT", "MA SO THUE", "NO THUE"), unit="H17.17"),
    SampleTopic(code="schools", name="Trường học", phrases=("TUYEN SINH", "CHUYEN TRUONG", "HOC PHI"), unit="H17.09"),
    SampleTopic(code="health", name="Y tế", phrases=("TIEM CHUNG", "BENH VIEN", "TRAM Y TE"), unit="H17.10"),
    SampleTopic(code="power", name="Điện", phrases=("MAT DIEN", "TIEN DIEN", "CUP DIEN"), unit="H17.18"),
    SampleTopic(code="water", name="Nước", phrases=("MAT NUOC", "NUOC YEU", "TIEN NUOC", "VO ONG"), unit="H17.19"),
    SampleTopic(code="food", name="An toàn thực phẩm", phrases=("NGO DOC", "THUC PHAM BAN"), unit="H17.13"),
    SampleTopic(code="companies", name="Doanh nghiệp", phrases=("HO KINH DOANH", "DANG KY KINH DOANH"), unit="H17.03"),
    SampleTopic(code="records", name="Lý lịch tư pháp", phrases=("LY LICH TU PHAP",), unit="H17.15"),
    SampleTopic(code="civil", name="Hộ tịch", phrases=("KHAI SINH", "KET HON", "KHAI TU")),
    SampleTopic(code="certified", name="Chứng thực", phrases=("CHUNG THUC", "SAO Y", "CONG CHUNG")),
)


CANNED = (
    ("Giờ làm việc", "{unit} lam viec 7h30-11h30 va 13h30-17h30, thu hai den thu sau. Dia chi: {unit_address}."),
    ("Đã chuyển bộ phận xử lý", "Viec cua ban da chuyen bo phan phu trach, se tra loi truoc {due}."),
    ("Cấp lại mật khẩu", "Muon cap lai mat khau, mang CCCD den bo phan mot cua cua {unit}. Can ho tro goi {hotline}."),
    ("Đã xử lý xong", "Viec ban phan anh da xu ly xong. Cam on ban da bao cho {unit}."),
)
"""Canned answers of everybody: title and text."""


def sample_units() -> Sequence[SampleUnit]:
    """Return the 86 units: the focal unit first, then the duty unit."""
    departments = [
        SampleUnit(
            code=code,
            name=name,
            sms_name=sms_name,
            address=address,
            phone="1022" if code == DUTY else f"0236 38{number:02d}000",
            calendar=ALL_DAY if code == DUTY else OFFICE,
            parent=None if code == FOCAL else FOCAL,
        )
        for number, (code, name, sms_name, address) in enumerate(_DEPARTMENTS, 10)
    ]
    return [*departments, *_ward_units()]


def sample_wards(number: int = 300) -> Sequence[SampleWard]:
    """Return wards: those of today, then so many old names that there are `number` in all (at most 320)."""
    units = [unit for unit in sample_units() if unit.ward is not None]
    now = [SampleWard(name=unit.ward or "", unit=unit.code, is_old=False) for unit in units]
    old = [SampleWard(name=f"{unit.ward} {part}", unit=unit.code, is_old=True) for part in _OLD_PARTS for unit in units]
    return [*now, *old][:number]


def _ward_units() -> Iterator[SampleUnit]:
    places = [*(("phường", name) for name in _WARDS), *(("xã", name) for name in _COMMUNES)]
    for number, (label, name) in enumerate(places, 28):
        yield SampleUnit(
            code=f"H17.{number}",
            name=f"UBND {label} {name}",
            address="76 Quang Trung" if name == "Hải Châu" else f"{number} Le Loi",
            phone=f"0236 3822{222 + number - 28}",
            parent=FOCAL,
            ward=f"{'Phường' if label == 'phường' else 'Xã'} {name}",
        )
