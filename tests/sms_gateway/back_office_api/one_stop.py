"""A double of the one-stop system: the bodies that it sends, from its published shapes, with made-up persons in them.

The shapes are those of the client of OpenCPS for the national portal (DongBoHoSoMC, CapNhatTienDoHoSoMC).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sms_gateway.clock import LOCAL_ZONE

Json = dict[str, object]

PERSON: Mapping[str, str] = {
    "name": "Kanarienvogel Văn Hồ Sơ",
    "phone": "0937654321",
    "identity": "079090987654",
    "email": "kanarienvogel@example.vn",
    "remark": "Ghi chú kanarienvogel nhạy cảm",
    "officer": "Kanarienvogel Thị Cán Bộ",
    "session": "kanarienvogel-session-7f21",
}


def packed(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y%m%d%H%M%S")


def dossier(code: str, status: str, *, received: datetime, wanted: str | None = None) -> Json:
    """Return one item of DongBoHoSoMC."""
    supplements = [{"NoiDungBoSung": wanted, "NgayBoSung": packed(received)}] if wanted else []
    return {
        "MaHoSo": code,
        "MaTTHC": "1.000000.000.00.00.H17",
        "TenTTHC": "Cấp giấy phép xây dựng",
        "MaLinhVuc": "G17-XD01",
        "TenLinhVuc": "Xây dựng",
        "ChuHoSo": PERSON["name"],
        "LoaiDoiTuong": "1",
        "MaDoiTuong": PERSON["identity"],
        "ThongTinKhac": PERSON["remark"],
        "Email": PERSON["email"],
        "Fax": "",
        "SoDienThoai": PERSON["phone"],
        "TrichYeuHoSo": f"Hồ sơ của {PERSON['name']}",
        "NgayTiepNhan": packed(received),
        "NgayHenTra": packed(received.replace(year=received.year + 1)),
        "TrangThaiHoSo": status,
        "NgayTra": "",
        "ThongTinTra": PERSON["remark"],
        "HinhThuc": "0",
        "NgayKetThucXuLy": "",
        "DonViXuLy": "Phòng Quản lý đô thị",
        "GhiChu": PERSON["remark"],
        "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "SoTien": "75000"}],
        "DanhSachTepDinhKemKhac": [{"TenTepDinhKem": f"{PERSON['name']}.pdf"}],
        "DanhSachHoSoBoSung": supplements,
        "DanhSachGiayToKetQua": [],
    }


def step(code: str, status: str, at: datetime) -> Json:
    """Return one item of CapNhatTienDoHoSoMC."""
    return {
        "MaHoSo": code,
        "NguoiXuLy": PERSON["officer"],
        "ChucDanh": "Chuyên viên",
        "ThoiDiemXuLy": packed(at),
        "PhongBanXuLy": "Phòng Quản lý đô thị",
        "NoiDungXuLy": PERSON["remark"],
        "TrangThai": status,
        "NgayBatDau": packed(at),
        "NgayKetThucTheoQuyDinh": "",
    }


def call(service: str, data: Sequence[Json], *, is_updating: bool = False) -> Json:
    """Return the body of a call of the national portal's interface."""
    return {
        "session": PERSON["session"],
        "madonvi": "000.00.00.H17",
        "service": service,
        "isUpdating": is_updating,
        "data": list(data),
    }
