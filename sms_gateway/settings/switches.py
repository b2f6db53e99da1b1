"""Which services are on: a page or a job of a service that is off does not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, Protocol, TypeVar

REGISTER_ACCOUNT: Final = "register_account"
LOOK_UP_DOSSIER: Final = "look_up_dossier"
CONVERSATION: Final = "conversation"
"""All commands of the conversation together: its pages and jobs."""

LOOKUPS: Final = "lookups"
"""Own look-up tables: their pages and jobs."""
WEBHOOKS: Final = "webhooks"
"""Events for systems of the city: on when [webhooks.NAME] holds an address."""
BACK_OFFICE: Final = "back_office"
"""What the city's systems use: its endpoints, pages and jobs."""

NOTICES: Final = "notices"
"""Notices to citizens about their dossiers: commands, pages and jobs."""

ALARMS: Final = "alarms"
"""Alarms that leave the house: their page, job and metrics. On when the settings name a way."""

IsOn = Callable[[str], bool]
"""Reports whether a service is on, by its name in the settings."""


class _OfService(Protocol):
    @property
    def service(self) -> str | None: ...


_Part = TypeVar("_Part", bound=_OfService)


def all_on(service: str) -> bool:
    """Report every service as on: for a part that is built without the settings of services."""
    del service
    return True


Off = Mapping[str, str]
"""The services that operators switched off for now, each with the sentence that citizens get.

It is empty where it is that of the wording.
"""

_NOTHING: Off = MappingProxyType({})


def nothing_off() -> Off:
    """Report no service as switched off: for a part that is built without switches."""
    return _NOTHING


def offered(parts: Iterable[_Part], is_on: IsOn) -> list[_Part]:
    """Return the parts that belong to no service, or to a service that is on."""
    return [part for part in parts if part.service is None or is_on(part.service)]
