"""esms: eSMS.vn (ViHAT), for short codes in Viet Nam. The answer belongs into the response to the text.

By its sending API only registered texts of a brand name go out, so it is seldom of use for answers.
"""

from __future__ import annotations

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import Fields
from sms_gateway.channels.http.network import Arrivals, Checked, Network, NetworkOption, ReceiptFields, TextFields
from sms_gateway.channels.http.proofs.concat_digest import ConcatDigest, Piece
from sms_gateway.channels.http.proofs.shared_secret import PathSecret
from sms_gateway.channels.http.request import TAKEN, Acknowledgement, Said, refuse, xml_text
from sms_gateway.channels.http.sending.departure import Departure, OutgoingRequest, OutgoingText, post_json
from sms_gateway.channels.http.sending.response_table import RefusedFor, ResponseTable
from sms_gateway.pipeline.ports import Refusal
from sms_gateway.settings.link_model import ChannelSettings

STATES = {
    "1": ReceiptState.ENROUTE,  # waits for approval
    "2": ReceiptState.ENROUTE,
    "4": ReceiptState.REJECTED,
    "7": ReceiptState.ENROUTE,  # sent, waits for a report
}
FINISHED = b"5"
"""Then the numbers of texts that arrived and failed say the state."""

REFUSES_ALL = ("101", "102", "103", "104", "118", "140", "143", "177")
"""Wrong keys, no price, no money, no such brand name, a wrong type, an address that is not let in, the account …"""

RESPONSES = ResponseTable(
    ids="SMSID",
    code="CodeResult",
    codes={
        **dict.fromkeys(("100", "124", "199")),  # 124 and 199: our RequestId came before
        "160": Refusal.THROTTLED,
        **dict.fromkeys(REFUSES_ALL, Refusal.TEMPORARY),
        **dict.fromkeys(("99", "108", "146", "201"), Refusal.PERMANENT),
    },
    refused_for={
        **dict.fromkeys(("101", "140", "143"), RefusedFor.ACCOUNT),
        "103": RefusedFor.MONEY,
        "104": RefusedFor.SENDER,
        **dict.fromkeys(("99", "108"), RefusedFor.NUMBER),
        "146": RefusedFor.TEMPLATE,
        "201": RefusedFor.WORDS,
        "160": RefusedFor.TOO_FAST,
    },
    declines_all=REFUSES_ALL,
)
FIXED_NUMBER, BRAND_NAME = "8", "2"

TRIED = OutgoingText(key="check", sender="", recipient="84901234567", body="Xin chao", valid_seconds=60)
KNOWN = ResponseTable(code="CodeResult", codes=dict.fromkeys(("100", "124", "146", "199")))
"""With `Sandbox=1` nothing is sent. That it came before, or is no registered text, says a provider that knows us."""


def arrivals(settings: ChannelSettings) -> Arrivals:
    """`secret` is the PrivateKey. Reports are not signed: `path_secret` is in their URL."""
    return Arrivals(
        proof=ConcatDigest(
            algorithm="md5",
            over=("cpid", "smsid", "content", "receiverTime", Piece.SECRET),
            secret=settings.secret.get_secret_value(),
            digest_field="sign",
        ),
        text=TextFields(sender="sender", recipient="serviceNumber", text="content", id="smsid", charset=None),
        receipt=ReceiptFields(
            id="SMSID",
            own_id="RequestId",  # after 124 we know an answer by no other
            state="SendStatus",
            phone="phonenumber",
            read_state=STATES.get,
            decide=state_of,
        ),
        receipt_proof=PathSecret(secret=settings.path_secret.get_secret_value()),
    )


def state_of(item: Fields) -> ReceiptState | None:
    """Return the state of a report about one text."""
    status = item.get("SendStatus", b"").strip()
    if status != FINISHED:
        return STATES.get(status.decode("ascii", "replace"))
    if _count(item, "SendFailed"):
        return ReceiptState.UNDELIVERABLE
    return ReceiptState.DELIVERED if _count(item, "SendSuccess") else None


def _count(item: Fields, name: str) -> bool:
    return item.get(name, b"").strip().strip(b"0") != b""


def acknowledge(said: Said) -> Acknowledgement:
    """Return the answer in XML."""
    if said.outcome not in TAKEN:
        return refuse(said)
    values = {"Message": said.answer, "Smsid": said.provider_id, "Receiver": said.sender}
    inside = "".join(f"<{name}>{xml_text(value or '')}</{name}>" for name, value in values.items())
    body = f"<ClientResponse>{inside}</ClientResponse>"
    return Acknowledgement(status=200, body=body, content_type="text/xml; charset=utf-8")


def departure(settings: ChannelSettings) -> Departure:
    """`user` is the ApiKey, `password` the SecretKey."""
    brand = settings.options["brandname"]
    account = {"ApiKey": settings.user, "SecretKey": settings.password.get_secret_value()}
    kind = {"SmsType": BRAND_NAME, "Brandname": brand} if brand else {"SmsType": FIXED_NUMBER}

    def fields(text: OutgoingText) -> dict[str, str]:
        return {
            **account,
            **kind,
            "Phone": text.recipient,
            "Content": text.body,
            "IsUnicode": "0" if text.body.isascii() else "1",
            "Sandbox": settings.options["sandbox"],
            "RequestId": text.key,
            "CallbackUrl": text.receipt_url,
        }

    def build(text: OutgoingText) -> OutgoingRequest:
        return post_json(settings.send_url, fields(text))

    return Departure(
        url=settings.send_url,
        build=build,
        read=RESPONSES,
        has_idempotency_key=True,
        probe=post_json(settings.send_url, fields(TRIED) | {"Sandbox": "1"}),
        read_probe=KNOWN,
    )


NETWORK = Network(
    name="esms",
    title="eSMS",
    arrivals=arrivals,
    acknowledge=acknowledge,
    departure=departure,
    options={
        "brandname": NetworkOption(description="the brand name that sends; a fixed number without it", default=""),
        "sandbox": NetworkOption(description="1: nothing is sent, to try it out", default="0", choices=("0", "1")),
    },
    needs=("secret",),
    needs_to_send=("user", "password", "public_url", "path_secret"),
    send_url="https://rest.esms.vn/MainService.svc/json/SendMultipleMessage_V4_post_json/",
    checked=Checked.PUBLISHED_VECTOR,
    sources="the papers of eSMS; not settled: its patience, its repeats, the form of the signature",
)
