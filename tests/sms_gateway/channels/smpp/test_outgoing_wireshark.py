"""Every PDU that we emit, read by Wireshark's dissector without a complaint."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.store.address import Address
from sms_gateway.channels.smpp.outgoing import Outgoing
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import (
    BindRequest,
    write_bind,
    write_bind_response,
    write_pdu,
    write_plain,
    write_response,
)
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, encode_short_message
from sms_gateway.channels.smpp.send_rate import SendRate
from sms_gateway.demo.simulator.faults import Faults
from sms_gateway.demo.simulator.receipts import receipt_message
from sms_gateway.pipeline.ports import Submission
from sms_gateway.settings.link_model import Alphabet, LinkSettings
from tests.sms_gateway.channels.smpp.fixtures.octets import frames
from tests.sms_gateway.channels.smpp.fixtures.pcap import PORT, write_capture

pytestmark = pytest.mark.interop
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANSWER = ShortMessage(source="8188", destination="84905000001", dest_ton=1, dest_npi=1, user_data=b"Ho so")
COMPLAINTS = ("_ws.malformed", "_ws.expert", "_ws.short")


@pytest.fixture(scope="module")
def tshark() -> str:
    found = shutil.which("tshark")
    if found is None:
        pytest.skip("tshark is not installed; as root, `make test` installs it")
    return found


def submissions() -> list[bytes]:
    """Write submit_sm of each shape: short and long, GSM and UCS-2, for carriers of every default alphabet."""
    plain = LinkSettings(host="h", system_id="s", source_ton=3, service_type="CMT")
    return [pdu for alphabet in Alphabet for pdu in _submissions(plain.model_copy(update={"alphabet": alphabet}))]


def _submissions(settings: LinkSettings) -> list[bytes]:
    out = Outgoing(settings, SendRate(0))
    bodies = ["Ho so dang xu ly", "[€] " * 60, "Hồ sơ", "Hồ sơ đang xử lý. " * 10, ""]
    pdus = []
    for number, body in enumerate(bodies):
        submission = Submission(
            outbound_id=number,
            sender="8188",
            recipient=Address("84905000001"),
            body=body,
            reference=200 + number,
            expires_at=AT + timedelta(minutes=15),
        )
        pdus += [write_pdu(codes.SUBMIT_SM, 7, octets) for _, octets in out.prepare(submission, AT).to_write]
    return pdus


def emitted() -> list[bytes]:
    """Write one of everything that the gateway and the simulator send."""
    binds = (codes.BIND_TRANSCEIVER, codes.BIND_RECEIVER, codes.BIND_TRANSMITTER)
    return [
        *[
            write_bind(
                BindRequest(
                    command=command,
                    sequence=1,
                    system_id="gateway",
                    password="secret",
                    system_type="cmt",
                    address_range="8188",
                )
            )
            for command in binds
        ],
        *[write_bind_response(command, 1, codes.ESME_ROK, "smsc") for command in binds],
        write_bind_response(codes.BIND_TRANSCEIVER, 1, codes.ESME_RINVPASWD, ""),
        *submissions(),
        write_response(codes.SUBMIT_SM, 7, codes.ESME_ROK, "00AB12"),
        write_response(codes.SUBMIT_SM, 7, codes.ESME_RTHROTTLED),
        write_response(codes.DELIVER_SM, 8, codes.ESME_ROK),
        write_response(codes.DELIVER_SM, 8, codes.ESME_RX_T_APPN),
        write_response(codes.DATA_SM, 9, codes.ESME_ROK),
        write_pdu(codes.DELIVER_SM, 8, encode_short_message(receipt_message(ANSWER, "00AB12", Faults(), AT))),
        write_plain(codes.ENQUIRE_LINK, 10),
        write_plain(codes.ENQUIRE_LINK_RESP, 10),
        write_plain(codes.UNBIND, 11),
        write_plain(codes.UNBIND_RESP, 11),
        write_plain(codes.GENERIC_NACK, 12, codes.ESME_RINVCMDID),
    ]


def dissect(tshark: str, path: Path) -> list[dict[str, Any]]:
    """Return the layers of each packet."""
    done = subprocess.run(
        [tshark, "-r", str(path), "-d", f"tcp.port=={PORT},smpp", "-T", "json", "--no-duplicate-keys"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [packet["_source"]["layers"] for packet in json.loads(done.stdout)]


def test_the_dissector_finds_every_pdu_and_no_fault(tshark: str, tmp_path: Path) -> None:
    pdus = emitted()
    write_capture(tmp_path / "sent.pcap", pdus)
    packets = dissect(tshark, tmp_path / "sent.pcap")
    assert len(packets) == len(pdus)
    for octets, layers in zip(pdus, packets, strict=True):
        (frame,) = frames(octets)
        smpp = layers["smpp"]
        assert int(smpp["smpp.command_id"], 16) == frame.command
        assert int(smpp["smpp.command_length"]) == len(octets)
        assert not [complaint for complaint in COMPLAINTS if complaint in json.dumps(layers)], layers


def test_the_dissector_reads_what_we_meant(tshark: str, tmp_path: Path) -> None:
    write_capture(tmp_path / "sent.pcap", [submissions()[0]])
    (layers,) = dissect(tshark, tmp_path / "sent.pcap")
    smpp = layers["smpp"]
    assert (smpp["smpp.source_addr"], smpp["smpp.destination_addr"]) == ("8188", "84905000001")
    assert smpp["smpp.service_type"] == "CMT"
    assert bytes.fromhex(smpp["smpp.message"].replace(":", "")) == b"Ho so dang xu ly"


def test_the_dissector_would_complain(tshark: str, tmp_path: Path) -> None:
    cut = submissions()[0][:-4]
    write_capture(tmp_path / "sent.pcap", [len(cut).to_bytes(4, "big") + cut[4:]])
    (layers,) = dissect(tshark, tmp_path / "sent.pcap")
    assert any(complaint in json.dumps(layers) for complaint in COMPLAINTS)
