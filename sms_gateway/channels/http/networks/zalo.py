"""zalo: messages of citizens to the city's Zalo Official Account, and answers to them.

A citizen is known by a number that Zalo gives, not by a telephone. Zalo waits 2 seconds for each response, and tokens
open its API. No official page was at hand: facts are from running code of others and from articles.
"""

from __future__ import annotations

from urllib.parse import urlencode

from db.schema import ReceiptState
from db.store.address import Address, address_of
from sms_gateway.channels.http.fields import Fields
from sms_gateway.channels.http.network import (
    Arrivals,
    Checked,
    DecodedText,
    Kind,
    Network,
    NetworkOption,
    ReceiptFields,
    TextFields,
)
from sms_gateway.channels.http.proofs.concat_digest import ConcatDigest, Piece
from sms_gateway.channels.http.request import RETRY_SECONDS, Acknowledgement, RequestOutcome, Said, refuse
from sms_gateway.channels.http.sending.departure import (
    Departure,
    OutgoingRequest,
    OutgoingText,
    TokenTerms,
    get_query,
    post_form,
    post_json,
)
from sms_gateway.channels.http.sending.response_table import RefusedFor, ResponseTable
from sms_gateway.pipeline.addresses import AddressKind
from sms_gateway.pipeline.ports import WORDLESS, Refusal
from sms_gateway.settings.link_model import ChannelSettings

FRESH_SECONDS = 13 * 3600
"""How old a request may be: the last repetition comes two hours after the first try, by an older article twelve.

Until then a copy is recognised by its id.
"""

LONGEST_TEXT = 2000
REFRESH_SECONDS = 90 * 24 * 3600

SPENT = frozenset({"-14014", "invalid_grant"})
"""Codes of a refresh token that opens nothing any more. From memory, not from a page of Zalo.

Any other code is tried again.
"""

_KINDS = {"user_send_text": Kind.TEXT, "user_received_message": Kind.RECEIPT, "user_seen_message": Kind.RECEIPT}
_WORDLESS = frozenset(
    f"user_send_{kind}"
    for kind in ("image", "audio", "video", "sticker", "gif", "location", "file", "link", "business_card")
)
_STATES = {"user_received_message": ReceiptState.DELIVERED, "user_seen_message": ReceiptState.DELIVERED}

_CODES = {
    "0": None,
    "-32": Refusal.THROTTLED,
    "-200": Refusal.TEMPORARY,
    "-211": Refusal.TEMPORARY,  # the account has used up its messages
    "-216": Refusal.TEMPORARY,  # the access token is invalid
    "-220": Refusal.TEMPORARY,  # the access token is over
}
"""Any other code fails the answer: the citizen does not follow the account, wrote too long ago, or is banned."""

_OF_ACCOUNT = ("-211", "-221", "-223", "-224", "-320", "-321")
"""The account has no right to send, no package, or is not verified: every answer is refused."""

_REFUSED_FOR = {
    "-32": RefusedFor.TOO_FAST,
    **dict.fromkeys(("-211", "-218"), RefusedFor.MONEY),
    **dict.fromkeys(("-216", "-220"), RefusedFor.TOKEN),
    **dict.fromkeys(("-213", "-217", "-227", "-244"), RefusedFor.STOPPED),
    **dict.fromkeys(("-230", "-232"), RefusedFor.WINDOW),
    **dict.fromkeys(("-221", "-223", "-224", "-320", "-321"), RefusedFor.ACCOUNT),
}

_TAKEN = Acknowledgement(status=200, body="{}")
_RESPONSES = {
    **dict.fromkeys(RequestOutcome, _TAKEN),  # after five refused tries Zalo turns the webhook off
    RequestOutcome.TRY_LATER: Acknowledgement(status=503, headers={"Retry-After": str(RETRY_SECONDS)}),
}


def acknowledge(said: Said) -> Acknowledgement:
    """Respond; without a proof as a channel does that does not exist."""
    return refuse(said) if said.outcome is RequestOutcome.WRONG_PROOF else _RESPONSES[said.outcome]


def read_user(raw: str) -> Address | None:
    """Read the number that Zalo gives a user; it is one of the Official Account, not of the person."""
    return address_of("zalo", raw) if raw.isascii() and raw.isdecimal() else None


def mask_user(stored: str) -> str:
    """Hide most of a stored address.

    >>> mask_user("zalo:6142494823000001")
    'zalo:6142***01'
    """
    return f"{stored[:9]}***{stored[-2:]}"


def kind_of_event(item: Fields) -> Kind:
    """Return what an event is: "follow" and events that nobody knows yet are not stored."""
    name = _event_of(item)
    return Kind.TEXT if name in _WORDLESS else _KINDS.get(name, Kind.IGNORED)


def decode(item: Fields) -> DecodedText | None:
    """Read a picture, a sticker or a file without words as such; None for what has words."""
    if _event_of(item) not in _WORDLESS or item.get("message.text", b"").strip():
        return None
    return DecodedText(body=WORDLESS, octets=b"", data_coding=0)


def _event_of(item: Fields) -> str:
    return item.get("event_name", b"").decode("utf-8", "replace")


def arrivals(settings: ChannelSettings) -> Arrivals:
    """Read messages and reports, which come to one address."""
    return Arrivals(
        proof=ConcatDigest(
            algorithm="sha256",
            over=("app_id", Piece.BODY, "timestamp", Piece.SECRET),
            secret=settings.secret.get_secret_value(),
            digest_header="X-ZEvent-Signature",
            prefix="mac=",
            stamp_field="timestamp",
            stamp_in_milliseconds=True,
            seconds=FRESH_SECONDS,
        ),
        text=TextFields(sender="sender.id", text="message.text", id="message.msg_id", charset=None, decode=decode),
        receipt=ReceiptFields(
            id="message.msg_id", other_id="message.msg_ids[]", state="event_name", read_state=_STATES.get
        ),
        kind=kind_of_event,
    )


def departure(settings: ChannelSettings) -> Departure:
    """Send a consultation message, which Zalo takes within seven days after the citizen's last one."""
    quota = f"{settings.send_url.removesuffix('/message/cs')}/quota/message"

    def build(text: OutgoingText) -> OutgoingRequest:
        fields = {"recipient": {"user_id": text.recipient}, "message": {"text": text.body}}
        return post_json(settings.send_url, fields, {"access_token": text.access_token})

    return Departure(
        url=settings.send_url,
        build=build,
        read=ResponseTable(
            ids="data.message_id",
            code="error",
            codes=_CODES | dict.fromkeys(_OF_ACCOUNT[1:], Refusal.PERMANENT),
            refused_for=_REFUSED_FOR,
            declines_all=_OF_ACCOUNT,
            token_codes=("-216", "-220"),
        ),
        tokens=tokens(settings),
        token_probe=lambda access: get_query(quota, {}, {"access_token": access}),
        read_probe=ResponseTable(code="error", codes={"0": None}),
    )


def tokens(settings: ChannelSettings) -> TokenTerms:
    """Exchange codes and refresh tokens for access tokens; a refresh token opens one exchange."""
    app_id, url = settings.options.get("app_id", ""), settings.options["token_url"]
    headers = {"secret_key": settings.password.get_secret_value()}

    def renew(refresh: str) -> OutgoingRequest:
        fields = {"refresh_token": refresh, "app_id": app_id, "grant_type": "refresh_token"}
        return post_form(url, fields, headers)

    def redeem(code: str, verifier: str) -> OutgoingRequest:
        fields = {"code": code, "app_id": app_id, "grant_type": "authorization_code", "code_verifier": verifier}
        return post_form(url, fields, headers)

    def permission_url(challenge: str, state: str) -> str:
        fields = {"app_id": app_id, "redirect_uri": settings.options["redirect_uri"], "code_challenge": challenge}
        return f"{settings.options['permission_url']}?{urlencode(fields | {'state': state})}"

    return TokenTerms(
        url=url,
        renew=renew,
        redeem=redeem,
        permission_url=permission_url,
        refresh_seconds=REFRESH_SECONDS,
        spent=SPENT,
    )


ZALO_USERS = AddressKind(name="zalo", read=read_user, mask=mask_user)
"""Users of Zalo, as one Official Account knows them."""

NETWORK = Network(
    name="zalo",
    title="Zalo Official Account",
    arrivals=arrivals,
    acknowledge=acknowledge,
    departure=departure,
    patience_seconds=1.5,
    answers_in_response=False,
    sender_kind=ZALO_USERS,
    options={
        "app_id": NetworkOption(description="number of the application at developers.zalo.me"),
        "redirect_uri": NetworkOption(
            description="address to which Zalo brings the code of `tokens authorise`; as registered",
            default="",
            is_address=True,
        ),
        "token_url": NetworkOption(
            description="address that gives tokens",
            default="https://oauth.zaloapp.com/v4/oa/access_token",
            is_address=True,
        ),
        "permission_url": NetworkOption(
            description="page on which the account's owner allows the application",
            default="https://oauth.zaloapp.com/v4/oa/permission",
            is_address=True,
        ),
    },
    needs=("send_url", "secret"),
    needs_to_send=("password",),
    longest_text=LONGEST_TEXT,
    send_url="https://openapi.zalo.me/v3.0/oa/message/cs",
    checked=Checked.OUR_READING,
    sources="code of Chatwoot and articles, no page of Zalo; not settled: longest text, repeats, life of a token",
)
