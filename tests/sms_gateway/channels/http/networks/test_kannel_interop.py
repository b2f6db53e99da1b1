"""The network `kannel` with a real Kannel (bearerbox and smsbox), whose carrier is the simulator, by SMPP."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from db.schema import OutboundState, ReceiptState
from sms_gateway.demo.simulator import Bubble, Direction, Faults, Simulator
from sms_gateway.settings.link_model import ReplyWay
from sms_gateway.settings.model import DatabaseSettings
from tests.sms_gateway.channels.http.networks.rows import SECRET, channel, sending_by, texts
from tests.sms_gateway.channels.http.networks.test_kannel import CHANGES
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.channels.http.sending.senders import outcome, submission
from tests.sms_gateway.channels.smpp.fixtures.foreigners import KANNEL_HINT, kannel_boxes
from tests.sms_gateway.channels.smpp.fixtures.waiting import until
from tests.sms_gateway.demo.simulator.test_server_kannel import free_port, listens
from tests.sms_gateway.wiring.test_gateway_sample_network import own_database, running

__all__ = ["own_database"]

pytestmark = [pytest.mark.interop, pytest.mark.long]

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

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {send}
http-request-retry = 5
http-queue-delay = 1
reply-couldnotfetch = ""
log-level = 4

group = sendsms-user
username = city
password = {password}
concatenation = true
max-messages = 3

group = sms-service
keyword = default
catch-all = true
get-url = "http://gateway:{secret}@127.0.0.1:{gateway}/mo/agg?from=%p&to=%P&text=%b&id=%I&charset=%C"
max-messages = 3
concatenation = true
omit-empty = true
accept-x-kannel-headers = true
"""
"""As docs/networks.md shows it."""


@contextmanager
def bound_kannel(smsc: Simulator, directory: Path, *, gateway: int, send: int) -> Iterator[None]:
    """Run Kannel between a carrier and the service."""
    boxes = kannel_boxes()
    assert boxes is not None
    config = directory / "kannel.conf"
    password = CHANGES["password"].get_secret_value()
    ports = {"admin": free_port(), "boxes": free_port(), "send": send, "gateway": gateway, "smsc": smsc.port}
    config.write_text(CONFIG.format(secret=SECRET, password=password, **ports), "ascii")
    with ExitStack() as stack:
        for box, port in zip(boxes, (ports["boxes"], send), strict=True):
            log = stack.enter_context((directory / f"{Path(box).name}.log").open("wb"))
            process = subprocess.Popen([box, str(config)], stdout=log, stderr=log, cwd=directory)
            stack.callback(end, process)
            until(lambda port=port: listens(port), 15)  # type: ignore[misc]  # bound at once
        smsc.wait_bound(1, 15)
        yield


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a program of Kannel; one that still tries to report is killed."""
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


@pytest.fixture
def smsc() -> Iterator[Simulator]:
    if kannel_boxes() is None:
        pytest.skip(KANNEL_HINT)
    simulator = Simulator(system_id="gateway", password="secret", faults=Faults(receipt_delay=0.1))
    simulator.start()
    yield simulator
    simulator.stop()


def answers(smsc: Simulator, number: int) -> Sequence[Bubble]:
    return [one for one in smsc.conversation(citizen(number)) if one.direction is Direction.MT]


def citizen(number: int) -> str:
    return f"8490512345{number}"


TEXTS = ["HD", "Đ", "hd  @_ [x]", "Cho hỏi  hồ sơ của tôi đến đâu rồi", "x" * 200, "Hỏi " * 40 + "?"]


def test_kannel_brings_texts_and_sends_the_answers_of_the_responses(
    own_database: DatabaseSettings, smsc: Simulator, tmp_path: Path
) -> None:
    port = free_port()
    changes = CHANGES | {"send_url": "", "reply": ReplyWay.BODY}
    with (
        provider(lambda _: Say()) as unused,
        bound_kannel(smsc, tmp_path, gateway=port, send=free_port()),
    ):
        smsc.send_text(citizen(0), "8188", "HD")  # before the service runs: Kannel asks again
        with running(own_database, unused, port=port, **changes) as service:
            for number, text in enumerate(TEXTS, 1):
                smsc.send_text(citizen(number), "8188", text)
            until(lambda: all(answers(smsc, number) for number in range(len(TEXTS) + 1)), 30)
            wanted = {(citizen(number), "8188", text) for number, text in enumerate(TEXTS, 1)}
            assert set(texts(service.database)) == wanted | {(citizen(0), "8188", "HD")}
            assert [len(answers(smsc, number)) for number in range(len(TEXTS) + 1)] == [1] * (len(TEXTS) + 1)
    assert unused.seen == []


def test_kannel_sends_answers_and_reports_what_became_of_them(
    own_database: DatabaseSettings, smsc: Simulator, tmp_path: Path
) -> None:
    port, send = free_port(), free_port()
    changes = CHANGES | {
        "send_url": f"http://127.0.0.1:{send}/cgi-bin/sendsms",
        "public_url": f"http://127.0.0.1:{port}",
    }
    cases = [
        (Faults(), OutboundState.DELIVERED, None),
        (Faults(receipt_state=ReceiptState.UNDELIVERABLE), OutboundState.FAILED, "receipt:undeliverable"),
        (Faults(receipt_state=ReceiptState.EXPIRED), OutboundState.FAILED, "receipt:expired"),
        (Faults(reject_share=1.0), OutboundState.FAILED, "receipt:rejected"),
    ]
    with (
        provider(lambda _: Say()) as unused,
        bound_kannel(smsc, tmp_path, gateway=port, send=send),
        running(own_database, unused, port=port, **changes) as service,
    ):
        for number, (faults, state, error) in enumerate(cases, 1):
            smsc.faults = faults
            smsc.send_text(citizen(number), "8188", "HD")
            until(lambda number=number: len(service.answers()) == number, 20)  # type: ignore[misc]  # bound at once
            until(lambda state=state: service.answers()[-1][0] is state, 20)  # type: ignore[misc]  # bound at once
            assert service.answers()[-1] == (state, error, False)
        assert [len(answers(smsc, number)) for number in range(1, 5)] == [1, 1, 1, 0]


def test_kannel_sends_answers_in_any_alphabet_and_of_any_length(smsc: Simulator, tmp_path: Path) -> None:
    send = free_port()
    bodies = ["Hồ sơ đã xong", "@_é [x] {y} €", "a+b & c=d %41", "x" * 300, "ồ" * 150]
    url = f"http://127.0.0.1:{send}/cgi-bin/sendsms"
    with bound_kannel(smsc, tmp_path, gateway=free_port(), send=send), sending_by(channel("kannel"), url) as by_kannel:
        sender, reports = by_kannel
        until(lambda: sender.state().up)
        for number, body in enumerate(bodies, 1):
            sender.submit([submission(number, body=body, recipient=citizen(number))])
            reports.wait_for(number)
            until(lambda number=number: bool(answers(smsc, number)))  # type: ignore[misc]  # bound at once
        assert [answers(smsc, number)[0].text for number in range(1, len(bodies) + 1)] == bodies
        assert [outcome(report) for report in reports.seen] == [("taken", str(n)) for n in range(1, len(bodies) + 1)]
