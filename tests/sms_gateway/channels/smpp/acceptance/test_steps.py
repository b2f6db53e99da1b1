"""The acceptance sheet against simulated carriers: good ones pass, and each fault is told where it shows."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from db.schema import ReceiptState
from sms_gateway.channels.smpp.acceptance.receipts import Receipts, Told
from sms_gateway.channels.smpp.acceptance.steps import Acceptance, Mark, Step, Trial
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.channels.smpp.receipt import Receipt
from sms_gateway.cli.service.check_link import check_link
from sms_gateway.clock import utc_now
from sms_gateway.demo.simulator import Dialect, Faults, MessageIds, Simulator
from sms_gateway.settings.link_model import LinkSettings

CITIZEN = "84905123456"


@pytest.fixture
def smsc() -> Iterator[Simulator]:
    simulator = Simulator(system_id="gateway", password="secret")
    simulator.start()
    yield simulator
    simulator.stop()


def sheet(smsc: Simulator, *, burst: int = 0, receipt_seconds: float = 0.5, **settings: object) -> dict[str, Step]:
    link = LinkSettings.model_validate(
        {
            "host": "127.0.0.1",
            "port": smsc.port,
            "system_id": "gateway",
            "password": "secret",
            "response_seconds": 0.5,
        }
        | settings
    )
    trial = Trial(settings=link, recipient=CITIZEN, sender="8188", receipt_seconds=receipt_seconds, burst=burst)
    return {step.name: step for step in Acceptance(trial, now=utc_now).steps()}


@pytest.mark.parametrize("mode", ["transceiver", "pair"])
@pytest.mark.parametrize("window", [1, 10])
def test_a_good_carrier_passes(smsc: Simulator, mode: str, window: int) -> None:
    steps = sheet(smsc, burst=20, mode=mode, window=window)
    assert {step.mark for step in steps.values()} == {Mark.PASS, Mark.NOTE}
    assert [step.name for step in steps.values() if step.mark is Mark.NOTE] == ["texts of citizens"]
    assert steps["receipts"].text.startswith("6 of 6: delivered; deliver_sm marked by esm_class, receipted_message_id")
    assert "ids exact" in steps["receipts"].text
    assert steps["throttling"].text.startswith("never throttled: ESME_ROK 20")
    texts = [bubble.text for bubble in smsc.conversation(CITIZEN)]
    assert texts[0].startswith("Thu GSM: @ $ _")
    assert texts[1].startswith("Thử tiếng Việt")


def test_shows_the_pdus_without_the_password(smsc: Simulator) -> None:
    steps = sheet(smsc)
    bind, answer = steps["bind_transceiver"].pdus
    assert bind.startswith("> ")
    assert answer.startswith("< ")
    assert bind.startswith("> bind_transceiver 1  000000")
    assert answer.startswith("< bind_transceiver_resp 1 ESME_ROK  000000")
    assert b"gateway\x00******\x00" in bytes.fromhex(bind.rpartition("  ")[2])
    assert b"secret".hex() not in "".join(pdu for step in steps.values() for pdu in step.pdus)
    assert [pdu[0] for pdu in steps["enquire_link"].pdus] == [">", "<"]


def test_a_long_sheet_is_cut(smsc: Simulator) -> None:
    assert sheet(smsc, burst=40)["throttling"].pdus[-1].endswith(" more")


def test_tells_how_the_carrier_writes_receipts(smsc: Simulator) -> None:
    smsc.faults = Faults(message_ids=MessageIds.MIXED, receipt_class=False, receipt_tlvs=False, dialect=Dialect.COMMAS)
    told = sheet(smsc)["receipts"]
    assert (told.mark, told.text) == (
        Mark.PASS,
        "6 of 6: delivered; deliver_sm marked by its text alone; ids hex_decimal",
    )


@pytest.mark.parametrize(
    ("faults", "step", "told"),
    [
        (Faults(receipts=False), "receipts", "none of 6 within 0.5 s"),
        (Faults(wrong_id_share=1.0), "receipts", "ids unknown id"),
        (Faults(reject_share=1.0), "GSM 03.38", "1 segment: ESME_RINVDSTADR 1"),
        (Faults(lose_share=1.0), "UCS-2", "1 segment: no response 1"),
        (Faults(throttle_share=1.0), "throttling", "ESME_RTHROTTLED 3; "),
    ],
)
def test_tells_each_fault_where_it_shows(smsc: Simulator, faults: Faults, step: str, told: str) -> None:
    smsc.faults = faults
    found = sheet(smsc, burst=3, response_seconds=0.2)[step]
    assert told in found.text
    assert found.mark is (Mark.PASS if step == "throttling" else Mark.FAIL)


def test_stops_where_nothing_can_go_on(smsc: Simulator) -> None:
    steps = sheet(smsc, password="wrong")
    assert [(each.mark, each.text) for each in steps.values()] == [(Mark.FAIL, "bind refused: ESME_RINVPASWD")]
    smsc.stop()
    (step,) = sheet(smsc).values()
    assert "no connection" in step.text


def test_a_link_that_falls_in_the_middle_fails_the_rest(smsc: Simulator) -> None:
    smsc.faults = Faults(receipts=False)
    threading.Timer(0.2, smsc.drop_connections).start()
    steps = sheet(smsc)
    assert steps["unbind"].text == "not tried: the link fell (connection closed)"


def test_texts_of_citizens_are_sent_back(smsc: Simulator) -> None:
    smsc.send_text(CITIZEN, "8188", "HD")
    assert sheet(smsc)["texts of citizens"].text.startswith("1 came")
    assert smsc.conversation(CITIZEN)[0].settled_at is None


def test_the_command_prints_the_sheet(smsc: Simulator, tmp_path: Path) -> None:
    config = tmp_path / "gateway.toml"
    config.write_text(
        f'[links.main]\nhost = "127.0.0.1"\nport = {smsc.port}\nsystem_id = "gateway"\nresponse_seconds = 1\n',
        encoding="utf-8",
    )
    environment = {"SMS_GATEWAY_LINKS__MAIN__PASSWORD": "secret"}
    common = ["main", "--config", str(config), "--to", f"+{CITIZEN}"]
    result = CliRunner().invoke(check_link, common, env=environment)
    assert result.exit_code == 0, result.output
    assert "PASS  bind_transceiver: bound in " in result.output
    assert re.match(r"link main: .*, transceiver, \d\d/\d\d/\d{4} \d\d:\d\d \S+\n", result.output)
    assert "      < submit_sm_resp " in result.output
    assert result.output.endswith("no step failed\n")
    smsc.faults = Faults(receipts=False)
    result = CliRunner().invoke(check_link, [*common, "--no-pdus", "--receipt-seconds", "0.1"], env=environment)
    assert result.exit_code == 1
    assert "FAIL  receipts: none of 6" in result.output
    assert "      >" not in result.output
    assert result.output.endswith("1 failed\n")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["other", "--to", CITIZEN], 1, "there is no link other"),
        (["main", "--to", "LAN"], 2, "3 to 15 digits"),
        (["main"], 2, "--to"),
    ],
)
def test_the_command_tells_what_is_wrong(tmp_path: Path, arguments: list[str], code: int, told: str) -> None:
    config = tmp_path / "gateway.toml"
    config.write_text("", encoding="utf-8")
    result = CliRunner().invoke(check_link, [*arguments, "--config", str(config)])
    assert result.exit_code == code
    assert told in result.output


def test_receipts_of_other_texts_are_sent_back_and_fail_nothing(smsc: Simulator) -> None:
    smsc.faults = Faults(receipt_delay=0.6)
    assert sheet(smsc)["receipts"].mark is Mark.FAIL  # it went before they came
    smsc.faults = Faults(receipt_delay=0.3)
    steps = sheet(smsc, receipt_seconds=3.0)
    assert steps["receipts"].mark is Mark.PASS
    assert steps["receipts"].text.endswith("ids exact; 6 of no text of this test, sent back")
    sent_back = [
        pdu
        for step in steps.values()
        for pdu in step.pdus
        if re.match(r"> deliver_sm_resp \d+ ESME_RX_T_APPN  0000001180000005", pdu)
    ]
    assert len(sent_back) == 6
    assert [bubble.receipt for bubble in smsc.conversation(CITIZEN)[:4]] == [None] * 4  # the service will get them


def told(message_id: str, at: float = 0.0, state: ReceiptState = ReceiptState.DELIVERED) -> Told:
    return Told(
        receipt=Receipt(message_id=message_id, state=state, error=None),
        message=ShortMessage(esm_class=codes.ESM_RECEIPT),
        command=codes.DELIVER_SM,
        sequence=1,
        line=0,
        at=at,
    )


def test_a_receipt_is_that_of_the_id_it_names_even_where_another_fits_by_conversion() -> None:
    receipts = Receipts()
    receipts.sent(["10", "16"])
    receipts.take(told("16"))  # also 10 in hexadecimal
    assert [status for _, status in receipts.settle(0.0)] == [codes.ESME_ROK]
    assert not receipts.complete()
    receipts.take(told("10"))
    receipts.settle(0.0)
    assert receipts.complete()
    assert receipts.summary() == "2 of 2: delivered; deliver_sm marked by esm_class; ids exact"


def test_a_receipt_before_its_response_waits_for_it_and_a_strange_one_goes_back() -> None:
    receipts = Receipts()
    receipts.take(told("77", 1.0))
    receipts.take(told("88", 1.0))
    assert receipts.settle(1.5) == []
    receipts.sent(["77"])
    assert [(each.receipt.message_id, status) for each, status in receipts.settle(2.0)] == [("77", codes.ESME_ROK)]
    assert [(each.receipt.message_id, status) for each, status in receipts.settle(3.0)] == [
        ("88", codes.ESME_RX_T_APPN)
    ]
    assert receipts.settle(9.0) == []


def test_a_text_has_its_receipt_once_however_many_come() -> None:
    receipts = Receipts()
    receipts.sent(["77", "78"])
    receipts.sent_more(["79"])
    for state in (ReceiptState.ENROUTE, ReceiptState.DELIVERED):
        receipts.take(told("77", state=state))
    assert len(receipts.settle(0.0)) == 2
    assert not receipts.complete()
    receipts.take(told("78"))
    receipts.settle(0.0)
    assert receipts.complete()
    assert not receipts.all_in()
    receipts.take(told("79"))
    receipts.settle(0.0)
    assert receipts.all_in()
    assert receipts.summary().startswith("2 of 2: delivered, enroute; ")
