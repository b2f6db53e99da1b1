"""The current sentences: the delivered ones, with the operators' changes in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from unicodedata import normalize

from sqlalchemy.exc import SQLAlchemyError

from db.staff.wordings import present_wordings
from db.store.engine import Database
from handlers.wording.catalogue import Wording, faults_of_form
from handlers.wording.phrases import Phrase
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of

LOOK_SECONDS = 5.0
"""A change in another process is seen after at most so long; in this process at once."""

_LOG = logger_of(__name__)


class LiveSentences(Mapping[Phrase, tuple[str, ...]]):
    """The sentences by phrase; may be read from any thread.

    A stored sentence with a fault (a placeholder that a later version no longer has) is ignored, and the delivered one
    is used: citizens get an answer in any case.
    """

    def __init__(self, database: Database, delivered: Wording) -> None:
        self._database = database
        self._language = delivered.language
        self._delivered = delivered.sentences
        self._changed: Mapping[Phrase, tuple[str, ...]] = {}
        self._next_look = 0.0

    def __getitem__(self, phrase: Phrase) -> tuple[str, ...]:
        """Return the forms of a phrase, the longest first."""
        if monotonic() >= self._next_look:
            self.renew()
        return self._changed.get(phrase) or self._delivered[phrase]

    def __iter__(self) -> Iterator[Phrase]:
        """Iterate over the phrases."""
        return iter(self._delivered)

    def __len__(self) -> int:
        """Count the phrases."""
        return len(self._delivered)

    def renew(self) -> None:
        """Read the table now; when that is not possible, the known sentences stay valid."""
        self._next_look = monotonic() + LOOK_SECONDS
        try:
            with self._database.read() as connection:
                found = present_wordings(connection, self._language)
        except SQLAlchemyError as error:
            event(_LOG, "wording_not_read", level="warning", error=error)
            return
        known = {phrase.value: phrase for phrase in Phrase}
        self._changed = {
            known[name]: tuple(normalize("NFC", form) for form in forms)  # as long as its twin
            for name, forms in found.items()
            if name in known and forms and not any(faults_of_form(known[name], form) for form in forms)
        }


def live_wording(database: Database, delivered: Wording) -> Wording:
    """Return a wording that follows what operators change."""
    return replace(delivered, sentences=LiveSentences(database, delivered))
