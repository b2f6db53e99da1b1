"""What the event `dossier.asked` costs DVC: processor time of whole rounds, with a receiver beside without.

Run `.venv/bin/python -m bench.event_cost [--rounds 400] [--sizes 1,5,20,100] [--directory /tmp]`. A round takes texts
in, answers them, claims the answers and settles those of the round before, in one commit. Rounds with and without a
receiver come in turns on one database. Nothing is sent to the receiver in a round: that is another thread's work, often
another process's. What it takes to make an event of a round's row, and to send an event, is told at the end.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count, cycle, islice
from multiprocessing import Process
from pathlib import Path
from statistics import quantiles

import click

from bench.guarded import LEASE, Rig, opened_rig
from db.processes.webhook_deliveries import count_deliveries, give_receivers
from db.processes.webhook_dossiers import spread_asked
from db.schema import WebhookType
from handlers import HANDLERS
from handlers.context import ServiceFacts
from sms_gateway.channels.webhooks.sender import WebhookSender, WebhookTerms
from sms_gateway.pipeline.dispatch.handling import DispatchContext, read_text
from sms_gateway.pipeline.intake.batch import Reception
from sms_gateway.pipeline.ports import Arrival, InboundPart, InboundText, SegmentTaken, SendReport, Submission, Verdict
from sms_gateway.pipeline.rounds import Round
from sms_gateway.pipeline.single_commit import SingleCommit
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel
from sms_gateway.pipeline.work import Work

WANTED = {WebhookType.DOSSIER_ASKED: ("lgsp",)}
_FIRST_SENDER = 84_905_000_000
_DOSSIERS = 2_000
_WARM_UP, _SENT = 20, 300


class Acknowledged:
    """Where texts come from: it only counts what was stored."""

    def __init__(self) -> None:
        self.stored = 0

    def acknowledge(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        """Count the texts that were stored."""
        self.stored += sum(verdict is Verdict.STORED for _, verdict in verdicts)


class Taking:
    """A carrier with room for everything, which takes each answer at once."""

    name = "main"

    def __init__(self) -> None:
        self.submitted: list[Submission] = []

    def room(self) -> int:
        """Return more than a round can send."""
        return 10_000

    def submit(self, submissions: Sequence[Submission]) -> None:
        """Keep them for the reports of the next round."""
        self.submitted.extend(submissions)


class Rounds:
    """Rounds of the pipeline without its threads, from numbers that never wrote before."""

    def __init__(self, rig: Rig, codes: Sequence[str]) -> None:
        self._rig = rig
        self._desk = DispatchContext(
            service=ServiceFacts(),
            traits=TraitsByChannel(others=ChannelTraits(validity=timedelta(minutes=15))),
            max_attempts=5,
            new_id=rig.ids.new,
            metrics=rig.metrics,
            short_codes=frozenset({"8188"}),
        )
        self._round = Round(
            rig.database, self._desk, lease=LEASE, now=lambda: rig.now, metrics=rig.metrics, providers={}
        )
        self._reception = Reception(
            database=rig.database,
            new_id=rig.ids.new,
            lease=LEASE,
            now=lambda: rig.now,
            read_parts=_no_parts,
            metrics=rig.metrics,
        )
        self._carrier, self.source = Taking(), Acknowledged()
        self._round.attach(self._carrier)
        self._senders, self._message_ids = count(_FIRST_SENDER), count(1)
        self._bodies = cycle([f"DVC {code}" for code in codes])

    def run(self, size: int, *, events: bool) -> float:
        """Carry one round; return its processor time, in microseconds a text."""
        rig = self._rig
        rig.pass_(seconds=1)
        give_receivers(rig.database, WANTED if events else {})
        work = Work(texts=list(islice(self._arrivals(), size)), reports=self._reports())
        fresh = SingleCommit(
            self._reception, work.texts, lambda text: read_text(text, self._desk.short_codes), HANDLERS
        )
        started = time.process_time()
        self._round.carry(work, looking=False, polling=False, fresh=fresh)
        return (time.process_time() - started) * 1e6 / size

    def _arrivals(self) -> Iterator[tuple[Arrival, InboundText | InboundPart]]:
        for number, (sender, body) in enumerate(zip(self._senders, self._bodies, strict=False)):
            content = self._rig.arrived(str(sender), body)
            yield Arrival(source=self.source, ticket=number, content=content), content

    def _reports(self) -> list[SendReport]:
        submitted, self._carrier.submitted = self._carrier.submitted, []
        return [
            SendReport(
                outbound_id=one.outbound_id,
                data_coding=0,
                total=1,
                segments=(SegmentTaken(number=1, message_id=f"{next(self._message_ids):x}"),),
                at=self._rig.now,
            )
            for one in submitted
        ]


def _no_parts(link: str, total: int, pieces: object) -> str:
    del link, total, pieces
    raise AssertionError("no text here has parts")


class _Takes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _sending(rig: Rig, count: int) -> float:
    """Send events to a receiver in another process; return the microseconds of processor that one takes here."""
    server = HTTPServer(("127.0.0.1", 0), _Takes)
    receiver = Process(target=server.serve_forever, daemon=True)
    receiver.start()
    terms = WebhookTerms(
        name="lgsp",
        url=f"http://127.0.0.1:{server.server_port}/hooks",
        secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        answer_seconds=20,
    )
    sender = WebhookSender(terms, rig.database, rig.metrics, now=lambda: rig.now)
    sent, started = 0, time.process_time()
    while sent < count:
        sent += sender.send_due()
    taken = time.process_time() - started
    sender.stop()
    receiver.kill()
    server.server_close()
    return taken * 1e6 / sent


@click.command()
@click.option("--rounds", type=click.IntRange(10), default=400, show_default=True, help="Of each size and kind.")
@click.option("--sizes", default="1,5,20,100", show_default=True, help="Texts of a round.")
@click.option("--directory", type=click.Path(path_type=Path), default=Path(tempfile.gettempdir()), show_default=True)
def main(rounds: int, sizes: str, directory: Path) -> None:
    """Print microseconds of processor a text, without and with events: a quarter of the rounds took less."""
    click.echo("texts a round   without      with      more")
    for size in map(int, sizes.split(",")):
        with tempfile.TemporaryDirectory(dir=directory) as place, opened_rig(Path(place)) as rig:
            codes = [f"000.00.12.H17-230815-{number:04d}" for number in range(_DOSSIERS)]
            rig.dossiers(codes)
            run = Rounds(rig, codes)
            taken: dict[bool, list[float]] = {False: [], True: []}
            gc.collect()
            gc.freeze()
            gc.disable()
            for number in range(rounds + _WARM_UP):
                for events in (False, True) if number % 2 else (True, False):
                    one = run.run(size, events=events)
                    if number >= _WARM_UP:
                        taken[events].append(one)
            gc.enable()
            plain, told = (quantiles(taken[kind], n=4)[0] for kind in (False, True))
            making = time.process_time()
            with rig.database.write() as connection:
                while spread_asked(connection):
                    pass
                making = time.process_time() - making
                written = count_deliveries(connection)["lgsp"].waiting
            sending = _sending(rig, min(_SENT, written))
        asked = (rounds + _WARM_UP) * size
        click.echo(f"{size:13}{plain:10.1f}{told:10.1f}{told / plain - 1:10.1%}")
        told_of = f"{'':13}making an event {making * 1e6 / written:.1f}, sending one {sending:.0f}"
        click.echo(told_of)
        if written != asked:
            raise click.ClickException(f"{written} events for {asked} answered texts")


if __name__ == "__main__":
    main()
