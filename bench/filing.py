"""Time the dispatch of HOI beside that of DVC: processor time of one process, without links, acknowledgements and disk.

Run `.venv/bin/python -m bench.filing [--batches 60] [--size 64] [--profile]`. Batches of both come in turns, and the
lower fifth of each counts, so that a busy machine disturbs little.
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from secrets import randbelow
from statistics import quantiles

import click

from bench.city import add_city, question_texts
from bench.guarded import LEASE, Rig, opened_rig
from db.messages import outbox_insert
from handlers.commands.conversation import ALL_HANDLERS
from handlers.context import ServiceFacts
from handlers.conversation.units_now import read_units
from handlers.wording.catalogues import CATALOGUES
from parsers.fields.codes.ticket_numbers import new_number
from parsers.vocabulary import CONVERSATION_VOCABULARY
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.dispatch.handling import DispatchContext, dispatch, read_text
from sms_gateway.pipeline.intake.storage import store_texts
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel

_FIRST_SENDER = 84_905_000_000
_AREA = "000.00.12.H17-230815"
_DOSSIERS = 2_000


def context_of(rig: Rig) -> DispatchContext:
    """Return the dispatch context of a service with the conversation, in the city of `bench.city`."""
    taught = CONVERSATION_VOCABULARY.taught
    keywords = {one.service: taught[one.name] for one in CONVERSATION_VOCABULARY.grammars if one.default_keywords}
    services = {name: ServiceFacts(wording=wording, keywords=keywords) for name, wording in CATALOGUES.items()}
    traits = TraitsByChannel(others=ChannelTraits(validity=timedelta(minutes=15)))
    with rig.database.read() as connection:
        units = read_units(connection, zone=LOCAL_ZONE, today=rig.now.astimezone(LOCAL_ZONE).date())
    parts = ConversationParts(
        units=lambda: units,
        services=services,
        language="vi",
        traits=traits,
        draw=lambda: new_number(randbelow),
        senders=("main",),
    )
    return DispatchContext(
        service=services["vi"],
        traits=traits,
        max_attempts=5,
        new_id=rig.ids.new,
        short_codes=frozenset({"8188"}),
        handlers=ALL_HANDLERS,
        vocabulary=CONVERSATION_VOCABULARY,
        conversation=parts,
    )


class Batches:
    """Batches of texts from numbers that never wrote before, each with its processor time, in microseconds a text."""

    def __init__(self, rig: Rig, desk: DispatchContext, size: int) -> None:
        self._rig, self._desk, self._size = rig, desk, size
        self._senders = iter(range(_FIRST_SENDER, _FIRST_SENDER + 10_000_000))
        self.answers: list[str] = []

    def run(self, bodies: Sequence[str], profile: cProfile.Profile | None = None) -> dict[str, float]:
        """Store texts, read them and dispatch them."""
        rig, desk = self._rig, self._desk
        rig.pass_(seconds=1)
        texts = [(str(next(self._senders)), body) for body in bodies]
        with rig.database.write() as connection:
            stored = store_texts(
                connection, [rig.arrived(*text) for text in texts], new_id=rig.ids.new, lease_until=rig.now + LEASE
            )
        waiting = [one.waiting for one in stored if one.waiting is not None]
        gc.collect()
        gc.disable()
        started = time.process_time()
        if profile is not None:
            profile.enable()
        with rig.database.write() as connection:
            read = [read_text(one, {"8188"}, vocabulary=desk.vocabulary) for one in waiting]
            read_at = time.process_time()
            answers = dispatch(connection, read, desk, now=rig.now)
            done_at = time.process_time()
            outbox_insert.add(connection, answers)
            added_at = time.process_time()
        if profile is not None:
            profile.disable()
        gc.enable()
        self.answers = [one.body for one in answers]
        spans = {"read": read_at - started, "dispatch": done_at - read_at, "insert": added_at - done_at}
        return {name: span * 1e6 / self._size for name, span in spans.items()}


@click.command()
@click.option("--batches", type=click.IntRange(2), default=60, show_default=True)
@click.option("--size", type=click.IntRange(1), default=64, show_default=True, help="Texts of a batch.")
@click.option("--profile", "is_profiled", is_flag=True, help="Show which functions take the time of HOI.")
def main(batches: int, size: int, *, is_profiled: bool) -> None:
    """Print microseconds a text."""
    with tempfile.TemporaryDirectory() as directory, opened_rig(Path(directory)) as rig:
        add_city(rig.database)
        codes = [f"{_AREA}-{number:04d}" for number in range(_DOSSIERS)]
        rig.dossiers(codes)
        run = Batches(rig, context_of(rig), size)
        bodies = {
            "DVC": cycle([f"DVC {code}" for code in codes]),
            "HOI": cycle(question_texts(_DOSSIERS, seed=1)),
        }
        taken: dict[str, list[dict[str, float]]] = {name: [] for name in bodies}
        profile = cProfile.Profile() if is_profiled else None
        for _ in range(batches):
            for name, texts in bodies.items():
                taken[name].append(run.run(list(islice(texts, size)), profile if name == "HOI" else None))
    for name, found in taken.items():
        spans = {part: quantiles([one[part] for one in found], n=5)[0] for part in found[0]}
        told = ", ".join(f"{part} {span:.0f}" for part, span in spans.items())
        click.echo(f"{name}: {sum(spans.values()):.0f} us of processor a text: {told}")
    if profile is not None:
        pstats.Stats(profile, stream=sys.stdout).sort_stats("tottime").print_stats(60)


if __name__ == "__main__":
    main()
