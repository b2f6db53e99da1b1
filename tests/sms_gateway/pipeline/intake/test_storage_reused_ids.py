"""Providers whose ids are not theirs alone: random requests, checked against the rules of docs/once.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest

from db.schema import InboundState, inbound, outbound
from db.store.ids import IdSource
from sms_gateway.channels.http.answer_waiter import AnswerWaiter, PipelineIntake
from sms_gateway.pipeline.ports import InboundText, Verdict
from tests.generators.generated import LONG
from tests.sms_gateway.pipeline.conftest import Stage
from tests.sms_gateway.pipeline.edges import text

REQUESTS = 150
SENDERS = {f"8490500000{number}": f"Nguyen Van {name}" for number, name in enumerate(("Mot", "Hai", "Bon", "Nam"))}
IDS = (None, "same", "1", "2", "3")
SECONDS = (0, 1, 5, 30, 700, 90_000)


def texts_of(sender: str) -> tuple[str, ...]:
    """Texts whose answers carry the sender's name back, and one that everybody sends."""
    return (f"TK, {SENDERS[sender]}, 2014888{sender[-2:]}, 31/02/1990", f"TK, {SENDERS[sender]}, 12, 20/12/1990", "HD")


@dataclass(kw_only=True)
class Rules:
    """What docs/once.md says of texts that came by one channel."""

    under_id: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    carried_out: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)

    def expect(self, request: InboundText) -> Verdict:
        content = (request.sender, request.body)
        before = self.carried_out.setdefault(content, [])
        under_id = self.under_id.setdefault(request.provider_id, set()) if request.provider_id else set()
        repeated = under_id == {content} or any(
            abs(request.received_at - then) <= timedelta(seconds=10) for then in before
        )
        under_id.add(content)
        if not repeated:
            before.append(request.received_at)
        return Verdict.DUPLICATE if repeated else Verdict.STORED


@pytest.mark.parametrize("seed", range(3 if LONG else 1))
def test_no_answer_is_anothers_and_every_text_is_carried_out(stage: Stage, seed: int) -> None:
    shared, random, rules = PipelineIntake(stage.pipeline), Random(seed), Rules()
    answers = AnswerWaiter(database=stage.database, new_id=IdSource(node=7, now=stage.clock).new, now=stage.clock)
    told_their_own_name = 0
    for _ in range(REQUESTS):
        stage.clock.pass_(seconds=random.choice(SECONDS))
        sender = random.choice(list(SENDERS))
        request = text(
            random.choice(texts_of(sender)),
            sender=sender,
            link="portal",
            session=None,
            provider_id=random.choice(IDS),
            at=stage.clock.time,
        )
        assert shared.take(request) is rules.expect(request)
        answer = answers.collect("portal", sender, request, 10)
        for other, name in SENDERS.items():
            assert other == sender or name not in (answer or "")
        told_their_own_name += SENDERS[sender] in (answer or "")
    assert told_their_own_name > 0
    carried_out = {
        (str(row["sender"]), str(row["body"]))
        for row in stage.rows(inbound)
        if row["state"] in {InboundState.HANDLED, InboundState.SILENCED}
    }
    assert carried_out == set(rules.carried_out)
    texts = {row["id"]: row["sender"] for row in stage.rows(inbound)}
    assert all(texts[row["inbound_id"]] == row["recipient"] for row in stage.rows(outbound))
