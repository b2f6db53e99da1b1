"""What a text can ask for about notices: to be told when dossiers change. HUY, which ends it, is beside tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from parsers.commands import NamesDossiers


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribe(NamesDossiers):
    """DK: tell this phone when one of these dossiers changes."""

    name: ClassVar[str] = "subscription"
