"""Files that settings name: secrets, of which the first line counts, stripped, and certificates."""

from __future__ import annotations

import ssl
from pathlib import Path

from sms_gateway.settings.faults import Fault

LONGEST_SECRET = 4096
"""Octets read of a secret file: a file that holds more on its first line is none."""

OPEN_TO_ALL = 0o007


def read_secret(path: Path, where: str) -> str | Fault:
    """Return the first line of the file, stripped, or the fault of the setting that names it."""
    try:
        with path.open("rb") as file:
            head = file.read(LONGEST_SECRET + 1)
    except FileNotFoundError:
        return Fault(where=where, wrong="the file does not exist", fix=_MAKE_IT if path.is_absolute() else _from_here())
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return Fault(where=where, wrong=f"the file cannot be read ({type(error).__name__})", fix=_LET_US_READ)
    line = head.split(b"\n", 1)[0]
    if len(line) > LONGEST_SECRET:
        return Fault(where=where, wrong="the first line is too long for a secret", fix=_MAKE_IT)
    try:
        secret = line.decode("utf-8").strip()
    except UnicodeDecodeError:
        return Fault(where=where, wrong="the first line is no UTF-8", fix=_MAKE_IT)
    return secret or Fault(where=where, wrong="the first line is empty", fix=_MAKE_IT)


def readable_by_others(path: Path) -> bool:
    """Return whether any user of the machine can use the file; False when it is gone. The group may: it is chosen."""
    try:
        return bool(path.stat().st_mode & OPEN_TO_ALL)
    except OSError:
        return False


def certificates_fault(path: Path) -> str | None:
    """Say what is wrong with a file of certificates to trust; None for one that TLS can use."""
    try:
        if not path.is_file():
            return "there is no such file"
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError:
        return "holds no certificate in PEM"
    except OSError as error:
        return f"the file cannot be read ({type(error).__name__})"
    return None


def _from_here() -> str:
    """Return how to fix a relative path. It is not quoted: somebody may have written the secret itself there."""
    return f"{_MAKE_IT}; a relative path counts from the working directory, here {Path.cwd()}"


_MAKE_IT = "write the secret on the first line of a file (mode 0600) and name that file here"
_LET_US_READ = "name a file that the service's user can read"
