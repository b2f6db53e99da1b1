"""vcom: V-COM (smbplus), for short codes in Viet Nam. Its checksums do not cover the words of a text."""

from __future__ import annotations

import hashlib
from base64 import b64encode

from sms_gateway.channels.http.network import Arrivals, Checked, Network, NetworkOption, TextFields
from sms_gateway.channels.http.proofs.concat_digest import ConcatDigest, Piece
from sms_gateway.channels.http.request import Acknowledgement, RequestOutcome, fixed
from sms_gateway.channels.http.sending.departure import Departure, OutgoingRequest, OutgoingText, post_json
from sms_gateway.channels.http.sending.response_table import RefusedFor, ResponseTable
from sms_gateway.clock import utc_now
from sms_gateway.pipeline.ports import Refusal
from sms_gateway.settings.link_model import ChannelSettings

TAKEN = Acknowledgement(status=200, body='{"data":{"code":200,"status":"success","message":""}}')
WRONG = Acknowledgement(
    status=200, body='{"errors":{"code":106,"status":"error","message":"wrong parameter or checksum"}}'
)
"""The status is 200 for errors too; after any other V-COM sends the text twice more."""

RESPONSES = ResponseTable(
    code="data.code|errors.code",
    codes={
        "200": None,
        "104": None,  # it has this mt_code already
        "102": Refusal.TEMPORARY,
        "106": Refusal.PERMANENT,
        "108": Refusal.TEMPORARY,  # our address is not let in
    },
    refused_for={"108": RefusedFor.ACCOUNT},
    declines_all=("108",),
)


def arrivals(settings: ChannelSettings) -> Arrivals:
    """`secret` is the secure_key."""
    return Arrivals(
        proof=ConcatDigest(
            algorithm="sha256",
            over=("client_id", "request_id", "phone", Piece.SECRET, "time"),
            secret=settings.secret.get_secret_value(),
            digest_field="checksum",
            stamp_field="time",
            seconds=settings.replay_seconds,
        ),
        text=TextFields(sender="phone", recipient="service_id", text="message", id="request_id"),
    )


def departure(settings: ChannelSettings) -> Departure:
    """Send an answer with the id of the request that brought its text; `user` is the client_id."""
    secure_key = settings.secret.get_secret_value()

    def build(text: OutgoingText) -> OutgoingRequest:
        request_id, time = text.request.get("request_id", ""), int(utc_now().timestamp())
        fields = {
            "client_id": settings.user,
            "request_id": request_id,
            "service_id": text.sender,
            "command_code": text.request.get("command_code", ""),
            "mt_code": text.key,
            "message": text.body,
            "is_charged": int(settings.options["is_charged"]),
            "time": time,
            "checksum": checksum(settings.user, request_id, text.key, secure_key, time),
        }
        return post_json(settings.send_url, fields)

    return Departure(
        url=settings.send_url,
        build=build,
        read=RESPONSES,
        has_idempotency_key=True,
        needs_request=("request_id", "command_code"),
    )


def checksum(client_id: str, request_id: str, mt_code: str, secure_key: str, time: int) -> str:
    """Return the checksum of an answer.

    >>> checksum("demo", "1297875832", "mt1", "5fdc57e97198o1", 1606200000)
    '1zMqwgCqyRwuIyI6ZkzGtrCy6MFmlvXDvIwJgdg7+jA='
    """
    covered = f"{client_id}{request_id}{mt_code}{secure_key}{time}"
    return b64encode(hashlib.sha256(covered.encode()).digest()).decode()


NETWORK = Network(
    name="vcom",
    title="V-COM",
    arrivals=arrivals,
    acknowledge=fixed(
        {
            RequestOutcome.STORED: TAKEN,
            RequestOutcome.DUPLICATE: TAKEN,
            RequestOutcome.IGNORED: TAKEN,
            RequestOutcome.TRY_LATER: Acknowledgement(status=503),
            RequestOutcome.BAD_REQUEST: WRONG,
            RequestOutcome.WRONG_PROOF: WRONG,
            RequestOutcome.TOO_LARGE: WRONG,
        }
    ),
    departure=departure,
    options={
        "is_charged": NetworkOption(description="1: the citizen pays for the answer", default="0", choices=("0", "1"))
    },
    needs=("secret",),
    needs_to_send=("user",),
    shortest_secret=12,
    send_url="https://sms-api.v-com.vn/api/v2/send-mt",
    checked=Checked.OUR_READING,
    sources="V-COM's help pages, with its example of a key; not settled: its patience, and what repeats a text",
)
