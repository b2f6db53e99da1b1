"""A line of `sms-gateway check`: what was tried, and whether it works."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """The word before a verdict."""

    OK = "OK"  # works
    FAULT = "FAULT"  # must be fixed before the service runs; exit 1
    CAUTION = "CAUTION"  # works, and should be fixed
    LEFT_OUT = "LEFT OUT"  # was not tried


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """One line of the check."""

    mark: Mark
    subject: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark.value:<8}  {self.subject}: {self.text}"
