"""Whose files `init` makes: those of this user, or, for root, of the user that the service runs as."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import click

from sms_gateway.cli.command_context import Stop
from sms_gateway.cli.remedies import told_of_system

SETTINGS_MODE = 0o640
SECRET_MODE = 0o600
_SHARED_FOLDER = 0o750
_OWN_FOLDER = 0o700
_PASSED_FOLDER = 0o755


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """The user of the service. `changes` says that this process is root and gives files to that user."""

    name: str
    user: int
    group: int
    changes: bool

    def write(self, path: Path, content: str, mode: int) -> None:
        """Write a file as a whole or not at all; a file that was there is replaced. Raises Stop.

        Settings belong to this user, and the service's group may read them; a secret belongs to the service's user.
        """
        draft = path.with_name(f".{path.name}.{token_hex(8)}")
        try:
            with os.fdopen(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET_MODE), "w", encoding="utf-8"
            ) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                if self.changes:  # by the open file: a name may be another file by now
                    os.fchown(file.fileno(), self.user if mode == SECRET_MODE else os.geteuid(), self.group)
                os.fchmod(file.fileno(), mode)
            draft.replace(path)
            _keep(path.parent)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise Stop(told_of_system(error, "cannot be written")) from error

    def make_folder(self, path: Path, *, own: bool) -> None:
        """Make a folder where there is none: the service's `own`, or one of this user that its group may read.

        Folders above it that root makes for another user let everybody pass, whatever root's umask is. Raises Stop.
        """
        if path.is_dir():
            return
        try:
            for above in reversed([one for one in path.parents if not one.exists()]):
                above.mkdir()
                if self.changes:
                    above.chmod(_PASSED_FOLDER)
            path.mkdir(mode=_OWN_FOLDER)
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if self.changes:
                    os.fchown(handle, self.user if own else os.geteuid(), self.group)
                os.fchmod(handle, _OWN_FOLDER if own else _SHARED_FOLDER)
            finally:
                os.close(handle)
        except OSError as error:
            raise Stop(told_of_system(error, "cannot be made")) from error

    def give(self, path: Path, mode: int, *, own: bool) -> None:
        """Give a file that this process made to the service's user, or keep it and let its group read. Raises Stop."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                os.fchown(handle, self.user if own else os.geteuid(), self.group)
                os.fchmod(handle, mode)
            finally:
                os.close(handle)
        except OSError as error:
            raise Stop(told_of_system(error, "cannot be given to the service")) from error

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Act as the service's user, so that what is made is that user's, and PostgreSQL sees that user as its peer."""
        if not self.changes:
            yield
            return
        user, group, groups = os.geteuid(), os.getegid(), os.getgroups()
        os.setgroups(os.getgrouplist(self.name, self.group))
        os.setegid(self.group)
        os.seteuid(self.user)
        try:
            yield
        finally:
            os.seteuid(user)
            os.setegid(group)
            os.setgroups(groups)


def owner_of(name: str | None) -> Owner:
    """Return the owner of this name, or this user; raises BadParameter, Stop."""
    if name is None:
        found = pwd.getpwuid(os.geteuid())
        return Owner(name=found.pw_name, user=found.pw_uid, group=os.getegid(), changes=False)
    try:
        found = pwd.getpwnam(name)
    except KeyError as error:
        fix = f"make the user first: adduser --system --group {name}"
        raise click.BadParameter(f"there is no user of this name; fix: {fix}", param_hint="--owner") from error
    if os.geteuid() not in {0, found.pw_uid}:
        raise Stop("only root may give files to another user; fix: run it as root, or leave --owner out")
    changes = os.geteuid() != found.pw_uid
    return Owner(name=name, user=found.pw_uid, group=found.pw_gid, changes=changes)


def _keep(folder: Path) -> None:
    """Make the folder's new entry survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
