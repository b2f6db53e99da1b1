"""The link against an SMSC that no one here wrote: smpp.twisted3, in a process of its own."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db.schema import ReceiptState
from sms_gateway.road.ports import SegmentTaken
from sms_gateway.settings.model import BindMode
from sms_gateway.smpp.udh import take_header
from tests.smpp.road import Road, Script, make_link
from tests.smpp.waiting import until

pytestmark = pytest.mark.interop
CITIZEN = "84905000001"


class Foreigner:
    """The other process: what it tells, and what it is told."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(Path(__file__).with_name("foreign_smsc.py")), "gateway", "secret"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.told: queue.Queue[dict[str, Any]] = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.port = int(self.told.get(timeout=20)["port"])

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):  # the library prints words of its own
                self.told.put(json.loads(line))

    def deliver(self, octets: bytes) -> None:
        assert self.process.stdin is not None
        order = {"sender": CITIZEN, "recipient": "8188", "octets": octets.hex()}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def next(self) -> dict[str, Any]:
        return self.told.get(timeout=10)

    def stop(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.reader.join(5)
        self.process.stdout.close()


@pytest.fixture
def foreigner() -> Iterator[Foreigner]:
    smsc = Foreigner()
    yield smsc
    smsc.stop()


@pytest.mark.parametrize("mode", list(BindMode))
def test_carries_texts_answers_and_receipts(foreigner: Foreigner, mode: BindMode) -> None:
    road = Road(Script(answer=lambda text: f"Da nhan: {text.body}"))
    link = make_link(foreigner.port, road, mode=mode, enquire_seconds=0.2)
    link.start()
    until(lambda: link.state().bound)
    foreigner.deliver(b"DVC 000.00.12.H17")
    told = [foreigner.next() for _ in range(3)]
    assert [each for each in told if "delivered" in each] == [{"delivered": "ESME_ROK"}] * 2  # the text, the receipt
    (submit,) = [each for each in told if "submit" in each]
    assert bytes.fromhex(submit["submit"]) == b"Da nhan: DVC 000.00.12.H17"
    assert submit["recipient"] == CITIZEN
    road.wait(lambda it: len(it.receipts) == len(it.reports) == 1)
    assert road.reports[0].segments == (SegmentTaken(number=1, message_id="00AB1"),)
    assert (road.receipts[0].message_id, road.receipts[0].state) == ("00AB1", ReceiptState.DELIVERED)
    until(lambda: all(bind.round_trip is not None for bind in link.state().binds))
    assert link.stop(3)
    assert all(bind.binds == 1 and bind.last_error is None for bind in link.state().binds)


def test_sends_long_answers_in_ucs2(foreigner: Foreigner) -> None:
    road = Road()
    link = make_link(foreigner.port, road)
    link.start()
    until(lambda: link.state().bound)
    body = "Hồ sơ đang xử lý. " * 10
    link.submit([road.submission(body)])
    road.wait(lambda it: len(it.receipts) == 3 and len(it.reports) == 1)
    submits = [each for each in (foreigner.next() for _ in range(6)) if "submit" in each]
    octets = b"".join(take_header(bytes.fromhex(each["submit"]))[1] for each in submits)
    assert octets.decode("utf-16-be") == body
    assert all("UCS2" in each["data_coding"] and "UDHI" in each["esm_class"] for each in submits)
    assert link.stop(3)


def test_is_refused_with_a_wrong_password(foreigner: Foreigner) -> None:
    link = make_link(foreigner.port, Road(), password="wrong")
    link.start()
    until(lambda: link.state().binds[0].last_error == "bind refused: ESME_RINVPASWD")
    assert link.stop(3)
