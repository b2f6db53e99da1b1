"""The agent: asks and answers as the pages do, in another process than the gateway; a failed act goes again."""

from __future__ import annotations

import time
from collections import deque
from threading import Thread

from sqlalchemy.exc import SQLAlchemyError

from bench.chaos.rig import Rig
from bench.chaos.stories import ANSWER, QUESTION, Act
from db.schema import EntryKind, OperatorRole
from db.staff.operators import add_operator
from db.store.ids import IdSource
from db.tickets.whole_ticket import EVERYTHING, find_ticket, read_entries
from handlers.wording.catalogues import CATALOGUES
from sms_gateway.back_office.tickets.answering import ask, resolve
from sms_gateway.back_office.tickets.results import Acted, Acting, Office
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.clock import utc_now
from sms_gateway.pipeline.replies import Replies
from sms_gateway.process.live_switch import LiveSwitches
from sms_gateway.process.startup import NODES
from sms_gateway.settings.load import load_settings
from sms_gateway.settings.services import vocabulary_for
from sms_gateway.wiring.conversation_parts import conversation_parts

_WRITES = {Act.ASK: EntryKind.QUESTION, Act.RESOLVE: EntryKind.ANSWER}
_PAUSE = 0.05
_AGAIN = 2.0
"""Seconds until a failed act goes again: trying without a break would keep the gateway from writing."""

_OPERATOR_ID = 1
_NAME = "lan"


class Agent:
    """A thread that does what it is asked for, one act after the other."""

    def __init__(self, rig: Rig) -> None:
        self._database = rig.database
        settings = load_settings(rig.config, {})
        traits = traits_by_channel(settings)
        parts = conversation_parts(
            settings,
            rig.database,
            traits,
            vocabulary_for(settings),
            catalogues=CATALOGUES,
            networks={},
            now=utc_now,
            switches=LiveSwitches(rig.database),
        )
        assert parts is not None, "the rig's settings turn the conversation on"  # noqa: S101
        self._parts = parts
        self._ids = IdSource(node=NODES + 1, now=utc_now)
        self._replies = Replies(new_id=self._ids.new, traits=traits)
        self._wanted: deque[tuple[float, str, Act]] = deque()
        self._thread = Thread(target=self._run, name="agent", daemon=True)
        with rig.database.write() as connection:
            add_operator(
                connection,
                operator_id=_OPERATOR_ID,
                name=_NAME,
                password_hash="-",  # noqa: S106 - nobody logs in
                role=OperatorRole.OPERATOR,
                now=utc_now(),
            )

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def want(self, number: str, act: Act) -> None:
        """Ask for an act; from any thread."""
        self._wanted.append((0.0, number, act))

    def _run(self) -> None:
        while True:
            time.sleep(_PAUSE)
            for _ in range(len(self._wanted)):
                due, number, act = self._wanted.popleft()
                if time.monotonic() < due:
                    self._wanted.append((due, number, act))
                elif not self._is_done(number, act):
                    self._wanted.append((time.monotonic() + _AGAIN, number, act))

    def _is_done(self, number: str, act: Act) -> bool:
        """Act; False where it must go again: the database is away, or the commit may have been lost."""
        office = Office(parts=self._parts, replies=self._replies, new_id=self._ids.new, now=utc_now())
        try:
            with self._database.write() as connection:
                ticket = find_ticket(connection, number, EVERYTHING)
                if ticket is None:
                    return False
                if any(entry.kind is _WRITES[act] for entry in read_entries(connection, ticket.id)):
                    return True  # the commit succeeded, and its confirmation was lost
                acting = Acting(
                    ticket_id=ticket.id,
                    version=ticket.version,
                    operator_id=_OPERATOR_ID,
                    operator=_NAME,
                    scope=EVERYTHING,
                )
                words, do = (QUESTION, ask) if act is Act.ASK else (ANSWER, resolve)
                return isinstance(do(connection, office, acting, words), Acted)
        except SQLAlchemyError:
            return False
