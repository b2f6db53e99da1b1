"""What `sms-gateway parse` knows of a service: the keywords of its settings, and its own tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers.commands import HANDLERS
from handlers.handler import Handlers
from parsers.grammar import Vocabulary
from parsers.grammars import GRAMMARS
from parsers.vocabulary import VOCABULARY
from sms_gateway.back_office.own_tables.live_tables import LiveTables
from sms_gateway.cli.command_context import SettingsRefused, Stop, opened_database, place_of, read_settings, sqlite_file
from sms_gateway.clock import utc_now
from sms_gateway.settings.faults import SettingsFaultyError
from sms_gateway.settings.model import Settings
from sms_gateway.settings.services import vocabulary_for
from sms_gateway.wiring.conversation_parts import handlers_for


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The commands by which texts are read, and what could not be found out."""

    vocabulary: Vocabulary = VOCABULARY
    handlers: Handlers = HANDLERS
    notes: Sequence[str] = ()


def known_of_service(config: Path | None) -> Known:
    """Return the commands of the service of these settings, with the own tables that answer now; nothing is changed.

    Raises SettingsRefused for a file that was named. Other settings that are faulty are left aside, with a note.
    """
    try:
        settings = read_settings(config)
    except SettingsFaultyError as error:
        if config is not None:
            raise SettingsRefused(str(error)) from error
        note = "the settings cannot be used, so texts are read by the delivered keywords; fix: `sms-gateway check`"
        return Known(notes=[note])
    handlers = handlers_for(settings, HANDLERS)
    known = Known(vocabulary=vocabulary_for(settings), handlers=handlers)
    return _with_tables(settings, known) if settings.lookups.enabled else known


def _with_tables(settings: Settings, known: Known) -> Known:
    path = sqlite_file(settings.database)
    if path is not None and not path.exists():  # opening it would make it
        return _without_tables(known, f"the database {place_of(settings.database)} is not there")
    try:
        with opened_database(settings) as database:
            live = LiveTables(database, settings, GRAMMARS, known.handlers, utc_now)
            live.renew()
    except Stop as stop:
        return _without_tables(known, stop.message)
    left_out = [f"the own table {one.name} is left out; `sms-gateway check` says why" for one in live.left_out]
    return Known(vocabulary=live(), handlers=live.handlers, notes=left_out)


def _without_tables(known: Known, why: str) -> Known:
    return Known(
        vocabulary=known.vocabulary, handlers=known.handlers, notes=[f"texts are read without own tables: {why}"]
    )
