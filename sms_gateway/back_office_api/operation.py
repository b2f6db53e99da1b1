"""An operation: one method of one path, who may call it, what it takes and answers.

The endpoints and the OpenAPI document are both made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import BaseModel, TypeAdapter

from db.back_office.api_clients import ApiClient, Scope
from sms_gateway.channels.http.bodies.packing import MAX_BODY_OCTETS


class Refusal(BaseModel):
    """Why nothing was done."""

    error_code: int
    """The status of the response."""
    message: str
    """What is wrong, and how to fix it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiCall:
    """A request whose sender is proven."""

    client: ApiClient
    at: datetime  # when it was made: of a signed request the time that is signed, never later than now
    now: datetime
    body: bytes = field(repr=False)
    query: Mapping[str, str] = field(repr=False)  # the declared parameters
    path: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiAnswer:
    """A response: its status, and its JSON."""

    body: BaseModel
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_counted: bool = True  # as a request of its client; False: nothing was looked up, and others must not wait for it


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """A parameter of the query."""

    name: str
    description: str
    values: Sequence[str] = ()  # none: any text


TRUE, FALSE = ("True", "true", "1"), ("False", "false", "0")
FLAG = (*TRUE, *FALSE)
"""The values of a parameter that is on or off: as the national portal writes them, as JSON does, and as digits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One method of one path. Its answers name the statuses of its own; those of every operation are added."""

    method: str
    path: str  # below /back-office, as Flask writes it
    name: str
    summary: str
    description: str
    scope: Scope
    view: Callable[[ApiCall], ApiAnswer]
    answers: Mapping[int, tuple[str, type[BaseModel]]]
    takes: TypeAdapter[object] | None = None  # the JSON of its body; None: it has none
    parameters: Sequence[Parameter] = ()
    may_be_signed: bool = False  # taken with a signature and no key; only where a copy of the request does no harm
    most_octets: int = MAX_BODY_OCTETS
    own_rate: int = 0  # requests a minute of its own, if the settings allow no more; 0: counted with all others


def refuse(status: int, message: str, **headers: str) -> ApiAnswer:
    """Return a refusal; an underscore in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ApiAnswer(status=status, body=Refusal(error_code=status, message=message), headers=named)
