"""Notices by e-mail: each is a message of its own (RFC 5322), and those of one alarm are one thread."""

from __future__ import annotations

from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from sms_gateway.alarms.notice import AlarmNotice, NotDelivered
from sms_gateway.alarms.ways.mail_headers import NOTICE_POLICY
from sms_gateway.alarms.ways.mail_server import MailTerms, send_mail, try_log_in
from sms_gateway.alarms.ways.words import Language, subject_of, text_of
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.log import event, logger_of
from sms_gateway.settings.alarm_model import AlarmEmailSettings

_LOG = logger_of(__name__)
_THREAD_DIGITS = 32


class EmailWay:
    """Sends notices to the people on duty by the mail server of the settings."""

    name = "email"

    def __init__(self, settings: AlarmEmailSettings, *, service: str, language: Language) -> None:
        self._settings = settings
        self._service = service
        self._language: Language = language
        self._terms = MailTerms(
            host=settings.host,
            port=settings.at_port,
            security=settings.security,
            user=settings.user,
            password=settings.password.get_secret_value(),
            name=_domain(settings.sender),
            ca_file=settings.ca_file,
        )

    def deliver(self, notice: AlarmNotice) -> None:
        """Send a notice; return when the mail server has accepted it. A repeated one has the same Message-ID."""
        recipients = self._settings.recipients
        try:
            mail = mail_of(notice, self._settings, service=self._service, language=self._language)
            mail.as_bytes()  # it is folded here
        except (ValueError, LookupError, MessageError) as error:
            raise NotDelivered(f"the message cannot be written ({type(error).__name__})", is_final=True) from None
        refused = send_mail(
            self._terms,
            mail,
            sender=self._settings.sender,
            recipients=recipients,
        )
        if refused:
            event(_LOG, "alarm_recipients_refused", level="warning", refused=refused, of=len(recipients))

    def probe(self) -> str:
        """Connect, encrypt and log in, and send nothing; return where to."""
        try_log_in(self._terms)
        return self._terms.place


def mail_of(notice: AlarmNotice, settings: AlarmEmailSettings, *, service: str, language: Language) -> EmailMessage:
    """Return a notice as a message. Its headers say that no person wrote it (RFC 3834)."""
    domain = _domain(settings.sender)
    message = EmailMessage(policy=NOTICE_POLICY)
    message["From"] = settings.sender
    message["To"] = ", ".join(settings.recipients)
    message["Subject"] = subject_of(notice, service, language)
    message["Date"] = format_datetime(notice.at.astimezone(LOCAL_ZONE))
    message["Message-ID"] = f"<{notice.number}@{domain}>"
    thread = f"<{_thread(notice)}@{domain}>"
    message["In-Reply-To"] = thread
    message["References"] = thread
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if notice.is_urgent:
        message["Importance"] = "high"
    message.set_content(text_of(notice, service, language), charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = language
    return message


def _thread(notice: AlarmNotice) -> str:
    """Return what begin, repeats and end of one alarm have in common."""
    told = f"{notice.alarm}\n{notice.subject}\n{notice.since.timestamp()}"
    return sha256(told.encode()).hexdigest()[:_THREAD_DIGITS]


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
