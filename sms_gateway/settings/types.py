"""The kinds of values that settings hold, and the sections they are in."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
)

from sms_gateway.settings.checks.host_names import as_asked

# `form` in json_schema_extra says in words what a pattern accepts; the explanation and every fault quote it.

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Status = Annotated[str, StringConstraints(pattern=r"^(ESME_R[A-Z0-9_]{2,40}|0x[0-9A-Fa-f]{1,8})$")]
STATUSES: dict[str, JsonValue] = {"form": 'a list of statuses, by name ("ESME_RSUBMITFAIL") or number ("0x00000401")'}
ShortCode = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{3,15}$")]
Keyword = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,10}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,6}$")]
IpNetwork = IPv4Network | IPv6Network


def _without_brackets(host: str) -> str:
    """Take the brackets off an IPv6 address, as URLs write it: `[::1]` is `::1`."""
    inner = host.removeprefix("[").removesuffix("]")
    return inner if host == f"[{inner}]" and ":" in inner else host


Host = Annotated[str, AfterValidator(_without_brackets)]


PublicHost = Annotated[str, AfterValidator(as_asked)]


class Section(BaseModel):
    """A part of the settings; an unknown name in it is a fault, since it is most likely a typing error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)
