"""One exchange with a mail server (SMTP, RFC 5321), over verified TLS and within one deadline."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from socket import socket
from threading import Timer

from sms_gateway.alarms.notice import NotDelivered
from sms_gateway.channels.http.sending.provider_socket import dial
from sms_gateway.clock import monotonic
from sms_gateway.settings.alarm_model import MailSecurity

SECONDS = 30.0
"""For a whole exchange: looking the host up, TLS, log-in and message."""

_BOTH_WAYS = 2  # of socket.shutdown
_FIRST_FINAL = 500
"""Codes from here on: the same command is refused again (RFC 5321 §4.2.1)."""

_ENHANCED = re.compile(rb"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
"""A code that says more (RFC 3463). The server's own words are not shown: they may quote addresses."""

_LOG_INS = ("PLAIN", "LOGIN", "CRAM-MD5")
"""Mechanisms that smtplib knows (RFC 4616, RFC 2195); TLS keeps the password from others."""

_FAILURES = (OSError, smtplib.SMTPException, ValueError)
"""What an exchange raises: of the system and TLS, of smtplib; ValueError when TLS is read after `_cut`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailTerms:
    """The mail server, and who we are to it."""

    host: str
    port: int
    security: MailSecurity
    user: str = ""
    password: str = field(default="", repr=False)
    name: str  # that we greet the server with: a domain
    ca_file: Path | None = None  # certificates to trust; None: those of the system
    seconds: float = SECONDS

    @property
    def place(self) -> str:
        """Where it connects to."""
        return f"{self.host} port {self.port}"


def send_mail(terms: MailTerms, message: EmailMessage, *, sender: str, recipients: Sequence[str]) -> int:
    """Send a message; return how many recipients were refused while others were accepted. Raises NotDelivered."""
    with _exchange(terms) as server:
        refused = server.send_message(message, sender, recipients)
    return len(refused)


def try_log_in(terms: MailTerms) -> None:
    """Connect, encrypt and log in, and send no message. Raises NotDelivered."""
    with _exchange(terms) as server:
        server.noop()


class _Server(smtplib.SMTP):
    """Connects by one deadline, where smtplib gives each address of a host the whole time."""

    def __init__(self, terms: MailTerms, context: ssl.SSLContext) -> None:
        super().__init__(local_hostname=terms.name, timeout=terms.seconds)
        self._host = terms.host  # for the certificate; smtplib sets it where the constructor connects
        self._terms = terms
        self._context = context
        self._deadline = monotonic() + terms.seconds
        self._handle: socket | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket:  # smtplib.SMTP_SSL overrides it too
        del timeout
        sock = dial(host, port, max(self._deadline - monotonic(), 0.001))
        self._handle = sock.dup()  # TLS takes the socket itself away
        if self._terms.security is not MailSecurity.TLS:
            return sock
        return self._context.wrap_socket(sock, server_hostname=host)

    def open(self) -> None:
        """Connect, encrypt and log in."""
        self.connect(self._terms.host, self._terms.port)
        self.ehlo_or_helo_if_needed()
        if self._terms.security is MailSecurity.STARTTLS:
            if not self.has_extn("starttls"):
                raise NotDelivered(f"{self._terms.place}: the server offers no STARTTLS", is_final=True)
            self.starttls(context=self._context)
            self.ehlo_or_helo_if_needed()
        if self._terms.user:
            self._log_in()

    def _log_in(self) -> None:
        """Log in by one mechanism. smtplib tries each, and a wrong password would count as several guesses."""
        offered = self.esmtp_features.get("auth", "").upper().split()
        chosen = next((name for name in _LOG_INS if name in offered), None)
        if chosen is None:
            raise NotDelivered(f"{self._terms.place}: the server offers no log-in that we know", is_final=True)
        self.user, self.password = self._terms.user, self._terms.password
        try:
            self.auth(chosen, getattr(self, f"auth_{chosen.lower().replace('-', '_')}"))  # as smtplib names them
        except smtplib.SMTPServerDisconnected:
            raise NotDelivered(f"{self._terms.place}: connection closed at the log-in") from None

    def cut(self) -> None:
        """End everything that waits on this connection; any thread may call it."""
        if self._handle is not None:
            with suppress(OSError):  # closed meanwhile
                self._handle.shutdown(_BOTH_WAYS)

    def close(self) -> None:
        """Close the connection."""
        super().close()
        if self._handle is not None:
            self._handle.close()


@contextmanager
def _exchange(terms: MailTerms) -> Iterator[_Server]:
    """Give a server that we are logged in to; every failure becomes NotDelivered."""
    began = monotonic()
    server = _Server(terms, _context(terms))
    late = Timer(terms.seconds, server.cut)
    late.daemon = True
    late.start()
    try:
        server.open()
        yield server
        with suppress(*_FAILURES):  # it was accepted, whatever is said after it
            server.quit()
    except _FAILURES as error:
        if monotonic() - began >= terms.seconds:
            raise NotDelivered(f"{terms.place}: no answer in {terms.seconds:.0f} seconds") from None
        raise _not_delivered(terms, error) from None  # the cause may quote what was sent
    finally:
        late.cancel()
        server.close()


def _context(terms: MailTerms) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=terms.ca_file)
    except OSError as error:
        raise NotDelivered(f"the certificates of ca_file cannot be read ({type(error).__name__})") from None


def _not_delivered(terms: MailTerms, error: Exception) -> NotDelivered:
    match error:
        case smtplib.SMTPRecipientsRefused():
            answers = sorted(error.recipients.values())
            reason = f"{terms.place}: every recipient is refused ({_said(*answers[0])})"
            return NotDelivered(reason, is_final=answers[0][0] >= _FIRST_FINAL)
        case smtplib.SMTPAuthenticationError():
            return _refused(terms, "the log-in is refused", error)
        case smtplib.SMTPSenderRefused():
            return _refused(terms, "the sender is refused", error)
        case smtplib.SMTPResponseException():
            return _refused(terms, "refused", error)
        case smtplib.SMTPServerDisconnected():
            return NotDelivered(f"{terms.place}: connection closed")
        case OSError():
            return NotDelivered(f"{terms.place}: {_of_system(error)}")
        case _:
            return NotDelivered(f"{terms.place}: the exchange failed ({type(error).__name__})")


def _of_system(error: OSError) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"certificate refused: {error.verify_message}"
        case ssl.SSLError():
            return f"no TLS ({error.reason or 'connection closed'})"
        case TimeoutError():
            return "no answer"
        case _:
            return error.strerror or "no connection"


def _refused(terms: MailTerms, what: str, error: smtplib.SMTPResponseException) -> NotDelivered:
    words = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
    is_final = error.smtp_code >= _FIRST_FINAL
    return NotDelivered(f"{terms.place}: {what} ({_said(error.smtp_code, words)})", is_final=is_final)


def _said(code: int, words: bytes) -> str:
    more = _ENHANCED.match(words)
    return f"{code} {more[0].decode()}" if more else str(code)
