"""Texts as citizens write them, and the answer that each must get: citizens pay for every text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

import pytest

import parsers
from db.citizens.dossiers import DossierFacts, import_dossiers
from db.schema import DossierStatus
from db.store.engine import Database
from handlers import HANDLERS, handle
from handlers.context import ServiceFacts
from tests.handlers.surroundings import context

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
NAMED, NEXT = "000.00.12.H17-230815-0007", "000.00.12.H17-230815-0006"
CODES = (
    *(NAMED, NEXT, "H17.30-250310-0619", "01792.G/2025/03253", "BN-688221488", "13557009"),
    *("H17.19-211015-5878", "H17.10-200112-2445", "H17.21-240508-8806", "000.00.24.H17-250925-2713"),
)
OPENED, FOUND, HELP = "TK: ", f"Ho so {NAMED}: ", "Soan gui 8188: TK, ho ten"

USEFUL = [
    # Commands as they are printed, or nearly.
    ("TK, Nguyen Van A, 201499999, 20/12/1990", OPENED),
    ("tk nguyen van a 201499999 20.12.1990", OPENED),
    ("TK Trần Thị Bích 048190001234 5/9/1990", OPENED),
    ("[TK,Nguyễn Văn A,201499999,20/12/1990] gui 8188", OPENED),
    ("TK, LE VAN BINH, 048085003456, 1985", OPENED),
    ("TK Pham Thi Ha, cmnd 201234567, sinh ngay 14/2/1985", OPENED),
    ("TK, Nguyen Van A, 201499999, 31/02/1990", "Ngay sinh 31/02/1990 khong co."),
    ("TK, Nguyen Van A, 20/12/1990", "So CCCD/CMND thieu"),
    (f"DVC{NAMED}", FOUND),
    (f"dvc {NAMED.lower()}", FOUND),
    (f"DVC {NAMED} gui 8188", FOUND),
    ("dvc o00.00.12.h17 230815 0007", FOUND),
    (f"ĐVC: {NAMED} của tôi ạ", FOUND),
    (NAMED, FOUND),
    (f"DVC ma ho so {NAMED} cam on", FOUND),
    (f"DVC {NAMED}, {NEXT}", FOUND),
    ("DVC 13557009", "Ho so 13557009: "),
    ("DVC", "Chua co ma bien nhan."),
    ("HD", HELP),
    ("hd tk", "Mo tai khoan, soan: TK"),
    ("Hướng dẫn", HELP),
    ("TK", "Mo tai khoan, soan: TK"),
    ("DVC H17-230815-0007", "Khong tim thay ho so H17-230815-0007."),  # the end of a code is not completed
    # A code in a sentence, under a slip, or under another command.
    (f"Hồ sơ của tôi mã {NAMED} xong chưa ạ?", FOUND),
    (f"HS {NAMED}", FOUND),
    (f"tra {NAMED}", FOUND),
    (f"Toi da nop tien roi, ho so {NEXT}", f"Ho so {NEXT}: "),
    (f"DCV {NAMED}", FOUND),
    (f"Kinh gui mot cua, toi la Tran Thi Bich, sdt 0905123456, xin hoi ho so {NAMED} den dau roi a, cam on", FOUND),
    # Thanks get no answer, greetings the help.
    ("ok", ""),
    ("cam on", ""),
    ("Cảm ơn rất nhiều ❤️", ""),
    ("vang", ""),
    ("da", ""),
    ("alo", HELP),
    ("xin chao", HELP),
    ("y", HELP),
    ("1", HELP),
    # Codes as people write them.
    ("DVC 048185001234", "Day la so CCCD, khong phai ma bien nhan."),
    ("DVC 000 00 12 H17 230815 9999", "Khong tim thay ho so 000.00.12.H17-230815-9999."),
    ("dvch17302503100619", "Ho so H17.30-250310-0619: "),
    ("DVC 01792 G 2025 03253", "Ho so 01792.G/2025/03253: "),
    ("DVC " + " ".join(["123456"] * 10), "Chua co ma bien nhan."),
    ("dvcH17.19-211015-5878 a", "Ho so H17.19-211015-5878: "),
    ("DVCH17.10-200112-2445?", "Ho so H17.10-200112-2445: "),
    ("DVCO00.00.24.H17-250925-2713", "Ho so 000.00.24.H17-250925-2713: "),
    ("DVC so bien nhan <000.00.24.H17-250925-2713> ngay 20/12/2025", "Ho so 000.00.24.H17-250925-2713: "),
    ("DVC BN-688221488", "Ho so BN-688221488: "),
]
"""Texts that must get a useful answer at once."""

MORE = [
    ("Mo tai khoan cho toi: Nguyen Van A, 201499999, 20/12/1990", OPENED),
    ("Toi muon dang ky tai khoan, Nguyen Van A, 201499999, 20/12/1990", OPENED),
    ("Xin mo tai khoan cho em Nguyen Van A, 201499999, 20/12/1990", OPENED),
    ("Mo tai khoan cho me toi: Nguyen Thi Ba, 201499999, 20/12/1950", OPENED),
    ("TK, Thomas Müller, 201499999, 20/12/1990", OPENED),
    ("mo tai khoan cho ong Nguyen Van A, 201499999, 20/12/1990", "Chua ro lenh. Co phai ban muon mo tai khoan?"),
    ("1022", HELP),
    ("quen mat khau", "Quen mat khau, goi 1022 de duoc cap lai."),
    ("quen mk", "Quen mat khau, goi 1022 de duoc cap lai."),
    ("mat mat khau", "Quen mat khau, goi 1022 de duoc cap lai."),
    ("lay lai mat khau", "Quen mat khau, goi 1022 de duoc cap lai."),
    ("doi mat khau", "Quen mat khau, goi 1022 de duoc cap lai. Muon doi mat khau, vao "),
    ("TK, Nguyen Van A, 20/12/1990, 001090456...", "So CCCD/CMND thieu hoac chua dung"),
    (
        f"DVC {NAMED} TK, Nguyen Van A, 201499999, 20/12/1990",
        "Tin co hai viec, xin gui rieng tung viec. Soan gui 8188: TK, ",
    ),
]
"""Texts that were tried later."""

REGISTRATIONS = [
    "Dang ky tai khoan Nguyen Thi Bich Ngoc 048190001234 05/09/1990",
    "tai khoan nguyen thi thu 048170003456 05051970",
    "xin chao cho toi dang ky TK Nguyen Thi Thu 048170003456 05/05/1970",
    "TK Phạm Thị Hà 0905123789 048190002345 2/9/1990",
    "TK Giap Van Cuong 011411788 03,02,1993",
    "TK, 162089075, 18/01/1950, Lê Thị Gửi",
    "TK Nguyễn Vawn Hùng, 201499999, 20/12/1990",
    "TK, 201499999, 20/12/1990, Nguyen Van Ba gioi tinh nam",
    "TK Mai Minh Gửi, 201499999, 04,06,1965",
]
"""Untidy registrations: an account under the right name, or a question that names a field; never anything else."""


def answer_to(text: str, database: Database) -> str:
    """Answer one text, with the dossiers of CODES."""
    command = parsers.read(text, today=TODAY)
    with database.write() as connection:
        [meant], found, _ = HANDLERS.prefetch(connection, [command], ServiceFacts())
        return handle(meant, context(connection, dossiers=found)).text


@pytest.fixture
def dossiers(sqlite_database: Database) -> Database:
    facts = [DossierFacts(code=code, status=DossierStatus.IN_PROGRESS) for code in CODES]
    with sqlite_database.write() as connection:
        import_dossiers(connection, facts, new_id=count(1).__next__, now=NOW)
    return sqlite_database


@pytest.mark.parametrize(("text", "said"), USEFUL + MORE)
def test_is_answered_usefully_at_once(text: str, said: str, dossiers: Database) -> None:
    answer = answer_to(text, dossiers)
    assert answer.startswith(said)
    assert (answer == "") == (said == "")


@pytest.mark.parametrize("text", REGISTRATIONS)
def test_an_untidy_registration_is_carried_out_or_asked_back(text: str, dossiers: Database) -> None:
    answer = answer_to(text, dossiers)
    assert answer.startswith(OPENED) or "Soan: TK, " in answer


def test_two_codes_are_told_that_look_alike_with_and_without_letters_of_a_label(dossiers: Database) -> None:
    for text in ("DVC BN 688221488", "DVC bien nhan BN-688221488", "DVC BN: BN-688221488"):
        assert answer_to(text, dossiers).startswith("Ho so BN-688221488: "), text
    for text in ("DVC HS-13557009", "DVC hs 13557009", "DVC MBN/13557009"):
        assert answer_to(text, dossiers).startswith("Ho so 13557009: "), text
    assert answer_to("DVC BN-1234567", dossiers).startswith("Khong tim thay ho so BN-1234567.")


def test_as_many_texts_as_were_watched() -> None:
    assert len(USEFUL) + len(REGISTRATIONS) == 57
