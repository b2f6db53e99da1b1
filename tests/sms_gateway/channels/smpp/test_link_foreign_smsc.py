"""The link against SMSCs that no one here wrote: smpp.twisted3 and node-smpp, each in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.schema import ReceiptState
from sms_gateway.channels.smpp.acceptance.steps import UCS2_TEXT, Acceptance, Trial
from sms_gateway.channels.smpp.coding.udh import take_header
from sms_gateway.clock import utc_now
from sms_gateway.pipeline.ports import SegmentTaken
from sms_gateway.settings.link_model import BindMode, LinkSettings
from tests.sms_gateway.channels.smpp.fixtures.foreigners import NODE_HINT, Foreigner, node_modules
from tests.sms_gateway.channels.smpp.fixtures.pipeline import Pipeline, Script, make_link
from tests.sms_gateway.channels.smpp.fixtures.waiting import until

pytestmark = pytest.mark.interop
CITIZEN = "84905000001"
HERE = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    return node_modules(tmp_path_factory.mktemp("node"))


@pytest.fixture(params=["smpp.twisted3", "node-smpp"])
def foreigner(request: pytest.FixtureRequest) -> Iterator[Foreigner]:
    if request.param == "smpp.twisted3":
        smsc = Foreigner([sys.executable, "-W", "ignore", str(HERE / "foreign_smsc.py")])
    else:
        modules = request.getfixturevalue("node")
        if modules is None:
            pytest.skip(NODE_HINT)
        smsc = Foreigner(["node", str(HERE / "foreign_smsc.js")], {"NODE_PATH": str(modules)})
    yield smsc
    smsc.stop()


@pytest.mark.parametrize("mode", list(BindMode))
def test_carries_texts_answers_and_receipts(foreigner: Foreigner, mode: BindMode) -> None:
    pipeline = Pipeline(Script(answer=lambda text: f"Da nhan: {text.body}"))
    link = make_link(foreigner.port, pipeline, mode=mode, enquire_seconds=0.2)
    link.start()
    until(lambda: link.state().whole)
    foreigner.deliver(b"DVC 000.00.12.H17")
    told = [foreigner.next() for _ in range(3)]
    assert [each for each in told if "delivered" in each] in (
        [{"delivered": "ESME_ROK"}] * 2,
        [{"delivered": 0}] * 2,
    )  # the text, the receipt
    (submit,) = [each for each in told if "submit" in each]
    assert bytes.fromhex(submit["submit"]) == b"Da nhan: DVC 000.00.12.H17"
    assert submit["recipient"] == CITIZEN
    pipeline.wait(lambda it: len(it.receipts) == len(it.reports) == 1)
    (taken,) = pipeline.reports[0].segments
    assert isinstance(taken, SegmentTaken)
    assert taken.message_id in {"00AB1", "00CD1"}
    assert (pipeline.receipts[0].message_id, pipeline.receipts[0].state) == (taken.message_id, ReceiptState.DELIVERED)
    until(lambda: all(bind.round_trip is not None for bind in link.binds()))
    assert link.stop(3)
    assert all(bind.binds == 1 and bind.last_error is None for bind in link.binds())


def test_sends_long_answers_in_ucs2(foreigner: Foreigner) -> None:
    pipeline = Pipeline()
    link = make_link(foreigner.port, pipeline)
    link.start()
    until(lambda: link.state().whole)
    body = "Hồ sơ đang xử lý. " * 10
    link.submit([pipeline.submission(body)])
    pipeline.wait(lambda it: len(it.receipts) == 3 and len(it.reports) == 1)
    submits = [each for each in (foreigner.next() for _ in range(6)) if "submit" in each]
    octets = b"".join(take_header(bytes.fromhex(each["submit"]))[1] for each in submits)
    assert octets.decode("utf-16-be") == body
    assert all("UCS2" in each["data_coding"] and "UDHI" in each["esm_class"] for each in submits)
    assert link.stop(3)


def test_is_refused_with_a_wrong_password(foreigner: Foreigner) -> None:
    link = make_link(foreigner.port, Pipeline(), password="wrong")
    link.start()
    until(lambda: link.binds()[0].last_error == "bind refused: ESME_RINVPASWD")
    assert link.stop(3)


@pytest.mark.parametrize("mode", list(BindMode))
def test_passes_the_acceptance_steps(foreigner: Foreigner, mode: BindMode) -> None:
    link = LinkSettings.model_validate(
        {
            "host": "127.0.0.1",
            "port": foreigner.port,
            "system_id": "gateway",
            "password": "secret",
            "mode": mode,
            "response_seconds": 5,
        }
    )
    trial = Trial(settings=link, recipient=CITIZEN, sender="8188", receipt_seconds=5, burst=30)
    list(Acceptance(replace(trial, receipt_seconds=0), now=utc_now).steps())  # one whose receipts come to the next
    list(iter_told(foreigner))
    steps = {step.name: step for step in Acceptance(trial, now=utc_now).steps()}
    told = [f"{step.mark.value} {step.name}: {step.text}" for step in steps.values()]
    assert [line for line in told if line.startswith("FAIL")] == []
    assert steps["receipts"].text.startswith("6 of 6: delivered; deliver_sm marked by esm_class")
    assert steps["receipts"].text.endswith("ids exact")
    assert steps["throttling"].text.startswith("never throttled: ESME_ROK 30")
    submits = [each["submit"] for each in iter_told(foreigner) if "submit" in each]
    assert len(submits) == 6 + 30
    assert bytes.fromhex(submits[1]).decode("utf-16-be") == UCS2_TEXT


def iter_told(foreigner: Foreigner) -> list[dict[str, Any]]:
    told = []
    while not foreigner.told.empty():
        told.append(foreigner.next())
    return told
