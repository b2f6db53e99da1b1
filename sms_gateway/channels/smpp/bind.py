"""One bind and its I/O thread: connects, binds, reads and writes in batches, and starts again when the bind falls."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from datetime import datetime

from sms_gateway.channels.smpp.acknowledgements import Hearing
from sms_gateway.channels.smpp.bind_plan import (
    CONNECT_SECONDS,
    FAULT,
    IDLE_SECONDS,
    STOPPING_SECONDS,
    BindPlan,
    BindState,
    Waits,
)
from sms_gateway.channels.smpp.incoming import Batch, Incoming, Moment, Response
from sms_gateway.channels.smpp.outgoing import Outgoing, Sending
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.session.events import (
    Answered,
    AnsweredLate,
    Bound,
    Event,
    Fell,
    Received,
    Unanswered,
    Unwritten,
)
from sms_gateway.channels.smpp.session.session import Session
from sms_gateway.channels.smpp.session.terms import SessionState
from sms_gateway.channels.smpp.session.wire import Wire, WireError
from sms_gateway.channels.smpp.session_numbers import SessionNumbers
from sms_gateway.clock import Now, monotonic
from sms_gateway.log import Level, Words, event, logger_of
from sms_gateway.pipeline.ports import Intake, SendReport, Verdict
from sms_gateway.pipeline.timing.wake_ups import wake_up

log = logger_of(__name__)


class Bind(threading.Thread):
    """The I/O thread of one bind, and the source of what comes in by it.

    `acknowledge`, `send` and `stop` may be called from any thread, and do not block. `sessions` is None for a
    transmitter, `outgoing` for a receiver.
    """

    def __init__(
        self,
        plan: BindPlan,
        *,
        sessions: SessionNumbers | None,
        outgoing: Outgoing | None,
        intake: Intake,
        now: Now,
    ) -> None:
        self.kind = codes.BIND_KINDS[plan.terms.bind.command]
        super().__init__(name=f"smpp-{plan.link}-{self.kind}", daemon=True)
        self._plan = plan
        self._sessions = sessions
        self._incoming = None if sessions is None else Incoming(plan.link, plan.alphabet, self, plan.short_codes)
        self._outgoing = outgoing
        self._intake = intake
        self._now = now
        self._wire = Wire()
        self._session = Session(plan.terms)
        self._verdicts: deque[Sequence[tuple[int, Verdict]]] = deque()
        self._number = 0  # of the connection
        self._bound = False
        self._joined = False  # the link's sessions
        self._since = now()
        self._last_error: str | None = None
        self._binds = 0
        self._bound_at = 0.0
        self._carried = False  # anything, since the bind
        self._stop_at: float | None = None
        self._over = False
        self._hearing = Hearing()  # of this session
        self._rested = False  # as long as it sends nothing, since it was throttled

    @property
    def bound(self) -> bool:
        """Return whether texts may be sent; not while either side unbinds."""
        return self._bound and self._session.state is SessionState.BOUND

    def state(self) -> BindState:
        """Return a snapshot; from any thread."""
        session = self._session
        return BindState(
            kind=self.kind,
            bound=self._bound,
            since=self._since,
            last_error=self._last_error,
            in_flight=session.in_flight,
            round_trip=session.round_trip,
            binds=self._binds,
            unreadable=session.unreadable,
        )

    @property
    def outgoing(self) -> Outgoing | None:
        """What goes out by it; None for a receiver."""
        return self._outgoing

    def drain(self) -> None:
        """Answer every new text with ESME_RX_T_APPN from now on."""
        if self._incoming is not None:
            self._incoming.draining = True
            self._wire.wake()

    def acknowledge(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        """Answer the deliver_sm that these verdicts concern."""
        self._verdicts.append(verdicts)
        wake_up(self._wire.wake)

    def send(self, sendings: Sequence[Sending]) -> None:
        """Send these; each is reported once."""
        if self._outgoing is not None:
            self._outgoing.put(sendings)
            wake_up(self._wire.wake)
            if self._over:
                self._give_up_unsent("link stopped")

    def stop(self, seconds: float) -> None:
        """Unbind when all is answered, or most of the time is over; be gone when it is. A second call speeds it up."""
        stop_at = monotonic() + seconds
        self._stop_at = stop_at if self._stop_at is None else min(stop_at, self._stop_at)
        self._wire.wake()

    def end(self, seconds: float) -> None:
        """Wait for the thread's end, at most so long."""
        if self.ident is None:
            self._wire.close()  # never started
        else:
            self.join(seconds)

    def run(self) -> None:
        """Bind again and again until stopped."""
        plan = self._plan
        waits = Waits(plan.first_wait)
        while self._stop_at is None:
            try:
                self._wire.connect(plan.host, plan.port, CONNECT_SECONDS, plan.tls, is_over=self._is_stopping)
                self._talk()
            except WireError as error:
                self._note_error(str(error))
            except Exception as error:  # noqa: BLE001 - a fault of ours costs this session, not the link or the process
                self._end_faulty_session(error)
            held = monotonic() - self._bound_at if self._bound_at else 0.0
            seconds = waits.after(held=held, carried=self._carried)
            self._bound_at, self._carried = 0.0, False
            self._rest(seconds)
        self._over = True
        self._give_up_unsent("link stopped")
        self._wire.close()

    def _is_stopping(self) -> bool:
        return self._stop_at is not None

    def _end_faulty_session(self, error: Exception) -> None:
        """Log a fault of ours and end the session as a fall does: what is in flight is reported as unanswered."""
        event(log, "link_fault", level="error", error=error, link=self._plan.link, bind=self.kind)
        self._last_error = FAULT
        reports = self._take_events(self._session.fall(FAULT), self._now(), monotonic())
        self._wire.disconnect()
        self._intake.report(reports)
        self._leave()

    def _rest(self, seconds: float) -> None:
        """Wait before the next attempt, and answer the pipeline meanwhile: what it hands over cannot be sent."""
        until = monotonic() + seconds
        while self._stop_at is None and (left := until - monotonic()) > 0:
            self._give_up_unsent("not bound")
            self._wire.wait(min(left, IDLE_SECONDS))

    def _give_up_unsent(self, error: str) -> None:
        self._take_verdicts()
        if self._outgoing is not None:
            reports = self._outgoing.flush(error, self._now())
            if reports:
                self._intake.report(reports)

    def _talk(self) -> None:
        """Run one session from the bind to its end."""
        self._number += 1
        session = self._session = Session(self._plan.terms)
        self._hearing = Hearing()
        session.start(monotonic())
        self._wire.write(session.take_octets())
        while session.state is not SessionState.CLOSED:
            self._round(session)
        self._wire.disconnect()

    def _round(self, session: Session) -> None:
        """Wait, read, answer, write: one batch each way."""
        readable = self._wire.wait(self._patience(session))
        now = monotonic()
        events: list[Event] = []
        if readable:
            octets = self._wire.read()
            events = session.fall("connection closed") if octets is None else session.receive(octets, now)
        elif self._wire.choked:
            events = session.fall("the SMSC reads nothing")
        events += session.tick(now)
        at = self._now()
        reports = self._take_events(events, at, now)
        try:
            batch = self._exchange(session, events, reports, at=at, now=now)
        finally:  # even when a fault of ours ends the session: the pipeline waits for each report
            if reports:
                self._carried = True
                self._intake.report(reports)
        if session.state is SessionState.CLOSED:
            self._leave()
        if batch.arrivals:
            self._carried = True
            self._intake.offer(batch.arrivals)

    def _exchange(
        self, session: Session, events: list[Event], reports: list[SendReport], *, at: datetime, now: float
    ) -> Batch:
        """Take messages in and write what is due; add the results to the reports."""
        batch = self._take_messages(events, at)
        if batch.lot is not None:
            self._hearing.add(batch.lot)
        for (number, command, sequence, lot), status in batch.responses + self._take_verdicts():
            if number == self._number:
                session.answer(command, sequence, status)
                if lot is not None:
                    self._hearing.answered(lot, session, now)
        if self._outgoing is not None:
            reports += self._outgoing.fill(session, at, now)
            self._tell_when_rested(self._outgoing.paused(now))
        self._hearing.forget(session)
        if self._hearing.wants_proof(now):
            session.enquire(now)
        if self._stop_at is not None:
            reports += self._part(session, self._stop_at, at, now)
        octets = session.take_octets()
        if octets and not self._wire.write(octets):
            reports += self._take_events(session.lose_last_write(), at, now)
        return batch

    def _tell_when_rested(self, resting: bool) -> None:  # noqa: FBT001 - what it tells of
        """Wake the pipeline once a pause is over, in which the link took nothing."""
        if self._rested and not resting:
            self._intake.nudge()
        self._rested = resting

    def _patience(self, session: Session) -> float:
        """Return how long to wait at most, in seconds."""
        now = monotonic()
        wait = IDLE_SECONDS
        due = session.next_due()
        if due is not None:
            wait = min(wait, due - now)
        if self._outgoing is not None:
            due = self._outgoing.next_due(now)
            if due is not None:
                wait = min(wait, due - now)
        if self._stop_at is not None:
            wait = min(wait, STOPPING_SECONDS)
        return wait

    def _take_events(self, events: list[Event], at: datetime, now: float) -> list[SendReport]:
        """Take everything but messages; return the reports that are complete."""
        reports: list[SendReport] = []
        for each in events:
            if isinstance(each, (Answered, Unanswered, Unwritten)):
                if self._outgoing is not None:
                    report = self._outgoing.close(each, at, now)
                    if report is not None:
                        reports.append(report)
            elif isinstance(each, AnsweredLate):
                if self._outgoing is not None:
                    reports.append(self._outgoing.close_late(each, at, now))
            elif isinstance(each, Bound):
                self._note_bound(at, now)
            elif isinstance(each, Fell):
                self._note_fall(each, at)
        return reports

    def _take_messages(self, events: list[Event], at: datetime) -> Batch:
        """Turn messages into arrivals; a transmitter, which should get none, refuses them."""
        received = [each for each in events if isinstance(each, Received)]
        if self._incoming is not None and self._sessions is not None:
            return self._incoming.receive(received, Moment(bind=self._number, session=self._sessions.number, at=at))
        batch = Batch()
        status = codes.ESME_RX_T_APPN
        batch.responses += [((self._number, each.command, each.sequence, None), status) for each in received]
        return batch

    def _take_verdicts(self) -> list[Response]:
        """Return the responses that the pipeline's verdicts ask for; those of an earlier connection go nowhere."""
        responses: list[Response] = []
        while self._verdicts and self._incoming is not None:
            responses += self._incoming.settle(self._verdicts.popleft())
        return responses

    def _part(self, session: Session, stop_at: float, at: datetime, now: float) -> list[SendReport]:
        """Unbind once nothing is awaited or a fifth of the time is left; end when it is over."""
        queued = self._outgoing.queued if self._outgoing is not None else 0
        pending = self._incoming.pending if self._incoming is not None else 0
        left = stop_at - now
        if left <= 0 or session.state is SessionState.BINDING:
            return self._take_events(session.fall("stopped", asked=True), at, now)
        if not (queued or pending or session.in_flight) or left < IDLE_SECONDS / 5:
            session.unbind(now)
        return []

    def _note_bound(self, at: datetime, now: float) -> None:
        self._binds += 1
        self._bound_at = now
        if self._sessions is not None:
            self._sessions.join()
            self._joined = True
        if self._outgoing is not None:
            self._outgoing.window.bound(now)
        self._bound, self._since = True, at
        session = self._sessions.number if self._sessions is not None else 0
        event(log, "bound", link=self._plan.link, bind=self.kind, session=session)
        self._intake.nudge()

    def _note_fall(self, fell: Fell, at: datetime) -> None:
        if self._bound:
            self._bound, self._since = False, at
        if fell.unanswered and self._outgoing is not None:
            self._outgoing.window.fell()
        self._last_error = None if fell.asked and self._stop_at is not None else fell.reason
        level: Level = "info" if fell.asked else "warning"
        event(log, "bind_lost", level=level, link=self._plan.link, bind=self.kind, reason=Words(fell.reason))

    def _leave(self) -> None:
        """Report to the pipeline what the carrier may send again, once all that the session brought is taken in."""
        if self._joined and self._sessions is not None:
            self._joined = False
            ended = self._sessions.leave(self._hearing.end(self._session))
            if ended is not None:
                self._intake.fell(ended)

    def _note_error(self, error: str) -> None:
        if error != self._last_error:
            event(log, "cannot_connect", level="warning", link=self._plan.link, bind=self.kind, reason=Words(error))
        self._last_error = error
