"""`/healthz` for whoever watches the service, and `/metrics` when somebody counts."""

from __future__ import annotations

from hmac import compare_digest

from flask import Response, abort, jsonify, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from db.schema import operator
from sms_gateway.metrics import CONTENT_TYPE
from sms_gateway.web.parts import current_parts
from sms_gateway.web.proxies import FROM_HERE
from sms_gateway.web.standing import link_standings


def health() -> tuple[Response, int]:
    """Tell whether the database can be read and how many links are bound; 503 when no text could be served.

    Links are those of the settings, in whatever process they run. One link down of several, or one bind down of a
    link, is `degraded`, still 200: taking this machine out would not bring the link back.
    """
    parts = current_parts()
    try:
        with parts.database.read() as connection:
            connection.execute(select(operator.c.id).limit(1)).all()
            links = link_standings(parts, connection)
    except SQLAlchemyError:
        return jsonify(status="down", database=False), 503
    bound = sum(link.bound for link in links)
    if links and bound == 0:
        return jsonify(status="down", database=True, links=len(links), bound=0), 503
    status = "ok" if all(link.whole for link in links) else "degraded"
    return jsonify(status=status, database=True, links=len(links), bound=bound), 200


def metrics() -> Response:
    """Return the Prometheus text, where metrics are kept, to a program of this machine or to one with the token."""
    written = current_parts().metrics
    if written is None:
        abort(404)
    if not (request.environ.get(FROM_HERE) or _carries_token()):
        abort(403)
    return Response(written(), content_type=CONTENT_TYPE)


def _carries_token() -> bool:
    wanted = current_parts().settings.web.metrics_token.get_secret_value()
    given = request.authorization
    if not wanted or given is None or given.type != "bearer":
        return False
    return compare_digest((given.token or "").encode(), wanted.encode())
