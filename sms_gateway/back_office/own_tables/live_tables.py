"""The commands of a service with its own tables as they are now: read again every few seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from db.citizens.lookups import StoredTable, answering, list_tables
from db.store.engine import Database
from handlers.commands.own_table import handler_of
from handlers.handler import Handlers
from parsers.grammar import AnyGrammar, Vocabulary
from sms_gateway.back_office.own_tables.commands_of_tables import clashes, table_grammar, wrong_in
from sms_gateway.clock import Now, monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.settings.model import Settings
from sms_gateway.settings.services import vocabulary_for

LOOK_SECONDS = 4.0
"""A change in another process is seen within five seconds; in this process at once."""

_LOG = logger_of(__name__)


class LiveKeywords(Mapping[str, str]):
    """The keyword that answers name, by its service; follows the tables."""

    def __init__(self) -> None:
        self.words: Mapping[str, str] = {}

    def __getitem__(self, service: str) -> str:
        """Return the keyword of a service that is on."""
        return self.words[service]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the services."""
        return iter(self.words)

    def __len__(self) -> int:
        """Count the services."""
        return len(self.words)


class LiveTables:
    """Gives the vocabulary with the tables that answer now; may be called from any thread.

    `handlers` and `keywords` follow it. What cannot be read stays as it was. The handler of a table that was switched
    off or removed is kept, for texts that were read before.
    """

    def __init__(
        self, database: Database, settings: Settings, grammars: Sequence[AnyGrammar], handlers: Handlers, now: Now
    ) -> None:
        self._database = database
        self._settings = settings
        self._grammars = grammars
        self._own = handlers.every
        self._now = now
        self._tables: Sequence[StoredTable] = ()
        self._known: dict[str, StoredTable] = {}
        self._vocabulary = vocabulary_for(settings, grammars)
        self._next_look = 0.0
        self.left_out: list[StoredTable] = []
        """Tables that may answer and cannot: faulty, or with a keyword that is another command's now."""
        self._renewing = Lock()
        self.handlers = Handlers(handlers.every)
        self.keywords = LiveKeywords()
        self._take(())

    def __call__(self) -> Vocabulary:
        """Return the vocabulary as it is now."""
        if monotonic() >= self._next_look and self._renewing.acquire(blocking=False):
            try:
                self._renew()
            finally:
                self._renewing.release()
        return self._vocabulary

    def renew(self) -> None:
        """Read the tables now: a page of this process changed them."""
        with self._renewing:
            self._renew()

    def _renew(self) -> None:
        self._next_look = monotonic() + LOOK_SECONDS
        now = self._now()
        try:
            with self._database.read() as connection:
                every = list_tables(connection)
        except SQLAlchemyError as error:
            event(_LOG, "tables_not_read", level="warning", error=error)
            return
        found = answering(every, now)
        # Texts to a table that is off now may still hold a secret.
        had_secrets = any(one.definition.secret_column for one in every)
        if found != self._tables or had_secrets != self._vocabulary.has_own_secrets:
            self._take(found, had_secrets=had_secrets)

    def _take(self, found: Sequence[StoredTable], *, had_secrets: bool = False) -> None:
        """Take the tables that answer. One that is faulty, or clashes with the settings of today, is left out."""
        self.left_out = []
        usable: list[StoredTable] = []
        for table in found:
            fault = wrong_in(table.definition) or ("keyword" if clashes(self._settings, table, usable) else None)
            if fault is None:
                usable.append(table)
            else:
                self.left_out.append(table)
                event(_LOG, "table_left_out", level="warning", table=table.name, fault=fault)
        made = vocabulary_for(self._settings, [*self._grammars, *map(table_grammar, usable)])
        self._known |= {table.name: table for table in usable}
        every = {grammar.command: grammar for grammar in map(table_grammar, self._known.values())}
        self.handlers.take([*self._own, *map(handler_of, self._known.values())])
        self.keywords.words = {one.service: made.taught[one.name] for one in made.grammars if one.default_keywords}
        self._vocabulary = replace(made, by_command={**every, **made.by_command}, has_own_secrets=had_secrets)
        self._tables = found
