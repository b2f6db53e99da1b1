"""The endpoints below /back-office: the proof, the scope and the rate of a request, then its operation.

Nothing here logs or echoes a key, a signature or a body.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

from flask import Blueprint, Response, request
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from db.back_office.api_clients import is_use_due, note_use
from sms_gateway.back_office_api.operation import ApiAnswer, ApiCall, Operation, refuse
from sms_gateway.back_office_api.operations import OPERATIONS, PREFIX
from sms_gateway.back_office_api.proof import Proven, by_key, by_signature
from sms_gateway.back_office_api.rates import Rates
from sms_gateway.channels.http.bodies.packing import MAX_BODY_OCTETS
from sms_gateway.channels.http.refusals import Refused
from sms_gateway.channels.http.request import RETRY_SECONDS
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.intake.batch import cannot_take
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.request_reader import ASKS_PERMIT

BLUEPRINT = "back_office"

_LOG = logger_of(__name__)
_REFUSED = "back_office"
"""Under what refusals are summed up for the log."""

_UNPROVEN = refuse(
    401,
    "the key or the signature is missing or wrong: send the key as `Authorization: Bearer KEY`",
    WWW_Authenticate='Bearer realm="sms-gateway"',
)
_UNSIGNED = "{name} is in the query, which no signature covers: write it into the body, or send the key"


def back_office_endpoints(requests_a_minute: int, operations: Sequence[Operation] = OPERATIONS) -> Blueprint:
    """Build the blueprint of `/back-office/…`."""
    blueprint = Blueprint(BLUEPRINT, __name__, url_prefix=PREFIX)
    shared = Rates(requests_a_minute)
    for one in operations:
        rates = Rates(max(requests_a_minute, one.own_rate)) if one.own_rate else shared
        blueprint.add_url_rule(one.path, one.name, partial(_serve, one, rates), methods=[one.method])
    return blueprint


def _serve(operation: Operation, rates: Rates, **path: str) -> Response:
    try:
        return _response(_answer(operation, rates, path))
    except RequestEntityTooLarge:
        return _response(refuse(413, _too_large(operation)))
    except SQLAlchemyError as error:
        if not cannot_take(error):
            raise
        event(_LOG, "request_refused", level="warning", endpoint=request.endpoint or "none", error=error)
        return _response(refuse(503, "the database cannot be used now: send it again", Retry_After=str(RETRY_SECONDS)))


def _answer(operation: Operation, rates: Rates, path: dict[str, str]) -> ApiAnswer:
    parts = dependencies()
    now = parts.now()
    proven = _prove(operation)
    if proven is None:
        _count_refused()
        return _UNPROVEN
    client = proven.client
    if operation.scope not in client.scopes:
        return refuse(403, f"this client may not do that: it needs the scope {operation.scope}")
    if ASKS_PERMIT not in request.environ and (seconds := rates.wait(client.id, now)):
        return refuse(429, "too many requests in this minute: try again later", Retry_After=str(seconds))
    query = {one.name: request.args.get(one.name, "") for one in operation.parameters}
    if proven.by_signature and any(query.values()):
        return refuse(400, _UNSIGNED.format(name=next(name for name, value in query.items() if value)))
    for one in operation.parameters:
        if one.values and query[one.name] not in {"", *one.values}:
            return refuse(400, f"{one.name}: write one of {', '.join(one.values)}, or leave it out")
    body = request.get_data(cache=False) if operation.takes is not None else b""
    if is_use_due(client, now):
        with parts.database.write() as connection:
            note_use(connection, client, now)
    call = ApiCall(client=client, at=proven.at, now=now, body=body, query=query, path=path)
    answer = operation.view(call)
    if not answer.is_counted:
        rates.give_back(client.id, now)
    return answer


def _prove(operation: Operation) -> Proven | None:
    """Find who sends the request. A long body is not read before the key is found to be right."""
    parts, key = dependencies(), _key()
    if key:
        request.max_content_length = operation.most_octets
        with parts.database.read() as connection:
            return by_key(connection, key, parts.now())
    if not operation.may_be_signed or "webhook-signature" not in request.headers:
        return None
    request.max_content_length = MAX_BODY_OCTETS
    body = request.get_data()
    with parts.database.read() as connection:
        return by_signature(connection, _header, body, parts.now())


def _key() -> str:
    """Return the key of a request: a bearer token (RFC 6750), or the password of HTTP Basic (RFC 7617)."""
    given = request.authorization
    if given is None:
        return ""
    return (given.token if given.type == "bearer" else given.password) or ""


def _header(name: str) -> str:
    return request.headers.get(name, "")


def _too_large(operation: Operation) -> str:
    if operation.may_be_signed and not _key():
        return f"a body of more than {MAX_BODY_OCTETS // 1024} KiB needs the key: send it, or fewer items"
    return f"the body is longer than {operation.most_octets // 1024} KiB: send fewer items in one request"


def _count_refused() -> None:
    """Log sums: one line a minute for each address."""
    parts = dependencies()
    for (_, address), count in parts.refusals.count(Refused(_REFUSED, request.remote_addr), now=parts.now()).items():
        event(_LOG, "endpoint_refused", level="warning", channel=_REFUSED, address=address, refused=count)


def _response(answer: ApiAnswer) -> Response:
    body: BaseModel = answer.body
    written = json.dumps(body.model_dump(mode="json", by_alias=True), ensure_ascii=False, separators=(",", ":"))
    response = Response(written + "\n", answer.status, content_type="application/json")
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response
