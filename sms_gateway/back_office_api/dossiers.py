"""`/back-office/dossiers`: dossiers and their changes, pushed in by the one-stop system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pydantic import BaseModel, Field, TypeAdapter

from db.back_office.api_clients import Scope
from db.back_office.dossier_pushes import MOST_PUSHED, PushedDossier, PushOutcome, push_dossiers
from db.citizens.dossiers import canonical
from sms_gateway.back_office.dossier_push.bodies import ReadBody, ReadItem, WrongBody, read_body
from sms_gateway.back_office.dossier_push.items import Push
from sms_gateway.back_office_api.operation import FLAG, ApiAnswer, ApiCall, Operation, Parameter, refuse
from sms_gateway.log import event, logger_of
from sms_gateway.web.dependencies import dependencies

MOST_OCTETS = 5 * 1024 * 1024
"""Of one request: a thousand items of the national portal with all their fields."""

PUSHER = "api:"
"""What the history of a dossier names before the client."""

_LOG = logger_of(__name__)
_FAULTS: Mapping[PushOutcome, str] = {
    PushOutcome.OLDER: "a later change of this dossier is on file: nothing to do",
    PushOutcome.FINAL: "the dossier has ended: to correct that, send isUpdating=True with a later time",
}


class PushedResult(BaseModel):
    """What became of one item."""

    code: str | None = Field(serialization_alias="MaHoSo", description="the item's code, as it came")
    taken: bool = Field(description="false: nothing was stored of this item")
    fault: str | None = Field(default=None, description="why it was not taken, and how to fix it")


class PushAnswer(BaseModel):
    """What became of the items, in their order."""

    error_code: int = Field(default=0, description="0: the request was read")
    result: list[PushedResult]


class PushLimits(BaseModel):
    """What one push may hold."""

    most_items: int = MOST_PUSHED
    most_octets: int = MOST_OCTETS


def push(call: ApiCall) -> ApiAnswer:
    """Take the dossiers of a request: what is wrong is left out and named, everything else is stored."""
    parts = dependencies()
    allowed = (*parts.settings.short_codes, parts.settings.service.hotline)
    read = read_body(call.body, query_corrects=call.query.get("isUpdating", ""), at=call.at, allowed=allowed)
    if isinstance(read, WrongBody):
        return refuse(400, read.words)
    outcomes = _store(call, read)
    results = [_result(item, outcomes) for item in read.items]
    counts = Counter(outcomes.values())
    event(
        _LOG,
        "dossiers_pushed",
        client=call.client.name,
        items=len(results),
        wrong=sum(isinstance(item.read, str) for item in read.items),
        new=counts[PushOutcome.NEW],
        changed=counts[PushOutcome.CHANGED],
        same=counts[PushOutcome.SAME],
        older=counts[PushOutcome.OLDER],
        final=counts[PushOutcome.FINAL],
    )
    return ApiAnswer(body=PushAnswer(result=results))


def limits(call: ApiCall) -> ApiAnswer:
    """Return what one push may hold: also a way to try a key."""
    del call
    return ApiAnswer(body=PushLimits())


def _store(call: ApiCall, read: ReadBody) -> Mapping[str, PushOutcome]:
    pushed = [item.read for item in read.items if isinstance(item.read, PushedDossier)]
    if not pushed:
        return {}
    parts = dependencies()
    by = f"{PUSHER}{call.client.name}"[:64]
    with parts.database.write() as connection:
        return push_dossiers(connection, pushed, corrects=read.corrects, by=by, new_id=parts.new_id, now=call.now)


def _result(item: ReadItem, outcomes: Mapping[str, PushOutcome]) -> PushedResult:
    if isinstance(item.read, str):
        return PushedResult(code=item.code, taken=False, fault=item.read)
    fault = _FAULTS.get(outcomes[canonical(item.read.facts.code)])
    return PushedResult(code=item.code, taken=fault is None, fault=fault)


PUSH = Operation(
    method="POST",
    path="/dossiers",
    name="push_dossiers",
    summary="Push dossiers and their changes",
    description=(
        f"Takes the bodies of DongBoHoSoMC and CapNhatTienDoHoSoMC as they are, a bare list of their items, or a list "
        f"in the form of this service: at most {MOST_PUSHED} items. Names, telephone and identity numbers, remarks and "
        "lists of files are dropped; the request is not kept. The answer names what became of each item. Safe to "
        "repeat: the later change holds, whatever order changes come in. A body of 64 KiB or more needs the key; a "
        "signature alone is not enough."
    ),
    scope=Scope.DOSSIERS,
    view=push,
    takes=TypeAdapter(Push),
    parameters=(
        Parameter(
            name="isUpdating",
            description="True: a dossier that has ended may leave that status. With a signature alone write it "
            "into the body: a query is not signed",
            values=FLAG,
        ),
    ),
    answers={200: ("What became of each item.", PushAnswer)},
    may_be_signed=True,
    most_octets=MOST_OCTETS,
)

LIMITS = Operation(
    method="GET",
    path="/dossiers",
    name="push_limits",
    summary="What one push may hold",
    description="Also a way to try a key: it changes nothing.",
    scope=Scope.DOSSIERS,
    view=limits,
    answers={200: ("The limits.", PushLimits)},
)
