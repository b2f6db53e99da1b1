"""The sections [back_office], [notices] and [counts]: what systems of the city and their citizens get."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from sms_gateway.settings.types import Section

_LONGEST_NAME = 120


class AccountMode(StrEnum):
    """What systems of the city may do with accounts of citizens."""

    OFF = "off"  # nothing: there are no endpoints for it
    VERIFY = "verify"  # read them, check first passwords, report that one is in use


class BackOfficeSettings(Section):
    """HTTP endpoints for systems of the city ([back-office.md](back-office.md)); each system needs a key."""

    enabled: bool = Field(
        default=False,
        description="true: the endpoints below /back-office exist; `sms-gateway api-clients add NAME` makes a key",
    )
    requests_a_minute: int = Field(
        default=120,
        ge=1,
        le=100_000,
        description="requests of one client in a minute, in each process; beyond it 429. Checks of passwords have a "
        "rate of their own",
    )
    accounts: AccountMode = Field(
        default=AccountMode.OFF,
        description="verify: a system of the city with the scope accounts may read accounts, check first passwords and "
        "report that one is in use; off: there are no such endpoints. Read docs/how-to/accounts.md before",
    )
    release_unused_after_days: int = Field(
        default=0,
        ge=0,
        le=3650,
        description='with accounts = "verify": days after the end of its last first password after which an account '
        "that was never reported in use is released, so that its identity number can open another; 0: never",
    )


class NoticesSettings(Section):
    """Notices: who texts DK and the code of a dossier is told when it changes ([notices.md](how-to/notices.md))."""

    enabled: bool = Field(
        default=False,
        description="true: DK subscribes a phone to a dossier, HUY and STOP end it, and changes are texted between 7 "
        "and 21 h; read docs/how-to/notices.md before",
    )
    hold_minutes: int = Field(
        default=60,
        ge=0,
        le=1440,
        description="minutes that a change waits before it is told; a later change within them replaces it",
    )


class CountsSettings(Section):
    """Counts for the statistics of the city: a file a day, and who the report of a quarter is from."""

    directory: str = Field(
        default="",
        max_length=1000,
        description="directory into which the service writes counts-2026-11-28.csv after each day; empty: none",
    )
    authority: str = Field(
        default="",
        max_length=_LONGEST_NAME,
        description='body above the office, as the head of the report of a quarter names it: "UBND thành phố ..."',
    )
    office: str = Field(
        default="", max_length=_LONGEST_NAME, description="the office itself, in the head of the report of a quarter"
    )
    place: str = Field(
        default="", max_length=_LONGEST_NAME, description="the place before the date of the report of a quarter"
    )
