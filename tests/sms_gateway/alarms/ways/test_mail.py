"""Notices by e-mail, accepted by a real mail server; headers that programs read, and words that people read."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP, default
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis.strategies import text
from pydantic import SecretStr

from sms_gateway.alarms.notice import NotDelivered, NoticeKind
from sms_gateway.alarms.ways.mail import EmailWay, mail_of
from sms_gateway.alarms.ways.words import Language
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


@example("Lich =?utf-8?q?a=0D=0ABcc:_all@city.example=0D=0A=0D=0AEverything_is_well?=")
@example("=\x00?utf-8?b?DQpCY2M6IHg=?=")
@example("=?utf-8?q?=C3=C3?=")
@example("\ud800 =?utf-8?q?" + "=C3" * 70 + "?=")
@settings(max_examples=15, deadline=None)
@given(text(max_size=60))
def test_no_name_decodes_to_a_header_or_to_the_begin_of_the_body(name: str) -> None:
    named = replace(NOTICE, title=f"Năm của {name}", fix=name, subject=name.replace("\ud800", ""))
    sender = AlarmEmailSettings(host=HOST, sender="sms@city.example", recipients=["duty@city.example"])
    mail = mail_of(named, sender, service="8188", language="vi")
    read = message_from_bytes(mail.as_bytes(), policy=SMTP)
    usual = mail_of(NOTICE, sender, service="8188", language="vi")
    assert read.keys() == usual.keys()
    assert "=?" not in str(read["Subject"])
    assert read.get_content().startswith("BÁO ĐỘNG: Năm của")
    assert len(read.get_content().splitlines()) == len(usual.get_content().splitlines())


def test_a_message_that_cannot_be_written_is_not_delivered(tmp_path: Path) -> None:
    with mail_server(tmp_path) as double, pytest.raises(NotDelivered, match="cannot be written") as found:
        way_to(double).deliver(replace(NOTICE, subject="\ud800"))
    assert found.value.is_final
    assert double.taken == []


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
        words: dict[Language, str] = {"vi": "BÁO ĐỘNG", "en": "ALARM"}
        for language, word in words.items():
            written = mail_of(notice, settings, service="8188", language=language).as_bytes()
            read = message_from_bytes(written, policy=default)["Subject"]
            assert read == f"SMS 8188, {word}: {notice.title}", notice.title
            assert max(map(len, written.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
            assert max(map(len, re.findall(rb"=\?\S+\?=", written)), default=0) <= 75
