"""The source of a package: the tree of the last commit and its time, so that equal commits make equal packages."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[2]

_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


def last_commit(root: Path = ROOT) -> str:
    """Return the hash of the last commit. What takes long asks once, so that a commit meanwhile changes nothing."""
    return _git(root, "rev-parse", "HEAD").decode("ascii").strip()


def commit_time(root: Path = ROOT, *, commit: str = "HEAD") -> int:
    """Return the seconds since 1970 of a commit: the SOURCE_DATE_EPOCH of everything that is built."""
    return int(_git(root, "log", "-1", "--format=%ct", commit))


def has_changes(root: Path = ROOT) -> bool:
    """Return whether the work tree differs from the last commit, which alone is built."""
    return bool(_git(root, "status", "--porcelain").strip())


def export(into: Path, *, version: str | None = None, root: Path = ROOT, commit: str = "HEAD") -> str:
    """Write the tree of a commit into a new folder; return the version of the product in it.

    `version` replaces the product's own, for a test of upgrades.
    """
    into.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", "--format=tar", commit))) as archive:
        archive.extractall(into, filter="data")
    for path in into.rglob("*"):
        if not path.is_symlink():
            path.chmod(plain_mode(path))
    holder = into / "sms_gateway" / "__init__.py"
    text = holder.read_text("utf-8")
    found = _VERSION.search(text)
    if found is None:
        raise ValueError("sms_gateway/__init__.py names no version")
    if version is None:
        return found[1]
    holder.write_text(_VERSION.sub(f'__version__ = "{version}"', text), "utf-8")
    return version


def plain_mode(path: Path) -> int:
    """Return the mode of a file or folder in a package: whatever umask it was made with, it is 0644 or 0755."""
    return 0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644


def _git(root: Path, *words: str) -> bytes:
    command = ["git", *words]
    return subprocess.run(command, cwd=root, check=True, capture_output=True).stdout  # noqa: S603 - our own words
