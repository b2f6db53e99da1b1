"""The section [alarms] with those inside it, and [heartbeat]: how people on duty are told."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, JsonValue, SecretStr, StringConstraints

from sms_gateway.settings.types import Host, Port, Section

TIME_OF_DAY = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_TIME: dict[str, JsonValue] = {"form": 'a time of day such as "22:00"'}
_URL = r"^(https?://[^\s?#@]+(\?[^\s#]*)?)?$"
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*"

MailAddress = Annotated[str, StringConstraints(pattern=rf"^{_ADDRESS}$", max_length=254)]


class MailSecurity(StrEnum):
    """How an exchange with a mail server is encrypted."""

    TLS = "tls"  # from the first octet (RFC 8314)
    STARTTLS = "starttls"  # after the greeting, or nothing is sent (RFC 3207)
    NONE = "none"


_PORTS = {MailSecurity.TLS: 465, MailSecurity.STARTTLS: 587, MailSecurity.NONE: 25}


class AlarmEmailSettings(Section):
    """The mail server that takes notices of alarms ([alarms.email])."""

    host: Host = Field(default="", description="the mail server; empty: no notice goes by e-mail")
    port: Port | None = Field(default=None, description="none: 465 for tls, 587 for starttls, 25 for none")
    security: MailSecurity = Field(
        default=MailSecurity.TLS,
        description="tls: from the first octet; starttls: after the greeting, and nothing is sent without it; none: "
        "only to a mail server of this machine. The certificate is always verified",
    )
    user: str = Field(
        default="", max_length=254, pattern=r"^[ -~]*$", description="name to log in with; empty: no log-in"
    )
    password: SecretStr = Field(
        default=SecretStr(""), description="ONLY by password_file or SMS_GATEWAY_ALARMS__EMAIL__PASSWORD"
    )
    password_file: Path | None = Field(default=None, description="file whose first line is the password")
    sender: str = Field(
        default="",
        max_length=254,
        pattern=rf"^({_ADDRESS})?$",
        description="address that notices come from",
        json_schema_extra={"form": 'an address such as "sms@city.example"'},
    )
    recipients: list[MailAddress] = Field(
        default=[],
        max_length=20,
        description="addresses of the people on duty",
        json_schema_extra={"form": 'a list of at most 20 addresses: "duty@city.example"'},
    )
    ca_file: Path | None = Field(default=None, description="certificates to trust; none: those of the system")

    @property
    def at_port(self) -> int:
        """Return the port to connect to."""
        return _PORTS[self.security] if self.port is None else self.port


class AlarmWebhookSettings(Section):
    """The system that gets notices of alarms by HTTP ([alarms.webhook]), in the form of Standard Webhooks."""

    url: str = Field(
        default="",
        max_length=500,
        pattern=_URL,
        repr=False,
        description="address to which notices are sent; it may hold a secret, and is never logged; empty: none is sent",
        json_schema_extra={"form": 'an address such as "https://monitor.example/hooks/sms", without user and password'},
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        description="ONLY by secret_file or SMS_GATEWAY_ALARMS__WEBHOOK__SECRET; `whsec_` and 24 to 64 octets in "
        "Base64",
    )
    secret_file: Path | None = Field(default=None, description="file whose first line is the secret")
    ca_file: Path | None = Field(default=None, description="certificates to trust; none: those of the system")


class AlarmSmsSettings(Section):
    """The telephones that get notices of alarms by SMS ([alarms.sms])."""

    numbers: list[Annotated[str, StringConstraints(pattern=r"^\+?[0-9 .-]{9,20}$")]] = Field(
        default=[],
        max_length=5,
        repr=False,
        description="telephones of the people on duty; none: no notice goes by SMS",
        json_schema_extra={"form": 'a list of at most 5 telephone numbers: "0905123456"'},
    )


class AlarmLimits(Section):
    """From when on something is an alarm, on Today, too ([alarms.limits])."""

    text_minutes: int = Field(default=1, ge=1, le=1440, description="minutes for which a text may wait to be handled")
    answer_minutes: int = Field(default=2, ge=1, le=1440, description="minutes for which an answer may wait to be sent")
    failed_percent: int = Field(
        default=10, ge=1, le=100, description="answers of an hour, of a hundred, that may fail or be too old"
    )
    misread_percent: int = Field(
        default=50, ge=1, le=100, description="texts of an hour, of a hundred, that may be misread"
    )
    backup_hours: int = Field(
        default=0,
        ge=0,
        le=8760,
        description="hours after which the newest backup is too old; 30 fits a nightly one. 0: backups are not watched",
    )
    backup_directory: Path | None = Field(
        default=None,
        description="directory of backups that other programs make, such as pg_dump; those of `sms-gateway db backup` "
        "are known without it",
    )
    disk_percent: int = Field(
        default=5, ge=0, le=100, description="free share of a disk, of a hundred, below which it is low; 0: not watched"
    )
    disks: list[Path] = Field(
        default=[],
        description="directories whose disks are watched besides that of an SQLite database, such as that of the logs",
        json_schema_extra={"form": 'a list of directories: "/var/log"'},
    )
    certificate_days: int = Field(
        default=14,
        ge=1,
        le=4000,
        description="days before the end of a certificate; watched are those in files that the settings name",
    )
    certificates: list[Path] = Field(
        default=[],
        description="more files of certificates, such as that of the proxy before the pages",
        json_schema_extra={"form": 'a list of files: "/etc/nginx/sms.pem"'},
    )


class AlarmSettings(Section):
    """How people on duty are told of alarms; without a way (e-mail, webhook or SMS) nobody is told."""

    language: Literal["vi", "en"] = Field(default="vi", description="language of the notices")
    held_seconds: int = Field(
        default=60, ge=0, le=3600, description="seconds for which something must be wrong before anybody is told"
    )
    repeat_minutes: int = Field(
        default=240, ge=5, le=10080, description="minutes after which an alarm that nobody acknowledged is told again"
    )
    quiet_from: str = Field(
        default="22:00",
        pattern=TIME_OF_DAY,
        description="from this time of day on, alarms that are not urgent wait for the morning",
        json_schema_extra=_TIME,
    )
    quiet_until: str = Field(
        default="06:00",
        pattern=TIME_OF_DAY,
        description="until this time of day; the same as quiet_from: no alarm waits",
        json_schema_extra=_TIME,
    )
    email: AlarmEmailSettings = Field(default=AlarmEmailSettings())
    webhook: AlarmWebhookSettings = Field(default=AlarmWebhookSettings())
    sms: AlarmSmsSettings = Field(default=AlarmSmsSettings())
    limits: AlarmLimits = Field(default=AlarmLimits())

    @property
    def ways(self) -> tuple[str, ...]:
        """Return the names of the ways that are set: without one, alarms leave the service on none."""
        found = {"email": self.email.host, "webhook": self.webhook.url, "sms": self.sms.numbers}
        return tuple(name for name, given in found.items() if given)

    @property
    def quiet_hours(self) -> tuple[time, time] | None:
        """Return when alarms that are not urgent wait, from and until; None when they never wait."""
        begin, end = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        return None if begin == end else (begin, end)


class HeartbeatSettings(Section):
    """A monitor that is called while the service can take and answer texts ([heartbeat]); it notices the silence."""

    url: str = Field(
        default="",
        max_length=500,
        pattern=_URL,
        repr=False,
        description="address that is asked for by GET; it may hold a secret, and is never logged; empty: no heartbeat",
        json_schema_extra={"form": 'an address such as "https://monitor.example/ping/1234", without user and password'},
    )
    every_seconds: int = Field(default=60, ge=10, le=3600, description="seconds from one heartbeat to the next")
    ca_file: Path | None = Field(default=None, description="certificates to trust; none: those of the system")
