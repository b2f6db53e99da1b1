"""The section [conversation]: questions and tickets by text, answered by people."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from sms_gateway.settings.types import PublicHost, Section


class FreeText(StrEnum):
    """What becomes of a text without a keyword, from a phone that has no ticket open."""

    ASK = "ask"  # the sender is asked whether it is to be sent
    OPEN = "open"  # it opens a ticket at once
    OFF = "off"  # the help, as without conversation


class ConversationSettings(Section):
    """Questions and tickets by text, answered by people; needs units, calendars and agents."""

    enabled: bool = Field(
        default=False,
        description="true: citizens ask, report and follow their tickets by text, and agents answer on the pages; "
        "single commands are switched off and renamed in [services.NAME]",
    )
    free_text: FreeText = Field(
        default=FreeText.ASK,
        description="a text without a keyword, from a phone without a ticket: ask whether it is to be sent, open a "
        "ticket at once, or off (the help)",
    )
    bare_replies: bool = Field(
        default=True,
        description="false where texts without a keyword do not reach this service (a shared short code): answers then "
        "teach TL with the number of the ticket",
    )
    urgent: bool = Field(
        default=False,
        description="true: SOS and urgent words open urgent tickets, and duty contacts are texted; needs a duty "
        "contact. false: such texts get the emergency numbers only",
    )
    own_sites: list[PublicHost] = Field(
        default=[],
        description="hosts of links that agents may send; a link to any other is refused",
        json_schema_extra={"form": 'a list of host names, without scheme, port or path: "dichvucong.example"'},
    )
    ticket_days: int = Field(
        default=730, ge=30, le=3650, description="days after closing until the words of a ticket are deleted"
    )
    tickets_a_day: int = Field(
        default=5, ge=1, le=100, description="tickets that one phone may open a day; more texts are kept for staff"
    )
