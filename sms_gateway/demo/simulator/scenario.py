"""A scenario: how a carrier behaves over a while, read from TOML. It is how a bug report reproduces a carrier.

seconds = 30                     # at most; over sooner once every text is answered
seed = 7                         # the same seed draws the same faults
[faults]                         # from the start; the names are those of simulator/faults.py
message_ids = "mixed"
double_share = 0.1
[[texts]]
text = "DVC 000.00.12.H17-230815-0007"
sender = "84905000000"           # counted up
count = 100
per_second = 50
[[events]]
at = 5                           # seconds after the first bind
do = "freeze"                    # or drop, unbind, enquire, garbage, bad_length
[[events]]
at = 8
faults = { throttle_share = 1.0 }  # laid over those that hold
[tls]
cert_file = "smsc.pem"
key_file = "smsc.key"
"""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sms_gateway.demo.simulator.faults import Faults

LONGEST_SCENARIO = 256 * 1024
"""Octets of a file; a scenario is short."""

_FAULTS = TypeAdapter(Faults)
_FAULT_NAMES = frozenset(field.name for field in fields(Faults))


class ScenarioFaultyError(Exception):
    """Raised when a scenario cannot be read; the text says where and why, and the catcher shows it."""


class Act(StrEnum):
    """What happens to the connections."""

    DROP = "drop"  # they break
    FREEZE = "freeze"  # they stand, and nothing is read or written any more: a half-open link
    UNBIND = "unbind"  # the carrier asks to part
    ENQUIRE = "enquire"  # enquire_link
    GARBAGE = "garbage"  # a PDU of an unknown command
    BAD_LENGTH = "bad_length"  # a length that no PDU has


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Texts(_Strict):
    """Texts of citizens, evenly spread."""

    text: str = Field(max_length=5000)
    sender: str = Field(default="84905000000", pattern=r"^[0-9]{3,15}$")  # of the first; each further one is the next
    recipient: str = Field(default="8188", max_length=20)
    count: int = Field(default=1, ge=1, le=100_000)
    per_second: float = Field(default=100.0, gt=0)
    at: float = Field(default=0.0, ge=0)  # seconds after the first bind


class Happening(_Strict):
    """Something that happens at a time."""

    at: float = Field(ge=0)  # seconds after the first bind
    do: Act | None = None
    faults: dict[str, Any] = Field(default={})


class Tls(_Strict):
    """The carrier's certificate and key, as PEM files beside the scenario."""

    cert_file: Path
    key_file: Path
    client_ca_file: Path | None = None  # asks for a certificate signed by one of these


class Scenario(_Strict):
    """All of a scenario."""

    seconds: float = Field(default=60.0, gt=0, le=86_400)
    bind_seconds: float = Field(default=60.0, gt=0, le=3600)  # wait for the first bind
    settle_seconds: float = Field(default=0.5, ge=0, le=600)  # wait after the last answer, for what comes too often
    seed: int = 0
    expect_answers: bool = True  # each text; False: only acknowledgements are waited for
    system_id: str | None = None
    password: str | None = None
    tls: Tls | None = None
    faults: dict[str, Any] = Field(default={})
    texts: list[Texts] = Field(default=[])
    events: list[Happening] = Field(default=[])

    def first_faults(self) -> Faults:
        """Return the faults that hold from the start."""
        return lay_over(Faults(), self.faults)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario; raises ScenarioFaultyError. Paths in it are taken from its own folder."""
    try:
        with path.open("rb") as file:
            octets = file.read(LONGEST_SCENARIO + 1)
        if len(octets) > LONGEST_SCENARIO:
            raise ScenarioFaultyError(f"{path.name} is longer than {LONGEST_SCENARIO} octets")
        scenario = Scenario.model_validate(tomllib.loads(octets.decode("utf-8")))
        faults = scenario.first_faults()
        for event in scenario.events:
            faults = lay_over(faults, event.faults)
    except OSError as error:
        raise ScenarioFaultyError(f"{path.name} cannot be read ({type(error).__name__})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioFaultyError(f"{path.name} is no TOML: {error}") from error
    except ValidationError as error:
        raise ScenarioFaultyError("; ".join(_complaints(error))) from error
    if scenario.tls is None:
        return scenario
    near = {name: path.parent / file for name, file in scenario.tls if file is not None}
    return scenario.model_copy(update={"tls": Tls.model_validate(near)})


def lay_over(faults: Faults, changes: dict[str, Any]) -> Faults:
    """Return the faults with these changed; raises ScenarioFaultyError for a name that is none."""
    unknown = sorted(changes.keys() - _FAULT_NAMES)
    if unknown:
        raise ScenarioFaultyError(f"faults.{unknown[0]}: there is none of this name; there are {_names()}")
    try:
        checked = _FAULTS.validate_python(changes)
    except ValidationError as error:
        raise ScenarioFaultyError("; ".join(f"faults.{each}" for each in _complaints(error))) from error
    return replace(faults, **{name: getattr(checked, name) for name in changes})


def _names() -> str:
    return ", ".join(sorted(_FAULT_NAMES))


def _complaints(error: ValidationError) -> list[str]:
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return [f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in details]
