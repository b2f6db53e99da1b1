"""infobip: the SMS API of Infobip, version 3. A request holds several texts or reports; nothing is signed."""

from __future__ import annotations

from db.schema import ReceiptState
from sms_gateway.channels.http.network import Arrivals, Checked, Network, NetworkOption, ReceiptFields, TextFields
from sms_gateway.channels.http.proofs.shared_secret import BasicPassword, PathSecret
from sms_gateway.channels.http.request import PLAIN_TEXT, TAKEN, Acknowledgement, Said, refuse
from sms_gateway.channels.http.sending.departure import Departure, OutgoingRequest, OutgoingText, get_query, post_json
from sms_gateway.channels.http.sending.probing import holds
from sms_gateway.channels.http.sending.response_table import ResponseTable
from sms_gateway.pipeline.ports import Refusal
from sms_gateway.settings.link_model import ChannelSettings

STATES = {
    "ACCEPTED": ReceiptState.ENROUTE,
    "PENDING": ReceiptState.ENROUTE,
    "DELIVERED": ReceiptState.DELIVERED,
    "UNDELIVERABLE": ReceiptState.UNDELIVERABLE,
    "EXPIRED": ReceiptState.EXPIRED,
    "REJECTED": ReceiptState.REJECTED,
}
READ = ResponseTable(
    ids="messages[].messageId",
    needs_id=True,
    code="messages[].status.groupId",
    codes={"0": None, "1": None, "3": None, "2": Refusal.PERMANENT, "5": Refusal.PERMANENT},
)
LONGEST_VALIDITY = 48 * 3600


def arrivals(settings: ChannelSettings) -> Arrivals:
    """Take reports at the address with `path_secret`; texts there too, or with `secret` as a password."""
    by_path = PathSecret(secret=settings.path_secret.get_secret_value())
    by_password = BasicPassword(secret=settings.secret.get_secret_value())
    return Arrivals(
        proof=by_password if settings.options["proof"] == "basic" else by_path,
        receipt_proof=by_path,
        text=TextFields(sender="from", recipient="to", text="text", id="messageId", charset=None),
        receipt=ReceiptFields(
            id="messageId", state="status.groupName", error="error.id", phone="to", read_state=STATES.get
        ),
        items="results",
    )


def acknowledge(said: Said) -> Acknowledgement:
    """Respond with an empty 200."""
    return Acknowledgement(status=200, content_type=PLAIN_TEXT) if said.outcome in TAKEN else refuse(said)


def departure(settings: ChannelSettings) -> Departure:
    """`send_url` is the address that the account has (https://….api.infobip.com); `password` is its API key."""
    url = f"{settings.send_url.rstrip('/')}/sms/3/messages"
    headers = {"Authorization": f"App {settings.password.get_secret_value()}"}

    def build(text: OutgoingText) -> OutgoingRequest:
        report = {"url": text.receipt_url, "intermediateReport": True}
        message = {
            "sender": text.sender,
            "destinations": [{"to": text.recipient, "messageId": text.key}],
            "content": {"text": text.body},
            "options": {"validityPeriod": {"amount": min(text.valid_seconds, LONGEST_VALIDITY), "timeUnit": "SECONDS"}},
            "webhooks": {"delivery": report, "contentType": "application/json"},
        }
        return post_json(url, {"messages": [message]}, headers)

    probe = get_query(f"{settings.send_url.rstrip('/')}/account/1/balance", {}, headers)
    return Departure(url=url, build=build, read=READ, probe=probe, read_probe=holds("balance"))


NETWORK = Network(
    name="infobip",
    title="Infobip",
    arrivals=arrivals,
    acknowledge=acknowledge,
    answers_in_response=False,
    departure=departure,
    checked=Checked.OUR_READING,
    sources="models of infobip-api-python-client; not settled: HTTP Basic of texts, whether long ones come joined",
    options={
        "proof": NetworkOption(
            description="of texts: path is path_secret at the end of the address, basic is secret as a password",
            default="path",
            choices=("path", "basic"),
        )
    },
    needs=lambda settings: ("path_secret", *(("secret",) if settings.options["proof"] == "basic" else ())),
    needs_to_send=("password", "public_url"),
)
