"""smsgate: SMS Gateway for Android, a telephone with a SIM card, by itself or by the server of its makers.

It calls one address for each event, so texts and reports may both come to /mo.
"""

from __future__ import annotations

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import Fields
from sms_gateway.channels.http.network import Arrivals, Checked, Kind, Network, NetworkOption, ReceiptFields, TextFields
from sms_gateway.channels.http.proofs.body_then_stamp import BodyThenStamp
from sms_gateway.channels.http.request import TAKEN, Acknowledgement, Said, json_acknowledgement, refuse
from sms_gateway.channels.http.sending.departure import (
    Departure,
    OutgoingRequest,
    OutgoingText,
    basic_authorization,
    post_json,
)
from sms_gateway.channels.http.sending.response_table import ResponseTable
from sms_gateway.settings.link_model import ChannelSettings

STATES = {
    "sms:sent": ReceiptState.ENROUTE,
    "sms:delivered": ReceiptState.DELIVERED,
    "sms:failed": ReceiptState.UNDELIVERABLE,
    "sms:cancelled": ReceiptState.DELETED,
}
RESPONSES = ResponseTable(
    code="state",
    codes=dict.fromkeys(("Pending", "Processed", "Sent", "Delivered")),
    statuses={409: None},  # it has a message of this id: the answer came before
)
"""A message of that id in any of these states is taken. Its id is ours."""


def arrivals(settings: ChannelSettings) -> Arrivals:
    """`secret` is the signing key of the app's settings."""
    return Arrivals(
        proof=BodyThenStamp(secret=settings.secret.get_secret_value(), seconds=settings.replay_seconds),
        text=TextFields(
            sender="payload.sender|payload.phoneNumber",
            recipient="payload.recipient",  # null where the telephone does not know its own number
            text="payload.message",
            id="id",  # of the event; payload.messageId is a checksum that two texts can share
        ),
        receipt=ReceiptFields(
            id="payload.messageId",
            state="event",
            error="payload.reason",
            phone="payload.recipient|payload.phoneNumber",
            read_state=STATES.get,
        ),
        kind=kind,
    )


def kind(item: Fields) -> Kind:
    """Tell events apart by their name."""
    event = item.get("event", b"").decode("ascii", "replace")
    if event == "sms:received":
        return Kind.TEXT
    return Kind.RECEIPT if event in STATES else Kind.IGNORED


def acknowledge(said: Said) -> Acknowledgement:
    """Acknowledge with any status from 200 to 299; the app repeats after others, for about two days."""
    return json_acknowledgement(200, status=said.outcome.value) if said.outcome in TAKEN else refuse(said)


def departure(settings: ChannelSettings) -> Departure:
    """`send_url` ends with `/messages`; `user` and `password` are those that the app shows."""
    headers = {"Authorization": basic_authorization(settings.user, settings.password.get_secret_value())}
    card = settings.options["sim"]

    def build(text: OutgoingText) -> OutgoingRequest:
        fields: dict[str, object] = {
            "id": text.key,
            "textMessage": {"text": text.body},
            "phoneNumbers": [f"+{text.recipient}"],
            "ttl": text.valid_seconds,
            "withDeliveryReport": True,
        }
        if card:
            fields["simNumber"] = int(card)
        return post_json(settings.send_url, fields, headers)

    return Departure(url=settings.send_url, build=build, read=RESPONSES, has_idempotency_key=True)


NETWORK = Network(
    name="smsgate",
    title="SMS Gateway for Android",
    arrivals=arrivals,
    acknowledge=acknowledge,
    departure=departure,
    options={
        "sim": NetworkOption(
            description="the slot of the SIM card that sends; the app chooses without it",
            default="",
            choices=("", "1", "2", "3"),
        )
    },
    needs=("secret",),
    needs_to_send=("user", "password"),
    send_url="https://api.sms-gate.app/3rdparty/v1/messages",
    checked=Checked.OUR_READING,
    sources="source and OpenAPI description of the app at 0cdc5d8; not tried with a telephone",
)
