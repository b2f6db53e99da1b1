"""The doors for aggregators: `POST /mo/CHANNEL` with JSON or a form, `GET /mo/CHANNEL` in Kannel's way.

A text is acknowledged (200) only when it is committed. Nothing here logs or echoes a number, a text or a secret.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Collection
from datetime import datetime
from functools import partial
from hashlib import sha256

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from sms_gateway.channels.http.fields import (
    BadField,
    Fields,
    codec_of,
    is_id,
    read_body,
    read_form,
    unpack_body,
)
from sms_gateway.channels.http.ports import RETRY_SECONDS, EndpointParts, EndpointRefusal
from sms_gateway.channels.http.refusals import Refused
from sms_gateway.channels.http.signature import bare, is_fresh, is_signed
from sms_gateway.channels.http.stored_request import keep_request
from sms_gateway.channels.smpp.coding.text import read_if_ucs2
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.intake.recipients import ShortCodes
from sms_gateway.pipeline.ports import InboundText, Verdict
from sms_gateway.settings.link_model import ChannelSettings, ReplyWay

MAX_BODY_OCTETS = 64 * 1024
"""A text of 255 segments in UTF-8, percent-encoded, and the fields beside it fit."""

MAX_TEXT_OCTETS = 16 * 1024
MAX_NUMBER_CHARACTERS = 24
MAX_ID_CHARACTERS = 128

ANSWER_SECONDS = 10.0
"""How long Kannel is kept waiting for the answer in the body; its own patience is longer."""

UNKNOWN_CHANNEL = "unknown"
TIMESTAMP_HEADER = "X-Timestamp"
SIGNATURE_HEADER = "X-Signature"

_DATA_CODING = {"utf-16-be": 8, "cp1252": 3}
"""What SMPP calls these charsets (SMPP 3.4 §5.2.19); UTF-8 has no number there and stands under 0."""

_LOG = logger_of(__name__)
_TOLD = {verdict: json.dumps({"status": verdict.value}, separators=(",", ":")) + "\n" for verdict in Verdict}

Reply = Response | tuple[Response, int]


def doors(parts: EndpointParts) -> Blueprint:
    """Build the blueprint of `/mo/…`."""
    blueprint = Blueprint("doors", __name__)
    blueprint.add_url_rule(
        "/mo/<channel>",
        endpoint="take_text",
        view_func=partial(take_text, parts),
        methods=["GET", "POST"],
        strict_slashes=False,
    )
    return blueprint


def take_text(parts: EndpointParts, channel: str) -> Reply:
    """Take one text of a citizen from an aggregator."""
    if request.method == "HEAD":  # Flask adds it to GET; a monitor's HEAD must not become a citizen's text
        return _refuse(405, "use POST, or GET in Kannel's way")
    settings = _known_channel(parts, channel)
    if settings is None:
        return _unauthorized()
    text = _read_text(parts, channel, settings)
    if isinstance(text, BadField):
        parts.counters.refused(channel, EndpointRefusal.BAD_REQUEST)
        return _refuse(400, text.advice if text.field is None else f'field "{text.field}": {text.advice}', text.field)
    verdict = parts.text_intake.take(text)
    if verdict is Verdict.TRY_LATER:
        parts.counters.refused(channel, EndpointRefusal.TRY_LATER)
        response = jsonify(error="the text could not be stored; send it again")
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response, 503
    parts.counters.taken(channel, verdict)
    return _accepted(parts, channel, settings, text, verdict)


def _known_channel(parts: EndpointParts, channel: str) -> ChannelSettings | None:
    """Return the channel when the request carries its secret. An unknown channel takes the same way and time."""
    known = parts.channels.get(channel)
    settings = known or ChannelSettings()
    wanted = settings.secret.get_secret_value() or secrets.token_hex()  # an empty secret fits nothing
    if settings.auth == "signed":
        if _carries_signature(wanted, settings.replay_seconds, now=parts.now()) and known is not None:
            return known
        _refuse_secret(parts, channel if known else UNKNOWN_CHANNEL)
        return None
    if settings.auth == "basic":
        given = (request.authorization.password if request.authorization else None) or ""
    else:
        # WSGI hands headers over as Latin-1; the settings are UTF-8.
        given = request.headers.get(settings.secret_header, "").encode("latin-1", "replace").decode("utf-8", "replace")
    if hmac.compare_digest(_digest(given), _digest(wanted)) and known is not None:
        return known
    _refuse_secret(parts, channel if known else UNKNOWN_CHANNEL)
    return None


def _refuse_secret(parts: EndpointParts, name: str) -> None:
    """Count it, and log sums: one line a minute for each channel and address."""
    parts.counters.refused(name, EndpointRefusal.WRONG_SECRET)
    for (channel, address), count in parts.refusals.count(Refused(name, request.remote_addr), now=parts.now()).items():
        event(_LOG, "endpoint_refused", level="warning", channel=channel, address=address, refused=count)


def _carries_signature(secret: str, seconds: int, *, now: datetime) -> bool:
    stamp = request.headers.get(TIMESTAMP_HEADER, "")
    content = request.query_string if request.method == "GET" else request.get_data()
    signature = request.headers.get(SIGNATURE_HEADER, "")
    signed = is_signed(secret=secret, stamp=stamp, content=content, signature=signature)
    return signed and is_fresh(stamp, now=now, seconds=seconds)


def _read_text(parts: EndpointParts, channel: str, settings: ChannelSettings) -> InboundText | BadField:
    content = _content(parts, channel)
    if isinstance(content, BadField):
        return content
    own = (settings.sender_field, settings.recipient_field, settings.text_field, settings.id_field)
    fields = _fields(content, own[:3])  # an id of another kind than a string or number is none
    if isinstance(fields, BadField):
        return fields
    sender = _number(fields, settings.sender_field)
    recipient = _number(fields, settings.recipient_field, is_needed=False)
    octets = fields.get(settings.text_field)
    for found in (sender, recipient):
        if isinstance(found, BadField):
            return found
    if octets is None:
        return BadField(field=settings.text_field, advice="it is missing; send the citizen's text in it")
    if len(octets) > MAX_TEXT_OCTETS:
        return BadField(field=settings.text_field, advice=f"send at most {MAX_TEXT_OCTETS} octets")
    codec = codec_of(_declared_charset(fields))
    provider_id = _short_text(fields.get(settings.id_field, b""))
    if len(provider_id) > MAX_ID_CHARACTERS:
        return BadField(field=settings.id_field, advice=f"send at most {MAX_ID_CHARACTERS} characters")
    return InboundText(
        link=channel,
        session=None,
        provider_id=provider_id if is_id(provider_id) else None,
        signature=bare(request.headers[SIGNATURE_HEADER]) if settings.auth == "signed" else None,
        sender=str(sender),
        recipient=_short_codes(parts).read(str(recipient)),
        body=read_if_ucs2(octets) or octets.decode(codec, "replace"),
        octets=octets,
        data_coding=_DATA_CODING.get(codec, 0),
        received_at=parts.now(),
        reply_link=channel if settings.reply is ReplyWay.BODY else settings.reply_link,
        wire=keep_request(
            method=request.method,
            content_type=request.content_type or "",
            content=content,
            secret=settings.secret.get_secret_value(),
            own=(*own, "charset"),
        ),
    )


def _short_codes(parts: EndpointParts) -> ShortCodes:
    known = parts.short_codes
    return ShortCodes(known=frozenset(known), default=known[0])


def _content(parts: EndpointParts, channel: str) -> bytes | BadField:
    """Return the query of a GET, else the body as it was before it was packed for the way."""
    if request.method == "GET":
        return request.query_string
    try:
        raw = request.get_data()
    except RequestEntityTooLarge:
        parts.counters.refused(channel, EndpointRefusal.TOO_LARGE)
        raise
    return unpack_body(raw, request.headers.get("Content-Encoding", ""), MAX_BODY_OCTETS)


def _fields(content: bytes, own: Collection[str]) -> Fields | BadField:
    if request.method == "GET":
        return read_form(content)
    return read_body(content, request.content_type or "", own)


def _declared_charset(fields: Fields) -> str | None:
    if request.mimetype == "application/json":
        return None  # JSON is UTF-8, whatever is declared (RFC 8259 §8.1)
    field = fields.get("charset", b"").decode("ascii", "replace")  # Kannel's %C
    return field or request.mimetype_params.get("charset")


def _number(fields: Fields, name: str, *, is_needed: bool = True) -> str | BadField:
    """Read a number as it came: international, national, with blanks, or a sender's name."""
    value = _short_text(fields.get(name, b""))
    if not value and is_needed:
        return BadField(field=name, advice="it is missing; send a telephone number in it")
    if len(value) > MAX_NUMBER_CHARACTERS or not value.isprintable():
        return BadField(field=name, advice=f"send at most {MAX_NUMBER_CHARACTERS} printable characters")
    return value


def _short_text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace").strip()


def _accepted(
    parts: EndpointParts, channel: str, settings: ChannelSettings, text: InboundText, verdict: Verdict
) -> Reply:
    answer = None
    if settings.reply is ReplyWay.BODY:
        answer = parts.answers.collect(channel, text.sender, text, ANSWER_SECONDS)
    if request.method == "GET":
        # Kannel sends whatever the body holds to the citizen, so an empty body means: nothing to send.
        return Response(answer or "", content_type="text/plain; charset=utf-8")
    if settings.reply is ReplyWay.BODY:
        return jsonify(status=verdict.value, answer=answer)
    return Response(_TOLD[verdict], content_type="application/json")


def _unauthorized() -> Reply:
    response, status = _refuse(401, "the channel's secret is missing or wrong")
    response.headers["WWW-Authenticate"] = 'Basic realm="sms-gateway", charset="UTF-8"'
    return response, status


def _refuse(status: int, error: str, field: str | None = None) -> tuple[Response, int]:
    return (jsonify(error=error) if field is None else jsonify(error=error, field=field)), status


def _digest(secret: str) -> bytes:
    # Equal lengths, so that not even the secret's length is told by the time.
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
