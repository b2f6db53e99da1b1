"""viettel: the bulk SMS service of Viettel, by SOAP 1.1. It only sends, and reports nothing.

Its endpoints are plain HTTP on ports of their own: reach them by VPN only. Texts to a short code come by `soap-mo`.
"""

from __future__ import annotations

import re

from sms_gateway.channels.http.network import Arrivals, Checked, Network, NetworkOption, TextFields
from sms_gateway.channels.http.proofs.proof import nobody
from sms_gateway.channels.http.request import TAKEN, Acknowledgement, Said, refuse, xml_text
from sms_gateway.channels.http.sending.departure import Departure, OutgoingRequest, OutgoingText, target_of
from sms_gateway.channels.http.sending.response_table import ResponseTable
from sms_gateway.settings.link_model import ChannelSettings

HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:impl="http://impl.bulkSms.ws/"><soapenv:Header/><soapenv:Body>'
    "<impl:wsCpMt>{}</impl:wsCpMt>"
    "</soapenv:Body></soapenv:Envelope>"
)
READ = ResponseTable(
    code="result",
    codes={"1": None},
    reason="message",
    reasons_for_all=re.compile("Authenticate|CP_CODE_NOT_FOUND|RequestID|CommandCode"),
)
"""A wrong password, address, customer code or another setting of ours refuses every answer."""


def arrivals(settings: ChannelSettings) -> Arrivals:
    """Take nothing."""
    del settings
    return Arrivals(proof=nobody, text=TextFields(sender="UserID", text="Content"))


def acknowledge(said: Said) -> Acknowledgement:
    """Refuse; nothing that comes is proven."""
    return Acknowledgement(status=200) if said.outcome in TAKEN else refuse(said)


def departure(settings: ChannelSettings) -> Departure:
    """`send_url` is the whole address of the service; `user` and `password` are those of the contract."""
    options = settings.options

    def build(text: OutgoingText) -> OutgoingRequest:
        elements = {
            "User": settings.user,
            "Password": settings.password.get_secret_value(),
            "CPCode": options["cp_code"],
            "RequestID": options["request_id"],
            "UserID": text.recipient,
            "ReceiverID": text.recipient,
            "ServiceID": options["service_id"] or text.sender,
            "CommandCode": options["command_code"],
            "Content": text.body,
            "ContentType": "0" if text.body.isascii() and "&" not in text.body else "1",
        }
        inside = "".join(f"<{name}>{xml_text(value)}</{name}>" for name, value in elements.items())
        body = ENVELOPE.format(inside).encode()
        return OutgoingRequest(method="POST", target=target_of(settings.send_url), headers=HEADERS, body=body)

    return Departure(url=settings.send_url, build=build, read=READ)


NETWORK = Network(
    name="viettel",
    title="Viettel bulk SMS",
    arrivals=arrivals,
    acknowledge=acknowledge,
    departure=departure,
    checked=Checked.OUR_READING,
    sources="Viettel's page for integration and responses in public code; not settled: RequestID of an answer",
    takes_texts=False,
    answers_in_response=False,
    options={
        "cp_code": NetworkOption(description="our code at Viettel (CPCode)"),
        "service_id": NetworkOption(description="registered sender (ServiceID); empty: our short code", default=""),
        "command_code": NetworkOption(description="command (CommandCode)", default="bulksms"),
        "request_id": NetworkOption(
            description="RequestID: 1 for a brand name, 4 for answers of a short code after the first", default="1"
        ),
    },
    needs_to_send=("user", "password"),
)
