"""The key file: it holds the keys that encrypt personal data.

The file is ASCII text, mode 0600, one key a line; blank lines and lines that begin with # are skipped:

    seal 1 5f0c…   an encryption key: its number (1 … 65535) and 32 octets as 64 hexadecimal digits
    seal 2 91aa…   a later one. The greatest number encrypts, all of them decrypt.
    open 3 c0de…   one that decrypts and does not encrypt yet, so that every machine can have it first
    mark 07be…     the key of the keyed hashes, exactly one. It never changes, or nothing stored is found.

Without this file the content of the rows is lost. Keep a copy of it, apart from the copies of the database.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING, Protocol

from db.store.sealing import Keyring, new_key
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import Trouble

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_FILE = 1 << 16
"""Octets: room for hundreds of keys."""

LOOK_SECONDS = 1.0
"""A web tier may still encrypt with an older key for so long."""

_OWNER_ONLY = 0o600
_OPEN_TO_ALL = 0o007
_HEAD = """\
# Keys that seal the personal data of sms-gateway. Without this file that data is lost.
# Keep a copy, apart from the copies of the database, and show it to nobody.
"""
_SEAL = re.compile(r"(seal|open) +([1-9][0-9]{0,4}) +([0-9a-f]{64})", re.ASCII)
_MARK = re.compile(r"mark +([0-9a-f]{64})", re.ASCII)
_HIGHEST_NUMBER = 65535

_log = logger_of(__name__)


class KeyFileError(Exception):
    """The key file cannot be used. Its text says what is wrong and the fix, and holds no key: show it and stop."""

    def __init__(self, path: Path, wrong: str, fix: str) -> None:
        super().__init__(f"key file {path}: {wrong}; fix: {fix}")


def load_or_make(path: Path) -> Keyring:
    """Return the keys of the file; make it with new keys when it is not there, and warn that it needs a copy.

    Safe against another process that makes it at the same moment: one wins, and both get the winner's keys. Raises
    KeyFileError.
    """
    if not path.exists() and make(path):
        event(_log, "key_file_made", path=path, advice="keep_a_copy", level="warning")
    return load(path)


def load(path: Path) -> Keyring:
    """Return the keys of the file, for commands that must not make one; raises KeyFileError.

    When a value was encrypted with a later key, the file is read again (`sms-gateway keys rotate`).
    """
    keyring = _load(path)
    keyring.renew = lambda: _load_again(path)
    return keyring


def add_key(path: Path, *, seals: bool = True) -> int:
    """Put a new encryption key into the file and return its number: from now on it encrypts, or else it only decrypts.

    The file is replaced as a whole, so that no reader sees half of it. Raises KeyFileError.
    """
    number = max(_load(path).current, waiting_key(path) or 0) + 1
    if number > _HIGHEST_NUMBER:
        raise KeyFileError(path, "its key numbers are used up", "start with a new database")
    line = f"\n{'seal' if seals else 'open'} {number} {new_key().hex()}\n"
    _replace(path, path.read_bytes().rstrip(b"\n") + line.encode("ascii"))
    return number


def waiting_key(path: Path) -> int | None:
    """Return the number of the newest key that only decrypts yet, if there is one; raises KeyFileError."""
    current = _load(path).current
    numbers = [int(line.split()[1]) for line in path.read_bytes().splitlines() if line.split()[:1] == [b"open"]]
    return max((number for number in numbers if number > current), default=None)


def use_key(path: Path, number: int) -> None:
    """Let a key of the file that only decrypts encrypt from now on; raises KeyFileError."""
    lines = path.read_bytes().splitlines(keepends=True)
    waits = [b"open", str(number).encode("ascii")]
    _replace(path, b"".join(line.replace(b"open", b"seal", 1) if line.split()[:2] == waits else line for line in lines))


def drop_key(path: Path, number: int) -> bool:
    """Remove an encryption key from the file; False when it is not there or is the current one. Raises KeyFileError."""
    lines = path.read_bytes().splitlines(keepends=True)
    heads = [[kind, str(number).encode("ascii")] for kind in (b"seal", b"open")]
    kept = [line for line in lines if line.split()[:2] not in heads]
    if number == _load(path).current or len(kept) == len(lines):
        return False
    _replace(path, b"".join(kept))
    return True


class Watch(Protocol):
    """Something to be checked now and then."""

    def look(self) -> object:
        """Check once; must not raise."""


class KeyWatch:
    """Notices a change of the key file, so that a running service encrypts with a new key from then on.

    A file with our key of keyed hashes and the same or a later encryption key is ours, as `sms-gateway keys rotate`
    leaves it.
    """

    def __init__(self, path: Path, keyring: Keyring) -> None:
        self._path = path
        self._keyring = keyring
        self._seen = self._stamp()
        self.trouble: Trouble | None = None

    def look(self) -> bool:
        """Take over the keys of a file that changed since the last check; return whether the current key is new."""
        stamp = self._stamp()
        if stamp == self._seen:
            return False
        self._seen = stamp
        before, other = self._keyring.current, _load_again(self._path)
        if other is None:
            self.trouble = Trouble.KEYS_UNUSABLE
            return False
        # An old copy of ours has an older key: what was encrypted since could no longer be decrypted.
        if other.current < before or not self._keyring.adopt(other):
            event(_log, "key_file_replaced", level="error", path=self._path, advice="put_its_copy_back")
            self.trouble = Trouble.KEYS_REPLACED
            return False
        self.trouble = None
        if self._keyring.current == before:
            return False
        event(_log, "keys_renewed", key=self._keyring.current)
        return True

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns


class WatchedRequests:
    """A WSGI application that checks database and key file before a request, at most once a second.

    For a web tier under another WSGI server, which has no thread for it.
    """

    def __init__(self, application: WSGIApplication, watch: Watch) -> None:
        self._application = application
        self._watch = watch
        self._next = 0.0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        now = monotonic()
        if now >= self._next:
            self._next = now + LOOK_SECONDS
            self._watch.look()
        return self._application(environ, start_response)


def _load_again(path: Path) -> Keyring | None:
    """Read the file while the service runs; when it cannot be used now, the keys stay as they are."""
    try:
        return _load(path)
    except KeyFileError as error:
        event(_log, "key_file_unusable", level="error", error=error)
        return None


def _load(path: Path) -> Keyring:
    try:
        with path.open("rb") as file:
            open_to_all = os.fstat(file.fileno()).st_mode & _OPEN_TO_ALL
            octets = file.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        fix = "put its copy back; for a new, empty database `sms-gateway db upgrade` makes one"
        raise KeyFileError(path, "is not there", fix) from error
    except OSError as error:
        fix = "let the service's user read it: chown USER, chmod 600"
        raise KeyFileError(path, f"cannot be read ({type(error).__name__})", fix) from error
    if open_to_all:
        raise KeyFileError(path, "every user of this machine can use it", f"chmod 600 {path}")
    return _read(path, octets)


def _read(path: Path, octets: bytes) -> Keyring:
    keys: dict[int, bytes] = {}
    sealing: list[int] = []
    mark_key: bytes | None = None
    for number, line in enumerate(octets.decode("ascii", "replace").splitlines(), start=1):
        clean = line.strip()
        if not clean or clean.startswith("#"):
            continue
        if (seal := _SEAL.fullmatch(clean)) and int(seal[2]) <= _HIGHEST_NUMBER and int(seal[2]) not in keys:
            keys[int(seal[2])] = bytes.fromhex(seal[3])
            sealing += [int(seal[2])] * (seal[1] == "seal")
        elif (mark := _MARK.fullmatch(clean)) and mark_key is None:
            mark_key = bytes.fromhex(mark[1])
        else:
            raise KeyFileError(path, f"line {number} is no key, or the second of its kind", _PUT_BACK)
    if not sealing or mark_key is None:
        raise KeyFileError(path, f"there is no {'mark' if sealing else 'seal'} line", _PUT_BACK)
    return Keyring(keys=keys, mark_key=mark_key, current=max(sealing))


_PUT_BACK = "put its copy back; its form stands in docs/operating.md"


def make(path: Path) -> bool:
    """Write new keys; return False when another process was faster. The file is there whole or not at all."""
    content = f"{_HEAD}seal 1 {new_key().hex()}\nmark {new_key().hex()}\n"
    draft = _draft(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(draft, content.encode("ascii"))
        try:
            path.hardlink_to(draft)  # unlike a rename it never replaces a file that is there
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        _keep(path.parent)
    except OSError as error:
        fix = f"let the service's user write into {path.parent}, or name another key_file"
        raise KeyFileError(path, f"cannot be made ({type(error).__name__})", fix) from error
    return True


def _replace(path: Path, octets: bytes) -> None:
    draft = _draft(path)
    try:
        owner = path.stat()
        _write(draft, octets)
        if os.geteuid() == 0:  # the service's user must still be able to read it
            os.chown(draft, owner.st_uid, owner.st_gid)
            draft.chmod(S_IMODE(owner.st_mode) & ~_OPEN_TO_ALL)  # also when only its group lets that user in
        draft.replace(path)
        _keep(path.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        fix = f"let this user write into {path.parent}"
        raise KeyFileError(path, f"cannot be changed ({type(error).__name__})", fix) from error


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}")


def _write(path: Path, octets: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())


def _keep(directory: Path) -> None:
    """Make the directory's new entry survive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
