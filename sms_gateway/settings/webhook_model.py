"""The sections [webhooks.NAME]: systems of the city that get events."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from db.schema import WebhookType
from sms_gateway.settings.types import Section

EVENTS = ", ".join(f'"{one.value}"' for one in WebhookType)


class WebhookSettings(Section):
    """One system of the city that gets events by HTTP ([webhooks.NAME]), in the form of Standard Webhooks."""

    url: str = Field(
        default="",
        max_length=500,
        pattern=r"^(https?://[^\s?#@]+(\?[^\s#]*)?)?$",
        description="address to which the events are sent; empty: this system gets none",
        json_schema_extra={"form": 'an address such as "https://lgsp.example/hooks/sms", without user and password'},
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        description="ONLY by secret_file or SMS_GATEWAY_WEBHOOKS__NAME__SECRET; `whsec_` and 24 to 64 octets in Base64",
    )
    secret_file: Path | None = Field(default=None, description="file whose first line is the secret")
    previous_secret: SecretStr = Field(
        default=SecretStr(""),
        description="while the secret is changed: the old one, with which events are signed too; ONLY by "
        "previous_secret_file or SMS_GATEWAY_WEBHOOKS__NAME__PREVIOUS_SECRET",
    )
    previous_secret_file: Path | None = Field(default=None, description="file whose first line is the previous_secret")
    events: list[WebhookType] = Field(
        default=[],
        description="which events it gets; each is written in the commit of what it reports, so name what is needed",
        json_schema_extra={"form": f"a list of events: {EVENTS}"},
    )
    answer_seconds: float = Field(default=20, ge=1, le=60, description="wait for a whole response, at most")
    ca_file: Path | None = Field(default=None, description="certificates to trust; none: those of the system")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return the secrets that sign an event, the current one first."""
        both = (self.secret.get_secret_value(), self.previous_secret.get_secret_value())
        return tuple(one for one in both if one)
