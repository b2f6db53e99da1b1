"""What a mail server can do to us: each failure has its reason, within one deadline, and no secret is in it."""

from __future__ import annotations

import logging
import socket
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from sms_gateway.alarms.notice import NotDelivered
from sms_gateway.alarms.ways.mail_server import MailTerms, send_mail, try_log_in
from sms_gateway.log import TextFormatter, event, logger_of
from sms_gateway.settings.alarm_model import MailSecurity
from tests.sms_gateway.alarms.mail_double import HOST, PASSWORD, USER, MailDouble, mail_server

TLS, STARTTLS = MailSecurity.TLS, MailSecurity.STARTTLS


def terms_of(double: MailDouble, *, password: str = PASSWORD, seconds: float = 5, trusts: bool = True) -> MailTerms:
    return MailTerms(
        host=HOST,
        port=double.port,
        security=double.security,
        user=USER,
        password=password,
        name="city.example",
        ca_file=double.authority.file if trusts else None,
        seconds=seconds,
    )


def failure(terms: MailTerms) -> NotDelivered:
    message = EmailMessage()
    message.set_content("x")
    with pytest.raises(NotDelivered) as found:
        send_mail(terms, message, sender="sms@city.example", recipients=["duty@city.example"])
    return found.value


def test_each_failure_has_its_reason_and_says_whether_another_try_may_help(tmp_path: Path) -> None:
    for how, reason, is_final in (
        ({"says": {"MAIL": "550 5.7.1 canary-words-of-server"}}, "the sender is refused (550 5.7.1)", True),
        ({"says": {"RCPT": "550 5.1.1 no such"}}, "every recipient is refused (550 5.1.1)", True),
        ({"says": {"RCPT": "450 4.2.0 greylisted"}}, "every recipient is refused (450 4.2.0)", False),
        ({"says": {"MESSAGE": "554 spam"}}, "refused (554)", True),
        ({"says": {"MESSAGE": "452 4.3.1 full"}}, "refused (452 4.3.1)", False),
        ({"says": {"AUTH": "454 4.7.0 later"}}, "the log-in is refused (454 4.7.0)", False),
        ({"log_in": "XOAUTH2 NTLM"}, "the server offers no log-in that we know", True),
        ({"cuts_after": "AUTH"}, "connection closed at the log-in", False),
        ({"cuts_after": "EHLO"}, "connection closed", False),
        ({"cuts_after": "MESSAGE"}, "connection closed", False),
        ({"security": STARTTLS, "offers": "SIZE"}, "the server offers no STARTTLS", True),
        ({"security": STARTTLS, "says": {"STARTTLS": "454 4.7.0 not now"}}, "refused (454 4.7.0)", False),
        ({"issued_to": "other.example"}, "certificate refused: Hostname mismatch", False),
        ({"issued_to": "other.example", "security": STARTTLS}, "certificate refused: Hostname mismatch", False),
    ):
        with mail_server(tmp_path, **how) as double:
            found = failure(terms_of(double))
        assert reason in found.reason, how
        assert found.is_final is is_final, how
        assert "canary" not in found.reason
        assert not double.taken or how == {"cuts_after": "MESSAGE"}  # then nobody knows


def test_a_wrong_password_an_unknown_authority_and_a_closed_port_are_told_apart(tmp_path: Path) -> None:
    with mail_server(tmp_path) as double:
        wrong = failure(terms_of(double, password="canary-wrong"))
        assert (wrong.reason, wrong.is_final) == (
            f"localhost port {double.port}: the log-in is refused (535 5.7.8)",
            True,
        )
        assert "certificate refused" in failure(terms_of(double, trusts=False)).reason
        assert double.heard.count("AUTH") == 1  # a guess more could lock the mailbox
        try_log_in(terms_of(double))
        assert "DATA" not in double.heard
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = int(silent.getsockname()[1])
    closed = MailTerms(host="127.0.0.1", port=port, security=TLS, name="x")
    assert "Connection refused" in failure(closed).reason
    missing = MailTerms(host="127.0.0.1", port=port, security=TLS, name="x", ca_file=tmp_path / "none.pem")
    assert "ca_file cannot be read" in failure(missing).reason


def test_each_mechanism_logs_in(tmp_path: Path) -> None:
    for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
        with mail_server(tmp_path, log_in=f"XOAUTH2 {mechanism}") as double:
            try_log_in(terms_of(double))
            assert "the log-in is refused" in failure(terms_of(double, password="canary-wrong")).reason


def test_one_deadline_ends_a_silent_server_and_one_that_trickles(tmp_path: Path) -> None:
    with mail_server(tmp_path, trickles=True) as trickling, socket.create_server(("127.0.0.1", 0)) as silent:
        mute = MailTerms(host="127.0.0.1", port=int(silent.getsockname()[1]), security=TLS, name="x", seconds=0.2)
        for terms in (terms_of(trickling, seconds=0.2), mute):
            began = time.monotonic()
            assert "no answer" in failure(terms).reason
            assert time.monotonic() - began < 1


def test_no_log_line_of_a_failure_holds_the_password(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with mail_server(tmp_path, says={"AUTH": f"535 5.7.8 {PASSWORD}"}) as double, caplog.at_level(logging.DEBUG):
        found = failure(terms_of(double))
        event(logger_of("sms_gateway.test"), "told", error=found)
        terms = terms_of(double)
    written = "\n".join(TextFormatter().format(record) for record in caplog.records)
    assert "told" in written
    for secret in (PASSWORD, "AGNhbmFy"):
        assert secret not in f"{written}{found.reason}{terms!r}"
