"""What sealing and the guards cost: `python -m bench.sealing` prints a text's processor time with and without.

A batch of texts is stored and dispatched as the pipeline does it, on a real SQLite file. CPU time is counted, since the
machine may do other work meanwhile; waiting for the disk is the same in all cases. Without sealing the same columns
hold the clear octets behind the key's number; without guards every text has leave.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from unittest.mock import patch

import click

from bench.guarded import opened_rig
from db.messages.inbox import WaitingText
from db.store.sealing import Keyring, new_key
from sms_gateway.pipeline.dispatch import guard
from sms_gateway.pipeline.dispatch.guessing import Leave

BATCH = 100


class ClearKeyring(Keyring):
    """Keys that seal nothing and mark by the value itself: for this measurement only."""

    def seal(self, clear: bytes, place: bytes) -> bytes:
        """Return the octets behind the key's number."""
        del place
        return b"\0\1" + clear

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Return the octets."""
        del place
        return sealed[2:]

    def mark(self, subject: bytes, value: bytes) -> bytes:
        """Return the interpreter's own hash, which costs next to nothing, in sixteen octets."""
        return (hash((subject, value)) & (1 << 63) - 1).to_bytes(16, "little")


def _no_guard(
    _connection: object, texts: list[tuple[WaitingText, object]], *_: object, **__: object
) -> Mapping[int, Leave]:
    return {text.id: Leave() for text, _ in texts}


def microseconds_a_text(keyring: Keyring, guarded: Callable[[], AbstractContextManager[object]], batches: int) -> float:
    """Return the median over batches of 100 texts from 100 numbers, half DVC and half HD."""
    with tempfile.TemporaryDirectory() as directory, opened_rig(Path(directory), keyring) as rig, guarded():
        rig.dossiers(f"000.00.12.H17-230815-{number:04d}" for number in range(1000))
        times = []
        for batch in range(batches):
            rig.pass_(seconds=1)
            texts = [
                (
                    f"849{batch % 100:02d}{place:06d}",
                    f"DVC 000.00.12.H17-230815-{(batch * 7 + place) % 1000:04d}" if place % 2 else "HD",
                )
                for place in range(BATCH)
            ]
            started = time.process_time()
            rig.texts(texts)
            times.append((time.process_time() - started) / BATCH * 1e6)
        return statistics.median(times)


@click.command()
@click.option("--batches", default=100, show_default=True)
@click.option("--rounds", default=3, show_default=True, help="The least of so many counts: other work only adds.")
def main(batches: int, rounds: int) -> None:
    """Measure in turn, so that what else the machine does falls on all alike."""
    sealing = Keyring(keys={1: new_key()}, mark_key=new_key())
    clear = ClearKeyring(keys={1: new_key()}, mark_key=new_key())
    no_guard = lambda: patch.object(guard, "judge", _no_guard)  # noqa: E731 - made anew each time
    figures: dict[str, list[float]] = {"all": [], "without sealing": [], "without guards": []}
    for _ in range(rounds):
        figures["all"].append(microseconds_a_text(sealing, nullcontext, batches))
        figures["without sealing"].append(microseconds_a_text(clear, nullcontext, batches))
        figures["without guards"].append(microseconds_a_text(sealing, no_guard, batches))
    whole = min(figures["all"])
    for name, times in figures.items():
        click.echo(f"{name:<16} {min(times):7.1f} us of CPU a text   ratio {whole / min(times):.3f}")


if __name__ == "__main__":
    main()
