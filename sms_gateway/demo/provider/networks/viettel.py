"""The other side of `viettel`: it takes answers by SOAP and reports nothing; texts are brought by another channel."""

from __future__ import annotations

from xml.sax.saxutils import escape

from sms_gateway.channels.http.fields import read_any
from sms_gateway.channels.http.request import Way
from sms_gateway.demo.provider.counterpart import (
    CitizenText,
    Counterpart,
    PushedRequest,
    ReceivedRequest,
    Reply,
    SentText,
    text_at,
)
from sms_gateway.settings.link_model import ChannelSettings

_RESPONSE = (
    '<?xml version="1.0" ?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
    '<ns2:wsCpMtResponse xmlns:ns2="http://impl.bulkSms.ws/"><return>'
    "<message>{}</message><result>{}</result></return></ns2:wsCpMtResponse></S:Body></S:Envelope>"
)
_NAMES = ("User", "Password", "CPCode", "RequestID", "CommandCode")
_WRONG_NAME = "Authenticate: WRONG_INFORMATION_AUTHENTICATE"
_NO_TEXT = "Check parameter: CONTENT_EMPTY"


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    options = settings.options
    account = (
        *(settings.user, settings.password.get_secret_value()),
        *(options["cp_code"], options["request_id"], options["command_code"]),
    )

    def read(request: ReceivedRequest) -> SentText | Reply:
        fields = read_any(request.body)
        if tuple(text_at(fields, name) for name in _NAMES) != account:
            return _response(_WRONG_NAME, 0)
        sent = SentText(
            key="",
            sender=text_at(fields, "ServiceID"),
            recipient=text_at(fields, "ReceiverID"),
            body=text_at(fields, "Content"),
        )
        return sent if sent.recipient and sent.body else _response(_NO_TEXT, 0)

    return Counterpart(push=_push, read=read, accept=lambda *_: _response("Insert MT_QUEUE: OK", 1), brings_texts=False)


def _push(text: CitizenText) -> PushedRequest:
    """Return a request that the gateway refuses: the network has no form of a text."""
    del text
    return PushedRequest(way=Way.TEXTS)


def _response(message: str, result: int) -> Reply:
    body = _RESPONSE.format(escape(message), result).encode()
    return Reply(body=body, content_type="text/xml;charset=utf-8")
