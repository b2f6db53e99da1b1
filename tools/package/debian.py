"""The Debian package: a staged tree, packed by dpkg-deb. docs/decisions/0054 says why no debhelper is used."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.package import environment
from tools.package.environment import MINOR
from tools.package.licences import copyright_of
from tools.package.source import plain_mode

NAME = "sms-gateway"
MAINTAINER = "The SMS gateway developers <maintainers@sms-gateway.invalid>"

FILES = {
    "deploy/systemd/sms-gateway.service": "usr/lib/systemd/system/sms-gateway.service",
    "deploy/systemd/sms-gateway-backup.service": "usr/lib/systemd/system/sms-gateway-backup.service",
    "deploy/systemd/sms-gateway-backup.timer": "usr/lib/systemd/system/sms-gateway-backup.timer",
    "deploy/systemd/sms-gateway-failed@.service": "usr/lib/systemd/system/sms-gateway-failed@.service",
    "deploy/systemd/sysusers.conf": "usr/lib/sysusers.d/sms-gateway.conf",
    "deploy/systemd/tmpfiles.conf": "usr/lib/tmpfiles.d/sms-gateway.conf",
    "deploy/systemd/nightly-backup": "usr/libexec/sms-gateway/nightly-backup",
    "deploy/systemd/encrypted-keys.conf": "usr/share/sms-gateway/encrypted-keys.conf",
    "deploy/nginx/sms-gateway.conf": "usr/share/sms-gateway/nginx.conf",
    "deploy/prometheus/rules.yml": "usr/share/sms-gateway/prometheus-rules.yml",
    "deploy/grafana/dashboard.json": "usr/share/sms-gateway/grafana-dashboard.json",
    "gateway.example.toml": "usr/share/sms-gateway/gateway.example.toml",
    "README.md": "usr/share/doc/sms-gateway/README.md",
    "CHANGELOG.md": "usr/share/doc/sms-gateway/CHANGELOG.md",
    "docs/how-to/alarm-ways.md": "usr/share/doc/sms-gateway/docs/how-to/alarm-ways.md",
    "docs/how-to/install.md": "usr/share/doc/sms-gateway/docs/how-to/install.md",
    "docs/how-to/upgrade.md": "usr/share/doc/sms-gateway/docs/how-to/upgrade.md",
    "docs/how-to/backup.md": "usr/share/doc/sms-gateway/docs/how-to/backup.md",
    "docs/operating.md": "usr/share/doc/sms-gateway/docs/operating.md",
    "docs/settings.md": "usr/share/doc/sms-gateway/docs/settings.md",
    "docs/how-to/prometheus.md": "usr/share/doc/sms-gateway/docs/how-to/prometheus.md",
}
"""Where each file of the source is in the target."""

SCRIPTS = ("postinst", "prerm", "postrm", "templates")

_GLIBC = re.compile(r"manylinux_2_(\d+)_")


def build(source: Path, wheel: Path, into: Path, *, time: int, fast: bool = False) -> Path:
    """Build the Debian package of a source tree and its wheel; return its file. `fast`: packed badly, for a test."""
    with TemporaryDirectory() as place:
        stage = Path(place) / "stage"
        stage.mkdir(mode=0o755)
        lock = source / "requirements" / "run.lock"
        packages = environment.make(stage, lock=lock, wheel=wheel, time=time)
        _demand_locked(packages, lock)
        for name, target in FILES.items():
            (stage / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / name, stage / target)
        (stage / "usr/bin").mkdir(parents=True)
        (stage / "usr/bin/sms-gateway").symlink_to(environment.HOME / "bin/sms-gateway")
        share = stage / "usr/share/sms-gateway"
        (share / "sbom.json").write_bytes(_bill_of_materials(stage, source, time))
        text = copyright_of(packages, (source / "LICENSE").read_text("utf-8"))
        (stage / "usr/share/doc/sms-gateway/copyright").write_text(text, "utf-8")
        return _pack(stage, source, wheel.name.split("-")[1], into, time=time, fast=fast)


def debian_version(version: str) -> str:
    """Return a version of PEP 440 as Debian orders it: a release candidate is before its release."""
    return re.sub(r"(?<=\d)(a|b|rc|\.dev)(?=\d)", lambda found: f"~{found[1].strip('.')}", version)


def least_glibc(tags: str) -> int | None:
    """Return the minor version of glibc 2 that the wheels with these tags need, None when they need none."""
    return max((int(minor) for minor in _GLIBC.findall(tags)), default=None)


def control(version: str, *, octets: int, depends: str, architecture: str) -> str:
    """Return the control file."""
    return f"""\
Package: {NAME}
Version: {version}
Architecture: {architecture}
Maintainer: {MAINTAINER}
Installed-Size: {(octets + 1023) // 1024}
Section: comm
Priority: optional
Depends: {depends}
Recommends: nginx
Suggests: postgresql-client
Description: answers citizens who text commands to a short code
 SMS gateway of a public service: it connects to carriers by SMPP and to
 aggregators by HTTP, stores every text before it acknowledges it, answers
 commands, and has pages for operators.
 .
 The program has a Python environment of its own in /opt/sms-gateway. Nothing
 is downloaded at the installation.
"""


def _demand_locked(packages: Path, lock: Path) -> None:
    """Refuse an environment that holds anything else than the lock and the product."""
    names = {path.name.split("-")[0] for path in packages.glob("*.dist-info")}
    found = {re.sub(r"[-_.]+", "-", name).lower() for name in names}
    expected = environment.locked_names(lock) | {NAME}
    if found - expected:
        raise SystemExit(f"not in {lock.name}: {', '.join(sorted(found - expected))}")


def _bill_of_materials(stage: Path, source: Path, time: int) -> bytes:
    python = [sys.executable, "-I", "-c", _SBOM, str(source), str(next(stage.glob("opt/*/lib/*/site-packages")))]
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(time)}
    return subprocess.run(python, env=environ, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603 - our own words


_SBOM = """
import sys
source, packages = sys.argv[1:]
sys.path[:] = [packages, source, *(one for one in sys.path if "site-packages" not in one)]
import runpy
sys.argv = ["sbom"]
runpy.run_module("tools.sbom", run_name="__main__")
"""
"""The bill of what is in the stage, and not of what builds it."""


def _pack(stage: Path, source: Path, version: str, into: Path, *, time: int, fast: bool) -> Path:
    debian = stage / "DEBIAN"
    debian.mkdir()
    files = sorted(path for path in stage.rglob("*") if path.is_file() and not path.is_symlink())
    sums = "".join(f"{_md5(path)}  {path.relative_to(stage)}\n" for path in files)
    (debian / "md5sums").write_text(sums, "utf-8")
    for name in SCRIPTS:
        shutil.copy(source / "deploy" / "debian" / name, debian / name)
    architecture = _output("dpkg", "--print-architecture").strip()
    octets = sum(path.stat().st_size for path in files)
    depends = ", ".join([f"python{MINOR}", *_libraries(stage), "debconf (>= 0.5) | debconf-2.0", *_SYSTEM])
    text = control(debian_version(version), octets=octets, depends=depends, architecture=architecture)
    (debian / "control").write_text(text, "utf-8")
    for path in stage.rglob("*"):
        if not path.is_symlink():
            path.chmod(plain_mode(path))
    deb = into / f"{NAME}_{debian_version(version)}_{architecture}.deb"
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(time)}
    packed = ["-Zgzip", "-z1"] if fast else ["-Zxz", "--threads-max=1"]  # more threads pack otherwise
    words = ["dpkg-deb", "--root-owner-group", *packed, "--build", str(stage), str(deb)]
    subprocess.run(words, env=environ, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words and paths
    return deb


_SYSTEM = (
    "systemd | systemd-standalone-sysusers",
    "systemd | systemd-standalone-tmpfiles",
    "util-linux",
    "ca-certificates",
    "init-system-helpers (>= 1.52)",
)


def _libraries(stage: Path) -> list[str]:
    """Return the Debian packages of the shared libraries that compiled modules need."""
    compiled = sorted(str(path) for path in stage.rglob("*.so*") if path.is_file())
    if not compiled:
        return []
    with TemporaryDirectory() as place:
        (Path(place) / "debian").mkdir()
        sections = f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n"
        (Path(place) / "debian" / "control").write_text(sections, "utf-8")
        words = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0", *compiled]
        done = subprocess.run(words, cwd=place, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - as above
    return done.stdout.strip().partition("=")[2].split(", ")


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _output(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own words
