"""The words of a notice, in the languages of the people on duty: its subject, its lines, and its SMS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.wording.plain import plain
from sms_gateway.alarms.notice import AlarmNotice, NoticeKind
from sms_gateway.clock import LOCAL_ZONE

Language = Literal["vi", "en"]

MOST_LETTERS = 200
"""Of a title or an advice in a subject or a line: both are sentences of ours, with the name of a link or a file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeWords:
    """The words around a notice in one language."""

    kinds: dict[NoticeKind, str]
    since: str
    at: str
    fix: str
    page: str
    name: str
    footer: str
    test_title: str
    test_fix: str
    failed_title: str
    failed_fix: str
    failed_settings_fix: str
    more: str  # in an SMS after which some may be left out


WORDS: dict[Language, NoticeWords] = {
    "vi": NoticeWords(
        kinds={
            NoticeKind.BEGINS: "BÁO ĐỘNG",
            NoticeKind.GOES_ON: "VẪN CÒN",
            NoticeKind.ENDS: "ĐÃ HẾT",
            NoticeKind.TEST: "THỬ",
        },
        since="Từ lúc",
        at="Gửi lúc",
        fix="Cần làm",
        page="Xem tại",
        name="Tên báo động",
        footer="Cổng tin nhắn {service} tự gửi thư này. Xin đừng trả lời.",
        test_title="Tin thử từ cổng tin nhắn {service}",
        test_fix="Không cần làm gì.",
        failed_title="Dịch vụ {unit} đã dừng vì lỗi{result}",
        failed_fix="Xem nguyên nhân bằng lệnh: journalctl -u {unit}",
        failed_settings_fix="Cấu hình sai, dịch vụ không tự chạy lại: sms-gateway check chỉ ra từng lỗi",
        more="Xem trang Báo động: đang có {count}",
    ),
    "en": NoticeWords(
        kinds={
            NoticeKind.BEGINS: "ALARM",
            NoticeKind.GOES_ON: "GOES ON",
            NoticeKind.ENDS: "ENDED",
            NoticeKind.TEST: "TEST",
        },
        since="Since",
        at="Sent at",
        fix="What to do",
        page="See",
        name="Name of the alarm",
        footer="The SMS gateway {service} sent this by itself. Please do not reply.",
        test_title="A test from the SMS gateway {service}",
        test_fix="Nothing needs to be done.",
        failed_title="The service {unit} ended by a fault{result}",
        failed_fix="See the cause: journalctl -u {unit}",
        failed_settings_fix="The settings are wrong, and it does not start again: sms-gateway check names each fault",
        more="See the page Alarms: {count} open",
    ),
}


def subject_of(notice: AlarmNotice, service: str, language: Language) -> str:
    """Return the subject of an e-mail, such as `SMS 8188, BÁO ĐỘNG: …`."""
    return f"SMS {service}, {WORDS[language].kinds[notice.kind]}: {_one_line(notice.title)}"


def text_of(notice: AlarmNotice, service: str, language: Language) -> str:
    """Return the text of an e-mail: what, since when, what to do, and where to look."""
    words = WORDS[language]
    named = f"{notice.alarm} ({notice.subject})" if notice.subject else notice.alarm
    lines = [
        f"{words.kinds[notice.kind]}: {_one_line(notice.title)}",
        "",
        f"{words.since}: {_moment(notice.since)}",
        f"{words.at}: {_moment(notice.at)}",
        *([] if notice.kind is NoticeKind.ENDS else [f"{words.fix}: {_one_line(notice.fix)}"]),
        *([f"{words.page}: {notice.address}"] if notice.address else []),
        f"{words.name}: {_one_line(named)}",
        "",
        words.footer.format(service=service),
    ]
    return "\n".join(lines) + "\n"


def sms_of(
    notice: AlarmNotice,
    service: str,
    language: Language,
    segments_of: Callable[[str], int],
    *,
    count: int | None = None,
) -> str:
    """Return one segment without accents and without a link: what, since when, and what to do where it has room.

    `count` is how many alarms are open, where the reader must look at the page: no more texts come, perhaps.
    """
    since = f"{notice.since.astimezone(LOCAL_ZONE):%H:%M %d/%m}"
    words = WORDS[language]
    head = plain(f"SMS {service} {words.kinds[notice.kind]}")
    title, fix = plain(_one_line(notice.title)).rstrip("."), plain(_one_line(notice.fix))
    tail = f". {plain(words.since)} {since}"
    if count is not None:
        fix, tail = "", f"{tail}. {plain(words.more.format(count=count))}"
    fuller = f"{head}: {title}{tail}. {fix}"
    if fix and notice.kind is not NoticeKind.ENDS and segments_of(fuller) == 1:
        return fuller
    while title and segments_of(f"{head}: {title}{tail}") > 1:
        title = title[:-1].rstrip()
    return f"{head}: {title}{tail}"


def notice_of_test(
    number: str, service: str, language: Language, *, now: datetime, alarm: str = "test", title: str = ""
) -> AlarmNotice:
    """Return a notice that only shows that it arrives."""
    words = WORDS[language]
    return AlarmNotice(
        number=number,
        alarm=alarm,
        kind=NoticeKind.TEST,
        title=title or words.test_title.format(service=service),
        fix=words.test_fix,
        since=now,
        at=now,
        is_urgent=True,
    )


def notice_of_failure(
    number: str, unit: str, language: Language, *, now: datetime, result: str = "", is_settings: bool = False
) -> AlarmNotice:
    """Return a notice that a unit of systemd failed. `result` is systemd's word for it, such as `oom-kill`."""
    words = WORDS[language]
    fix = words.failed_settings_fix if is_settings else words.failed_fix
    return AlarmNotice(
        number=number,
        alarm="process_failed",
        subject=unit,
        kind=NoticeKind.BEGINS,
        title=words.failed_title.format(unit=unit, result=f" ({result})" if result else ""),
        fix=fix.format(unit=unit),
        since=now,
        at=now,
        is_urgent=True,
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LOCAL_ZONE):%H:%M:%S %d/%m/%Y}"


def _one_line(text: str) -> str:
    """Return a sentence that is safe in a header: names in it are written by people.

    A header decodes encoded words (RFC 2047 §2), and those may hold ends of lines.
    """
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split()).replace("=?", "= ?")[:MOST_LETTERS]
