"""jasmin: the open-source gateway Jasmin, by its HTTP API. Jasmin joins long texts, and splits long answers."""

from __future__ import annotations

import re

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import Fields
from sms_gateway.channels.http.network import Arrivals, Checked, DecodedText, Network, ReceiptFields, TextFields
from sms_gateway.channels.http.proofs.shared_secret import PathSecret
from sms_gateway.channels.http.request import PLAIN_TEXT, TAKEN, Acknowledgement, Said, refuse
from sms_gateway.channels.http.sending.departure import Departure, OutgoingRequest, OutgoingText, get_query, post_form
from sms_gateway.channels.http.sending.probing import holds
from sms_gateway.channels.http.sending.response_table import ResponseTable
from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.coding.text import decode_text
from sms_gateway.pipeline.ports import Refusal
from sms_gateway.settings.link_model import ChannelSettings

ACKNOWLEDGED = Acknowledgement(status=200, body="ACK/Jasmin", content_type=PLAIN_TEXT)
"""After any other body Jasmin sends the text again."""

STATES = {
    "ESME_ROK": ReceiptState.ENROUTE,
    "DELIVRD": ReceiptState.DELIVERED,
    "UNDELIV": ReceiptState.UNDELIVERABLE,
    "EXPIRED": ReceiptState.EXPIRED,
    "DELETED": ReceiptState.DELETED,
    "REJECTD": ReceiptState.REJECTED,
    "ACCEPTD": ReceiptState.ACCEPTED,
    "UNKNOWN": ReceiptState.UNKNOWN,
}
ALL_REPORTS = "3"  # dlr-level: what the carrier responds, and what becomes of the text

RESPONSES = ResponseTable(
    plain_text=re.compile(
        '(?:Error ")?(?P<code>Success|No route found|Failover route|User throughput exceeded)(?: "(?P<id>[^"]+)")?'
    ),
    ids="id",
    needs_id=True,
    code="code",
    codes={
        "Success": None,
        "No route found": Refusal.TEMPORARY,
        "Failover route": Refusal.TEMPORARY,  # it "has no bound connectors"
        "User throughput exceeded": Refusal.THROTTLED,
    },
    declines_all=("No route found", "Failover route"),
)
"""`Success "ID"`, or `Error "REASON"`. For any other reason the HTTP status decides."""


def arrivals(settings: ChannelSettings) -> Arrivals:
    """Jasmin signs nothing: `path_secret` is at the end of both URLs."""
    return Arrivals(
        proof=PathSecret(secret=settings.path_secret.get_secret_value()),
        text=TextFields(sender="from", recipient="to", text="content", id="id", decode=decode),
        receipt=ReceiptFields(id="id", state="message_status", error="err", read_state=read_state),
    )


def decode(fields: Fields) -> DecodedText | None:
    """Read the octets in `binary`: those in `content` are the same without their alphabet."""
    try:
        octets = bytes.fromhex(fields["binary"].decode("ascii"))
        coding = bytes([int(fields.get("coding") or b"0")])[0]
    except (KeyError, ValueError):
        return None
    return DecodedText(body=decode_text(octets, coding), octets=octets, data_coding=coding)


def read_state(word: str) -> ReceiptState | None:
    """Read a state, or the status with which the carrier responded."""
    if word not in STATES and word.startswith("ESME_"):
        return ReceiptState.REJECTED
    return STATES.get(word)


def acknowledge(said: Said) -> Acknowledgement:
    """Acknowledge what was stored; Jasmin sends anything else again."""
    return ACKNOWLEDGED if said.outcome in TAKEN else refuse(said)


def departure(settings: ChannelSettings) -> Departure:
    """`user` and `password` are those of a Jasmin user."""
    account = {"username": settings.user, "password": settings.password.get_secret_value()}

    def build(text: OutgoingText) -> OutgoingRequest:
        fields = {
            "from": text.sender,
            "to": text.recipient,
            **_content(text.body),
            "validity-period": str(max(1, text.valid_seconds // 60)),  # minutes
            "dlr": "yes",
            "dlr-level": ALL_REPORTS,
            "dlr-method": "POST",
            "dlr-url": text.receipt_url,
        }
        return post_form(settings.send_url, account | fields)

    probe = get_query(f"{settings.send_url.removesuffix('/send')}/balance", account)
    return Departure(url=settings.send_url, build=build, read=RESPONSES, probe=probe, read_probe=holds("balance"))


def _content(body: str) -> dict[str, str]:
    if gsm.encode(body) is not None:
        return {"coding": "0", "content": body}
    return {"coding": "8", "hex-content": body.encode("utf-16-be").hex()}


NETWORK = Network(
    name="jasmin",
    title="Jasmin",
    arrivals=arrivals,
    acknowledge=acknowledge,
    departure=departure,
    needs=("path_secret",),
    needs_to_send=("user", "password", "public_url"),
    checked=Checked.OUR_READING,
    sources="the source of Jasmin at 0aac58e; not tried with a real one",
)
