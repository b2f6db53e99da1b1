"""The section [back_office]: what systems of the city may call."""

from __future__ import annotations

from pydantic import Field

from sms_gateway.settings.types import Section


class BackOfficeSettings(Section):
    """HTTP endpoints for systems of the city ([back-office.md](back-office.md)); each system needs a key."""

    enabled: bool = Field(
        default=False,
        description="true: the endpoints below /back-office exist; `sms-gateway api-clients add NAME` makes a key",
    )
    requests_a_minute: int = Field(
        default=120, ge=1, le=100_000, description="requests of one client in a minute, in each process; beyond it 429"
    )
