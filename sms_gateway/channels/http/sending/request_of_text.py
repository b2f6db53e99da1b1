"""The request that brought a citizen's text, for networks whose answers must name what came in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from db.messages import answers_of_text
from db.store.engine import Database
from sms_gateway.channels.http.sending.departure import DeclinedText, Departure, OutgoingRequest, OutgoingText
from sms_gateway.channels.http.stored_request import read_kept_request
from sms_gateway.pipeline.ports import Refusal

ANSWERED_FOR_DAYS = 7
"""For how long a citizen's last text is named by what staff write to them. No provider says for how long it takes such
an answer. An answer that it finds too late fails with its own code."""


def with_request(departure: Departure, database: Database) -> Departure:
    """Return a departure that is given the request of each text; itself where the network needs none."""
    if not departure.needs_request:
        return departure

    def build(text: OutgoingText) -> OutgoingRequest | DeclinedText:
        try:
            request = _request_of(int(text.key), database)
        except SQLAlchemyError:
            return DeclinedText(refusal=Refusal.NOT_SENT, error="the database could not be asked")
        missing = [name for name in departure.needs_request if not request.get(name)]
        if missing:
            return DeclinedText(refusal=Refusal.PERMANENT, error=f"no text of this network to answer: {missing[0]}")
        return departure.build(replace(text, request=request))

    return replace(departure, build=build)


def _request_of(outbound_id: int, database: Database) -> Mapping[str, str]:
    with database.read() as connection:
        wire = answers_of_text.wire_of(connection, outbound_id, lately=timedelta(days=ANSWERED_FOR_DAYS))
    kept = None if wire is None else read_kept_request(wire)
    if kept is None:
        return {}
    return {one.name: one.value.decode("utf-8", "replace") for one in kept.fields if one.value is not None}
