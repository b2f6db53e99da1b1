"""Codes of the second factor: time-based ones (RFC 6238: SHA-1, 30 s, six digits) and recovery codes."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
RECOVERY_CODES = 10
RECOVERY_OCTETS = 10
"""80 random bits: a keyed hash of them is as good as any slow hash."""

_STEPS_TRIED = (0, -1, 1)  # the phone's clock may be half a minute wrong in both directions (RFC 6238 §5.2)
_DIGITS = re.compile(r"\d{6}")


def new_secret() -> str:
    """Make a secret of 160 bits, base32 (RFC 4226 §4, R6)."""
    return pyotp.random_base32()


def matching_step(secret: str, typed: str, now: datetime) -> int | None:
    """Return the time step whose code was typed; None when no step around now has it."""
    code = typed.replace(" ", "")
    if not _DIGITS.fullmatch(code) or not code.isascii():
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    maker = pyotp.TOTP(secret)
    found = [present + by for by in _STEPS_TRIED if hmac.compare_digest(maker.generate_otp(present + by), code)]
    return found[0] if found else None


def enrolment_picture(secret: str, name: str, issuer: str) -> str:
    """Draw the QR code that an authenticator app reads, as an SVG element of the page."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)
    return segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)


def new_recovery_codes() -> list[str]:
    """Make recovery codes in the form that people copy: `ABCD-EFGH-IJKL-MNOP`."""
    return [_grouped(base64.b32encode(secrets.token_bytes(RECOVERY_OCTETS)).decode()) for _ in range(RECOVERY_CODES)]


def normal_recovery_code(typed: str) -> str:
    """Return a typed recovery code in the form in which it is stored.

    >>> normal_recovery_code(" abcd efgh-ijkl mnop")
    'ABCD-EFGH-IJKL-MNOP'
    """
    return _grouped(re.sub(r"[^A-Z2-7]", "", typed.upper()))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
