"""A link over TLS: names and certificates are verified, ours is shown, and much data goes through."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from sms_gateway.smpp.link import Link
from sms_gateway.smpp.simulator import Simulator
from tests.smpp.certificates import Authority
from tests.smpp.road import Road, Script, make_link
from tests.smpp.waiting import until

CITIZEN = "84905000001"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def smsc(authority: Authority) -> Iterator[Simulator]:
    """A carrier that speaks TLS, is called smsc.test, and asks for our certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("smsc.test"))
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    simulator = Simulator(system_id="gateway", password="secret", tls=context)
    simulator.start()
    yield simulator
    simulator.stop()


def secure_link(smsc: Simulator, road: Road, authority: Authority, **settings: object) -> Link:
    cert_file, key_file = authority.issue("gateway.test")
    given = {
        "tls": True,
        "tls_name": "smsc.test",
        "tls_ca_file": authority.file,
        "tls_cert_file": cert_file,
        "tls_key_file": key_file,
    } | settings
    return make_link(smsc.port, road, **given)


def test_carries_texts_and_answers(smsc: Simulator, authority: Authority) -> None:
    road = Road(Script(answer=lambda text: text.body))
    link = secure_link(smsc, road, authority)
    link.start()
    until(lambda: link.state().bound)
    for number in range(300):  # more than one TLS record at once
        smsc.send_text(f"849050{number:05d}", "8188", "a" * 150)
    for number in range(300):
        smsc.wait_for(f"849050{number:05d}", lambda it: any(bubble.receipt for bubble in it))
    assert link.stop(3)


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"tls_name": "other.test"}, "certificate refused: Hostname mismatch"),
        ({"tls_name": ""}, "certificate refused: IP address mismatch"),
        ({"tls_ca_file": None}, "certificate refused: self-signed certificate in certificate chain"),
    ],
)
def test_is_not_spoken_with_a_stranger(
    smsc: Simulator, authority: Authority, settings: dict[str, object], error: str
) -> None:
    link = secure_link(smsc, Road(), authority, **settings)
    link.start()
    until(lambda: link.state().binds[0].last_error is not None)
    assert error in str(link.state().binds[0].last_error)
    assert link.stop(3)


def test_tells_files_that_cannot_be_used(smsc: Simulator, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no certificate")
    link = secure_link(smsc, Road(), authority, tls_ca_file=tmp_path / "bad.pem")
    link.start()
    until(lambda: link.state().binds[0].last_error is not None)
    assert link.stop(3)


def test_a_carrier_that_does_not_speak_it_is_left() -> None:
    plain = Simulator()
    plain.start()
    link = make_link(plain.port, Road(), tls=True)
    link.start()
    until(lambda: link.state().binds[0].last_error is not None, 15)
    assert not link.state().bound
    assert link.stop(3)
    plain.stop()
