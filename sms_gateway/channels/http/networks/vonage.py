"""vonage: the SMS API of Vonage (Nexmo). Texts, reports and answers are forms; each segment has an id of its own."""

from __future__ import annotations

import re

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import Fields
from sms_gateway.channels.http.network import (
    Arrivals,
    Checked,
    Kind,
    Network,
    NetworkOption,
    PartFields,
    ReceiptFields,
    TextFields,
)
from sms_gateway.channels.http.proofs.shared_secret import PathSecret
from sms_gateway.channels.http.proofs.sorted_pairs import DIGESTS, SortedPairs
from sms_gateway.channels.http.request import PLAIN_TEXT, TAKEN, Acknowledgement, RequestOutcome, Said, refuse
from sms_gateway.channels.http.sending.departure import (
    Departure,
    OutgoingRequest,
    OutgoingText,
    basic_authorization,
    get_query,
    post_form,
)
from sms_gateway.channels.http.sending.probing import holds
from sms_gateway.channels.http.sending.response_table import RefusedFor, ResponseTable
from sms_gateway.pipeline.ports import Refusal
from sms_gateway.settings.link_model import ChannelSettings

STATES = {
    "delivered": ReceiptState.DELIVERED,
    "accepted": ReceiptState.ENROUTE,
    "buffered": ReceiptState.ENROUTE,
    "failed": ReceiptState.UNDELIVERABLE,
    "expired": ReceiptState.EXPIRED,
    "rejected": ReceiptState.REJECTED,
    "unknown": ReceiptState.UNKNOWN,
}
REFUSES_ALL = ("4", "8", "9", "14", "15")
"""Wrong key, barred account, no money, wrong signature, a sender that we may not use."""

READ = ResponseTable(
    ids="messages[].message-id",
    needs_id=True,
    code="messages[].status",
    codes={"0": None, "1": Refusal.THROTTLED, "5": Refusal.TEMPORARY, **dict.fromkeys(REFUSES_ALL, Refusal.TEMPORARY)},
    refused_for={
        **dict.fromkeys(("4", "8", "14"), RefusedFor.ACCOUNT),
        "9": RefusedFor.MONEY,
        "15": RefusedFor.SENDER,
        "7": RefusedFor.NUMBER,
        "12": RefusedFor.LENGTH,
        "1": RefusedFor.TOO_FAST,
    },
    declines_all=REFUSES_ALL,
    wait=re.compile(r"\[ ?([0-9]{1,6}) ?\]"),  # "please wait [ 250 ] and retry"
)
REPEATED_FOR_SECONDS = 25 * 3600
"""Vonage repeats for 24 hours what it got no 2xx for, with the timestamp of the first time."""

SHORTEST_MS, LONGEST_MS = 20_000, 604_800_000


def arrivals(settings: ChannelSettings) -> Arrivals:
    """`secret` is the signature secret. Without signatures `path_secret` is at the end of both addresses."""
    digest = settings.options["signature"]
    signed = SortedPairs(secret=settings.secret.get_secret_value(), digest=digest, seconds=REPEATED_FOR_SECONDS)
    return Arrivals(
        proof=PathSecret(secret=settings.path_secret.get_secret_value()) if digest == "none" else signed,
        text=TextFields(
            sender="msisdn",
            recipient="to",
            text="text",
            id="messageId",
            charset=None,
            part=PartFields(reference="concat-ref", number="concat-part", total="concat-total"),
        ),
        receipt=ReceiptFields(id="messageId", state="status", error="err-code", phone="msisdn", read_state=STATES.get),
        kind=kind,
    )


def kind(item: Fields) -> Kind:
    """Tell texts and reports apart; a binary message is none."""
    if "status" in item:
        return Kind.RECEIPT
    return Kind.IGNORED if item.get("type") == b"binary" else Kind.TEXT


def acknowledge(said: Said) -> Acknowledgement:
    """Respond with 200 also to what cannot be read: any other status brings it again for a day."""
    if said.outcome in TAKEN or said.outcome is RequestOutcome.BAD_REQUEST:
        return Acknowledgement(status=200, content_type=PLAIN_TEXT)
    return refuse(said)


def departure(settings: ChannelSettings) -> Departure:
    """`send_url` is the address of the API; `user` is the key and `password` the secret of the API."""
    url = f"{settings.send_url.rstrip('/')}/sms/json"

    def build(text: OutgoingText) -> OutgoingRequest:
        fields = {
            "api_key": settings.user,
            "api_secret": settings.password.get_secret_value(),
            "from": text.sender,
            "to": text.recipient,
            "text": text.body,
            "type": "unicode" if text.is_unicode else "text",
            "ttl": str(min(max(text.valid_seconds * 1000, SHORTEST_MS), LONGEST_MS)),
            "client-ref": text.key,
        }
        return post_form(url, fields | ({"callback": text.receipt_url} if text.receipt_url else {}))

    authorization = {"Authorization": basic_authorization(settings.user, settings.password.get_secret_value())}
    probe = get_query(f"{settings.send_url.rstrip('/')}/account/get-balance", {}, authorization)
    return Departure(url=url, build=build, read=READ, probe=probe, read_probe=holds("value"))


NETWORK = Network(
    name="vonage",
    title="Vonage",
    arrivals=arrivals,
    acknowledge=acknowledge,
    answers_in_response=False,
    departure=departure,
    checked=Checked.OFFICIAL_VALIDATOR,
    sources="Nexmo/api-specification, vonage-python-sdk",
    send_url="https://rest.nexmo.com",
    options={
        "signature": NetworkOption(
            description="how Vonage signs, as its settings say; none: path_secret proves who sends",
            default="sha256",
            choices=(*DIGESTS, "none"),
        )
    },
    needs=lambda settings: ("path_secret",) if settings.options["signature"] == "none" else ("secret",),
    needs_to_send=("user", "password"),
)
