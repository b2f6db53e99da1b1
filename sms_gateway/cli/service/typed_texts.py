"""Texts that are typed to a simulated network, and the answers that come back, as lines."""

from __future__ import annotations

import errno
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

import click

from sms_gateway.cli.command_context import Stop
from sms_gateway.demo.simulator import Bubble, CitizenNetwork, Conversation, Direction
from sms_gateway.process.startup import stop_signals

LOOK_SECONDS = 0.3
"""How often the end of the command is looked for."""


@contextmanager
def listening(host: str, port: int) -> Iterator[None]:
    """Turn a port that cannot be used into Stop."""
    try:
        yield
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, "unknown")
        raise Stop(f"cannot listen on {host} port {port} ({code}); fix: name another --port") from error


@contextmanager
def stop_asked() -> Iterator[threading.Event]:
    """Return what is set by Ctrl-C or SIGTERM; at the end both do what they did before."""
    asked = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        asked.set()

    with ExitStack() as at_end:
        for number in stop_signals():
            at_end.callback(signal.signal, number, signal.signal(number, ask))
        yield asked


def carry_typed_texts(
    network: CitizenNetwork,
    subscriber: str,
    short_code: str,
    asked: threading.Event,
    look: Callable[[], None] | None = None,
) -> None:
    """Send each line of the input as a text and print the answers, until `asked` is set; call `look` now and then."""
    threading.Thread(target=_send_lines, args=(network, subscriber, short_code), daemon=True).start()
    _show_answers(network, subscriber, asked, look)


def _send_lines(network: CitizenNetwork, subscriber: str, short_code: str) -> None:
    # Unbuffered: a thread that waits inside the buffer would hold its lock and make the interpreter's end abort.
    stdin = getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)
    for line in stdin:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text:
            network.send_text(subscriber, short_code, text)


def _show_answers(
    network: CitizenNetwork, subscriber: str, asked: threading.Event, look: Callable[[], None] | None
) -> None:
    """Print each answer once it is there, and once more when its receipt is."""
    shown: dict[int, Bubble] = {}

    def has_news(conversation: Conversation) -> bool:
        return any(bubble.direction is Direction.MT and shown.get(bubble.id) != bubble for bubble in conversation)

    while not asked.is_set():
        if look is not None:
            look()
        try:
            conversation = network.wait_for(subscriber, has_news, LOOK_SECONDS)
        except TimeoutError:
            continue
        for bubble in conversation:
            if bubble.direction is Direction.MT and shown.get(bubble.id) != bubble:
                click.echo(_line(bubble, is_new=bubble.id not in shown))
                shown[bubble.id] = bubble


def _line(bubble: Bubble, *, is_new: bool) -> str:
    receipt = bubble.receipt.value if bubble.receipt else "no receipt yet"
    if not is_new:
        return f"  {bubble.short_code} #{bubble.id}: {receipt}"
    size = f"{bubble.segments} segment{'s' if bubble.segments > 1 else ''} {bubble.encoding.name}"
    return f"{bubble.short_code} #{bubble.id} [{size}, {receipt}]: {bubble.text}"
