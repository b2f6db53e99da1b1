"""A sender of answers by HTTP: the pipeline gives it answers; its threads send them and report the results."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Condition, Event, Thread

from db.processes.channel_states import ChannelState
from db.store.address import kind_of
from sms_gateway.channels.http.sending.connection import NoResponse, NotSent, ProviderConnection
from sms_gateway.channels.http.sending.departure import (
    AcceptedText,
    DeclinedText,
    OutgoingRequest,
)
from sms_gateway.channels.http.sending.probing import IdleProbe
from sms_gateway.channels.http.sending.reachability import Reachability
from sms_gateway.channels.http.sending.send_report import outgoing_text, report_of
from sms_gateway.channels.http.sending.sender_terms import SenderTerms
from sms_gateway.channels.http.sending.tokens import TokenKeeper
from sms_gateway.channels.smpp.send_rate import SendRate
from sms_gateway.clock import Now, monotonic
from sms_gateway.log import Words, event, logger_of
from sms_gateway.pipeline.ports import (
    NO_RESPONSE,
    Intake,
    Refusal,
    SegmentRefused,
    SegmentTaken,
    SendReport,
    Submission,
)

WATCH_SECONDS = 0.2
"""How often deadlines and due tries are looked at."""

TOKEN_SECONDS = 0.5
"""How often it is looked whether an access token is due, or a call that costs nothing."""

_FAULT_OF_OURS = "a fault of the gateway"
_ASKED_TO_WAIT = "the provider asked us to wait"
_LOG = logger_of(__name__)


class HttpSender:
    """Sends answers by HTTP: a `Channel` beside the SMPP links. Every method may be called from any thread."""

    def __init__(
        self, name: str, terms: SenderTerms, intake: Intake, *, now: Now, tokens: TokenKeeper | None = None
    ) -> None:
        self._name = name
        self._terms = terms
        self._intake = intake
        self._now = now
        self._tokens = tokens
        self._rate = SendRate(terms.rate)
        self._reach = Reachability(terms.reconnect_seconds)
        self._changed = Condition()
        self._queue: deque[Submission] = deque()
        self._in_flight = 0
        self._rests_until = 0.0
        self._heard_at = monotonic()
        self._round_trip: float | None = None
        self._stopping = Event()
        self._connections = [ProviderConnection(terms.connection) for _ in range(terms.window)]
        self._threads = [
            Thread(target=partial(self._send_on, connection), name=f"http-{name}-{number}", daemon=True)
            for number, connection in enumerate(self._connections, 1)
        ]
        self._threads.append(Thread(target=self._watch_on, name=f"http-{name}-watch", daemon=True))
        self._in_use = [*self._connections]
        if terms.departure.is_probed:
            probe = IdleProbe(terms.connection, terms.departure)
            self._in_use.append(probe.connection)
            self._threads.append(Thread(target=partial(self._probe_on, probe), name=f"http-{name}-probe", daemon=True))
        if tokens is not None:
            keep = partial(self._keep_tokens, tokens)
            self._threads.append(Thread(target=keep, name=f"http-{name}-tokens", daemon=True))

    @property
    def name(self) -> str:
        """The channel's name, as in the settings."""
        return self._name

    def start(self) -> None:
        """Start the threads; it is up as soon as the provider can be connected to."""
        for thread in self._threads:
            thread.start()

    def drain(self) -> None:
        """Do nothing: texts come in by the HTTP endpoint, not by this sender."""

    def part(self, timeout: float) -> None:
        """Begin to end: what is not sent is reported so, and responses are awaited for a part of the time."""
        del timeout
        self._stopping.set()
        self._flush("the channel is stopped")

    def stop(self, timeout: float) -> bool:
        """End within so many seconds; an answer whose response has not come by then is reported as unanswered."""
        deadline = monotonic() + timeout
        self.part(timeout)
        for wait in (timeout / 2, timeout):
            for thread in self._threads:
                if thread.ident is not None:
                    thread.join(max(0.0, min(deadline, deadline - timeout + wait) - monotonic()))
            for connection in self._in_use:
                connection.cut()
        if self._tokens is not None:
            self._tokens.connection.cut()  # last: a renewal that is cut off loses the tokens
        return not any(thread.is_alive() for thread in self._threads)

    def alive(self) -> bool:
        """Return whether every thread runs."""
        return all(thread.is_alive() for thread in self._threads)

    def room(self) -> int:
        """How many more answers it would take now; 0 while the provider cannot be reached or asked us to wait."""
        now = monotonic()
        with self._changed:
            outstanding = len(self._queue) + self._in_flight
            if self._stopping.is_set() or self._rests(now) or self._lacks_token() is not None:
                return 0
            if not self._reach.up:  # one answer shows whether the provider takes answers again
                return int(self._reach.needs_text and not outstanding and self._reach.is_due(now))
            room = max(0, 2 * self._terms.window - outstanding)
            return room if not self._terms.rate else min(room, max(0, max(1, int(self._terms.rate)) - outstanding))

    def submit(self, submissions: Sequence[Submission]) -> None:
        """Queue these; a SendReport follows for each."""
        with self._changed:
            error = self._why_not_queued()
            if error is None:
                self._queue.extend(submissions)
                self._changed.notify(len(submissions))
                return
        self._intake.report([self._refuse(one, Refusal.NOT_SENT, error) for one in submissions])

    def _why_not_queued(self) -> str | None:
        if self._stopping.is_set():
            return "the channel is stopped"
        return _ASKED_TO_WAIT if monotonic() < self._rests_until else None

    def _lacks_token(self) -> str | None:
        """Return why there is no access token; None where there is one, or where none is needed."""
        return None if self._tokens is None else self._tokens.trouble()

    def state(self) -> ChannelState:
        """Return its present state."""
        lack = self._lacks_token()
        return ChannelState(
            name=self._name,
            up=self._reach.up and lack is None and not self._stopping.is_set(),
            since=self._reach.since,
            in_flight=self._in_flight,
            window=self._terms.window,
            round_trip_ms=None if self._round_trip is None else self._round_trip * 1000,
            last_error=lack or self._reach.last_error,
            worked_at=self._reach.worked_at,
            failed_at=self._reach.failed_at,
            failed_for=self._reach.failed_for,
        )

    def _send_on(self, connection: ProviderConnection) -> None:
        while (submission := self._next()) is not None:
            try:
                report = self._send(connection, submission)
            except Exception as error:  # noqa: BLE001 - a fault of ours in one answer must not stop the others
                event(_LOG, "sender_fault", level="error", error=error, link=self._name)
                connection.close()
                report = self._refuse(submission, Refusal.UNANSWERED, _FAULT_OF_OURS)
            with self._changed:
                self._in_flight -= 1
            self._intake.report([report])
        connection.close()

    def _next(self) -> Submission | None:
        """Wait for an answer that may be sent now; None at the end."""
        with self._changed:
            while not self._stopping.is_set():
                now = monotonic()
                if self._queue and not self._rests(now) and self._rate.take(1, now):
                    self._in_flight += 1
                    return self._queue.popleft()
                self._changed.wait(self._until_due(now))
        return None

    def _until_due(self, now: float) -> float | None:
        if not self._queue:
            return None
        due = max(self._rests_until, self._rate.next_due(now, waiting=True) or 0.0)
        return max(0.001, due - now)

    def _rests(self, now: float) -> bool:
        return now < self._rests_until or self._rate.paused(now)

    def _send(self, connection: ProviderConnection, submission: Submission) -> SendReport:
        at = self._now()
        if submission.expires_at <= at:
            return self._refuse(submission, Refusal.NOT_SENT, "expired")
        if kind_of(submission.recipient) != self._terms.address_kind:
            # The provider could only send it to somebody else.
            return self._refuse(submission, Refusal.PERMANENT, f"no address of kind {self._terms.address_kind}")
        if self._tokens is None:
            return self._exchange(connection, submission, at, "")
        token = self._tokens.current()
        if token is None:
            return self._refuse(submission, Refusal.NOT_SENT, "no access token")
        return self._exchange(connection, submission, at, token)

    def _exchange(self, connection: ProviderConnection, submission: Submission, at: datetime, token: str) -> SendReport:
        request = self._build(submission, at, token)
        if request is None:
            return self._refuse(submission, Refusal.PERMANENT, _FAULT_OF_OURS)
        if isinstance(request, DeclinedText):
            return self._refuse(submission, request.refusal, request.error)
        started = monotonic()
        response = connection.send(request)
        if isinstance(response, NotSent):
            self._fail(response.error)
            return self._refuse(submission, Refusal.NOT_SENT, "not connected")
        if isinstance(response, NoResponse):
            self._fail(response.error, needs_text=True)  # a connection alone does not show that it answers
            return report_of(submission, [self._refused(Refusal.UNANSWERED, NO_RESPONSE, submitted=True)], self._now())
        self._round_trip = monotonic() - started
        read = self._terms.departure.read(response)
        if self._tokens is not None and isinstance(read, DeclinedText) and read.token_refused:
            renewed = self._tokens.renew(token)
            # At most once: a new token is not renewed for a minute. When it took long, the lease may end meanwhile.
            if renewed is not None and monotonic() - started < self._terms.connection.answer_seconds:
                return self._exchange(connection, submission, at, renewed)
            read = replace(read, declines_all=renewed is None)
        return self._take_in(submission, read)

    def _build(self, submission: Submission, at: datetime, token: str) -> OutgoingRequest | DeclinedText | None:
        """Return the request of an answer; None when the network cannot make one, now and at every other try."""
        try:
            return self._terms.departure.build(outgoing_text(submission, at, self._terms.receipt_url, token))
        except Exception as error:  # noqa: BLE001 - as in `_send_on`; but here nothing was written yet
            event(_LOG, "sender_fault", level="error", error=error, link=self._name)
            return None

    def _take_in(self, submission: Submission, read: AcceptedText | DeclinedText) -> SendReport:
        if isinstance(read, AcceptedText):
            self._rate.recover()
            self._worked(by_use=True)
            at = self._now()
            ids = read.ids or (str(submission.outbound_id),)
            taken = [SegmentTaken(number=number, message_id=one, submitted_at=at) for number, one in enumerate(ids, 1)]
            return report_of(submission, taken, at)
        if read.declines_all:
            self._fail(read.error, needs_text=True)
        else:
            self._worked()
        self._rest(read)
        return report_of(submission, [self._refused(read.refusal, read.error, submitted=True)], self._now())

    def _rest(self, declined: DeclinedText) -> None:
        now = monotonic()
        if declined.refusal is Refusal.THROTTLED:
            self._rate.slow_down(now)
        if declined.wait_seconds is not None:
            with self._changed:
                self._rests_until = max(self._rests_until, now + declined.wait_seconds)
            self._flush(_ASKED_TO_WAIT)  # the wait may be longer than the lease, and then they would be sent twice

    def _worked(self, *, by_text: bool = True, by_use: bool = False) -> None:
        """Note that the provider was reached; a connection alone does not count when only an answer can show it."""
        with self._changed:
            self._heard_at = monotonic()
            if self._reach.needs_text and not by_text:
                return
            news = self._reach.worked(self._now(), by_use=by_use)
        if news:
            event(_LOG, "sender_up", link=self._name)
            self._intake.nudge()

    def _fail(self, error: str, *, needs_text: bool = False, by_probe: bool = False) -> None:
        """Note that the provider cannot be used now; what waits goes back to the pipeline at once."""
        with self._changed:
            now = self._heard_at = monotonic()
            news = self._reach.failed(error, at=self._now(), now=now, needs_text=needs_text, by_probe=by_probe)
        if news:
            event(_LOG, "sender_down", level="warning", link=self._name, reason=Words(error))
        self._flush("not connected")

    def _flush(self, error: str) -> None:
        with self._changed:
            waiting, self._queue = list(self._queue), deque()
            self._changed.notify_all()
        if waiting:
            self._intake.report([self._refuse(one, Refusal.NOT_SENT, error) for one in waiting])

    def _watch_on(self) -> None:
        """End waits whose time is over, and connect while the provider cannot be reached."""
        probe = ProviderConnection(self._terms.connection)
        while not self._stopping.wait(WATCH_SECONDS if self._reach.since is not None else 0.0):
            for connection in self._in_use:
                connection.cut_if_late()
            if self._tokens is not None:
                self._tokens.connection.cut_if_late()
            if not self._reach.up and not self._reach.needs_text and self._reach.is_due(monotonic()):
                self._try_to_connect(probe)

    def _probe_on(self, probe: IdleProbe) -> None:
        """Ask the provider by a call that costs nothing when no answer has shown for a while how it is."""
        while not self._stopping.wait(min(TOKEN_SECONDS, self._terms.probe_seconds)):
            token = "" if self._tokens is None else self._tokens.current()
            if token is None or not self._wants_probe(monotonic()):
                continue
            found = probe.ask(token)
            if found.error is None:
                self._worked(by_use=True)
            elif found.is_down:
                self._fail(found.error, needs_text=found.was_connected, by_probe=found.was_connected)
            self._heard_at = monotonic()

    def _wants_probe(self, now: float) -> bool:
        if self._reach.up:
            return now - self._heard_at >= self._terms.probe_seconds
        return self._reach.by_probe and self._reach.is_due(now)

    def _keep_tokens(self, tokens: TokenKeeper) -> None:
        """Renew the access token in time, and wake the pipeline when there is one again."""
        while True:
            lacked = tokens.current() is None
            tokens.look()
            if lacked and tokens.current() is not None:
                self._intake.nudge()
            if self._stopping.wait(TOKEN_SECONDS):
                return

    def _try_to_connect(self, probe: ProviderConnection) -> None:
        error = probe.connect()
        probe.close()
        if error is None:
            self._worked(by_text=False)
        else:
            self._fail(error)

    def _refuse(self, submission: Submission, refusal: Refusal, error: str) -> SendReport:
        return report_of(submission, [self._refused(refusal, error, submitted=False)], self._now())

    def _refused(self, refusal: Refusal, error: str, *, submitted: bool) -> SegmentRefused:
        at = self._now() if submitted else None
        return SegmentRefused(number=1, refusal=refusal, error=error[:64], submitted_at=at)
