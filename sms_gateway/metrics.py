"""Counts and durations of the work, as Prometheus reads them. One `Metrics` a process, handed to all parts that count.

Labels are names of links, channels, states and kinds: sets that are closed, small, and free of personal data.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of what `render` returns (Prometheus text exposition format 0.0.4)."""

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Trouble(StrEnum):
    """One thing that is wrong now; the value is what `/healthz`, `/metrics` and the log say."""

    DATABASE_GONE = "database_gone"  # the SQLite file, or one of the two beside it, was deleted
    DATABASE_REPLACED = "database_replaced"  # another database is in its place
    NOTHING_TAKEN = "nothing_taken"  # the database can be read at most: locked, its disk full, or away
    STANDBY_AWAITED = "standby_awaited"  # commits wait for a standby of PostgreSQL that is away
    KEYS_UNUSABLE = "keys_unusable"  # the key file is gone, cannot be read, or holds no keys
    KEYS_REPLACED = "keys_replaced"  # the key file is that of another database, or an old copy of ours


STOPS_INTAKE = frozenset(
    {Trouble.DATABASE_GONE, Trouble.DATABASE_REPLACED, Trouble.NOTHING_TAKEN, Trouble.STANDBY_AWAITED}
)
"""With one of these no text can be stored. Without its key file a running service goes on: it has the keys."""

LOST = frozenset({Trouble.DATABASE_GONE, Trouble.DATABASE_REPLACED})
"""With one of these the database that the service holds is not the one that is in its place."""


class Metrics:
    """The numbers of one process, in a registry of its own; every method may be called from any thread."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._texts = Counter("sms_texts", "citizens' texts stored", ["link"], registry=registry)
        self._submissions = Counter(
            "sms_submissions", "tries to send an answer by what came of them", ["outcome"], registry=registry
        )
        self._misreads = Counter("sms_misreads", "texts that were no clear command", ["kind"], registry=registry)
        self._commands = Counter("sms_commands", "texts that were read as a command", ["command"], registry=registry)
        self._filed = Counter(
            "sms_filed", "texts of the conversation by what came of them", ["outcome"], registry=registry
        )
        self._silenced = Counter(
            "sms_silenced", "texts that the guard let go without an answer", ["reason"], registry=registry
        )
        self._alarms = Counter("sms_alarms", "what the guard calls an operator for", ["kind"], registry=registry)
        self._refused = Counter(
            "sms_http_refused", "HTTP requests of aggregators refused", ["channel", "reason"], registry=registry
        )
        self._ignored = Counter(
            "sms_http_ignored",
            "HTTP requests of aggregators that hold no text and no delivery report",
            ["channel"],
            registry=registry,
        )
        self._watched = Counter(
            "sms_http_signature_watched",
            "HTTP requests whose signature did not fit, taken all the same: proof = watch",
            ["channel"],
            registry=registry,
        )
        self._unknown_states = Counter(
            "sms_receipt_states_unknown",
            "delivery reports by HTTP whose state is in no table",
            ["channel"],
            registry=registry,
        )
        self._webhooks = Counter(
            "sms_webhook_tries",
            "tries to deliver an event by what came of them",
            ["endpoint", "outcome"],
            registry=registry,
        )
        self._webhooks_waiting = Gauge(
            "sms_webhook_waiting_seconds",
            "age of the oldest event that waits for a receiver; 0: none",
            ["endpoint"],
            registry=registry,
        )
        self._round = Histogram("sms_round_seconds", "one round of the pipeline", buckets=_SECONDS, registry=registry)
        self._slow = Counter(
            "sms_slow_rounds", "rounds of 50 ms and more by what took the time", ["cause"], registry=registry
        )
        self._batch = Histogram(
            "sms_batch_size", "rows that one step took in one round", ["step"], buckets=_SIZES, registry=registry
        )
        self._bound = Gauge("sms_link_bound", "1 while the link is bound, else 0", ["link"], registry=registry)
        self._in_flight = Gauge(
            "sms_link_in_flight", "segments of the link without a response", ["link"], registry=registry
        )
        self._round_trip = Gauge(
            "sms_link_round_trip_seconds",
            "the link's last enquire_link, once there was one",
            ["link"],
            registry=registry,
        )
        self._told = Gauge(
            "sms_link_told_seconds",
            "since the process that holds the link last wrote how it is; many: nobody holds it",
            ["link"],
            registry=registry,
        )
        self._token = Gauge(
            "sms_token_seconds",
            "until the token of a channel is over; 0: it is, or the provider refused it",
            ["link", "kind"],
            registry=registry,
        )
        self._oldest = Gauge(
            "sms_oldest_unanswered_seconds", "age of the oldest text that has no answer; 0: none", registry=registry
        )
        self._oldest_answer = Gauge(
            "sms_oldest_answer_seconds", "age of the oldest answer that waits to be sent; 0: none", registry=registry
        )
        self._waiting = Gauge(
            "sms_waiting",
            "rows that are not finished: texts, answers, and texts set aside",
            ["what"],
            registry=registry,
        )
        self._tickets = Gauge(
            "sms_tickets",
            "tickets that a person must look at: overdue, or urgent and untaken",
            ["what"],
            registry=registry,
        )
        self._service_off = Gauge(
            "sms_service_off",
            "1 while an operator has switched the service off; none of those that are on",
            ["service"],
            registry=registry,
        )
        self._receipts = Counter(
            "sms_receipts", "delivery receipts by the state that they report", ["state"], registry=registry
        )
        self._trouble = Gauge(
            "sms_trouble", "1 while the database or the key file is not as it must be", ["what"], registry=registry
        )
        self._open_alarms = Gauge(
            "sms_gateway_alarms", "alarms that are open, by what is wrong", ["alarm"], registry=registry
        )
        # What every round counts: looking a label up costs more than the counting.
        self._texts_of = cache(self._texts.labels)
        self._tries_of = cache(self._submissions.labels)
        self._rows_of = cache(self._batch.labels)
        self._receipts_of = cache(self._receipts.labels)

    def begin_at_zero(
        self,
        *,
        texts: Collection[str] = (),
        outcomes: Collection[str] = (),
        misreads: Collection[str] = (),
        alarms: Collection[str] = (),
        reports: Collection[str] = (),
    ) -> None:
        """Show what rules look at as 0 from the start, by its labels: Prometheus sees no increase to a first sample."""
        for counter, labels in (
            (self._texts, texts),
            (self._submissions, outcomes),
            (self._misreads, misreads),
            (self._alarms, alarms),
            (self._unknown_states, reports),
        ):
            for label in labels:
                counter.labels(label)

    def text_stored(self, link: str, count: int = 1) -> None:
        """Count citizens' texts by the link or channel they came in on."""
        self._texts_of(link).inc(count)

    def submitted(self, outcome: str, count: int = 1) -> None:
        """Count tries of sending: `taken`, or how they were refused (sms_gateway.pipeline.ports.Refusal)."""
        self._tries_of(outcome).inc(count)

    def misread(self, kind: str, count: int = 1) -> None:
        """Count misreads by kind (parsers.misread.MisreadKind)."""
        self._misreads.labels(kind).inc(count)

    def command(self, name: str, count: int = 1) -> None:
        """Count texts by the command that they were read as."""
        self._commands.labels(name).inc(count)

    def filed(self, outcome: str, count: int = 1) -> None:
        """Count texts of the conversation by what came of them; a batch done again counts again."""
        self._filed.labels(outcome).inc(count)

    def silenced(self, reason: str, count: int = 1) -> None:
        """Count texts without an answer by reason (sms_gateway.pipeline.dispatch.rulings.Silence).

        A batch done again counts again.
        """
        self._silenced.labels(reason).inc(count)

    def alarm(self, kind: str) -> None:
        """Count an alarm: `loop_broken`, or a kind of db.messages.events.ALARMS."""
        self._alarms.labels(kind).inc()

    def endpoint_refused(self, channel: str, reason: str) -> None:
        """Count an HTTP request that was refused; give `unknown` for a channel that is none: names must stay few."""
        self._refused.labels(channel, reason).inc()

    def endpoint_ignored(self, channel: str) -> None:
        """Count an HTTP request that held nothing to store."""
        self._ignored.labels(channel).inc()

    def signature_watched(self, channel: str) -> None:
        """Count an HTTP request that would be refused if its signature were enforced."""
        self._watched.labels(channel).inc()

    def receipt_states_unknown(self, channel: str, count: int) -> None:
        """Count delivery reports whose state the channel's network does not know."""
        self._unknown_states.labels(channel).inc(count)

    def webhook_tried(self, endpoint: str, outcome: str) -> None:
        """Count a try to deliver an event: `delivered`, `failed`, `given_up` or `stopped`."""
        self._webhooks.labels(endpoint, outcome).inc()

    def webhook_waits(self, endpoint: str, seconds: float) -> None:
        """Tell the age of the oldest event that waits for a receiver, in seconds; 0 when there is none."""
        self._webhooks_waiting.labels(endpoint).set(seconds)

    def receipt(self, state: str, count: int = 1) -> None:
        """Count delivery receipts by the state that they report (db.messages.outbox.ReceiptState)."""
        self._receipts_of(state).inc(count)

    def round_took(self, seconds: float) -> None:
        """Record how long one round of the pipeline took, in seconds."""
        self._round.observe(seconds)

    def slow_round(self, cause: str) -> None:
        """Count a slow round by its cause (sms_gateway.pipeline.timing.slow_rounds.Cause)."""
        self._slow.labels(cause).inc()

    def batch(self, step: str, size: int) -> None:
        """Record how many rows a step (`intake`, `dispatch`, `delivery`, `receipts`) took in one round."""
        self._rows_of(step).observe(size)

    def link_is_bound(self, link: str, *, bound: bool) -> None:
        """Tell whether a link is bound."""
        self._bound.labels(link).set(int(bound))

    def link_carries(self, link: str, *, in_flight: int, round_trip: float | None) -> None:
        """Tell how many segments of a link have no response, and the seconds of its last enquire_link, if any."""
        self._in_flight.labels(link).set(in_flight)
        if round_trip is not None:
            self._round_trip.labels(link).set(round_trip)

    def link_told(self, link: str, seconds: float) -> None:
        """Tell how long ago the process that holds a link, this or another, wrote how it is."""
        self._told.labels(link).set(seconds)

    def token_lasts(self, link: str, *, access: float, refresh: float) -> None:
        """Tell for how many seconds the access token and the refresh token of a channel are still valid."""
        self._token.labels(link, "access").set(access)
        self._token.labels(link, "refresh").set(refresh)

    def forget_links(self) -> None:
        """Tell of no link any more, until it is told of again."""
        for gauge in (self._bound, self._in_flight, self._round_trip, self._told, self._token):
            gauge.clear()

    def oldest_unanswered(self, seconds: float) -> None:
        """Tell the age of the oldest text without an answer, in seconds; 0 when there is none."""
        self._oldest.set(seconds)

    def oldest_answer(self, seconds: float) -> None:
        """Tell the age of the oldest answer that waits to be sent, in seconds; 0 when there is none."""
        self._oldest_answer.set(seconds)

    def waits(self, what: str, count: int) -> None:
        """Tell how many rows are not finished: `texts`, `answers` or `parked`."""
        self._waiting.labels(what).set(count)

    def tickets_wait(self, *, overdue: int, urgent: int) -> None:
        """Tell how many tickets are overdue, and how many urgent ones nobody has taken."""
        self._tickets.labels("overdue").set(overdue)
        self._tickets.labels("urgent").set(urgent)

    def services_off(self, services: Collection[str]) -> None:
        """Tell which services an operator has switched off."""
        self._service_off.clear()
        for service in services:
            self._service_off.labels(service).set(1)

    def in_trouble(self, troubles: Collection[Trouble]) -> None:
        """Tell what is wrong now with database and key file."""
        for each in Trouble:
            self._trouble.labels(each.value).set(int(each in troubles))

    def alarms_open(self, alarm: str, count: int) -> None:
        """Tell how many alarms of a name are open (sms_gateway.alarms.condition.AlarmName)."""
        self._open_alarms.labels(alarm).set(count)

    def render(self) -> bytes:
        """Return everything in the text exposition format, UTF-8."""
        return generate_latest(self._registry)
