"""The other side of `soap-mo`: it pushes texts by SOAP in Base64, and looks for the number that means taken."""

from __future__ import annotations

from base64 import encodebytes
from xml.sax.saxutils import escape

from sms_gateway.channels.http.request import Way
from sms_gateway.channels.http.sending.departure import basic_authorization
from sms_gateway.demo.provider.counterpart import (
    CitizenText,
    Counterpart,
    GatewayResponse,
    PushedRequest,
    ReceivedRequest,
    Reply,
    SentText,
    Verdict,
)
from sms_gateway.settings.link_model import ChannelSettings

_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    "<receiverMO>{}</receiverMO></soapenv:Body></soapenv:Envelope>"
)


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    secret, proof = settings.secret.get_secret_value(), settings.options["proof"]
    taken = f">{settings.options['success']}<".encode()

    def push(text: CitizenText) -> PushedRequest:
        plain = settings.options["base64"] == "no"
        elements = {
            "User_ID": text.sender,
            "Service_ID": text.recipient,
            "Command_Code": text.body.partition(" ")[0],
            "Message": text.body if plain else encodebytes(text.body.encode()).decode(),  # broken after 76 characters
            "Request_ID": text.id,
            "Operator": "VIETTEL",
        }
        if proof == "element":
            elements |= {"Username": "demo", "Password": secret}
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"receiverMO"'}
        if proof == "basic":
            headers["Authorization"] = basic_authorization("demo", secret)
        inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in elements.items())
        body = _ENVELOPE.format(inside).encode()
        path_secret = secret if proof == "path" else ""
        return PushedRequest(way=Way.TEXTS, headers=headers, body=body, path_secret=path_secret)

    def verdict(response: GatewayResponse) -> Verdict:
        return Verdict.TAKEN if response.status == 200 and taken in response.body else Verdict.AGAIN  # noqa: PLR2004 - OK

    return Counterpart(push=push, read=_read, accept=lambda *_: Reply(status=404), verdict=verdict)


def _read(request: ReceivedRequest) -> SentText | Reply:
    del request  # it takes no answers
    return Reply(status=404)
