"""`/healthz` for monitoring, and `/metrics` where metrics are kept."""

from __future__ import annotations

from hmac import compare_digest

from flask import Response, abort, jsonify, request

from sms_gateway.channels.service_health import ServiceState, service_health
from sms_gateway.metrics import CONTENT_TYPE
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.proxies import FROM_HERE

_ADVICE = (
    "Metrics are given to programs of this machine, or with the token: "
    "set web.metrics_token_file and send Authorization: Bearer TOKEN.\n"
)


def health() -> tuple[Response, int]:
    """Return whether texts can be stored and how many links are bound; 503 when no text could be served.

    `database` is false when the database cannot be read, is gone, or is another one. `troubles`, where there are any,
    names the problems of database and key file (sms_gateway.metrics). Links are the channels that can send, in any
    process. When one of several links or one bind of a link is down, the state is `degraded` and the status is 200: to
    take this machine out of service would not bring the link back.
    """
    parts = dependencies()
    found = service_health(
        parts.database, names=parts.settings.senders, here=parts.links(), troubles=parts.troubles(), now=parts.now()
    )
    told: dict[str, object] = {"status": found.state.value, "database": found.has_database}
    if found.links is not None:
        told |= {"links": found.links, "bound": found.bound}
    if found.troubles:
        told["troubles"] = [trouble.value for trouble in found.troubles]
    return jsonify(told), 503 if found.state is ServiceState.DOWN else 200


def metrics() -> Response:
    """Return the Prometheus text, where metrics are kept, to a program of this machine or with the token."""
    written = dependencies().metrics
    if written is None:
        abort(404)
    if not (request.environ.get(FROM_HERE) or _carries_token()):
        return Response(_ADVICE, 403, content_type="text/plain; charset=utf-8")
    return Response(written(), content_type=CONTENT_TYPE)


def _carries_token() -> bool:
    wanted = dependencies().settings.web.metrics_token.get_secret_value()
    given = request.authorization
    if not wanted or given is None or given.type != "bearer":
        return False
    return compare_digest((given.token or "").encode(), wanted.encode())
