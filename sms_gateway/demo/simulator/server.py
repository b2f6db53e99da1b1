"""The simulated carrier on a socket: one thread, started and stopped, and asked from any other."""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable

from sms_gateway.channels.smpp.coding.text import count_segments
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.clock import Now, monotonic, utc_now
from sms_gateway.demo.simulator.conversation import Bubble, Conversation, Direction
from sms_gateway.demo.simulator.esme import Esme
from sms_gateway.demo.simulator.faults import Faults
from sms_gateway.demo.simulator.smsc import Credentials, Smsc, Tally

IDLE_SECONDS = 0.5
READ_SIZE = 256 * 1024


class Connection:
    """A socket and what is said over it."""

    __slots__ = ("deaf", "esme", "frozen", "socket", "unwritten")

    def __init__(self, accepted: socket.socket, esme: Esme) -> None:
        self.socket = accepted
        self.esme = esme
        self.unwritten = b""
        self.frozen = False
        self.deaf = False


class Simulator:
    """An SMSC to test and show the gateway against.

    It takes binds, carries texts from made-up subscribers, answers submit_sm, sends receipts, and sends again what was
    refused with ESME_RX_T_APPN or left unanswered when a connection fell. It listens from the moment it is made (port 0
    takes a free one); `start` sets it going. Every method may be called from any thread.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        system_id: str | None = None,
        password: str | None = None,
        faults: Faults | None = None,
        tls: ssl.SSLContext | None = None,
        now: Now = utc_now,
        seed: int = 0,
    ) -> None:
        self._smsc = Smsc(Credentials(system_id=system_id, password=password), faults or Faults(), now, seed)
        self._now = now
        self._tls = tls
        self._listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self._listener.settimeout(0)
        self._near, self._far = socket.socketpair()
        self._near.settimeout(0)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._near, selectors.EVENT_READ)
        self._connections: dict[socket.socket, Connection] = {}
        self._orders: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()  # of the binds
        self._bound = 0
        self._binds = 0
        self._stopping = False
        self._reference = 0
        self._thread = threading.Thread(target=self._run, name="smsc-simulator", daemon=True)
        self.port: int = self._listener.getsockname()[1]

    def start(self) -> None:
        """Begin to take connections."""
        self._thread.start()

    def stop(self, timeout: float = 1.0) -> None:
        """Drop all connections and end the thread."""
        self._stopping = True
        if self._thread.ident is not None:
            self._wake()
            self._thread.join(timeout)
        else:
            self._close()

    @property
    def faults(self) -> Faults:
        """What goes wrong now; set it to change that."""
        return self._smsc.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._smsc.faults = faults

    @property
    def bound(self) -> int:
        """How many binds there are."""
        return self._bound

    @property
    def enquiries(self) -> int:
        """How many enquire_link came in on the connections that stand."""
        return sum(esme.enquiries for esme in list(self._smsc.esmes))

    @property
    def nacks(self) -> list[int]:
        """Statuses of the generic_nack that came in on the connections that stand."""
        return [status for esme in list(self._smsc.esmes) for status in esme.refused]

    @property
    def binds(self) -> int:
        """How often a gateway has bound since the start, less the binds that were lost between two looks."""
        return self._binds

    @property
    def tally(self) -> Tally:
        """What was counted since the start; it goes on changing."""
        return self._smsc.tally

    def wait_bound(self, count: int = 1, timeout: float = 10.0) -> None:
        """Wait until there are exactly so many binds; raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._bound == count, timeout):
                raise TimeoutError(f"{self._bound} binds, not {count}, after {timeout} s")

    def send_text(self, sender: str, recipient: str, text: str) -> int:
        """Send a text as a subscriber, in the alphabet it needs, in parts when long; return its bubble's id."""
        encoding, segments = count_segments(text)
        bubble = Bubble(
            id=self._smsc.next_id(),
            direction=Direction.MO,
            subscriber=sender,
            short_code=recipient,
            text=text,
            encoding=encoding,
            segments=segments,
            message_ids=(),
            receipt=None,
            at=self._now(),
            settled_at=None,
        )
        self._smsc.conversations.add(bubble)
        self._reference = (self._reference + 1) % 256
        reference = self._reference
        self._order(lambda: self._smsc.send_text(bubble, reference))
        return bubble.id

    def send_message(self, message: ShortMessage) -> None:
        """Send any deliver_sm, however odd; it is shown on no handset."""
        self._order(lambda: self._smsc.send_message(message))

    def send_octets(self, octets: bytes) -> None:
        """Send anything to every bound gateway."""

        def send() -> None:
            for esme in self._smsc.esmes:
                if esme.bound is not None:
                    esme.send_octets(octets)

        self._order(send)

    def conversation(self, subscriber: str) -> Conversation:
        """Return what a subscriber sees, oldest first."""
        return self._smsc.conversations.get(subscriber)

    def wait_for(self, subscriber: str, holds: Callable[[Conversation], bool], timeout: float = 10.0) -> Conversation:
        """Wait until something holds of a conversation and return it; raises TimeoutError."""
        return self._smsc.conversations.wait_for(subscriber, holds, timeout)

    def ask_all(self, command: int) -> None:
        """Send enquire_link, unbind, outbind or alert_notification to every gateway."""

        def ask() -> None:
            for esme in self._smsc.esmes:
                esme.ask(command)

        self._order(ask)

    def unbind_all(self) -> None:
        """Ask every gateway to part."""
        self.ask_all(codes.UNBIND)

    def drop_connections(self) -> None:
        """Break every connection, as a fallen network does."""
        self._order(self._drop_all)

    def freeze(self) -> None:
        """Read and write nothing any more on the connections that stand: a half-open link."""
        self._order(self._freeze)

    def deafen(self) -> None:
        """Read nothing any more on the connections that stand, and go on writing: nothing of ours is heard."""
        self._order(self._deafen)

    def _order(self, order: Callable[[], None]) -> None:
        self._orders.append(order)
        self._wake()

    def _wake(self) -> None:
        try:
            self._far.send(b"\x00")
        except OSError:  # stopped already
            return

    def _run(self) -> None:
        while not self._stopping:
            due = self._smsc.next_due()
            wait = IDLE_SECONDS if due is None else min(IDLE_SECONDS, max(0.0, due - monotonic()))
            for key, events in self._selector.select(wait):
                if key.fileobj is self._listener:
                    self._accept()
                elif key.fileobj is self._near:
                    self._near.recv(4096)
                elif events & selectors.EVENT_READ:
                    self._read(self._connections[key.fileobj])  # type: ignore[index]  # only sockets are registered
            while self._orders:
                self._orders.popleft()()
            self._smsc.tick(monotonic())
            for connection in list(self._connections.values()):
                if not connection.frozen:
                    self._write(connection)
            self._count_binds()
        self._close()

    def _accept(self) -> None:
        try:
            accepted, _ = self._listener.accept()
        except OSError:  # gone before we looked
            return
        accepted.settimeout(0)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is not None:  # the handshake goes on by itself with the first reads
            accepted = self._tls.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False)
        self._connections[accepted] = Connection(accepted, self._smsc.connect())
        self._selector.register(accepted, selectors.EVENT_READ)

    def _read(self, connection: Connection) -> None:
        try:
            octets = connection.socket.recv(READ_SIZE)
            while isinstance(connection.socket, ssl.SSLSocket) and connection.socket.pending():
                octets += connection.socket.recv(READ_SIZE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError:
            octets = b""
        if octets:
            self._smsc.receive(connection.esme, octets, monotonic())
        else:
            self._drop(connection)

    def _write(self, connection: Connection) -> None:
        data = connection.unwritten + connection.esme.take_octets()
        had_rest = bool(connection.unwritten)
        try:
            most = self._smsc.faults.fragment_octets or len(data)
            sent = connection.socket.send(data[:most]) if data else 0
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            sent = 0
        except OSError:
            self._drop(connection)
            return
        connection.unwritten = data[sent:]
        if had_rest != bool(connection.unwritten) and not connection.deaf:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.unwritten else 0)
            self._selector.modify(connection.socket, events)
        if connection.esme.over and not connection.unwritten:
            self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        if self._connections.pop(connection.socket, None) is not None:
            if not (connection.frozen or connection.deaf):
                self._selector.unregister(connection.socket)
            connection.socket.close()
            self._smsc.disconnect(connection.esme)

    def _drop_all(self) -> None:
        for connection in list(self._connections.values()):
            self._drop(connection)

    def _freeze(self) -> None:
        for connection in self._connections.values():
            if not connection.frozen:
                connection.frozen = True
                if not connection.deaf:
                    self._selector.unregister(connection.socket)
                self._smsc.disconnect(connection.esme)

    def _deafen(self) -> None:
        for connection in self._connections.values():
            if not (connection.deaf or connection.frozen):
                connection.deaf = True
                self._selector.unregister(connection.socket)

    def _count_binds(self) -> None:
        bound = sum(esme.bound is not None for esme in self._smsc.esmes)
        if bound != self._bound:
            with self._changed:
                self._binds += max(0, bound - self._bound)
                self._bound = bound
                self._changed.notify_all()

    def _close(self) -> None:
        self._drop_all()
        self._selector.close()
        for each in (self._listener, self._near, self._far):
            each.close()
