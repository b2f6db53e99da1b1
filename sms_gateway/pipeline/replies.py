"""The one writer of what goes out: answers, notices and what operators send.

It gives each text its validity and its segment references, and wakes the pipeline that sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.messages import outbox_insert
from db.messages.answers_of_text import wrote_lately
from db.messages.outbox import NewOutbound
from db.processes.wake_up import wake_others
from db.store.address import Address
from db.store.engine import after_commit
from sms_gateway.pipeline.traits import TraitsByChannel


def _nobody() -> None:
    """Wake nobody in this process: the pipeline writes these texts itself, or runs elsewhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replies:
    """Writes for one process; every method may be called from any thread."""

    new_id: Callable[[], int]
    traits: TraitsByChannel  # how long a text may wait by its channel, unless it says otherwise
    nudge: Callable[[], None] = _nobody  # tells the pipeline of this process that there is work in the tables

    def compose(
        self,
        *,
        link: str,
        sender: str,
        recipient: Address,
        body: str,
        now: datetime,
        masked: str | None = None,
        inbound_id: int | None = None,
        lasts: timedelta | None = None,
    ) -> NewOutbound:
        """Return a text to send; give it to `give_references` and `store`.

        `masked` stands for a text that holds a secret. `lasts` is how long it may wait; None: as long as an answer.
        """
        outbound_id = self.new_id()
        return NewOutbound(
            id=outbound_id,
            inbound_id=inbound_id,
            link=link,
            sender=sender,
            recipient=recipient,
            body=body,
            masked=masked,
            reference=outbound_id // 4096 % outbox_insert.REFERENCES,  # by the millisecond: two long ones differ
            created_at=now,
            expires_at=now + (self.traits.of(link).validity if lasts is None else lasts),
        )

    def link_for(self, connection: Connection, link: str, recipient: Address, *, now: datetime) -> str | None:
        """Return the channel by which what answers no text can be sent; None: the citizen is not reached any more.

        Some channels send only to citizens who have lately written by them.
        """
        traits = self.traits.of(link)
        if traits.reaches_for is None or wrote_lately(connection, recipient, link, since=now - traits.reaches_for):
            return link
        return traits.later_by

    def queue(self, connection: Connection, texts: Sequence[NewOutbound], *, now: datetime) -> None:
        """Store composed texts in the caller's transaction; after its commit the pipeline looks for them at once.

        What answers no text goes by the channel that reaches the citizen.
        """
        sent = [self._by_another(connection, text, now=now) if text.inbound_id is None else text for text in texts]
        store(connection, give_references(connection, sent, now=now), wakes=True)
        after_commit(connection, self.nudge)

    def _by_another(self, connection: Connection, text: NewOutbound, *, now: datetime) -> NewOutbound:
        by = self.link_for(connection, text.link, text.recipient, now=now)
        return text if by is None or by == text.link else replace(text, link=by)


def give_references(connection: Connection, texts: Sequence[NewOutbound], *, now: datetime) -> list[NewOutbound]:
    """Give long texts to one phone different references; `store` must follow in the same transaction."""
    return outbox_insert.with_references(connection, texts, now=now)


def store(
    connection: Connection, texts: Sequence[NewOutbound], *, claimed_until: datetime | None = None, wakes: bool = False
) -> None:
    """Insert texts that have their references, as queued, or as claimed by the caller until then.

    `wakes`: other processes are woken after the commit, since one of them may send these.
    """
    outbox_insert.add(connection, texts, claimed_until=claimed_until)
    if wakes and texts:
        wake_others(connection)
