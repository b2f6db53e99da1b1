"""Sample dossiers for the demo: every state of the national portal, in the codes of Đà Nẵng (H17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from db.citizens.dossiers import DossierFacts
from db.schema import DossierStatus
from parsers.vocabulary import NOTICES_VOCABULARY

SAMPLE_DIGITS, SAMPLE_PASSWORD = "1234", "TRACUU88"
"""What opens every sample where a look-up needs a secret; the instruction prints the digits."""

PRINTED_EXAMPLE = "000.00.12.H17-230815-0007"
"""The code in every instruction: anyone who copies it literally gets an answer. Its dates never move."""

_DESK = "Bộ phận một cửa UBND phường Hải Châu, 76 Quang Trung"

# State, days since receipt, days until due, procedure, what is wanted, where to fetch.
_SAMPLES: Sequence[tuple[DossierStatus, int, int, str, str | None, str | None]] = (
    (DossierStatus.REGISTERED, 0, 7, "Đăng ký khai sinh", None, None),
    (DossierStatus.ACCEPTED, 1, 9, "Cấp giấy phép xây dựng nhà ở riêng lẻ", None, None),
    (DossierStatus.NOT_ACCEPTED, 3, 4, "Đăng ký hộ kinh doanh", None, None),
    (DossierStatus.IN_PROGRESS, 5, 10, "Cấp giấy chứng nhận quyền sử dụng đất", None, None),
    (DossierStatus.PAPERS_WANTED, 6, 8, "Đăng ký kết hôn", "Giấy xác nhận tình trạng hôn nhân; ảnh 3x4", None),
    (DossierStatus.PAYMENT_WANTED, 9, 6, "Chuyển quyền sử dụng đất", "Lệ phí trước bạ 2.450.000 đồng", None),
    (DossierStatus.WITHDRAWN, 12, 3, "Cấp phiếu lý lịch tư pháp", None, None),
    (DossierStatus.STOPPED, 15, -2, "Cấp giấy phép lái xe", None, None),
    (DossierStatus.DONE, 10, 1, "Cấp đổi giấy chứng nhận đăng ký xe", None, _DESK),
    (DossierStatus.RETURNED, 20, -6, "Chứng thực bản sao", None, None),
)


_SHOWN = (DossierStatus.PAPERS_WANTED, DossierStatus.PAYMENT_WANTED)
"""States whose samples are offered to newcomers beside the printed example, which is done."""


def sample_texts(today: date, *, secret: bool) -> Sequence[str]:
    """Return what a newcomer can text to the demo; the people are made up, `today` is the day of `sample_dossiers`."""
    found = [dossier.code for dossier in sample_dossiers(today) if dossier.status in _SHOWN]
    behind = f" {SAMPLE_DIGITS}" if secret else ""
    codes = [f"{code}{behind}" for code in (PRINTED_EXAMPLE, *found, "000.00.12.H17-230815-0099")]
    taught = NOTICES_VOCABULARY.taught
    return [text for grammar in NOTICES_VOCABULARY.grammars for text in grammar.samples(taught[grammar.name], codes)]


def sample_dossiers(today: date) -> Sequence[DossierFacts]:
    """Return the printed example and one dossier of each state, numbered 0001 to 0010, dated around `today`."""
    return [_printed_example(), *(_sample(number, sample, today) for number, sample in enumerate(_SAMPLES, 1))]


def _printed_example() -> DossierFacts:
    return DossierFacts(
        code=PRINTED_EXAMPLE,
        status=DossierStatus.DONE,
        procedure="Đăng ký thường trú",
        received_on=date(2023, 8, 15),
        due_on=date(2023, 8, 30),
        pick_up=_DESK,
        identity=SAMPLE_DIGITS,
        password=SAMPLE_PASSWORD,
    )


def _sample(
    number: int, sample: tuple[DossierStatus, int, int, str, str | None, str | None], today: date
) -> DossierFacts:
    status, ago, left, procedure, wanted, pick_up = sample
    received = today - timedelta(days=ago)
    return DossierFacts(
        code=f"000.00.12.H17-{received:%y%m%d}-{number:04d}",
        status=status,
        procedure=procedure,
        received_on=received,
        due_on=today + timedelta(days=left),
        wanted=wanted,
        pick_up=pick_up,
        identity=SAMPLE_DIGITS,
        password=SAMPLE_PASSWORD,
    )
