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
    """What a channel can do beside taking texts; everything that depends on the kind of a channel asks this."""

    send: bool = False  # answers go out by it, and messages that no text asked for
    report: bool = False  # its carrier sends receipts
    answer_in_response: bool = False  # the answer goes back in the response to the text
    drain: bool = False  # it can be told to take no new texts while answers go out


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
    fallback: str | None = Field(
        default=None, description="link, or channel with send_url, that answers go by while this one is down"
    )
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
        return Capabilities(send=True, report=True, drain=True)


class ReplyWay(StrEnum):
    """How an answer to an HTTP text goes back."""

    MT = "mt"  # as an SMS by a link
    BODY = "body"  # in the body of the HTTP response, as Kannel does


class SendFormat(StrEnum):
    """How a request to a provider holds its fields."""

    JSON = "json"  # a POST with a JSON object
    FORM = "form"  # a POST with a form
    QUERY = "query"  # a GET


DEFAULT_URL = "default"
"""As `send_url`: the address that the network knows."""


class ChannelSettings(Section):
    """One aggregator ([channels.NAME]): its HTTP endpoints `/mo/NAME` and `/dlr/NAME`, and where answers are sent."""

    network: str = Field(
        default="plain",
        pattern=r"^[a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?$",
        description="the kind of aggregator; docs/networks.md lists them",
        json_schema_extra={"form": "a name of lower-case letters, digits and hyphens"},
    )
    options: dict[str, str] = Field(
        default={},
        max_length=20,
        description="what this network needs besides, such as a customer number; docs/networks.md lists it",
        json_schema_extra={"form": 'a table of texts: { name = "value" }'},
    )
    secret: SecretStr = Field(
        default=SecretStr(""), description="ONLY by secret_file or SMS_GATEWAY_CHANNELS__NAME__SECRET; 16 or more"
    )
    secret_file: Path | None = Field(default=None, description="file whose first line is the secret")
    path_secret: SecretStr = Field(
        default=SecretStr(""),
        description="for networks that do not prove who sends a report: secret at the end of /dlr/NAME/SECRET; ONLY by "
        "path_secret_file or SMS_GATEWAY_CHANNELS__NAME__PATH_SECRET; 16 or more",
    )
    path_secret_file: Path | None = Field(default=None, description="file whose first line is the path_secret")
    public_url: str = Field(
        default="",
        max_length=300,
        pattern=r"^(https?://[^\s?#@]+[^\s?#@/])?$",
        description="address by which the aggregator reaches us, before /mo and /dlr; for networks that need it",
        json_schema_extra={"form": 'an address such as "https://sms.example", without a slash at its end'},
    )
    auth: Literal["header", "basic", "signed", "standard-webhooks", "path"] = Field(
        default="header",
        description="header: secret in secret_header; basic: as the password of HTTP Basic; signed: HMAC-SHA-256 of "
        "X-Timestamp, a full stop and the body in X-Signature; standard-webhooks: the headers webhook-id, "
        "webhook-timestamp and webhook-signature, with a secret in Base64; path: secret at the end of the address, "
        "/mo/NAME/SECRET, for aggregators that can do nothing else",
    )
    proof: Literal["enforce", "watch"] = Field(
        default="enforce",
        description="for networks that sign requests. enforce: a wrong signature is refused; watch: it is counted and "
        "logged, and path_secret in the address decides; to try a signature out",
    )
    replay_seconds: int = Field(
        default=300,
        ge=10,
        le=3600,
        description="with signed, standard-webhooks, smsgate and vcom: how far the timestamp may be from now",
    )
    secret_header: str = Field(
        default="X-Gateway-Secret",
        pattern=r"^[A-Za-z0-9-]{1,64}$",
        description="header that carries the secret",
        json_schema_extra={"form": "a text of 1 to 64 letters, digits and hyphens"},
    )
    reply: ReplyWay = Field(
        default=ReplyWay.MT, description="mt: by SMS on reply_link; body: in the HTTP response, without send_url"
    )
    reply_link: str | None = Field(
        default=None,
        description="link, or channel with send_url, for answers; needed when reply is mt, unless this channel sends",
    )
    sender_field: str = Field(default="from", min_length=1, description="field that holds the citizen's number")
    recipient_field: str = Field(default="to", min_length=1, description="field that holds our short code")
    text_field: str = Field(default="text", min_length=1, description="field that holds the text")
    id_field: str = Field(default="id", min_length=1, description="field that holds the provider's id of the message")
    receipt_id_field: str = Field(
        default="id", min_length=1, description="in a delivery report: field that holds the id of our answer"
    )
    receipt_state_field: str = Field(
        default="status", min_length=1, description="in a delivery report: field that holds the state, such as DELIVRD"
    )
    receipt_error_field: str = Field(
        default="error", min_length=1, description="in a delivery report: field that holds the provider's error code"
    )
    send_url: str = Field(
        default="",
        max_length=500,
        pattern=rf"^({DEFAULT_URL}|https?://[^\s?#@]+(\?[^\s#]*)?)?$",
        description="address to which answers are sent; default: the one of the network, where it has one; empty: this "
        "channel sends nothing",
        json_schema_extra={"form": 'an address such as "https://sms.example/send", without user and password'},
    )
    send_format: SendFormat = Field(
        default=SendFormat.JSON, description="json: a POST with a JSON object; form: a POST with a form; query: a GET"
    )
    user: str = Field(
        default="", max_length=200, description="with send_url: our name at the provider, sent by HTTP Basic"
    )
    password: SecretStr = Field(
        default=SecretStr(""),
        description="with send_url; ONLY by password_file or SMS_GATEWAY_CHANNELS__NAME__PASSWORD; without user it is "
        "sent as a bearer token",
    )
    password_file: Path | None = Field(default=None, description="file whose first line is the password")
    send_from_field: str = Field(default="from", min_length=1, description="with send_url: field for our short code")
    send_to_field: str = Field(default="to", min_length=1, description="with send_url: field for the citizen's number")
    send_text_field: str = Field(default="text", min_length=1, description="with send_url: field for the answer")
    send_id_field: str = Field(
        default="id", description="with send_url: field for our id of the answer; empty: none is sent"
    )
    message_id_field: str = Field(
        default="id",
        min_length=1,
        description="with send_url: field of the provider's JSON response that holds its id of the answer; without "
        "one, delivery reports must name our id",
    )
    rate: float = Field(default=0, ge=0, description="with send_url: answers a second; 0 is no limit")
    window: int = Field(default=4, ge=1, le=64, description="with send_url: requests without response at once, at most")
    connect_seconds: float = Field(
        default=5,
        gt=0,
        le=60,
        description="with send_url: wait for a connection, at most; for all addresses of the host together",
    )
    answer_seconds: float = Field(
        default=20, gt=0, le=300, description="with send_url: wait for a whole response, at most"
    )
    reconnect_seconds: float = Field(
        default=1, gt=0, le=60, description="with send_url: first wait after a failure; doubles to 60"
    )
    fallback: str | None = Field(
        default=None, description="with send_url: link or channel that answers go by while this one is down"
    )
    fallback_minutes: int = Field(default=5, ge=1, le=1440, description="minutes down before they do")
    send_ca_file: Path | None = Field(
        default=None, description="with send_url: certificates to trust; none: those of the system"
    )

    @property
    def can(self) -> Capabilities:
        """Return what this channel can do."""
        sends = bool(self.send_url)
        return Capabilities(send=sends, report=sends, answer_in_response=self.reply is ReplyWay.BODY)

    def answers_by(self, name: str) -> str | None:
        """Return the link or channel by which the answers of this channel, which has this name, are sent as SMS."""
        return self.reply_link or (name if self.can.send else None)
