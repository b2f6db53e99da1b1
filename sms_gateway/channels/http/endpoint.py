"""The HTTP endpoints for aggregators: `/mo/CHANNEL` for texts, `/dlr/CHANNEL` for delivery reports.

Either may end with a secret, `/mo/CHANNEL/SECRET`. A text is acknowledged only when it is committed. Nothing here logs
or echoes a number, a text or a secret.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from sms_gateway.channels.http.bodies.bad_field import BadField
from sms_gateway.channels.http.items import ReadItems, keep_unread, read_items
from sms_gateway.channels.http.network import HttpChannel
from sms_gateway.channels.http.ports import EndpointParts, EndpointRefusal
from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.refusals import Refusals, Refused
from sms_gateway.channels.http.request import IncomingRequest, RequestOutcome, Said, Way
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.intake.batch import cannot_take
from sms_gateway.pipeline.ports import DeliveryReceipt, InboundText, Verdict
from sms_gateway.settings.link_model import ReplyWay

__all__ = ["endpoints", "is_for_endpoint"]

UNKNOWN_CHANNEL = "unknown"
_IN_PATHS = "/-._~!$&'()*+,;=:@"  # characters that a path holds as they are (RFC 3986 §3.3)
_LOG = logger_of(__name__)
_OUTCOMES = {
    Verdict.STORED: RequestOutcome.STORED,
    Verdict.DUPLICATE: RequestOutcome.DUPLICATE,
    Verdict.TRY_LATER: RequestOutcome.TRY_LATER,
}
_REFUSALS = {
    RequestOutcome.TRY_LATER: EndpointRefusal.TRY_LATER,
    RequestOutcome.BAD_REQUEST: EndpointRefusal.BAD_REQUEST,
    RequestOutcome.TOO_LARGE: EndpointRefusal.TOO_LARGE,
    RequestOutcome.WRONG_PROOF: EndpointRefusal.WRONG_SECRET,
}


def endpoints(parts: EndpointParts) -> Blueprint:
    """Build the blueprint of `/mo/…` and `/dlr/…`."""
    blueprint = Blueprint("endpoints", __name__)
    for way in Way:
        for rule, name in (
            (f"/{way.value}/<channel>", way.value),
            (f"/{way.value}/<channel>/<secret>", f"{way.value}_by_path"),
        ):
            blueprint.add_url_rule(
                rule,
                endpoint=name,
                view_func=partial(take_request, parts, way),
                methods=["GET", "POST"],
                strict_slashes=False,
            )
    return blueprint


def is_for_endpoint(path: str) -> bool:
    """Return whether a path is below /mo or /dlr, with a route or without."""
    return any(path == f"/{way.value}" or path.startswith(f"/{way.value}/") for way in Way)


def take_request(parts: EndpointParts, way: Way, channel: str, secret: str = "") -> Response:
    """Take what an aggregator sends."""
    path = request.path
    request.path = f"/{way.value}/{channel}"  # without the secret: Flask logs the path when something fails
    if request.method == "HEAD":  # Flask adds it to GET; a monitor's HEAD must not become a citizen's text
        error = json.dumps({"error": "use POST, or GET in Kannel's way"}) + "\n"
        return Response(error, 405, content_type="application/json")
    known = parts.channels.get(channel)
    asked = known or parts.nobody
    incoming = _incoming(way, secret, _outer_url(asked.settings.public_url, path))
    try:
        proved = _prove(asked, incoming, parts)
        if proved is None or known is None:
            _count_refused(parts, UNKNOWN_CHANNEL if known is None else known.name)
            return _response(asked, Said(outcome=RequestOutcome.WRONG_PROOF, method=request.method))
        if proved.is_watched:
            _count_watched(parts, known.name)
        said = _take(parts, known, incoming, proved)
    except RequestEntityTooLarge:
        said = Said(outcome=RequestOutcome.TOO_LARGE, method=request.method)
    except SQLAlchemyError as error:  # the text may be stored, and its answer could not be fetched
        if not cannot_take(error):
            raise
        event(_LOG, "request_refused", level="warning", endpoint=request.endpoint or "none", error=error)
        said = Said(outcome=RequestOutcome.TRY_LATER, method=request.method)
    if said.outcome in _REFUSALS:
        parts.counters.refused(asked.name, _REFUSALS[said.outcome])
    return _response(asked, said)


def _prove(asked: HttpChannel, incoming: IncomingRequest, parts: EndpointParts) -> Proved | None:
    """Check the proof. A channel that does not exist, or reports nothing, takes the same way and time."""
    arrivals = asked.arrivals
    if incoming.way is Way.TEXTS:
        return arrivals.proof(incoming, parts.now())
    proved = (arrivals.receipt_proof or arrivals.proof)(incoming, parts.now())
    return proved if arrivals.receipt is not None else None


def _take(parts: EndpointParts, channel: HttpChannel, incoming: IncomingRequest, proved: Proved) -> Said:
    items = read_items(channel, incoming, proved, short_codes=parts.short_codes, now=parts.now())
    if isinstance(items, BadField):
        return _unread(parts, channel, incoming, proved, items)
    if items.unknown_states:
        parts.counters.unknown_states(channel.name, items.unknown_states)
    return _store(parts, channel, incoming, items)


def _unread(
    parts: EndpointParts, channel: HttpChannel, incoming: IncomingRequest, proved: Proved, why: BadField
) -> Said:
    """Respond to what cannot be read; keep it for operators where the network takes that for a success."""
    said = Said(outcome=RequestOutcome.BAD_REQUEST, method=incoming.method, field=why.field, advice=why.advice)
    _log_sums(parts, parts.unreadable, channel.name, "request_unreadable")
    if channel.network.acknowledge(replace(said, options=channel.settings.options)).status != HTTPStatus.OK:
        return said
    kept = keep_unread(channel, incoming, proved, now=parts.now())
    if kept is not None and parts.text_intake.take(kept) is Verdict.TRY_LATER:
        return replace(said, outcome=RequestOutcome.TRY_LATER)
    return said


def _store(parts: EndpointParts, channel: HttpChannel, incoming: IncomingRequest, items: ReadItems) -> Said:
    """Store all items of a request; if one cannot be stored now, the repetition brings all of them again."""
    if not items.contents:
        parts.counters.ignored(channel.name)
        return Said(outcome=RequestOutcome.IGNORED, method=incoming.method)
    verdict = parts.text_intake.take(*items.contents)
    texts = [content for content in items.contents if not isinstance(content, DeliveryReceipt)]
    in_response = channel.settings.reply is ReplyWay.BODY and incoming.way is Way.TEXTS
    answer = None
    for text in texts if verdict is not Verdict.TRY_LATER else ():
        parts.counters.taken(channel.name, verdict)
        if in_response and isinstance(text, InboundText):
            answer = parts.answers.collect(channel.name, text.sender, text, channel.network.patience_seconds)
    last = next((text for text in reversed(texts) if isinstance(text, InboundText)), None)
    return Said(
        outcome=_OUTCOMES[verdict],
        method=incoming.method,
        answers_in_response=in_response,
        answer=answer,
        provider_id=last.provider_id if last is not None else None,
        sender=last.sender if last is not None else None,
    )


def _incoming(way: Way, secret: str, url: str) -> IncomingRequest:
    return IncomingRequest(
        way=way,
        method=request.method,
        content_type=request.content_type or "",
        query=request.query_string,
        header=_header,
        read_body=request.get_data,
        read_password=_password,
        path_secret=secret,
        url=url,
    )


def _outer_url(public_url: str, path: str) -> str:
    """Return the URL that the aggregator called; never from Host, which any caller can write."""
    query = request.query_string.decode("latin-1")
    return f"{public_url}{quote(path, safe=_IN_PATHS)}" + (f"?{query}" if query else "") if public_url else ""


def _header(name: str) -> str:
    """Return a header. WSGI hands headers over as Latin-1; the settings are UTF-8."""
    return request.headers.get(name, "").encode("latin-1", "replace").decode("utf-8", "replace")


def _password() -> str:
    authorization = request.authorization
    return (authorization.password if authorization else None) or ""


def _response(channel: HttpChannel, said: Said) -> Response:
    told = channel.network.acknowledge(replace(said, options=channel.settings.options))
    response = Response(told.body, told.status, content_type=told.content_type)
    for name, value in told.headers.items():
        response.headers[name] = value
    return response


def _count_watched(parts: EndpointParts, name: str) -> None:
    """Count what would be refused, and log sums: one line a minute for each channel."""
    parts.counters.watched(name)
    for (channel, _), count in parts.watched.count(Refused(name, None), now=parts.now()).items():
        event(_LOG, "signature_watched", level="warning", channel=channel, wrong=count)


def _count_refused(parts: EndpointParts, name: str) -> None:
    """Count it, and log sums: one line a minute for each channel and address."""
    parts.counters.refused(name, EndpointRefusal.WRONG_SECRET)
    _log_sums(parts, parts.refusals, name, "endpoint_refused")


def _log_sums(parts: EndpointParts, refusals: Refusals, name: str, what: str) -> None:
    for (channel, address), count in refusals.count(Refused(name, request.remote_addr), now=parts.now()).items():
        event(_LOG, what, level="warning", channel=channel, address=address, refused=count)
