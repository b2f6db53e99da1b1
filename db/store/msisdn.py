"""The types by which people are known in rows."""

from __future__ import annotations

from typing import NewType

Msisdn = NewType("Msisdn", str)
"""A subscriber number in international form without plus: digits only, `84905123456` (E.164)."""
