"""What answers know of one ticket."""

from __future__ import annotations

from datetime import date, datetime

from db.schema.ticket_states import CloseReason, TicketState
from db.store.record import record
from handlers.conversation.answers.quotes import SUBJECT_LETTERS, quote_citizen, short
from handlers.conversation.answers.sentence import UNIT_LETTERS
from handlers.wording.plain import plain


@record
class TicketFacts:
    """One ticket. Times are aware; what is unknown is None and is not said."""

    number: str
    state: TicketState = TicketState.NEW
    unit: str | None = None
    """The unit's `sms_name`."""
    subject: str | None = None
    """The citizen's words: at most 20 letters of them are repeated."""
    due: datetime | None = None
    """The final due time."""
    is_late: bool = False
    """Whether that time has passed: it is not promised any more."""
    asked: str | None = None
    """The agent's question, while the ticket waits for the citizen."""
    reply_by: date | None = None
    """The day on which a ticket that waits for the citizen is closed."""
    reason: str | None = None
    """Why it waits for another body, in public words."""
    answered: date | None = None
    last_day: date | None = None
    """The day until which a resolved ticket goes on by a reply."""
    close_reason: CloseReason | None = None
    merged_into: str | None = None

    @property
    def said_unit(self) -> str | None:
        """Return the name of the unit as a sentence holds it."""
        return short(plain(self.unit or ""), UNIT_LETTERS)

    @property
    def said_subject(self) -> str | None:
        """Return the beginning of the citizen's words."""
        return quote_citizen(self.subject or "", SUBJECT_LETTERS)
