"""Notices as tests want them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sms_gateway.alarms.notice import AlarmNotice, NoticeKind

SINCE = datetime(2026, 11, 29, 14, 5, tzinfo=UTC)  # 21:05 in Ho Chi Minh City

NOTICE = AlarmNotice(
    number="0e3c3e9a-1f5b-4d1c-9a62-5a3d0a8f7b11",
    alarm="link_down",
    subject="viettel",
    kind=NoticeKind.BEGINS,
    title="Đường nối viettel mất từ 29/11/2026 21:05 (no answer).",
    fix="Xem trang Đường nối, rồi gọi nhà mạng.",
    address="https://sms.example/admin/links",
    since=SINCE,
    at=SINCE + timedelta(minutes=1),
    is_urgent=True,
)

ENDED = replace(NOTICE, number="7d9f", kind=NoticeKind.ENDS, at=SINCE + timedelta(minutes=9))
