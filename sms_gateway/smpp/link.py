"""A link to one carrier: the road hands it answers and verdicts, and it hands the road arrivals and reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sms_gateway.clock import Now, monotonic
from sms_gateway.road.ports import Intake, Submission, Verdict
from sms_gateway.settings.model import BindMode, LinkSettings
from sms_gateway.smpp import codes
from sms_gateway.smpp.bind import Bind, BindPlan
from sms_gateway.smpp.incoming import Incoming
from sms_gateway.smpp.outgoing import Outgoing
from sms_gateway.smpp.pdu import BindRequest
from sms_gateway.smpp.session import SessionTerms
from sms_gateway.smpp.state import LinkState


class Link:
    """An SMPP link, by one bind or a pair: a `Carrier` and a `Door` of the road.

    Every method may be called from any thread. `session_number` gives a greater number at each call, over restarts
    too; it is called in the I/O thread at each bind.
    """

    def __init__(
        self,
        name: str,
        settings: LinkSettings,
        intake: Intake,
        *,
        now: Now,
        session_number: Callable[[], int],
    ) -> None:
        self._name = name
        self._settings = settings
        self._intake = intake
        self._now = now
        self._session_number = session_number
        self._incoming = Incoming(name, settings.alphabet, self)
        self._outgoing = Outgoing(settings)
        if settings.mode is BindMode.PAIR:
            self._receiver = self._make_bind(codes.BIND_RECEIVER, self._incoming, None)
            self._transmitter = self._make_bind(codes.BIND_TRANSMITTER, None, self._outgoing)
            self._binds: tuple[Bind, ...] = (self._receiver, self._transmitter)
        else:
            self._receiver = self._transmitter = self._make_bind(codes.BIND_TRANSCEIVER, self._incoming, self._outgoing)
            self._binds = (self._receiver,)

    @property
    def name(self) -> str:
        """The link's name, as in the settings."""
        return self._name

    def start(self) -> None:
        """Start the I/O threads; they bind as soon as the SMSC lets them."""
        for bind in self._binds:
            bind.start()

    def drain(self) -> None:
        """Take no new texts: from now on each is answered with ESME_RX_T_APPN, and the carrier keeps it."""
        self._incoming.draining = True
        self._receiver.wake()

    def stop(self, timeout: float) -> bool:
        """Unbind cleanly and end the threads within so many seconds; tell whether they have ended."""
        deadline = monotonic() + timeout
        for bind in self._binds:
            bind.stop(timeout * 0.9)
        for bind in self._binds:
            bind.end(max(0.0, deadline - monotonic()))
        return not any(bind.is_alive() for bind in self._binds)

    def alive(self) -> bool:
        """Tell whether every I/O thread runs; one that does not after `start` has died of a fault of ours."""
        return all(bind.is_alive() for bind in self._binds)

    def room(self) -> int:
        """How many more segments it would take now; 0 while it is not bound or rests after ESME_RTHROTTLED."""
        if not self._transmitter.bound or self._outgoing.paused(monotonic()):
            return 0
        return self._outgoing.room()

    def submit(self, submissions: Sequence[Submission]) -> None:
        """Send these; a SendReport follows for each. They are cut and encoded here, in the caller's thread."""
        at = self._now()
        self._transmitter.send([self._outgoing.prepare(each, at) for each in submissions])

    def acknowledge(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        """Answer the deliver_sm that these arrivals came from."""
        self._receiver.settle(verdicts)

    def state(self) -> LinkState:
        """Return a snapshot."""
        binds = tuple(bind.state() for bind in self._binds)
        return LinkState(
            name=self._name,
            bound=all(bind.bound for bind in binds),
            binds=binds,
            window=self._settings.window,
            in_flight=sum(bind.in_flight for bind in binds),
            waiting=self._outgoing.outstanding,
            unsettled=self._incoming.pending,
            useless_receipts=self._incoming.useless_receipts,
        )

    def _make_bind(self, command: int, incoming: Incoming | None, outgoing: Outgoing | None) -> Bind:
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
            ),
            incoming=incoming,
            outgoing=outgoing,
            intake=self._intake,
            now=self._now,
            session_number=self._session_number,
        )
