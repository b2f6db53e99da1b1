"""The texts and delivery reports in a request: fields found by the network's paths, checked and bounded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlencode

from werkzeug.http import parse_options_header

from db.messages import message_ids
from db.schema import ReceiptState
from db.store.record import record
from sms_gateway.channels.http.bodies.bad_field import BadField
from sms_gateway.channels.http.bodies.charsets import codec_of
from sms_gateway.channels.http.bodies.packing import MAX_BODY_OCTETS, unpack_body
from sms_gateway.channels.http.fields import (
    FORM_TYPE,
    Fields,
    Shape,
    entries_at,
    is_id,
    items_at,
    names_of,
    read_body,
    read_form,
    shape_of,
    value_at,
    values_at,
)
from sms_gateway.channels.http.network import (
    DecodedText,
    HttpChannel,
    Kind,
    PartFields,
    ReceiptFields,
    TextFields,
)
from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.request import JSON, IncomingRequest, Way
from sms_gateway.channels.http.stored_request import keep_request
from sms_gateway.channels.smpp.coding.text import read_if_ucs2
from sms_gateway.channels.smpp.coding.udh import Part, make_part
from sms_gateway.pipeline.intake.recipients import ShortCodes
from sms_gateway.pipeline.ports import DeliveryReceipt, InboundPart, InboundText
from sms_gateway.settings.link_model import ReplyWay

MAX_TEXT_OCTETS = 16 * 1024
MAX_NUMBER_CHARACTERS = 24
MAX_ID_CHARACTERS = 128
MAX_ERROR_CHARACTERS = 16

MAX_PARTS = 255
"""Parts of a text, as many as SMPP can number."""

MAX_ITEMS = 1000
"""Texts and delivery reports in one request, all in one commit. A body of 64 KiB holds fewer with real fields."""

_PART_NUMBER = re.compile(r"[0-9]{1,3}")
_UCS2 = 8
_DATA_CODING = {"utf-16-be": 8, "cp1252": 3}
"""What SMPP calls these charsets (SMPP 3.4 §5.2.19); UTF-8 has no number there and is under 0."""


@record
class ReadItems:
    """What a request holds."""

    contents: Sequence[InboundText | InboundPart | DeliveryReceipt]
    unknown_states: int  # delivery reports whose state is not in the network's table


@record
class _Source:
    """A request, and what is the same for all its items."""

    channel: HttpChannel
    request: IncomingRequest
    content: bytes
    proved: Proved
    short_codes: ShortCodes
    now: datetime


def read_items(
    channel: HttpChannel, request: IncomingRequest, proved: Proved, *, short_codes: ShortCodes, now: datetime
) -> ReadItems | BadField:
    """Read a proven request; never raises but for a body that is too large."""
    content = _content(request)
    if isinstance(content, BadField):
        return content
    fields = _fields(channel, request, content)
    if isinstance(fields, BadField):
        return fields
    source = _Source(channel=channel, request=request, content=content, proved=proved, short_codes=short_codes, now=now)
    path = channel.arrivals.items
    items = [fields] if path is None else items_at(fields, path)
    if path is not None and len(items) != entries_at(content, path):
        return BadField(field=path, advice="send in it a list of texts or delivery reports")
    read = _read_all(source, items)
    if isinstance(read, ReadItems) and len(read.contents) > MAX_ITEMS:
        return BadField(field=path, advice=f"send at most {MAX_ITEMS} entries")
    return read


def keep_unread(channel: HttpChannel, request: IncomingRequest, proved: Proved, *, now: datetime) -> InboundText | None:
    """Return a proven request that could not be read as a message without words, which nobody answers.

    None where it cannot be kept: it has no fields from which secrets could be removed, or the fields of several texts.
    """
    content = _content(request)
    fields = content if isinstance(content, BadField) else _fields(channel, request, content)
    if isinstance(content, BadField) or isinstance(fields, BadField) or channel.arrivals.items is not None:
        return None
    source = _Source(
        channel=channel, request=request, content=content, proved=proved, short_codes=ShortCodes(), now=now
    )
    sender = _number(fields, channel.arrivals.text.sender, is_needed=False)
    return InboundText(
        link=channel.name,
        session=None,
        provider_id=None,
        signature=proved.signature,
        sender="" if isinstance(sender, BadField) else sender,
        sender_kind=channel.network.sender_kind,
        recipient="",
        body="",
        octets=b"",
        data_coding=0,
        received_at=now,
        wire=_kept(source, channel.arrivals.text, fields),
        is_for_program=True,
    )


def _read_all(source: _Source, items: Sequence[Fields]) -> ReadItems | BadField:
    contents: list[InboundText | InboundPart | DeliveryReceipt] = []
    unknown = 0
    for item in items:
        match _kind(source, item):
            case Kind.TEXT:
                text = _read_text_or_part(source, item)
                if isinstance(text, BadField):
                    return text
                contents.append(text)
            case Kind.RECEIPT if source.channel.arrivals.receipt is not None:
                receipts = _read_receipts(source, source.channel.arrivals.receipt, item)
                if isinstance(receipts, BadField):
                    return receipts
                contents += receipts.contents
                unknown += receipts.unknown_states
            case _:
                pass
    return ReadItems(contents=contents, unknown_states=unknown)


def _kind(source: _Source, item: Fields) -> Kind:
    kind = source.channel.arrivals.kind
    if kind is not None:
        return kind(source.channel.declared(item))
    return Kind.TEXT if source.request.way is Way.TEXTS else Kind.RECEIPT


def _needed(channel: HttpChannel, way: Way) -> tuple[str, ...]:
    """Return the fields without which nothing can be stored; each must be a string or a number."""
    arrivals = channel.arrivals
    if arrivals.items is not None or arrivals.kind is not None:
        return ()
    if way is Way.RECEIPTS:
        return () if arrivals.receipt is None else (arrivals.receipt.id, arrivals.receipt.state)
    recipient = () if arrivals.text.recipient is None else (arrivals.text.recipient,)
    return (arrivals.text.sender, *recipient, arrivals.text.text)


def _read_text_or_part(source: _Source, item: Fields) -> InboundText | InboundPart | BadField:
    text = _read_text(source, item)
    fields = source.channel.arrivals.text.part
    part = None if fields is None or isinstance(text, BadField) else _part_at(fields, item)
    return text if part is None or isinstance(text, BadField) else _as_part(text, part)


def _part_at(fields: PartFields, item: Fields) -> Part | None:
    """Return which part an item is; None when its numbers say that it is a whole text, or make no sense."""
    reference, number, total = (
        _short_text(value_at(item, name) or b"") for name in (fields.reference, fields.number, fields.total)
    )
    if not (reference and _PART_NUMBER.fullmatch(number) and _PART_NUMBER.fullmatch(total)):
        return None
    if int(total) > MAX_PARTS:
        return None
    return make_part(int.from_bytes(sha256(reference.encode()).digest()[:4]), int(total), int(number))


def _as_part(text: InboundText, part: Part) -> InboundPart:
    """Return a text as a part, in UCS-2: an aggregator may cut between the two halves of a character."""
    body = text.body
    if "\ufffd" in body and text.data_coding == 0:
        with suppress(UnicodeDecodeError):
            body = text.octets.decode("utf-8", "surrogatepass")
    return InboundPart(
        link=text.link,
        session=None,
        sender=text.sender,
        recipient=text.recipient,
        reference=part.reference,
        total=part.total,
        number=part.number,
        octets=body.encode("utf-16-be", "surrogatepass"),
        data_coding=_UCS2,
        received_at=text.received_at,
        reply_link=text.reply_link,
        wire=None if text.wire is None else text.wire + b"\n",
        provider_id=text.provider_id,
        signature=text.signature,
    )


def _read_text(source: _Source, item: Fields) -> InboundText | BadField:
    names = source.channel.arrivals.text
    sender = _number(item, names.sender)
    recipient = _number(item, names.recipient, is_needed=False) if names.recipient else ""
    for found in (sender, recipient):
        if isinstance(found, BadField):
            return found
    text = _decoded(source, names, item)
    if isinstance(text, BadField):
        return text
    provider_id = _short_text(value_at(item, names.id) or b"")
    if len(provider_id) > MAX_ID_CHARACTERS:
        return BadField(field=names.id, advice=f"send at most {MAX_ID_CHARACTERS} characters")
    settings = source.channel.settings
    return InboundText(
        link=source.channel.name,
        session=None,
        provider_id=provider_id if is_id(provider_id) else None,
        signature=source.proved.signature,
        sender=str(sender),
        sender_kind=source.channel.network.sender_kind,
        recipient=source.short_codes.read(str(recipient)),
        body=text.body,
        octets=text.octets,
        data_coding=text.data_coding,
        received_at=source.now,
        reply_link=source.channel.name if settings.reply is ReplyWay.BODY else settings.answers_by(source.channel.name),
        wire=_kept(source, names, item),
    )


def _decoded(source: _Source, names: TextFields, item: Fields) -> DecodedText | BadField:
    octets = value_at(item, names.text)
    decoded = names.decode(source.channel.declared(item)) if names.decode is not None else None
    if octets is None and decoded is None:
        return BadField(field=names.text, advice="it is missing; send the citizen's text in it")
    if len(octets or b"") > MAX_TEXT_OCTETS or (decoded is not None and len(decoded.octets) > MAX_TEXT_OCTETS):
        return BadField(field=names.text, advice=f"send at most {MAX_TEXT_OCTETS} octets")
    if decoded is not None:
        return decoded
    octets = octets or b""
    codec = codec_of(_declared_charset(source, names, item))
    body = read_if_ucs2(octets) or octets.decode(codec, "replace")
    return DecodedText(body=body, octets=octets, data_coding=_DATA_CODING.get(codec, 0))


def _read_receipts(source: _Source, names: ReceiptFields, item: Fields) -> ReadItems | BadField:
    found = values_at(item, names.id) or (values_at(item, names.other_id) if names.other_id else ())
    ids = [_short_text(octets) for octets in found]
    if not any(ids):
        return BadField(field=names.id, advice="it is missing; send the id of the answer in it")
    word = _short_text(value_at(item, names.state) or b"")
    if not word:
        return BadField(field=names.state, advice="it is missing; send the state of the answer in it")
    state = names.decide(source.channel.declared(item)) if names.decide is not None else names.read_state(word)
    error = _short_text(value_at(item, names.error) or b"")
    phone = _short_text(value_at(item, names.phone) or b"")
    own_id = _short_text(value_at(item, names.own_id) or b"")
    receipts = [
        DeliveryReceipt(
            link=source.channel.name,
            message_id=message_id[: message_ids.MAX_LENGTH],  # as the id in the response is cut
            state=state or ReceiptState.UNKNOWN,
            error=error[:MAX_ERROR_CHARACTERS] or None,
            received_at=source.now,
            sender=phone[:MAX_NUMBER_CHARACTERS] or None,
            own_id=own_id[: message_ids.MAX_LENGTH] or None,
        )
        for message_id in ids
        if message_id
    ]
    return ReadItems(contents=receipts, unknown_states=0 if state is not None else len(receipts))


def _kept(source: _Source, names: TextFields, item: Fields) -> bytes | None:
    """Return what is stored beside a text: of a request with several texts, only the fields of this one."""
    paths = (names.sender, names.recipient, names.text, names.id, names.charset)
    own = [name for path in paths if path is not None for name in names_of(path)]
    content, content_type = source.content, source.request.content_type
    if source.channel.arrivals.items is not None:
        content, content_type = urlencode({name: item[name] for name in own if name in item}).encode(), FORM_TYPE
    settings = source.channel.settings
    return keep_request(
        method=source.request.method,
        content_type=content_type,
        content=content,
        secrets=(settings.secret.get_secret_value(), settings.path_secret.get_secret_value()),
        own=own,
    )


def _content(request: IncomingRequest) -> bytes | BadField:
    """Return the query of a GET, else the body as it was before it was compressed."""
    if request.method == "GET":
        return request.query
    return unpack_body(request.read_body(), request.header("Content-Encoding"), MAX_BODY_OCTETS)


def _fields(channel: HttpChannel, request: IncomingRequest, content: bytes) -> Fields | BadField:
    if request.method == "GET":
        return read_form(content)
    return read_body(content, request.content_type, _needed(channel, request.way), channel.places)


def _declared_charset(source: _Source, names: TextFields, item: Fields) -> str | None:
    request = source.request
    if request.content_type.partition(";")[0].strip().lower() == JSON:
        return None  # JSON is UTF-8, whatever is declared (RFC 8259 §8.1)
    if shape_of(source.content, source.request.content_type) is Shape.XML:
        return None  # its reader has written it as UTF-8
    field = (value_at(item, names.charset) or b"").decode("ascii", "replace")  # Kannel's %C
    return field or parse_options_header(request.content_type)[1].get("charset")


def _number(fields: Fields, name: str, *, is_needed: bool = True) -> str | BadField:
    """Read a number as received: international, national, with blanks, or a sender's name."""
    value = _short_text(value_at(fields, name) or b"")
    if not value and is_needed:
        return BadField(field=name, advice="it is missing; send a telephone number in it")
    if len(value) > MAX_NUMBER_CHARACTERS or not value.isprintable():
        return BadField(field=name, advice=f"send at most {MAX_NUMBER_CHARACTERS} printable characters")
    return value


def _short_text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace").strip()
