"""The virtual environment of the Debian package: the locked dependencies and the wheel, moved to /opt/sms-gateway."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

HOME = Path("/opt/sms-gateway")
"""Where the environment is in the target."""

MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
"""The Python that the environment is for: the one that builds it, since compiled packages fit one minor version."""

_CHANGES_A_BUILD = {"PIP_CONSTRAINT", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"}
"""Variables of the builder that would leave something out of the package."""

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def make(stage: Path, *, lock: Path, wheel: Path, time: int) -> Path:
    """Make the environment below `stage`; return its site-packages. Only files that the lock has a hash of get in."""
    home = stage / HOME.relative_to("/")
    _install(home, "--require-hashes", "--requirement", str(lock), time=time)
    _install(
        home, "--no-index", "--find-links", str(wheel.parent), f"sms-gateway=={wheel.name.split('-')[1]}", time=time
    )
    packages = home / "lib" / f"python{MINOR}" / "site-packages"
    for script in sorted((home / "bin").iterdir()):
        _use_python_of_the_target(script)
    for record in sorted(packages.glob("*.dist-info/RECORD")):
        _count_again(record)
    (home / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {MINOR}\n", "utf-8"
    )
    (home / "bin" / "python").symlink_to(f"/usr/bin/python{MINOR}")
    (home / "bin" / "python3").symlink_to("python")
    _compile(stage, packages, time=time)
    return packages


def locked_names(lock: Path) -> set[str]:
    """Return the names of the packages in a lock file, in the form in which names are compared."""
    return {re.sub(r"[-_.]+", "-", name).lower() for name in _PINNED.findall(lock.read_text("utf-8"))}


def _install(home: Path, *words: str, time: int) -> None:
    fixed = ("--prefix", str(home), "--no-deps", "--no-compile", "--ignore-installed", "--only-binary", ":all:")
    quiet = ("--quiet", "--no-warn-script-location", "--disable-pip-version-check")
    subprocess.run(  # noqa: S603 - our own words and paths
        [sys.executable, "-m", "pip", "install", *fixed, *quiet, *words],
        env=_environment(time),
        umask=0o022,
        check=True,
    )


def _environment(time: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _CHANGES_A_BUILD}
    return {**kept, "SOURCE_DATE_EPOCH": str(time), "PYTHONHASHSEED": "0"}


def _use_python_of_the_target(script: Path) -> None:
    """Let a script begin with the Python of the target in place of the one that built it."""
    head, _, rest = script.read_bytes().partition(b"\n")
    if head.startswith(b"#!") and b"python" in head:
        script.write_bytes(f"#!{HOME}/bin/python\n".encode() + rest)


def _count_again(record: Path) -> None:
    """Write the hashes of changed scripts into a package's list of files; leave out what tells where it was built."""
    with record.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    kept = []
    for name, digest, size in rows:
        path = record.parent.parent / name
        if path.name == "direct_url.json" and path.parent == record.parent:
            path.unlink()
            continue
        if "/bin/" in name and digest:
            octets = path.resolve().read_bytes()
            coded = base64.urlsafe_b64encode(hashlib.sha256(octets).digest()).rstrip(b"=").decode()
            kept.append([name, f"sha256={coded}", str(len(octets))])
        else:
            kept.append([name, digest, size])
    with record.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(kept)


def _compile(stage: Path, packages: Path, *, time: int) -> None:
    """Compile every module: the service may not write into its program, and would compile at each start."""
    words = ["-q", "-s", str(stage), "-p", "/", "--invalidation-mode", "unchecked-hash", str(packages)]
    subprocess.run(  # noqa: S603 - our own words and paths
        [sys.executable, "-m", "compileall", *words], env=_environment(time), umask=0o022, check=True
    )
