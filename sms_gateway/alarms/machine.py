"""The machine and its files: the age of the backup, the room on the disks, the ends of certificates."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG

from cryptography import x509
from sqlalchemy.engine import make_url

from sms_gateway.alarms.condition import AlarmName, Condition, condition
from sms_gateway.clock import local_time
from sms_gateway.settings.alarm_model import AlarmLimits
from sms_gateway.settings.model import Settings

MOST_OCTETS = 2 << 20
"""Read of a file of certificates; a bundle of a whole system has a quarter of it."""

GROWS_FOR = timedelta(minutes=5)
"""A file that was written to so lately is not whole, perhaps: pg_dump writes for hours, and never pauses so long."""

_MOST_SUBJECT = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateFile:
    """A file of certificates that the settings name. Of our own the first to end counts, of trusted ones the last."""

    path: Path
    is_trusted: bool


def backup_conditions(limits: AlarmLimits, noted: datetime | None, now: datetime) -> Iterator[Condition]:
    """Return whether the newest backup is too old; nothing when the settings give no limit.

    `noted` is when `sms-gateway db backup` last made one. Files in the directory of the settings count, too.
    """
    if not limits.backup_hours:
        return
    known = [at for at in (noted, _newest_in(limits.backup_directory, now)) if at is not None]
    newest = max(known, default=None)
    if newest is None:
        yield condition(AlarmName.BACKUP_OLD, "admin.system", what="backup_missing")
    elif now - newest > timedelta(hours=limits.backup_hours):
        yield condition(AlarmName.BACKUP_OLD, "admin.system", at=local_time(newest))


def _newest_in(directory: Path | None, now: datetime) -> datetime | None:
    """Return when the newest whole file of a directory was written; hidden ones and those that grow are drafts."""
    if directory is None:
        return None
    try:
        with os.scandir(directory) as entries:
            found = [entry.stat() for entry in entries if entry.is_file() and not entry.name.startswith(".")]
    except OSError:
        return None
    whole_by = (now - GROWS_FOR).timestamp()
    times = [one.st_mtime for one in found if one.st_size and one.st_mtime <= whole_by]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def disk_conditions(settings: Settings) -> Iterator[Condition]:
    """Return the file systems with little room: that of an SQLite database, and those of the settings."""
    limits, seen = settings.alarms.limits, set[int]()
    for directory in (*_database_directory(settings.database.url), *limits.disks):
        try:
            device, room = directory.stat().st_dev, os.statvfs(directory)
        except OSError:
            continue  # a database that is gone is another alarm
        if device in seen or not room.f_blocks:
            continue
        seen.add(device)
        percent = 100 * room.f_bavail // room.f_blocks
        if percent < limits.disk_percent:
            gib = round(room.f_bavail * room.f_frsize / 2**30, 1)
            subject = str(directory)[-_MOST_SUBJECT:]
            page = "admin.system"
            yield condition(
                AlarmName.DISK_LOW, page, subject=subject, path=str(directory), percent=percent, gib=str(gib)
            )


def _database_directory(url: str) -> Sequence[Path]:
    name = make_url(url).database
    return [Path(name).absolute().parent] if url.startswith("sqlite") and name else []


def certificate_files(settings: Settings) -> Sequence[CertificateFile]:
    """Return the files of certificates that the settings name, each once."""
    own = [link.tls_cert_file for link in settings.links.values()] + list(settings.alarms.limits.certificates)
    trusted = [
        *(link.tls_ca_file for link in settings.links.values()),
        *(channel.send_ca_file for channel in settings.channels.values()),
        *(one.ca_file for one in settings.webhooks.values()),
        *(settings.alarms.email.ca_file, settings.alarms.webhook.ca_file, settings.heartbeat.ca_file),
    ]
    found = {path: False for path in own if path is not None}
    found |= {path: True for path in trusted if path is not None and path not in found}
    return [CertificateFile(path=path, is_trusted=is_trusted) for path, is_trusted in found.items()]


def certificate_conditions(settings: Settings, now: datetime) -> Iterator[Condition]:
    """Return the certificates that end soon, have ended, or cannot be read."""
    soon = timedelta(days=settings.alarms.limits.certificate_days)
    for one in certificate_files(settings):
        subject = str(one.path)[-_MOST_SUBJECT:]
        end = _end_of(one)
        if end is None:
            yield condition(
                AlarmName.CERTIFICATE_ENDS,
                "admin.system",
                what="certificate_unread",
                subject=subject,
                path=str(one.path),
            )
        elif end - now < soon:
            what = "certificate_ended" if end <= now else "certificate_ends"
            at = local_time(end)
            page = "admin.system"
            yield condition(AlarmName.CERTIFICATE_ENDS, page, what=what, subject=subject, path=str(one.path), at=at)


def _end_of(one: CertificateFile) -> datetime | None:
    try:
        stamp = one.path.stat()
        if not S_ISREG(stamp.st_mode):
            return None  # a pipe would never answer
        return _read_end(one, stamp.st_mtime_ns, stamp.st_ino)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=64)
def _read_end(one: CertificateFile, changed: int, inode: int) -> datetime:
    """Read the file; again when it was changed. Raises OSError, and ValueError for what holds no certificate."""
    del changed, inode
    with one.path.open("rb") as file:
        held = file.read(MOST_OCTETS)
    ends = [each.not_valid_after_utc for each in x509.load_pem_x509_certificates(held)]
    return max(ends) if one.is_trusted else min(ends)
