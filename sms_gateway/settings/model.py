"""Every setting: named once, documented here, checked when read. `sms-gateway check --explain` prints this."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import (
    Field,
    IPvAnyNetwork,
    SecretStr,
)

from db.schema import OperatorRole, WebhookType
from handlers.wording.catalogues import CATALOGUES, DEFAULT_LANGUAGE
from sms_gateway.settings.alarm_model import AlarmSettings, HeartbeatSettings
from sms_gateway.settings.back_office_model import BackOfficeSettings, CountsSettings, NoticesSettings
from sms_gateway.settings.conversation_model import ConversationSettings
from sms_gateway.settings.link_model import ChannelSettings, LinkSettings
from sms_gateway.settings.types import CountryCode, Host, Keyword, Name, PublicHost, Section, ShortCode
from sms_gateway.settings.webhook_model import WebhookSettings

LANGUAGES = ", ".join(f'"{one.language}" ({one.name})' for one in CATALOGUES.values())
"""The languages of answers, for people."""


class LookUpSecret(StrEnum):
    """What a citizen must know beside a receipt code."""

    NONE = "none"  # nothing: anyone who has the code is told the state
    REQUIRED = "required"  # identity number's last four digits, or the look-up password


class ServiceSettings(Section):
    """What the service is, as its answers say it."""

    short_codes: list[ShortCode] = Field(
        default=["8188"],
        min_length=1,
        description="numbers that citizens text to; the first is named in answers",
        json_schema_extra={"form": "a list of one or more numbers, each of 3 to 15 digits"},
    )
    language: str = Field(
        default=DEFAULT_LANGUAGE,
        description="language of the answers; Vietnamese is written without accents",
        json_schema_extra={"form": f"one of {LANGUAGES}"},
    )
    hotline: str = Field(
        default="1022",
        pattern=r"^[0-9 .-]{3,15}$",
        description="telephone number given to citizens who need a person",
        json_schema_extra={"form": "a text of 3 to 15 digits, blanks, dots and hyphens"},
    )
    password_days: int = Field(default=3, ge=1, le=30, description="days after which an unchanged first password ends")
    password_place: str = Field(
        default="Cong dich vu cong",
        max_length=31,
        pattern=r"^[A-Za-z]+([ ,'(-]{1,2}[A-Za-z]+\)?)*( [0-9]{1,3})?$",
        description="where a first password is changed, as the answer names it behind `tai`: a place, not a link",
        json_schema_extra={
            "form": "a text of at most 31 characters: words without accents, and at the end perhaps a number of up to "
            "3 digits; no link and no telephone number"
        },
    )
    price: str = Field(
        default="",
        pattern=r"^([0-9](\.[0-9]|[A-Za-z0-9 ,/()%-]){0,29})?$",
        description="price of a text in the words of HD GIA (`1500 dong/tin`); empty: the carrier's price applies",
        json_schema_extra={"form": "a text of at most 30 letters without accents, digits, blanks and , / ( ) % -"},
    )
    office: str = Field(default="", max_length=80, description="office that the leaflet names; empty: the focal unit")
    look_up_secret: LookUpSecret = Field(
        default=LookUpSecret.NONE,
        description="required: DVC shows a state only with the last four digits of the applicant's identity number, or "
        "the printed look-up password, after the code; without either on file the state is shown to nobody",
    )


class OfferedService(Section):
    """One service of citizens ([services.NAME]): whether it is on, and its keywords."""

    enabled: bool = Field(default=True, description="false: its keyword is unknown, and the help does not list it")
    keywords: list[Keyword] = Field(
        default=[],
        description="the words that begin its texts; the first is taught in answers, all are read; none: the printed "
        "one (TK, DVC, HOI)",
        json_schema_extra={"form": "a list of words, each of 2 to 10 capital letters without accents"},
    )


class DatabaseSettings(Section):
    """Where the rows are."""

    url: str = Field(
        default="sqlite:///var/gateway.db",
        pattern=r"^(sqlite:///.+|postgresql\+psycopg://.+)$",
        description="sqlite:///PATH, or postgresql+psycopg://USER@HOST/NAME (its password below, or in ~/.pgpass)",
        json_schema_extra={"form": "a text: sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME, without a password"},
    )
    password: SecretStr = Field(
        default=SecretStr(""), description="of PostgreSQL; ONLY by password_file or SMS_GATEWAY_DATABASE__PASSWORD"
    )
    password_file: Path | None = Field(default=None, description="file whose first line is the password")
    key_file: Path = Field(
        default=Path("var/keys"),
        description="keys that seal personal data; made at the first start; WITHOUT IT THE DATA IS LOST: keep a copy",
    )

    @property
    def address(self) -> str:
        """Return the URL with the password in it: for the engine only, never for a log or a page."""
        secret = self.password.get_secret_value()
        head, at, rest = self.url.rpartition("@")
        return f"{head}:{quote(secret, safe='')}@{rest}" if secret and at else self.url


class WebSettings(Section):
    """The web server: HTTP endpoints for aggregators, pages for operators."""

    host: Host = Field(
        default="127.0.0.1", min_length=1, description="address to listen on; put a TLS proxy before any other"
    )
    port: int = Field(default=8188, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    socket: Path | None = Field(
        default=None,
        description="UNIX socket for a proxy of this machine, besides the port; its X-Forwarded-For and "
        "X-Forwarded-Proto are believed; its folder decides who can connect",
    )
    prefix: str = Field(
        default="",
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="path below which a reverse proxy offers the service, such as /sms; empty: a host name of its own",
        json_schema_extra={"form": 'a path such as "/sms", which begins with a slash and ends without one'},
    )
    threads: int = Field(default=32, ge=2, le=128, description="requests served at once")
    secure_cookie: bool = Field(
        default=False, description="true when operators come by https; the log-in cookie then never goes in clear"
    )
    hsts_subdomains: bool = Field(
        default=False,
        description="true: browsers ask for names below this host by https only, too, for a year; for a host name of "
        "the service's own, below which nothing is served without TLS",
    )
    trusted_proxies: list[IPvAnyNetwork] = Field(
        default=[],
        description="reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; name machines, not nets "
        "from which operators come",
        json_schema_extra={"form": 'a list of addresses and networks: "127.0.0.1", "10.0.0.0/30"'},
    )
    hosts: list[PublicHost] = Field(
        default=[],
        description="every name and address by which operators, aggregators and monitors ask for this server; a "
        "request with another Host is refused; none: every name is taken. This machine may always ask for /healthz and "
        "/metrics by a loopback address or localhost",
        json_schema_extra={"form": 'a list of names and addresses, without scheme, port or path: "sms.example"'},
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="ONLY by metrics_token_file or SMS_GATEWAY_WEB__METRICS_TOKEN; opens /metrics to other machines "
        "(Authorization: Bearer); without it only this machine may ask",
    )
    metrics_token_file: Path | None = Field(default=None, description="file whose first line is the token")
    session_hours: int = Field(default=10, ge=1, le=72, description="hours after which an operator must log in again")
    idle_minutes: int = Field(
        default=30, ge=5, le=720, description="minutes without use after which an operator must log in again"
    )
    second_factor: list[OperatorRole] = Field(
        default=[OperatorRole.ADMINISTRATOR],
        description="roles that need a second factor; who has none sets it up before anything else; []: nobody must",
        json_schema_extra={"form": 'a list of roles: "viewer", "operator", "administrator", "agent"'},
    )


class PipelineSettings(Section):
    """How texts and answers are carried."""

    validity_minutes: int = Field(default=15, ge=1, le=1440, description="an answer older than this is not sent")
    lease_seconds: int = Field(default=60, ge=10, le=600, description="a claim not settled by then is taken again")
    max_attempts: int = Field(default=5, ge=1, le=50, description="failed handlings after which a text is parked")


class ProcessSettings(Section):
    """How the process uses the machine."""

    tuning: bool = Field(
        default=True,
        description="true: threads that run Python share one CPU core, and Python's "
        "collector and thread switches are set for short waits (HTTP endpoints answer twice as fast); "
        "false: none of this, for example where another busy program is bound to the same core",
    )


class LimitsSettings(Section):
    """How much one phone is answered; anyone who guesses or floods is told once and then left alone."""

    countries: list[CountryCode] = Field(
        default=["84"],
        min_length=1,
        description="country codes of the numbers that are answered; texts of others are stored and get no answer",
        json_schema_extra={"form": 'a list of one or more country codes: "84", "82"'},
    )
    answers_an_hour: int = Field(
        default=36_000,
        ge=0,
        le=100_000_000,
        description="answers to all numbers together in an hour (36000: ten a second); beyond it texts are stored and "
        "get no answer. Half of it is an alarm. 0: no limit",
    )
    per_hour: int = Field(default=20, ge=6, le=1000, description="answers to one number in an hour; then one notice")
    per_day: int = Field(default=60, ge=6, le=10000, description="answers to one number in a day; then one notice")
    machine_answers: int = Field(
        default=5,
        ge=3,
        le=100,
        description="answers in a minute, or fruitless ones in 100 seconds, that only a machine gets",
    )
    machine_minutes: int = Field(
        default=60, ge=5, le=10080, description="minutes for which a number that answers like a machine is blocked"
    )
    codes_per_day: int = Field(default=5, ge=1, le=100, description="different receipt codes told to one number a day")
    misses_per_day: int = Field(default=5, ge=1, le=100, description="wrong receipt codes one number may try a day")
    area_misses: int = Field(
        default=30,
        ge=5,
        le=10000,
        description="wrong codes a day with one beginning (office and date), of all numbers; more is a scan: an alarm, "
        "and one code a number from then on",
    )
    overall_misses: int = Field(
        default=1000, ge=10, le=1000000, description="wrong codes an hour, of all numbers; more is a scan too"
    )
    accounts_per_phone: int = Field(
        default=3, ge=1, le=100, description="identity numbers one phone may register a day"
    )
    phones_per_identity: int = Field(
        default=3, ge=1, le=100, description="phones that may try to register one identity number a day"
    )
    accounts_an_hour: int = Field(
        default=0,
        ge=0,
        le=1000000,
        description="identity numbers that all phones together may register in an hour; half of it is an alarm. 0: ten "
        "times the busiest hour of the last 30 days, and at least 200",
    )
    changes_per_operator: int = Field(
        default=30,
        ge=1,
        le=10000,
        description="telephones changed, new passwords sent and identity numbers released by one operator in 24 hours",
    )


class RetentionSettings(Section):
    """How long personal data is kept; the schedule ends it in small steps."""

    text_days: int = Field(
        default=90, ge=7, le=3650, description="days until the words of texts and answers are deleted; the rest stays"
    )
    trace_days: int = Field(
        default=730,
        ge=30,
        le=3650,
        description="days until also number, times and states are deleted; the law wants logs for 12 months or more",
    )


class LookupsSettings(Section):
    """Own look-up tables: an office puts a file and a sentence on the short code, and needs no programmer."""

    enabled: bool = Field(
        default=False,
        description="true: operators make look-up tables and own answers on the pages or by `sms-gateway lookups`; a "
        "second person approves each, or 24 hours pass",
    )


class LogSettings(Section):
    """What is told about the work; never a text, a full number or a secret, at any level."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="least level logged")
    format: Literal["text", "json"] = Field(default="text", description="text for people, json for collectors")


class Settings(Section):
    """All settings: the sections of gateway.toml."""

    service: ServiceSettings = Field(default=ServiceSettings())
    database: DatabaseSettings = Field(default=DatabaseSettings())
    web: WebSettings = Field(default=WebSettings())
    pipeline: PipelineSettings = Field(default=PipelineSettings())
    process: ProcessSettings = Field(default=ProcessSettings())
    limits: LimitsSettings = Field(default=LimitsSettings())
    retention: RetentionSettings = Field(default=RetentionSettings())
    log: LogSettings = Field(default=LogSettings())
    links: dict[Name, LinkSettings] = Field(default={}, description="SMPP links by name")
    conversation: ConversationSettings = Field(default=ConversationSettings())
    lookups: LookupsSettings = Field(default=LookupsSettings())
    back_office: BackOfficeSettings = Field(default=BackOfficeSettings())
    notices: NoticesSettings = Field(default=NoticesSettings())
    counts: CountsSettings = Field(default=CountsSettings())
    services: dict[Name, OfferedService] = Field(default={}, description="services of citizens by name")
    channels: dict[Name, ChannelSettings] = Field(default={}, description="HTTP endpoints by name")
    webhooks: dict[Name, WebhookSettings] = Field(
        default={}, description="systems of the city that get events, by name"
    )
    alarms: AlarmSettings = Field(default=AlarmSettings())
    heartbeat: HeartbeatSettings = Field(default=HeartbeatSettings())

    @property
    def receiving_systems(self) -> Mapping[str, WebhookSettings]:
        """Return the webhooks that have an address, by name."""
        return {name: one for name, one in self.webhooks.items() if one.url}

    @property
    def receivers(self) -> Mapping[WebhookType, tuple[str, ...]]:
        """Return the names of the webhooks that want each type of event; types that none wants are absent."""
        wanted = {
            kind: tuple(name for name, one in self.receiving_systems.items() if kind in one.events)
            for kind in WebhookType
        }
        return {kind: names for kind, names in wanted.items() if names}

    @property
    def every_channel(self) -> Mapping[str, LinkSettings | ChannelSettings]:
        """Return the SMPP links and the HTTP channels by name, links first; where two share a name, the link."""
        return {**self.links, **self.channels, **self.links}

    @property
    def senders(self) -> tuple[str, ...]:
        """Return the names of the channels that answers can go out by, links first."""
        return tuple(name for name, channel in self.every_channel.items() if channel.can.send)

    @property
    def fallbacks(self) -> Mapping[str, tuple[str, int]]:
        """Return by the name of a sender the one that takes over for it, and after how many minutes."""
        return {
            name: (channel.fallback, channel.fallback_minutes)
            for name, channel in self.every_channel.items()
            if channel.fallback is not None and channel.can.send
        }

    @property
    def short_codes(self) -> tuple[str, ...]:
        """Return every number that citizens text to: the service's, its main one first, and those of single links."""
        of_links = [link.short_code for link in self.links.values() if link.short_code is not None]
        return tuple(dict.fromkeys((*self.service.short_codes, *of_links)))
