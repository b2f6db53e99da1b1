"""People who are made up: a name, an identity number and a birth date that belong together."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, timedelta

TODAY = date(2026, 11, 22)

_FAMILIES = re.findall(
    r"\S+",
    """
    Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Trần Trần Trần Lê Lê Lê Phạm Phạm Hoàng Huỳnh Võ Vũ Phan Đặng
    Bùi Đỗ Hồ Ngô Dương Lý Đinh Trương Đoàn Lâm Mai Tô Hà Cao Chu Châu La Tạ Thái Lương Lưu Ông Tôn Quách Văn
    Ma Khổng Kiều Tăng Nghiêm Thân Tống Giáp Từ Bạch Hứa Âu Thạch Danh Sơn Kim Cù Mạc Vi Lò Ninh Phùng Triệu
    Trịnh Vương Doãn Đàm
    """,
)
_MIDDLES_OF_WOMEN = re.findall(
    r"\S+",
    """
    Thị Thị Thị Thị Thị Ngọc Thanh Kim Hồng Thu Mỹ Minh Phương Bích Diệu Quỳnh Hoài Ánh Tuyết Như Khánh Bảo
    Thảo Nguyên Tố
    """,
)
_MIDDLES_OF_MEN = re.findall(
    r"\S+",
    """
    Văn Văn Văn Văn Đức Hữu Minh Quang Ngọc Thanh Công Đình Quốc Xuân Hoàng Anh Thành Viết Bá Duy Tấn Nhật Gia
    Trọng Mạnh Tiến Đăng Hải Phước Thế Việt Sỹ Khắc
    """,
)
_GIVEN_TO_WOMEN = re.findall(
    r"\S+",
    """
    Hoa Lan Hương Hà Hạnh Hằng Huyền Hiền Hồng Liên Linh Loan Mai Nga Ngân Ngọc Nhung Như Oanh Phương Phượng
    Quyên Quỳnh Tâm Thảo Thu Thủy Thúy Trang Trâm Trinh Tuyết Vân Vy Yến Xuân Bé Én Gái Hai Ba Tư Năm Sáu Bảy
    Tám Chín Mười Mỹ Lệ Châu Em My Na Ni Ny Nhi Ly Thơm Thắm Gấm Lụa Út Gửi Hẹn Được Nụ Cúc Đào Lý Lài Sen
    Nguyệt Ánh Diễm Diệu Duyên Dung An
    """,
)
_GIVEN_TO_MEN = re.findall(
    r"\S+",
    """
    An Anh Bình Bảo Cường Chiến Chung Công Cảnh Danh Dũng Duy Đạt Đông Đức Giang Hải Hậu Hiếu Hòa Hoàng Hùng
    Huy Hưng Khánh Khoa Khôi Kiên Lâm Long Lộc Lợi Luân Minh Nam Nghĩa Nhân Nhật Phát Phong Phú Phúc Phước
    Quân Quang Quốc Quý Sang Sơn Sinh Tài Tâm Tân Thái Thắng Thành Thịnh Thọ Thuận Tiến Tín Toàn Trí Trung
    Trường Tú Tuấn Tùng Vinh Vũ Vương Xuân Năm Sáu Bảy Mười Cư Mới Tới Toại Cấp Dân Thu Chiểu Hạn Gia Tính Cửa
    Cu Bê Khải Đồng Dần Mão Thìn Tỵ Ngọ
    """,
)
_OF_MINORITIES = re.findall(
    r"[^|]+",
    "H'Hen Niê|Y Moan Êban|K'Brôi Pang Ting|Rơ Châm H'Yéo|Đinh Nup|Arất Thị Blúi|Alăng Thị Bhơl|"
    "Bh Nướch Thị Hoa|Zơrâm Bhia|Hồ Văn Bhriu|Bling Mia|Clâu Năm|Siu Black|Ksor Phước|Y Thanh Byă|"
    "Đinh Văn K'Rể|A Viết Thị Nhi|Nguyễn Văn Ngày|Trần Văn Số|Nguyễn Văn Á|Lê Minh Á|"
    "Trần Thị Mỹ Nữ|Lê Ngọc Nữ|Lê Thị Nữ|Cơlâu Bhao|Pơloong Thị Tâm|Ông Ích Khiêm|"
    "Công Tằng Tôn Nữ Thị Mỹ Hạnh|Tôn Nữ Thị Ninh|Âu Dương Thị Phụng|Công Huyền Tôn Nữ Như Mai|"
    "Giàng A Páo|Thào Thị Sò|Vàng A Sình|Nguyễn Thị Mười Một|Thạch Sô Phia|Danh Út|Chế Linh|"
    "Thích Nữ Diệu Hạnh",
)
_FOREIGN = re.findall(
    r"[^|]+",
    "Nguyễn Max|Trần Hans|Nguyễn Thị Lee|John Smith|Jean Pierre Dupont|Nguyễn Echam Samuel|"
    "Bruce Lee|Max Planck|James Adams|Lee Min Ho|Lee Chee Keong|Đặng Thị Rex|Phạm David|"
    "Lê Anna Maria|Võ Alex|Sean O'Connor|Trần Thomas|Kim Soo Hyun|Park Ji Sung|Nguyễn Fox|Lê Dawn|"
    "Phan Aaron|Bùi Howard|Maria Nguyễn|Đỗ Peter|Mai Khôi Hans|Hoàng Louis|Nguyễn Thị Kim Rose",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """The truth of a registration; the date may be known to the month or the year only."""

    words: tuple[str, ...]
    number: str
    year: int
    month: int | None
    day: int | None
    is_woman: bool

    @property
    def born(self) -> str:
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)


def a_person(chance: random.Random) -> Person:
    """Make up a person; numbers of 12 digits hold sex and birth year as real ones do."""
    is_woman = chance.random() < 0.5
    day = TODAY - timedelta(days=chance.randrange(14 * 365, 95 * 365))
    known = chance.choices((3, 2, 1), (88, 3, 9))[0]
    words = _name(chance, is_woman=is_woman)
    is_woman = is_woman if "Văn" in words[1:2] else is_woman or "Thị" in words or "Nữ" in words
    return Person(
        words=words,
        number=_number(chance, day.year, is_woman=is_woman),
        year=day.year,
        month=day.month if known > 1 else None,
        day=day.day if known > 2 else None,
        is_woman=is_woman,
    )


def _name(chance: random.Random, *, is_woman: bool) -> tuple[str, ...]:
    kind = chance.random()
    if kind < 0.02:
        return tuple(chance.choice(_OF_MINORITIES).split())
    if kind < 0.03:
        return tuple(chance.choice(_FOREIGN).split())
    middles = _MIDDLES_OF_WOMEN if is_woman else _MIDDLES_OF_MEN
    given = _GIVEN_TO_WOMEN if is_woman else _GIVEN_TO_MEN
    between = chance.choices((0, 1, 2, 3, 4), (10, 56, 29, 4, 1))[0]
    family = (chance.choice(_FAMILIES), *((chance.choice(_FAMILIES),) if chance.random() < 0.02 else ()))
    middle = [chance.choice(middles if at == 0 else given) for at in range(between)]
    return (*family, *middle, chance.choice(given))


def _number(chance: random.Random, year: int, *, is_woman: bool) -> str:
    if chance.random() < 0.45:
        return f"{chance.randrange(4)}{chance.randrange(10_000_000, 99_999_999)}"
    century = (0 if year < 2000 else 2) + is_woman
    return f"{chance.randrange(1, 97):03d}{century}{year % 100:02d}{chance.randrange(1_000_000):06d}"
