"""A mail server on loopback: real sockets and TLS, and the faults that a test wants."""

from __future__ import annotations

import hmac
import socket
import ssl
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event, Thread

from sms_gateway.settings.alarm_model import MailSecurity
from tests.sms_gateway.channels.smpp.fixtures.certificates import Authority

USER, PASSWORD = "sms", "canary-mail-password-77c1"
HOST = "localhost"


@dataclass(kw_only=True)
class MailDouble:
    """What the server does, and what it took. `says` replaces the answer to a command, by its first word."""

    security: MailSecurity = MailSecurity.TLS
    folder: Path
    issued_to: str = HOST
    says: Mapping[str, str] = field(default_factory=dict)
    offers: str = "STARTTLS"  # of the extensions, besides AUTH
    refuses: str = ""  # a recipient
    log_in: str = "CRAM-MD5 LOGIN PLAIN"  # mechanisms that it offers
    trickles: bool = False  # its greeting never ends
    cuts_after: str = ""  # a command after which the connection is cut, without an answer
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.authority = Authority(self.folder)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(*self.authority.issue(self.issued_to))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.over.set()
        self._listener.close()

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a greeting waits 40 ms
            Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError):
            if self.security is MailSecurity.TLS:
                connection = self._tls.wrap_socket(connection, server_side=True)
            if self.trickles:
                while not self.over.is_set():
                    connection.sendall(b"2")
                    time.sleep(0.02)
            connection.sendall(b"220 mail.example ESMTP\r\n")
            while (line := _line(connection)) is not None:
                word = line.partition(" ")[0].upper()
                self.heard.append(word)
                if word == self.cuts_after:
                    break
                connection.sendall(self._answer(word, line, connection))
                if word == "STARTTLS" and word not in self.says:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                if word == "QUIT":
                    break
        connection.close()

    def _answer(self, word: str, line: str, connection: socket.socket) -> bytes:
        if word in self.says:
            return f"{self.says[word]}\r\n".encode()
        if word == "EHLO":
            return f"250-mail.example\r\n250-{self.offers}\r\n250 AUTH {self.log_in}\r\n".encode()
        if word == "AUTH":
            _, mechanism, *first = line.split(" ")
            given = _log_in(mechanism, b64decode(first[0]).decode() if first else "", connection)
            return b"235 2.7.0 in\r\n" if given == [USER, PASSWORD] else b"535 5.7.8 canary-words-of-server\r\n"
        if word == "RCPT":
            recipient = line.partition("<")[2].partition(">")[0]
            if recipient == self.refuses:
                return b"550 5.1.1 no such\r\n"
            self.recipients.append(recipient)
            return b"250 2.1.5 ok\r\n"
        if word == "DATA":
            connection.sendall(b"354 go on\r\n")
            lines = list[str]()
            while (part := _line(connection)) is not None and part != ".":
                lines.append(part.removeprefix("."))
            if self.cuts_after == "MESSAGE":
                connection.shutdown(socket.SHUT_RDWR)
            if "MESSAGE" in self.says:
                return f"{self.says['MESSAGE']}\r\n".encode()
            octets = "\r\n".join([*lines, ""]).encode()
            self.taken.append(message_from_bytes(octets, policy=default))
            return b"250 2.0.0 taken\r\n"
        return {"STARTTLS": b"220 2.0.0 ready\r\n", "QUIT": b"221 2.0.0 bye\r\n"}.get(word, b"250 2.0.0 ok\r\n")


@contextmanager
def mail_server(folder: Path, **how: object) -> Iterator[MailDouble]:
    """Run a mail server until the end of the block."""
    one = MailDouble(folder=folder, **how)  # type: ignore[arg-type]  # the fields above
    try:
        yield one
    finally:
        one.close()


def _log_in(mechanism: str, first: str, connection: socket.socket) -> list[str]:
    """Return the name and the password that a client logs in with; `CRAM-MD5` proves that it knows the password."""
    if mechanism == "PLAIN":
        return first.split("\0")[1:]
    challenge = b"<1.2@mail.example>"
    connection.sendall(b"334 " + b64encode(b"Password:" if mechanism == "LOGIN" else challenge) + b"\r\n")
    answer = b64decode(_line(connection) or "").decode()
    if mechanism == "LOGIN":
        return [first, answer]
    name, _, proof = answer.partition(" ")
    return [name, PASSWORD if proof == hmac.new(PASSWORD.encode(), challenge, "md5").hexdigest() else ""]


def _line(connection: socket.socket) -> str | None:
    octets = b""
    while not octets.endswith(b"\r\n"):
        octet = connection.recv(1)
        if not octet:
            return None
        octets += octet
    return octets[:-2].decode()
