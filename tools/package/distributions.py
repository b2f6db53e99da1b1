"""The sdist and the wheel, built by setuptools; the same source and time give the same octets."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

UMASK = 0o022


def build(source: Path, into: Path, *, time: int) -> tuple[Path, Path]:
    """Build the sdist of a source tree, and the wheel of what is in that sdist; return both files."""
    into.mkdir(parents=True, exist_ok=True)
    sdist = _run_hook(source, "build_sdist", into, time)
    make_plain(sdist, time=time)
    with TemporaryDirectory() as place:
        with tarfile.open(sdist) as archive:
            archive.extractall(place, filter="data")
        (unpacked,) = Path(place).iterdir()
        return sdist, _run_hook(unpacked, "build_wheel", into, time)


def make_plain(sdist: Path, *, time: int) -> None:
    """Write an sdist again: sorted, and without the time, the user and the umask of the builder."""
    packed = io.BytesIO()
    with (
        tarfile.open(sdist) as given,
        gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=time) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as taken,
    ):
        for member in sorted(given.getmembers(), key=lambda one: one.name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = time, 0, 0, "", ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            taken.addfile(member, given.extractfile(member) if member.isfile() else None)
    sdist.write_bytes(packed.getvalue())


def _run_hook(source: Path, hook: str, into: Path, time: int) -> Path:
    """Run a hook of the build backend (PEP 517) in a process of its own; return the file that it made."""
    code = f"from setuptools import build_meta; print(build_meta.{hook}({str(into.resolve())!r}))"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(time), "PYTHONHASHSEED": "0", "TZ": "UTC"}
    environment["PYTHONWARNINGS"] = "ignore"
    done = subprocess.run(  # noqa: S603 - our own words and paths
        [sys.executable, "-c", code],
        cwd=source,
        env=environment,
        umask=UMASK,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return into / done.stdout.splitlines()[-1]
