"""`/healthz` for monitoring, and `/metrics` where metrics are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hmac import compare_digest

from flask import Response, abort, jsonify, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from db.schema import operator
from sms_gateway.channels.status import ChannelStatus, channel_statuses
from sms_gateway.metrics import CONTENT_TYPE, LOST, STOPS_INTAKE, Trouble
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
    try:
        with parts.database.read() as connection:
            connection.execute(select(operator.c.id).limit(1)).all()
            links = channel_statuses(connection, names=parts.settings.senders, here=parts.links(), now=parts.now())
    except SQLAlchemyError:
        return jsonify(status="down", database=False, **_named(parts.troubles())), 503
    bound = sum(link.state.up for link in links)
    troubles = parts.troubles()
    if not STOPS_INTAKE.isdisjoint(troubles):
        return _told("down", links, bound, troubles), 503
    if links and bound == 0:
        return _told("down", links, bound, troubles), 503
    whole = not troubles and all(link.state.whole for link in links)
    return _told("ok" if whole else "degraded", links, bound, troubles), 200


def _told(status: str, links: Sequence[ChannelStatus], bound: int, troubles: Sequence[Trouble]) -> Response:
    is_there = LOST.isdisjoint(troubles)  # a deleted SQLite file can be read by a process that holds it open
    return jsonify(status=status, database=is_there, links=len(links), bound=bound, **_named(troubles))


def _named(troubles: Sequence[Trouble]) -> Mapping[str, Sequence[str]]:
    return {"troubles": [trouble.value for trouble in troubles]} if troubles else {}


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
