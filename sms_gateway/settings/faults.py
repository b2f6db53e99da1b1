"""What is wrong with the settings, in words that carry the fix and never a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that is wrong.

    `where` names the setting (`links.main.port`) or the variable. No part ever quotes a value, not even a harmless
    one: people put secrets in the wrong place, and nobody can tell by the place.
    """

    where: str
    wrong: str
    fix: str

    def __str__(self) -> str:
        """Write the fault as one line."""
        return f"{self.where}: {self.wrong}; fix: {self.fix}"


class SettingsFaultyError(Exception):
    """The settings cannot be used. Show `str(error)`, which holds every fault with its fix, and stop."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def did_you_mean(wrong: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like the wrong one, or None when none is near."""
    near = get_close_matches(wrong, list(known), n=1, cutoff=0.65)
    return near[0] if near else None
