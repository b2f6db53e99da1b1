"""`sms-gateway check` with the conversation on: whether somebody would answer, and whom urgent texts would reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from db.store.engine import open_database
from db.store.sealing import Keyring
from db.units.calendars import unconfirmed_years
from db.units.contacts import has_duty_contacts
from handlers.conversation.units_now import read_units
from sms_gateway.cli.counted import counted
from sms_gateway.cli.service.verdicts import Mark, Verdict
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.settings.model import Settings


def conversation_verdicts(settings: Settings, keyring: Keyring) -> Iterator[Verdict]:
    """Look at units, calendars and people on duty. The database could be read a moment ago."""
    today = utc_now().astimezone(LOCAL_ZONE).date()
    with closing(open_database(settings.database.address, keyring)) as database, database.read() as connection:
        units = read_units(connection, zone=LOCAL_ZONE, today=today)
        years = sorted({one.year for one in unconfirmed_years(connection, today)})
        is_reached = has_duty_contacts(connection)
    if units is None:
        text = "no unit in use is the focal unit, so questions are not taken; fix: import units, one of them focal"
        yield Verdict(mark=Mark.CAUTION, subject="conversation", text=text)
    else:
        text = counted(len(units.directory.units), "unit answers", "units answer")
        yield Verdict(mark=Mark.OK, subject="conversation", text=text)
    if settings.conversation.urgent and not is_reached:
        text = "neither the duty unit nor the focal unit has a contact with duty hours"
        fix = "import the contacts, or write urgent = false"
        yield Verdict(mark=Mark.FAULT, subject="conversation.urgent", text=f"{text}; fix: {fix}")
    if years:
        text = f"holidays of {', '.join(map(str, years))} are not confirmed; fix: confirm the year of each calendar"
        yield Verdict(mark=Mark.CAUTION, subject="calendars", text=text)
