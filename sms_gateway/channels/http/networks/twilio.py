"""twilio: Twilio Programmable Messaging. Texts and reports are forms signed with the account's auth token."""

from __future__ import annotations

from db.schema import ReceiptState
from sms_gateway.channels.http.network import Arrivals, Checked, Network, NetworkOption, ReceiptFields, TextFields
from sms_gateway.channels.http.proofs.url_and_form import UrlAndForm
from sms_gateway.channels.http.request import TAKEN, Acknowledgement, Said, refuse, xml_text
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
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), ReceiptState.ENROUTE),
    **dict.fromkeys(("delivered", "read"), ReceiptState.DELIVERED),
    "undelivered": ReceiptState.UNDELIVERABLE,
    "failed": ReceiptState.REJECTED,
    "canceled": ReceiptState.DELETED,
}
CODES = {"20429": Refusal.THROTTLED, "20003": Refusal.TEMPORARY}
"""20003: the auth token is wrong. Any other code comes with a status 4xx, and the answer fails."""

REFUSED_FOR = {
    "20003": RefusedFor.ACCOUNT,
    "20429": RefusedFor.TOO_FAST,
    **dict.fromkeys(("21211", "21614"), RefusedFor.NUMBER),
    "21610": RefusedFor.STOPPED,
}

LONGEST_VALIDITY = 36_000
LONGEST_SHORT_CODE = 6


def arrivals(settings: ChannelSettings) -> Arrivals:
    """Texts and reports have the same proof; `secret` is the auth token."""
    return Arrivals(
        proof=UrlAndForm(
            secret=settings.secret.get_secret_value(),
            header="X-Twilio-Signature",
            settings_header="X-Twilio-Webhooks-Signature-Settings",
        ),
        text=TextFields(sender="From", recipient="To", text="Body", id="MessageSid", charset=None),
        receipt=ReceiptFields(
            id="MessageSid", state="MessageStatus", error="ErrorCode", phone="To", read_state=STATES.get
        ),
    )


def acknowledge(said: Said) -> Acknowledgement:
    """Respond with TwiML. Any other text in a response would be sent to the citizen."""
    if said.outcome not in TAKEN:
        return refuse(said)
    answer = f"<Response><Message>{xml_text(said.answer)}</Message></Response>" if said.answer else "<Response/>"
    return Acknowledgement(
        status=200, body=f'<?xml version="1.0" encoding="UTF-8"?>{answer}', content_type="text/xml; charset=utf-8"
    )


def departure(settings: ChannelSettings) -> Departure:
    """`send_url` is the address of the API; `user` is the account's SID, `password` the auth token."""
    url = f"{settings.send_url.rstrip('/')}/2010-04-01/Accounts/{settings.user}/Messages.json"
    headers = {"Authorization": basic_authorization(settings.user, settings.password.get_secret_value())}

    def build(text: OutgoingText) -> OutgoingRequest:
        fields = {
            "To": f"+{text.recipient}",
            **_sender(text.sender, settings.options["messaging_service"]),
            "Body": text.body,
            "ValidityPeriod": str(min(text.valid_seconds, LONGEST_VALIDITY)),
        }
        if text.receipt_url:
            fields["StatusCallback"] = text.receipt_url
        return post_form(url, fields, headers)

    read = ResponseTable(
        ids="sid",
        needs_id=True,
        code="code",
        codes=CODES,
        refused_for=REFUSED_FOR,
        declines_all=("20003",),
        statuses={200: None, 201: None},
    )
    probe = get_query(url.removesuffix("/Messages.json") + ".json", {}, headers)
    return Departure(url=url, build=build, read=read, probe=probe, read_probe=holds("sid"))


def _sender(number: str, messaging_service: str) -> dict[str, str]:
    if messaging_service:
        return {"MessagingServiceSid": messaging_service}
    return {"From": number if len(number) <= LONGEST_SHORT_CODE else f"+{number}"}


NETWORK = Network(
    name="twilio",
    title="Twilio",
    arrivals=arrivals,
    acknowledge=acknowledge,
    departure=departure,
    checked=Checked.OFFICIAL_VALIDATOR,
    sources="twilio-oai, twilio-python; from memory only: which patience and repeats it has",
    send_url="https://api.twilio.com",
    options={
        "messaging_service": NetworkOption(
            description="SID of a messaging service (MG…) that sends in place of our number", default=""
        )
    },
    needs=("secret", "public_url"),
    needs_to_send=("user", "password"),
)
