"""Requests that need a database which cannot be used now get 503, so that they come again, and not 500."""

from __future__ import annotations

from flask import Response, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from sms_gateway.channels.http.request import RETRY_SECONDS
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.intake.batch import cannot_take
from sms_gateway.web.language import say

_LOG = logger_of(__name__)


def show_trouble(error: SQLAlchemyError) -> Response:
    """Answer 503 when the database is busy, away, read-only or full; raises every other error, which is ours.

    An HTTP endpoint says so itself, as its network wants it.
    """
    if not cannot_take(error):
        raise error
    event(_LOG, "request_refused", level="warning", endpoint=request.endpoint or "none", error=error)
    response = Response(render_template("error.html", code=503, words=say("error.503")), 503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
