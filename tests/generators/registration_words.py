"""The words that citizens write around the fields of a registration, with their accents."""

from __future__ import annotations

import random
import re

KEYWORDS = ("TK", "TK", "TK", "TK", "tk", "tk", "Tk", "Tk", "tK", "T K", "T.K", "TK.", '"TK"', "[TK]")
SPELLED_OUT = (
    "đăng ký tài khoản",
    "đăng ký TK",
    "đăng ký tk",
    "mở tài khoản",
    "tạo tài khoản",
    "mở tk",
    "xin đăng ký tài khoản",
    "cho tôi đăng ký tài khoản",
    "xin chào cho tôi đăng ký TK",
    "tôi muốn đăng ký tài khoản",
    "em muốn mở tài khoản",
    "tài khoản",
    "đăng kí tài khoản",
    "xin mở tài khoản",
    "tôi đăng ký tài khoản",
    "nhờ tạo tài khoản",
)
LEADING = ("soạn tin", "soạn", "gửi", "cú pháp", "nhắn tin", "xin", "tin nhắn", "soạn tin nhắn")
TRAILING = (
    *(
        "gửi 8188",
        "gửi đến 8188",
        "gửi về đầu số 8188",
        "gửi tới số 8188",
        "cảm ơn",
        "xin cảm ơn",
        "xin cảm ơn!",
        "thanks",
    ),
    *("cám ơn", "xin chân thành cảm ơn", "trân trọng cảm ơn", "cảm ơn anh chị nhiều", "cảm ơn ạ"),
)
NAME_LABELS = (
    *(
        "họ tên",
        "họ tên",
        "họ và tên",
        "họ và tên",
        "tên",
        "tôi tên",
        "tôi tên là",
        "tên tôi là",
        "tên là",
        "họ tên là",
        "hoten",
    ),
    *(
        "em tên là",
        "tên đầy đủ",
        "họ tên khai sinh",
        "họ, tên",
        "họ tên người đăng ký",
        "người đăng ký",
        "họ và tên tôi là",
        "tên em là",
    ),
    *("tôi là", "cháu tên", "họ và tên khai sinh", "họ, chữ đệm và tên khai sinh"),
)
ID_LABELS = (
    *(
        "CMND",
        "cmnd",
        "số cmnd",
        "cmnd số",
        "CCCD",
        "cccd",
        "số cccd",
        "số CCCD",
        "cccd số",
        "căn cước",
        "căn cước công dân",
    ),
    *(
        "số căn cước",
        "số định danh",
        "số định danh cá nhân",
        "mã định danh",
        "CMT",
        "chứng minh nhân dân",
        "số chứng minh",
        "cmtnd",
    ),
    *(
        "chứng minh thư",
        "số cmnd/cccd",
        "CMND/CCCD",
        "số giấy tờ",
        "ID",
        "số cccd của tôi là",
        "số cc",
        "cmnd là",
        "thẻ căn cước",
    ),
    *("số thẻ căn cước", "cccd gắn chip", "số CMND hoặc CCCD", "số cmt", "cc", "cmnd cũ", "cccd mới", "số"),
)
DATE_LABELS = (
    *(
        "ngày sinh",
        "ngày sinh",
        "sinh ngày",
        "sinh ngày",
        "ngày tháng năm sinh",
        "ns",
        "NS",
        "sn",
        "sinh",
        "ngaysinh",
        "NTNS",
        "ntns",
    ),
    *(
        "sinh vào ngày",
        "ngày sinh là",
        "ngày",
        "DOB",
        "ngày tháng sinh",
        "ngày, tháng, năm sinh",
        "ngày/tháng/năm sinh",
        "nsinh",
    ),
)
YEAR_LABELS = ("sinh năm", "năm sinh", "sinh", "sn", "ns", "năm", "sinh vào năm")
PHONE_LABELS = (
    *(
        "sđt",
        "SĐT:",
        "số điện thoại",
        "điện thoại",
        "đt",
        "dt:",
        "số đt",
        "điện thoại liên hệ",
        "liên hệ",
        "tel",
        "sđt của tôi",
    ),
    *("đtdđ", "số phone", "zalo", "sdt liên hệ", "số điện thoại của tôi là"),
)
ADDRESS_LABELS = (
    "địa chỉ",
    "địa chỉ:",
    "đc",
    "đ/c:",
    "thường trú",
    "hộ khẩu",
    "quê quán",
    "trú tại",
    "chỗ ở",
    "hktt:",
    "tạm trú",
    "ở tại",
)
ORIGINS = (
    "quốc tịch Việt Nam",
    "dân tộc Kinh",
    "dân tộc: Kinh",
    "tôn giáo không",
    "quê quán Quảng Nam",
    "nghề nghiệp: giáo viên",
)
ISSUED = ("cấp ngày", "ngày cấp", "ngày cấp:", "cấp")
ISSUERS = ("", "", " tại CA Đà Nẵng", " nơi cấp Đà Nẵng", " do công an Đà Nẵng cấp", " CA TP Đà Nẵng")
POLITE = (
    *(
        "ok nhé",
        "giúp em với ạ",
        "nhờ anh chị giúp",
        "mong được giúp đỡ",
        "xin hướng dẫn",
        "nhé",
        "ạ",
        "làm ơn",
        "nhờ cấp tài khoản",
    ),
    *("mong sớm nhận được trả lời", "em cảm ơn", "kính nhờ", "xin cấp mật khẩu"),
)
DATES_IN_WORDS = (
    *("ngày {} tháng {} năm {}", "{} tháng {} năm {}", "{} tháng {} {}", "{} thg {} {}", "ngày {}, tháng {}, năm {}"),
    *("{}/{} năm {}", "{} thg {}, {}", "{}-tháng {}-{}", "ngày {} tháng {}, {}", "{}.th{}.{}"),
)
FOREIGN = frozenset(
    re.findall(
        r"\S+",
        """
        lee max hans rex dawn aaron howard chee mee hee moon soon queen low raj luis lex noor rose lisa thor
        nor soo
        """,
    )
)
"""Typed in Telex, these would be Vietnamese syllables; the policy keeps them as they are."""
NOT_SYLLABLES = frozenset(
    re.findall(
        r"\S+",
        """
        Niê Moan Êban Brôi Pang Ting Rơ Châm Yéo Nup Arất Blúi Alăng Bhơl Bh Nướch Zơrâm Bhia Bhriu Bling Clâu
        Siu Black Ksor Byă Bhao Pơloong Cơlâu John Smith Jean Pierre Dupont Echam Samuel Bruce Lee Max Planck James
        Adams Hans Rex David Anna Maria Alex
        """,
    )
)
DOUBTFUL_BEFORE_TAIL = frozenset(["văn", "thị", "van", "thi"])
"""Behind these words even a small `nam` can be the name."""

_STREETS = (
    "Trần Phú",
    "Lê Duẩn",
    "Nguyễn Văn Linh",
    "Hùng Vương",
    "30/4",
    "2/9",
    "3/2",
    "Ông Ích Khiêm",
    "Điện Biên Phủ",
    "29/3",
)
_PLACES = (
    "Hải Châu",
    "Thanh Khê",
    "Sơn Trà",
    "Cẩm Lệ",
    "Liên Chiểu",
    "Hòa Vang",
    "Ngũ Hành Sơn",
    "Đà Nẵng",
    "Hòa Khánh Bắc",
)


def an_address(chance: random.Random) -> str:
    """Write an address, with or without numbers."""
    house = chance.choice(
        (
            f"{chance.randrange(1, 400)} ",
            f"K{chance.randrange(1, 200)}/{chance.randrange(1, 60)} ",
            "số 12 đường ",
            "đường ",
            "",
        )
    )
    place = chance.choice(_PLACES)
    forms = (
        f"{house}{chance.choice(_STREETS)}, {place}, Đà Nẵng",
        f"{house}{chance.choice(_STREETS)} {place}",
        f"tổ {chance.randrange(1, 90)} phường {place}",
        f"thôn {chance.randrange(1, 9)} xã Hòa Tiến",
        f"{place}, TP Đà Nẵng",
        place,
    )
    return chance.choice(forms)


BEFORE_NAMES = (
    *(
        "ông",
        "bà",
        "anh",
        "chị",
        "em",
        "cháu",
        "cô",
        "chú",
        "bác",
        "vợ",
        "chồng",
        "con",
        "mẹ",
        "bố",
        "cho",
        "của",
        "hộ",
    ),
    *("tôi", "mình", "vợ chồng", "cho cháu", "cho mẹ", "con gái", "bảo hiểm", "ngân hàng", "thuế", "nộp thuế", "VNeID"),
    *("định danh", "Phật giáo", "Việt Nam", "Quảng Nam"),
)
"""What stands before a name and is no part of it; none of it may be stored, so the text is asked back."""
BEHIND_NAMES = (
    *(
        "em",
        "mới",
        "hết",
        "rồi",
        "cả",
        "hủy",
        "mất rồi",
        "xong chưa",
        "đổi sang số này",
        "Kinh",
        "Phật giáo",
        "Việt Nam",
    ),
    *("Quảng Nam", "em cảm ơn", "con", "của tôi", "hộ em", "lại"),
)
