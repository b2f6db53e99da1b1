"""The simulated carrier against a gateway that no one here wrote: Kannel's bearerbox and smsbox."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import RemoteDisconnected
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from db.schema import ReceiptState
from sms_gateway.demo.simulator import Conversation, Direction, Faults, MessageIds, Simulator
from tests.sms_gateway.channels.smpp.fixtures.foreigners import KANNEL_HINT, kannel_boxes
from tests.sms_gateway.channels.smpp.fixtures.waiting import until

pytestmark = pytest.mark.interop
CITIZEN = "84905000001"
CONFIG = """
group = core
admin-port = {admin}
admin-password = made-up
smsbox-port = {boxes}
log-level = 4

group = smsc
smsc = smpp
smsc-id = simulator
host = 127.0.0.1
port = {smsc}
transceiver-mode = true
smsc-username = gateway
smsc-password = secret
system-type = ""
source-addr-ton = 0
source-addr-npi = 1
dest-addr-ton = 1
dest-addr-npi = 1
enquire-link-interval = 1
reconnect-delay = 1
max-pending-submits = 10

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {send}
global-sender = 8188
log-level = 4

group = sendsms-user
username = tester
password = made-up
concatenation = true
max-messages = 10

group = sms-service
keyword = default
text = "Kannel da nhan"
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kannel:
    """A running Kannel, bound to a simulator."""

    smsc: Simulator
    send_port: int

    def send(self, text: str, **more: str) -> None:
        query = {"username": "tester", "password": "made-up", "to": CITIZEN, "text": text, "charset": "utf-8"} | more
        for tries_left in (2, 1, 0):
            try:
                self._ask(f"http://127.0.0.1:{self.send_port}/cgi-bin/sendsms?{urlencode(query)}")
            except RemoteDisconnected:  # smsbox now and then closes a connection before it has read from it
                assert tries_left
            else:
                return

    def _ask(self, address: str) -> None:
        with urlopen(address, timeout=5) as response:
            assert response.status == 202


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def kannel(tmp_path: Path) -> Iterator[Kannel]:
    boxes = kannel_boxes()
    if boxes is None:
        pytest.skip(KANNEL_HINT)
    smsc = Simulator(
        system_id="gateway", password="secret", faults=Faults(message_ids=MessageIds.DECIMAL, receipt_delay=0.1)
    )
    smsc.start()
    ports = {name: free_port() for name in ("admin", "boxes", "send")}
    config = tmp_path / "kannel.conf"
    config.write_text(CONFIG.format(smsc=smsc.port, **ports), encoding="utf-8")
    running: list[subprocess.Popen[bytes]] = []
    try:
        for box, port in zip(boxes, (ports["boxes"], ports["send"]), strict=True):
            log = (tmp_path / f"{Path(box).name}.log").open("wb")
            running.append(subprocess.Popen([box, str(config)], stdout=log, stderr=log, cwd=tmp_path))
            log.close()
            until(lambda port=port: listens(port), 15)  # type: ignore[misc]  # bound at once
        smsc.wait_bound(1, 15)
        yield Kannel(smsc=smsc, send_port=ports["send"])
    finally:
        for process in reversed(running):
            process.terminate()
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
        smsc.stop()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def answers(conversation: Conversation) -> list[str]:
    return [bubble.text for bubble in conversation if bubble.direction is Direction.MT]


def test_kannel_binds_asks_and_carries_both_ways(kannel: Kannel) -> None:
    smsc = kannel.smsc
    smsc.send_text(CITIZEN, "8188", "HD")
    smsc.wait_for(CITIZEN, lambda it: answers(it) == ["Kannel da nhan"])
    smsc.send_text(CITIZEN, "8188", "TK, Nguyễn Văn Á, 201499999, 20/12/1990, và một đoạn dài hơn bảy mươi ký tự")
    smsc.wait_for(CITIZEN, lambda it: len(answers(it)) >= 2 and it[0].settled_at is not None)
    until(lambda: smsc.enquiries > 0)


@pytest.mark.parametrize("text", ["Ho so @ $ _ [x]", "a" * 300], ids=["gsm", "long"])
def test_kannel_sends_and_takes_its_receipts(kannel: Kannel, text: str) -> None:
    kannel.send(text, **{"dlr-mask": "31", "dlr-url": f"http://127.0.0.1:{kannel.send_port}/"})
    conversation = kannel.smsc.wait_for(CITIZEN, lambda it: bool(it) and it[-1].receipt is not None, 30)
    assert answers(conversation) == [text]
    assert conversation[-1].receipt is ReceiptState.DELIVERED


def test_kannel_comes_back_after_the_connection_broke(kannel: Kannel) -> None:
    kannel.smsc.drop_connections()
    kannel.smsc.wait_bound(0)
    kannel.smsc.wait_bound(1, 15)
    kannel.send("Hồ sơ", coding="2")
    assert answers(kannel.smsc.wait_for(CITIZEN, bool)) == ["Hồ sơ"]
