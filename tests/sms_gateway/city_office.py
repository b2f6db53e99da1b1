"""The conversation of a service with three units, for tests of pages."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flask import g, has_request_context
from sqlalchemy import Connection

from db.store.engine import Database
from handlers.context import ServiceFacts
from handlers.conversation.units_now import Units, read_units
from handlers.wording.catalogues import CATALOGUES
from parsers.fields.codes.ticket_numbers import new_number
from parsers.grammars import GRAMMARS
from parsers.grammars.conversation import CONVERSATION
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.traits import TraitsByChannel
from tests.db.units.rows import units as add_units

FOCAL, WARD, OTHER = 1, 2, 3
_UNITS = "units_of_tests"
KEYWORDS = {one.service: one.default_keywords[0] for one in (*GRAMMARS, *CONVERSATION) if one.default_keywords}


def write_units(connection: Connection) -> None:
    """Write three units with office hours; the first is the focal unit."""
    add_units(connection, FOCAL, WARD, OTHER)


def ticket_numbers(seed: int = 17) -> Callable[[], str]:
    """Return what draws ticket numbers, the same in each run."""
    drawn = random.Random(seed)
    return lambda: new_number(drawn.randrange)


def conversation_parts(database: Database, traits: TraitsByChannel, **changes: object) -> ConversationParts:
    """Return the conversation of a service with the units in the database."""

    def read() -> Units | None:
        with database.read() as connection:
            return read_units(connection, zone=LOCAL_ZONE, today=date(2026, 11, 22))

    def units() -> Units | None:
        """Read the units, once for a request: a service keeps them for seconds."""
        if not has_request_context():
            return read()
        if _UNITS not in g:
            setattr(g, _UNITS, read())
        found: Units | None = g.get(_UNITS)
        return found

    made = ConversationParts(
        units=units,
        services={code: ServiceFacts(wording=wording, keywords=KEYWORDS) for code, wording in CATALOGUES.items()},
        language="vi",
        traits=traits,
        draw=ticket_numbers(71),
        senders=("viettel",),
    )
    return replace(made, **changes)  # type: ignore[arg-type] # fields of ConversationParts, given by name
