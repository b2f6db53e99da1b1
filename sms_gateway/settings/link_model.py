"""The settings of SMPP links and of HTTP channels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import (
    Field,
    SecretStr,
)

from sms_gateway.settings.types import STATUSES, Host, Port, Section, ShortCode, Status


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a channel can do; everything that depends on the kind of a channel asks this."""

    receive: bool = False  # texts come in by it
    send: bool = False  # answers go out by it, and messages that no text asked for
    report: bool = False  # its carrier sends receipts
    answer_in_response: bool = False  # the answer goes back in the response to the text


class BindMode(StrEnum):
    """How a link binds."""

    TRANSCEIVER = "transceiver"  # one connection for both ways
    PAIR = "pair"  # a receiver and a transmitter, for carriers that know no transceiver


class Alphabet(StrEnum):
    """What data_coding 0 means at a carrier."""

    GSM = "gsm"  # GSM 03.38, unpacked
    GSM_PACKED = "gsm-packed"  # GSM 03.38, eight septets in seven octets
    LATIN1 = "latin1"  # ISO 8859-1
    ASCII = "ascii"  # IA5


class LinkSettings(Section):
    """One SMPP link to a carrier ([links.NAME])."""

    host: Host = Field(description="the SMSC's address")
    port: Port = Field(default=2775, description="the SMSC's port")
    mode: BindMode = Field(default=BindMode.TRANSCEIVER, description="transceiver, or pair (receiver + transmitter)")
    binds: int = Field(default=1, ge=1, le=16, description="how many such binds at once")
    system_id: str = Field(
        min_length=1,
        max_length=15,
        pattern=r"^[\x20-\x7e]+$",
        description="our name at the carrier",
        json_schema_extra={"form": "a text of 1 to 15 ASCII characters"},
    )
    password: SecretStr = Field(
        default=SecretStr(""),
        description="ONLY by password_file or SMS_GATEWAY_LINKS__NAME__PASSWORD; as the carrier gave it",
    )
    password_file: Path | None = Field(default=None, description="file whose first line is the password")
    short_code: ShortCode | None = Field(
        default=None,
        description="our number at this carrier, for texts without one; none: the first of service.short_codes",
        json_schema_extra={"form": "a number of 3 to 15 digits"},
    )
    system_type: str = Field(default="", max_length=12, description="system_type of the bind; most carriers: empty")
    service_type: str = Field(default="", max_length=5, description="service_type of each answer; most: empty")
    address_range: str = Field(default="", max_length=40, description="address_range of the bind; most: empty")
    source_ton: int = Field(default=0, ge=0, le=6, description="type of number of our short code")
    source_npi: int = Field(default=1, ge=0, le=18, description="numbering plan of our short code")
    dest_ton: int = Field(default=1, ge=0, le=6, description="type of number of citizens; 1 is international")
    dest_npi: int = Field(default=1, ge=0, le=18, description="numbering plan of citizens; 1 is E.164")
    alphabet: Alphabet = Field(
        default=Alphabet.GSM,
        description="what data_coding 0 means here: gsm, gsm-packed (eight letters in seven octets), latin1, ascii",
    )
    window: int = Field(default=10, ge=1, le=1000, description="segments without response on one bind, at most")
    rate: float = Field(default=0, ge=0, description="segments per second, of all binds together; 0 is no limit")
    priority: int = Field(default=0, ge=0, le=3, description="priority_flag of each answer; most carriers: 0")
    validity_minutes: int = Field(
        default=1440,
        ge=0,
        le=43200,
        description="time to send and deliver an answer, at most (validity_period); 0 sends none",
    )
    most_segments: int = Field(
        default=3,
        ge=1,
        le=3,
        description="segments of an answer, at most; three dossiers may take 3 all the same",
    )
    temporary: list[Status] = Field(
        default=[],
        description="statuses taken as refused for now here, whatever the standard says",
        json_schema_extra=STATUSES,
    )
    permanent: list[Status] = Field(
        default=[], description="statuses taken as refused for good here", json_schema_extra=STATUSES
    )
    throttling: list[Status] = Field(
        default=[], description="statuses that say we are too fast here", json_schema_extra=STATUSES
    )
    response_seconds: float = Field(default=30, gt=0, le=300, description="wait for a response, at most")
    enquire_seconds: float = Field(default=30, gt=0, le=600, description="silence after which we ask if they live")
    reconnect_seconds: float = Field(default=1, gt=0, le=60, description="first wait after a fall; doubles to 60")
    fallback: str | None = Field(default=None, description="link that answers go by while this one is down")
    fallback_minutes: int = Field(default=5, ge=1, le=1440, description="minutes down before they do")
    tls: bool = Field(default=False, description="true when the SMSC speaks TLS; its certificate must be valid")
    tls_name: str = Field(default="", description="name in the SMSC's certificate, if it is not host")
    tls_strict: bool = Field(
        default=True,
        description="false: waive the rules of RFC 5280 that many private CAs break (no authorityKeyIdentifier, X.509 "
        "v1, basicConstraints not critical); signature, name and dates are verified all the same",
    )
    tls_ca_file: Path | None = Field(default=None, description="certificates to trust; none: those of the system")
    tls_cert_file: Path | None = Field(default=None, description="our certificate, if the carrier asks for one")
    tls_key_file: Path | None = Field(default=None, description="the key of our certificate")

    @property
    def can(self) -> Capabilities:
        """Return what an SMPP link can do."""
        return Capabilities(receive=True, send=True, report=True)


class ReplyWay(StrEnum):
    """How an answer to an HTTP text goes back."""

    MT = "mt"  # as an SMS by a link
    BODY = "body"  # in the body of the HTTP response, as Kannel does


class ChannelSettings(Section):
    """One aggregator's HTTP endpoint, `/mo/NAME` ([channels.NAME])."""

    secret: SecretStr = Field(
        default=SecretStr(""), description="ONLY by secret_file or SMS_GATEWAY_CHANNELS__NAME__SECRET; 16 or more"
    )
    secret_file: Path | None = Field(default=None, description="file whose first line is the secret")
    auth: Literal["header", "basic", "signed"] = Field(
        default="header",
        description="header: secret in secret_header; basic: as the password of HTTP Basic; signed: HMAC-SHA-256 of "
        "X-Timestamp, a full stop and the body in X-Signature",
    )
    replay_seconds: int = Field(
        default=300, ge=10, le=3600, description="with signed: how far X-Timestamp may be from now; older is refused"
    )
    secret_header: str = Field(
        default="X-Gateway-Secret",
        pattern=r"^[A-Za-z0-9-]{1,64}$",
        description="header that carries the secret",
        json_schema_extra={"form": "a text of 1 to 64 letters, digits and hyphens"},
    )
    reply: ReplyWay = Field(default=ReplyWay.MT, description="mt: by SMS on reply_link; body: in the HTTP response")
    reply_link: str | None = Field(default=None, description="link for answers; needed when reply is mt")
    sender_field: str = Field(default="from", min_length=1, description="field that holds the citizen's number")
    recipient_field: str = Field(default="to", min_length=1, description="field that holds our short code")
    text_field: str = Field(default="text", min_length=1, description="field that holds the text")
    id_field: str = Field(default="id", min_length=1, description="field that holds the provider's id of the message")

    @property
    def can(self) -> Capabilities:
        """Return what this channel can do."""
        return Capabilities(receive=True, answer_in_response=self.reply is ReplyWay.BODY)
