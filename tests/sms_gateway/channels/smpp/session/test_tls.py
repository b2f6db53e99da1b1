"""A link over TLS: names and certificates are verified, ours is shown, and much data goes through."""

from __future__ import annotations

import shutil
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sms_gateway.channels.smpp.link import Link
from sms_gateway.demo.simulator import Simulator
from tests.sms_gateway.channels.smpp.fixtures.certificates import Authority
from tests.sms_gateway.channels.smpp.fixtures.pipeline import Pipeline, Script, make_link
from tests.sms_gateway.channels.smpp.fixtures.waiting import until

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


def secure_link(smsc: Simulator, pipeline: Pipeline, authority: Authority, **settings: object) -> Link:
    cert_file, key_file = authority.issue("gateway.test")
    given = {
        "tls": True,
        "tls_name": "smsc.test",
        "tls_ca_file": authority.file,
        "tls_cert_file": cert_file,
        "tls_key_file": key_file,
    } | settings
    return make_link(smsc.port, pipeline, **given)


def test_carries_texts_and_answers(smsc: Simulator, authority: Authority) -> None:
    pipeline = Pipeline(Script(answer=lambda text: text.body))
    link = secure_link(smsc, pipeline, authority)
    link.start()
    until(lambda: link.state().whole)
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
    link = secure_link(smsc, Pipeline(), authority, **settings)
    link.start()
    until(lambda: link.binds()[0].last_error is not None)
    assert error in str(link.binds()[0].last_error)
    assert link.stop(3)


LAX = [
    pytest.param("no key identifier", "Missing Authority Key Identifier", id="no authorityKeyIdentifier"),
    pytest.param(
        "not critical", "Basic Constraints of CA cert not marked critical", id="basicConstraints not critical"
    ),
    pytest.param(
        "v1",
        "invalid CA certificate",
        id="CA of X.509 v1",
        marks=pytest.mark.skipif(shutil.which("openssl") is None, reason="the program openssl is not installed"),
    ),
]


@contextmanager
def lax_smsc(folder: Path, lax: str) -> Iterator[tuple[Simulator, Authority]]:
    """A carrier whose private CA breaks a rule of RFC 5280."""
    authority = Authority(folder, lax)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("smsc.test"))
    simulator = Simulator(system_id="gateway", password="secret", tls=context)
    simulator.start()
    yield simulator, authority
    simulator.stop()


@pytest.mark.parametrize(("lax", "words"), LAX)
def test_a_ca_that_breaks_rfc_5280_is_refused_with_the_setting_that_accepts_it(
    tmp_path: Path, lax: str, words: str
) -> None:
    with lax_smsc(tmp_path, lax) as (smsc, authority):
        link = secure_link(smsc, Pipeline(), authority, tls_cert_file=None, tls_key_file=None)
        link.start()
        until(lambda: link.binds()[0].last_error is not None)
        told = str(link.binds()[0].last_error)
        assert told.endswith(f"certificate refused: {words}, a rule of RFC 5280 that tls_strict = false waives")
        assert link.stop(3)


@pytest.mark.parametrize(("lax", "words"), LAX)
def test_without_strictness_it_is_accepted_and_strangers_are_not(tmp_path: Path, lax: str, words: str) -> None:
    del words
    with lax_smsc(tmp_path, lax) as (smsc, authority):
        lenient = {"tls_cert_file": None, "tls_key_file": None, "tls_strict": False}
        link = secure_link(smsc, Pipeline(), authority, **lenient)
        link.start()
        until(lambda: link.state().whole)
        assert link.stop(3)
        for stranger in ({"tls_name": "other.test"}, {"tls_ca_file": None}):
            link = secure_link(smsc, Pipeline(), authority, **lenient | stranger)
            link.start()
            until(lambda: link.binds()[0].last_error is not None)  # noqa: B023 - called at once
            told = str(link.binds()[0].last_error)
            assert "certificate refused: " in told
            assert "tls_strict" not in told
            assert link.stop(3)


def test_tells_files_that_cannot_be_used(smsc: Simulator, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no certificate")
    link = secure_link(smsc, Pipeline(), authority, tls_ca_file=tmp_path / "bad.pem")
    link.start()
    until(lambda: link.binds()[0].last_error is not None)
    assert link.stop(3)


def test_a_carrier_that_does_not_speak_it_is_left() -> None:
    plain = Simulator()
    plain.start()
    link = make_link(plain.port, Pipeline(), tls=True)
    link.start()
    until(lambda: link.binds()[0].last_error is not None, 15)
    assert not link.state().whole
    assert link.stop(3)
    plain.stop()
