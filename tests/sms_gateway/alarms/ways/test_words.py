"""The SMS of a notice: one segment without accents and without a link, in both languages, whatever the values."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import get_args

from handlers.wording.fit import counted_by_length
from handlers.wording.plain import is_plain
from sms_gateway.alarms.notice import NoticeKind
from sms_gateway.alarms.ways.words import WORDS, Language, notice_of_failure, notice_of_test, sms_of
from tests.sms_gateway.alarms.notices import NOTICE, SINCE


def test_an_sms_says_what_since_when_and_what_to_do() -> None:
    assert sms_of(NOTICE, "8188", "vi", counted_by_length) == (
        "SMS 8188 BAO DONG: Duong noi viettel mat tu 29/11/2026 21:05 (no answer). Tu luc 21:05 29/11. "
        "Xem trang Duong noi, roi goi nha mang."
    )
    ended = replace(NOTICE, kind=NoticeKind.ENDS, title="Đường nối viettel đã có lại")
    assert sms_of(ended, "8188", "vi", counted_by_length) == (
        "SMS 8188 DA HET: Duong noi viettel da co lai. Tu luc 21:05 29/11"
    )


def test_every_sms_is_one_plain_segment_with_the_longest_values() -> None:
    titles = ("Đường nối " + "m" * 300, "http://sms.example/x " * 20, "a {b} [c] ~ € \n" * 30, "")
    services, counts = ("8188", "8" * 15), (None, 12345)
    for language, kind, title, service, count in product(get_args(Language), NoticeKind, titles, services, counts):
        notice = replace(NOTICE, kind=kind, title=title, fix="Gọi nhà mạng ngay. " * 20)
        text = sms_of(notice, service, language, counted_by_length, count=count)
        assert is_plain(text), text
        assert len(text) <= 160
        assert counted_by_length(text) == 1
        assert "http" not in text
        assert "21:05 29/11" in text
        assert count is None or "12345" in text


def test_notices_of_tests_and_of_failures_are_urgent_and_say_what_to_do() -> None:
    assert set(WORDS) == set(get_args(Language))
    for language in WORDS:
        test = notice_of_test("n", "8188", language, now=SINCE)
        assert (test.kind, test.is_urgent) == (NoticeKind.TEST, True)
        assert "8188" in test.title
        failed = notice_of_failure("n", "sms-gateway", language, now=SINCE, result="oom-kill")
        assert "sms-gateway" in failed.title
        assert "oom-kill" in failed.title
        assert "journalctl -u sms-gateway" in failed.fix
        assert "sms-gateway check" in notice_of_failure("n", "x", language, now=SINCE, is_settings=True).fix
