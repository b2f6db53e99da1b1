"""What a reading must know of the service that the text was sent to."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple


class Service(NamedTuple):
    """The numbers that citizens text to, and whether a look-up needs a secret beside its code."""

    short_codes: Collection[str]
    with_secrets: bool = False
