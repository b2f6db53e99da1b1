"""Notices by e-mail, accepted by a real mail server; headers that programs read, and words that people read."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from pydantic import SecretStr

from sms_gateway.alarms.notice import NoticeKind
from sms_gateway.alarms.ways.mail import EmailWay, mail_of
from sms_gateway.log import TextFormatter
from sms_gateway.settings.alarm_model import AlarmEmailSettings, MailSecurity
from tests.sms_gateway.alarms.mail_double import HOST, PASSWORD, USER, MailDouble, mail_server
from tests.sms_gateway.alarms.notices import ENDED, NOTICE


def way_to(double: MailDouble, **changes: object) -> EmailWay:
    settings = AlarmEmailSettings(
        host=HOST,
        port=double.port,
        security=double.security,
        user=USER,
        password=SecretStr(PASSWORD),
        sender="sms@city.example",
        recipients=["duty@city.example", "head@city.example"],
        ca_file=double.authority.file,
    ).model_copy(update=changes)
    return EmailWay(settings, service="8188", language="vi")


def test_begin_and_end_arrive_by_tls_and_by_starttls_in_one_thread(tmp_path: Path) -> None:
    for security in (MailSecurity.TLS, MailSecurity.STARTTLS):
        with mail_server(tmp_path, security=security) as double:
            for notice in (NOTICE, NOTICE, ENDED):  # the second is another try of the first
                way_to(double).deliver(notice)
            begin, repeated, end = double.taken
        assert double.recipients[:2] == ["duty@city.example", "head@city.example"]
        assert begin["Message-ID"] == repeated["Message-ID"] == f"<{NOTICE.number}@city.example>"
        assert end["Message-ID"] != begin["Message-ID"]
        assert begin["References"] == end["References"] == begin["In-Reply-To"]
        assert (begin["Auto-Submitted"], begin["Content-Language"]) == ("auto-generated", "vi")
        assert begin["Subject"] == "SMS 8188, BÁO ĐỘNG: Đường nối viettel mất từ 29/11/2026 21:05 (no answer)."
        assert end["Subject"].startswith("SMS 8188, ĐÃ HẾT: ")
        assert begin["Date"] == "Sun, 29 Nov 2026 21:06:00 +0700"
        assert begin.get_content().splitlines() == [
            "BÁO ĐỘNG: Đường nối viettel mất từ 29/11/2026 21:05 (no answer).",
            "",
            "Từ lúc: 21:05:00 29/11/2026",
            "Gửi lúc: 21:06:00 29/11/2026",
            "Cần làm: Xem trang Đường nối, rồi gọi nhà mạng.",
            "Xem tại: https://sms.example/admin/links",
            "Tên báo động: link_down (viettel)",
            "",
            "Cổng tin nhắn 8188 tự gửi thư này. Xin đừng trả lời.",
        ]
        assert "Cần làm" not in end.get_content()


def test_no_value_makes_a_header_or_a_line_of_its_own(tmp_path: Path) -> None:
    forged = replace(NOTICE, title="x\r\nBcc: stranger@example.com\n.\r\nRSET", kind=NoticeKind.TEST)
    with mail_server(tmp_path) as double:
        way_to(double).deliver(forged)
    (taken,) = double.taken
    assert taken["Bcc"] is None
    assert taken["Subject"] == "SMS 8188, THỬ: x Bcc: stranger@example.com . RSET"
    assert "RSET" not in double.heard


def test_one_refused_recipient_of_two_is_no_failure_and_is_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server(tmp_path, refuses="head@city.example") as double, caplog.at_level(logging.INFO):
        way = way_to(double)
        way.deliver(NOTICE)
        assert way.probe() == f"localhost port {double.port}"
    assert (len(double.taken), double.recipients) == (1, ["duty@city.example"])
    (written,) = [TextFormatter().format(record) for record in caplog.records]
    assert written.endswith("alarm_recipients_refused refused=1 of=2")


def test_a_subject_keeps_its_spaces_and_each_encoded_word_is_short_enough() -> None:
    """Python 3.11 loses a space where a Vietnamese subject is folded."""
    settings = AlarmEmailSettings(host=HOST, sender="sms@city.example", recipients=["duty@city.example"])
    sentence = "Chưa có bản sao lưu nào của đường nối từ 30/11/2026 05:50 (kết nối bị từ chối), xin xem trang Báo động"
    for length in range(1, len(sentence) + 1):
        notice = replace(NOTICE, title=sentence[:length].strip())
        for language, word in (("vi", "BÁO ĐỘNG"), ("en", "ALARM")):
            written = mail_of(notice, settings, service="8188", language=language).as_bytes()
            read = message_from_bytes(written, policy=default)["Subject"]
            assert read == f"SMS 8188, {word}: {notice.title}", notice.title
            assert max(map(len, written.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
            assert max(map(len, re.findall(rb"=\?\S+\?=", written)), default=0) <= 75
