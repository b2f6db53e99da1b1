"""Records of the hot path: frozen to the type checker, plain at run time.

A frozen dataclass takes two and a half times as long to make as a plain one, and a text makes thirty. Anyone who writes
to
a field is stopped by mypy. Where microseconds do not count, dataclasses are frozen in truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

Class = TypeVar("Class")


@dataclass_transform(kw_only_default=True, frozen_default=True)
def record(cls: type[Class]) -> type[Class]:
    """Make a class a dataclass with slots, whose fields are given by name and, mypy sees to it, never written to."""
    return dataclass(kw_only=True, slots=True)(cls)
