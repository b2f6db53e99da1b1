"""A link to one carrier: the pipeline gives it answers, and its binds give the pipeline arrivals and reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from db.processes.channel_states import ChannelState
from sms_gateway.channels.smpp.bind import Bind
from sms_gateway.channels.smpp.bind_plan import BindPlan, BindState
from sms_gateway.channels.smpp.outgoing import LateResponses, Outgoing
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import BindRequest
from sms_gateway.channels.smpp.send_rate import SendRate
from sms_gateway.channels.smpp.session.terms import SessionTerms
from sms_gateway.channels.smpp.session.tls import tls_terms
from sms_gateway.channels.smpp.session_numbers import SessionNumbers
from sms_gateway.clock import Now, monotonic
from sms_gateway.log import Words, event, logger_of
from sms_gateway.pipeline.intake.recipients import ShortCodes
from sms_gateway.pipeline.ports import Intake, Submission
from sms_gateway.settings.link_model import BindMode, LinkSettings

_TRANSCEIVER = (codes.BIND_TRANSCEIVER,)
_PAIR = (codes.BIND_RECEIVER, codes.BIND_TRANSMITTER)
_LOG = logger_of(__name__)


class Link:
    """An SMPP link, by one bind or several, or pairs of them: a `Channel`; each bind is a `Source`.

    Every method may be called from any thread. `session_number` gives a greater number at each call, over restarts
    too; it is called in the I/O thread at each bind. `short_codes` are those of the service, the first its main one.
    """

    def __init__(
        self,
        name: str,
        settings: LinkSettings,
        intake: Intake,
        *,
        now: Now,
        session_number: Callable[[], int],
        short_codes: Sequence[str] = (),
    ) -> None:
        self._name = name
        self._settings = settings
        self._intake = intake
        self._now = now
        self._sessions = SessionNumbers(session_number, name)
        self._pace = SendRate(settings.rate)
        self._late = LateResponses()
        self._short_codes = codes_of_link(settings, short_codes)
        kinds = _PAIR if settings.mode is BindMode.PAIR else _TRANSCEIVER
        self._draining = False
        self._binds = tuple(self._make_bind(kind) for _ in range(settings.binds) for kind in kinds)
        self._senders = tuple((bind, bind.outgoing) for bind in self._binds if bind.outgoing is not None)
        unknown = [each for each in _overridden(settings) if codes.read_status(each) is None]
        if unknown:
            event(_LOG, "unknown_status", level="warning", link=name, statuses=Words(" ".join(unknown)))

    @property
    def name(self) -> str:
        """The link's name, as in the settings."""
        return self._name

    def start(self) -> None:
        """Start the I/O threads; they bind as soon as the SMSC accepts them."""
        for bind in self._binds:
            bind.start()

    def drain(self) -> None:
        """Take no new texts: from now on each is answered with ESME_RX_T_APPN, and the carrier keeps it."""
        self._draining = True
        for bind in self._binds:
            bind.drain()

    def part(self, timeout: float) -> None:
        """Begin to unbind within so many seconds; `stop` waits for it."""
        for bind in self._binds:
            bind.stop(timeout * 0.9)

    def stop(self, timeout: float) -> bool:
        """Unbind cleanly and end the threads within so many seconds; return whether they have ended."""
        deadline = monotonic() + timeout
        self.part(timeout)
        for bind in self._binds:
            bind.end(max(0.0, deadline - monotonic()))
        return not any(bind.is_alive() for bind in self._binds)

    def alive(self) -> bool:
        """Return whether every I/O thread runs; one that does not after `start` has died of a fault of ours."""
        return all(bind.is_alive() for bind in self._binds)

    def room(self) -> int:
        """How many more segments it would take now; 0 while it is not bound or pauses after ESME_RTHROTTLED."""
        if self._pace.paused(monotonic()):
            return 0
        room = sum(outgoing.room() for bind, outgoing in self._senders if bind.bound)
        if not room or not self._settings.rate:
            return room
        waiting = sum(outgoing.outstanding for _, outgoing in self._senders)
        return min(room, max(0, max(1, int(self._settings.rate)) - waiting))

    def submit(self, submissions: Sequence[Submission]) -> None:
        """Send these; a SendReport follows for each. They are cut and encoded here, in the caller's thread.

        Each is sent whole by the bind with most room; without any bind the first reports that it was not sent.
        """
        at = self._now()
        ready = [pair for pair in self._senders if pair[0].bound] or [self._senders[0]]
        if len(ready) == 1:
            bind, outgoing = ready[0]
            bind.send([outgoing.prepare(each, at) for each in submissions])
            return
        for submission in submissions:
            bind, outgoing = max(ready, key=lambda pair: pair[1].room())
            bind.send([outgoing.prepare(submission, at)])

    def state(self) -> ChannelState:
        """Return a snapshot; the link is up while one bind of each kind is."""
        binds = self.binds()
        trips = [bind.round_trip for bind in binds if bind.round_trip is not None]
        return ChannelState(
            name=self._name,
            up=all(any(bind.bound for bind in self._binds if bind.kind == kind) for kind in self._kinds()),
            since=max(bind.since for bind in binds),
            binds=sum(bind.bound for bind in binds),
            wanted=len(binds),
            in_flight=sum(bind.in_flight for bind in binds),
            window=self._settings.window * len(self._senders),
            round_trip_ms=max(trips) * 1000 if trips else None,
            last_error=next((bind.last_error for bind in binds if bind.last_error), None),
            draining=self._draining,
        )

    def binds(self) -> Sequence[BindState]:
        """Return a snapshot of each bind."""
        return [bind.state() for bind in self._binds]

    def _kinds(self) -> set[str]:
        return {bind.kind for bind in self._binds}

    def _make_bind(self, command: int) -> Bind:
        settings = self._settings
        return Bind(
            BindPlan(
                link=self._name,
                host=settings.host,
                port=settings.port,
                terms=SessionTerms(
                    bind=BindRequest(
                        command=command,
                        sequence=0,
                        system_id=settings.system_id,
                        password=settings.password.get_secret_value(),
                        system_type=settings.system_type,
                        address_range=settings.address_range,
                    ),
                    window=settings.window,
                    response_seconds=settings.response_seconds,
                    enquire_seconds=settings.enquire_seconds,
                ),
                first_wait=settings.reconnect_seconds,
                alphabet=settings.alphabet,
                short_codes=self._short_codes,
                tls=tls_terms(settings),
            ),
            sessions=None if command == codes.BIND_TRANSMITTER else self._sessions,
            outgoing=None
            if command == codes.BIND_RECEIVER
            else Outgoing(settings, self._pace, link=self._name, late=self._late),
            intake=self._intake,
            now=self._now,
        )


def codes_of_link(settings: LinkSettings, short_codes: Sequence[str]) -> ShortCodes:
    """Return what reads the recipients of a link: by the service's short codes and the link's own."""
    own = () if settings.short_code is None else (settings.short_code,)
    every = (*own, *short_codes)
    return ShortCodes(known=frozenset(every), default=every[0] if every else "")


def _overridden(settings: LinkSettings) -> list[str]:
    return [*settings.temporary, *settings.permanent, *settings.throttling]
