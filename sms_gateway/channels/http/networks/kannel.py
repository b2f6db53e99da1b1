"""kannel: the open-source gateway Kannel, which brings texts and sends answers by its smsbox.

Its requests to us are a GET. The body of our response is the answer; an empty one sends nothing.
"""

from __future__ import annotations

import re

from db.schema import ReceiptState
from sms_gateway.channels.http.network import Arrivals, Checked, Network, ReceiptFields, TextFields
from sms_gateway.channels.http.proofs.shared_secret import BasicPassword, PathSecret
from sms_gateway.channels.http.request import PLAIN_TEXT, TAKEN, Acknowledgement, Said, refuse
from sms_gateway.channels.http.sending.departure import Departure, OutgoingRequest, OutgoingText, get_query
from sms_gateway.channels.http.sending.response_table import ResponseTable
from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.pipeline.ports import Refusal
from sms_gateway.settings.link_model import ChannelSettings

STATES = {
    "1": ReceiptState.DELIVERED,
    "2": ReceiptState.UNDELIVERABLE,
    "4": ReceiptState.ENROUTE,  # the carrier keeps it for later
    "8": ReceiptState.ENROUTE,  # the carrier took it
    "16": ReceiptState.REJECTED,  # the carrier refused it
    "32": ReceiptState.ENROUTE,
    "34": ReceiptState.EXPIRED,
}
"""What Kannel writes for `%d`."""

REPORTS = "27"  # dlr-mask: 1, 2, 8 and 16 of the states above; those that are sums come with them
IN_UCS2 = "2"

RESPONSES = ResponseTable(
    plain_text=re.compile(r"(?P<code>[0-9]+(?=: )|Sent|Number)"),
    code="code",
    codes={"0": None, "3": None, "Sent": None, "Number": Refusal.PERMANENT},
)
"""`0: Accepted for delivery`, `3: Queued for later delivery`, `Sent.`; else the HTTP status decides.

`Number(s) has/have been denied …` comes with 403 too, but says nothing about other numbers.
"""


def arrivals(settings: ChannelSettings) -> Arrivals:
    """`secret` is the password in `get-url`; `path_secret` is in the URL of reports, which Kannel cannot sign."""
    return Arrivals(
        proof=BasicPassword(secret=settings.secret.get_secret_value()),
        text=TextFields(sender="from", recipient="to", text="text", id="id", charset="charset"),
        receipt=ReceiptFields(id="id", state="state", read_state=STATES.get),
        receipt_proof=PathSecret(secret=settings.path_secret.get_secret_value()),
    )


def acknowledge(said: Said) -> Acknowledgement:
    """Return the answer as plain text."""
    if said.outcome not in TAKEN:
        return refuse(said)
    answer = said.answer or ""
    headers = {} if gsm.encode(answer) is not None else {"X-Kannel-Coding": IN_UCS2}
    return Acknowledgement(status=200, body=answer, content_type=PLAIN_TEXT, headers=headers)


def departure(settings: ChannelSettings) -> Departure:
    """`send_url` is that of sendsms; `user` and `password` are those of a sendsms-user."""
    account = {"username": settings.user, "password": settings.password.get_secret_value()}

    def build(text: OutgoingText) -> OutgoingRequest:
        fields = {
            "from": text.sender,
            "to": text.recipient,
            "text": text.body,
            "charset": "UTF-8",
            "coding": "0" if gsm.encode(text.body) is not None else IN_UCS2,
            "validity": str(max(1, text.valid_seconds // 60)),  # minutes
            "dlr-mask": REPORTS,
            # Kannel gives a text no id, so reports name ours. It fills in `%d`, and writes `%%` as `%`.
            "dlr-url": text.receipt_url.replace("%", "%%") + f"?id={text.key}&state=%d",
        }
        return get_query(settings.send_url, account | fields)

    return Departure(url=settings.send_url, build=build, read=RESPONSES)


NETWORK = Network(
    name="kannel",
    title="Kannel",
    arrivals=arrivals,
    acknowledge=acknowledge,
    departure=departure,
    needs=("secret",),
    needs_to_send=("user", "password", "public_url", "path_secret"),
    checked=Checked.REAL_SOFTWARE,
    sources="Kannel 1.4.5 of Debian, tried both ways in a test, and its source",
)
