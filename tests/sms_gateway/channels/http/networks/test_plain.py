"""The network `plain`: its proofs by setting, its responses and the words of its delivery reports."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import SecretStr

from db.schema import ReceiptState
from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.proofs.shared_secret import BasicPassword, PathSecret, SharedHeader
from sms_gateway.channels.http.proofs.stamped import StampedSignature
from sms_gateway.channels.http.proofs.standard_webhooks import StandardWebhook
from sms_gateway.channels.http.request import RequestOutcome, Said
from sms_gateway.settings.link_model import ChannelSettings

SETTINGS = ChannelSettings(secret=SecretStr("canary-plain-secret"))


def test_each_auth_is_a_proof_of_its_own() -> None:
    every = get_args(ChannelSettings.model_fields["auth"].annotation)
    kinds = [type(plain.proof(SETTINGS.model_copy(update={"auth": auth}))) for auth in every]
    assert kinds == [SharedHeader, BasicPassword, StampedSignature, StandardWebhook, PathSecret]


WORDS = [
    ("DELIVRD", ReceiptState.DELIVERED),
    ("delivered", ReceiptState.DELIVERED),
    ("2", ReceiptState.DELIVERED),
    ("Failed", ReceiptState.UNDELIVERABLE),
    ("sent", ReceiptState.ENROUTE),
    ("UNDELIVERABLE", ReceiptState.UNDELIVERABLE),
    ("rejectd", ReceiptState.REJECTED),
    ("Expired", ReceiptState.EXPIRED),
    ("8", ReceiptState.REJECTED),
    ("10", None),
    ("2" * 5000, None),
    ("00020", None),
    ("vanished", None),
    ("delivery_failed", None),
    ("Delivery failed", None),
    ("not delivered", None),
    ("accepted_by_phone", None),
    ("deli", None),
]


@pytest.mark.parametrize(("word", "state"), WORDS)
def test_reads_the_words_and_numbers_of_smpp(word: str, state: ReceiptState | None) -> None:
    assert plain.read_state(word) is state


TAKEN = [
    ("POST", False, None, '{"status":"stored"}\n'),
    ("POST", True, "Xin chao", '{"answer":"Xin chao","status":"stored"}\n'),
    ("POST", True, None, '{"answer":null,"status":"stored"}\n'),
    ("GET", True, "Xin chào", "Xin chào"),
    ("GET", False, None, ""),
]


@pytest.mark.parametrize(("method", "in_response", "answer", "body"), TAKEN)
def test_a_taken_text_is_acknowledged(method: str, answer: str | None, body: str, *, in_response: bool) -> None:
    said = Said(outcome=RequestOutcome.STORED, method=method, answers_in_response=in_response, answer=answer)
    assert (plain.acknowledge(said).status, plain.acknowledge(said).body) == (200, body)
