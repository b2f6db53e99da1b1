"""What an operator can do about what a database or the system refuses, by its code; words of a driver are not shown."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError

_ROOM = "make room on its disk"
_GOOD_COPY = "stop the service and put the last good copy in its place (`sms-gateway check --deep` looks at all of it)"
_MAY_WRITE = "let this user write to the file and to its directory, and see that the disk is not mounted read-only"
MEMORY = (
    "allow more: 2 GB of address space (ulimit -v, LimitAS=), 512 MB of memory (MemoryMax=) "
    "and 200 threads (ulimit -u, TasksMax=)"
)

_SQLITE: Mapping[str, str] = {
    "SQLITE_BUSY": "another process holds it: wait for that one, or stop it",
    "SQLITE_CANTOPEN": f"make its directory, and {_MAY_WRITE}",
    "SQLITE_CORRUPT": _GOOD_COPY,
    "SQLITE_FULL": _ROOM,
    "SQLITE_IOERR": "look for faults of the disk in the system's log (dmesg), and see that it has room",
    "SQLITE_LOCKED": "another process holds it: wait for that one, or stop it",
    "SQLITE_NOMEM": MEMORY,
    "SQLITE_NOTADB": f"name the database in database.url, or {_GOOD_COPY}",
    "SQLITE_PERM": _MAY_WRITE,
    "SQLITE_READONLY": _MAY_WRITE,
}
"""By the first two words of SQLite's code: `SQLITE_READONLY_DIRECTORY` is found as `SQLITE_READONLY`."""

_POSTGRESQL: Mapping[str, str] = {
    "25": "name the primary in database.url: this server takes no writes now",
    "42501": "let the role of database.url own its database, or name its owner with --as (docs/operating.md)",
    "53100": _ROOM,
    "53300": "raise max_connections, or stop what else uses the server",
    "55P03": "another session holds a table: wait for that one, or end it",
}
"""By SQLSTATE, or by its class of two characters."""

_SYSTEM: Mapping[int, str] = {
    errno.EACCES: _MAY_WRITE,
    errno.EEXIST: "name a place whose directory is one",
    errno.EDQUOT: "raise the quota of this user, or make room",
    errno.EIO: "look for faults of the disk in the system's log (dmesg)",
    errno.EMFILE: "allow more open files (ulimit -n, LimitNOFILE=): 1024 are enough",
    errno.ENOENT: "make its directory",
    errno.ENOMEM: MEMORY,
    errno.ENOSPC: _ROOM,
    errno.ENOTDIR: "name a place whose directory is one",
    errno.EPERM: _MAY_WRITE,
    errno.EROFS: _MAY_WRITE,
}

_OTHER = "see that it runs and lets this user in, that its disk has room, and that database.url is right"


def fix_of(error: DBAPIError) -> str:
    """Return what helps against an error of a database."""
    name = getattr(error.orig, "sqlite_errorname", None)
    if isinstance(name, str):
        return fix_of_code(name)
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(state, str):
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2], _OTHER)
    return _OTHER


def fix_of_code(sqlite_errorname: str) -> str:
    """Return what helps against an error of SQLite.

    >>> fix_of_code("SQLITE_FULL"), fix_of_code("SQLITE_READONLY_DIRECTORY") == fix_of_code("SQLITE_READONLY")
    ('make room on its disk', True)
    """
    return _SQLITE.get("_".join(sqlite_errorname.split("_")[:2]), _OTHER)


def told_of_system(error: OSError, what: str) -> str:
    """Say what the system refuses, where, and what helps."""
    place = error.filename or "a file of the service"
    words = error.strerror or type(error).__name__
    return f"{place} {what} ({words}); fix: {_SYSTEM.get(error.errno or 0, 'see what the system says of this file')}"


def is_fixed_outside(error: OSError) -> bool:
    """Return whether the system's state is at fault, and not the program."""
    return error.errno in _SYSTEM
