"""`make release KEY=FINGERPRINT`: run every check, build all into dist/, sign it, tag the commit. Uploads nothing."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from tools.package.debian import debian_version
from tools.package.source import commit_time, has_changes, plain_mode

ROOT = Path(__file__).parents[1]

STEPS = ("check", "test-long", "audit", "docs", "test-package", "package", "sbom")
"""Targets of the Makefile, in this order; the first that fails ends the release."""

SUMS = "SHA256SUMS"

_BY_GPG = ("-c", "gpg.format=openpgp", "-c", "gpg.program=gpg", "-c", "gpg.openpgp.program=gpg")
"""Options of git: sign as SHA256SUMS is signed, whatever the maintainer's own settings say."""

_FINGERPRINT = re.compile("[0-9A-F]{40}")

_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


class RefusedError(Exception):
    """A release cannot be made: what is wrong, and how to fix it."""


def main(words: list[str], *, root: Path = ROOT) -> int:
    """Make a release of the last commit; return 1 when it is refused or a step fails."""
    key = _arguments(words)
    try:
        version = _release(root, key)
    except RefusedError as error:
        sys.stderr.write(f"NO RELEASE WAS MADE: {error}\n")
        return 1
    sums = (root / "dist" / SUMS).read_text("ascii")
    sys.stdout.write(f"{sums}version {version}: signed in dist/, tagged v{version}; nothing was uploaded\n")
    return 0


def _release(root: Path, key: str) -> str:
    """Do it, and return the version; raise RefusedError."""
    version = _VERSION.findall((root / "sms_gateway" / "__init__.py").read_text("utf-8"))[0]
    if reasons := list(_reasons_against(root, version, key)):
        raise RefusedError("\n".join(reasons))
    commit = _git(root, "rev-parse", "HEAD")
    _run_steps(root)
    if _git(root, "rev-parse", "HEAD") != commit or has_changes(root):
        raise RefusedError("the tree changed while the checks ran; fix: begin again")
    _sign(root / "dist", _gather(root, version), key)
    _tag(root, f"v{version}", key, f"Version {version}")
    return str(version)


def _arguments(words: list[str]) -> str:
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    parser.add_argument("--key", help="KEY=, the fingerprint of the key that signs; gpg must have its secret part")
    return "".join(str(parser.parse_args(words).key or "").split()).upper()


def _reasons_against(root: Path, version: str, key: str) -> Iterator[str]:
    """Yield why no release can be made, before hours are spent on the checks."""
    if has_changes(root):
        yield "the tree has changes; fix: commit or remove them (git status)"
    if _git(root, "tag", "--list", f"v{version}"):
        yield f"v{version} is tagged already; fix: write the next version into sms_gateway/__init__.py"
    heading = re.compile(rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)$", re.MULTILINE)
    if not heading.search((root / "CHANGELOG.md").read_text("utf-8")):
        yield f"CHANGELOG.md has no heading `## {version} (YEAR-MONTH-DAY)`; fix: write the date of the release into it"
    try:
        _git(root, "var", "GIT_COMMITTER_IDENT")
    except RefusedError:
        yield "git knows no name for the tag; fix: git config user.name NAME, git config user.email ADDRESS"
    for pattern in _built(version):
        if (root / "dist").exists() and (found := sorted((root / "dist").glob(pattern))):
            yield f"dist/ has {', '.join(path.name for path in found)} already; fix: empty dist/"
    if not _FINGERPRINT.fullmatch(key):
        yield "KEY is no fingerprint of 40 hexadecimal digits; fix: take one of `gpg --list-secret-keys`"
        return
    tried = subprocess.run(  # noqa: S603 - our own words
        _signing(key, "--output", os.devnull, "-"), input=b"", capture_output=True, check=False
    )
    if tried.returncode:
        yield f"gpg cannot sign with {key}; fix: give the fingerprint of a key of `gpg --list-secret-keys`"


def _run_steps(root: Path) -> None:
    surroundings = {
        name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    }
    for step in STEPS:
        began = monotonic()
        words = ["make", "--no-print-directory", step]
        code = subprocess.run(words, cwd=root, env=surroundings, check=False).returncode  # noqa: S603 - as above
        if code:
            raise RefusedError(f"`make {step}` failed with code {code}; fix what it says, then begin again")
        sys.stdout.write(f"== make {step}: {monotonic() - began:.0f} s\n")
        sys.stdout.flush()


def _gather(root: Path, version: str) -> list[Path]:
    """Return the files of the release, all in dist/; raise RefusedError when one is missing."""
    dist = root / "dist"
    bill = dist / f"sms-gateway-{version}.sbom.json"
    shutil.copy(root / "sbom.json", bill)
    docs = _packed(dist / "docs", dist / f"sms-gateway-{version}-docs.tar.gz", time=commit_time(root))
    built = [sorted(dist.glob(pattern)) for pattern in _built(version)]
    for pattern, found in zip(_built(version), built, strict=True):
        if len(found) != 1:
            raise RefusedError(f"dist/ has {len(found)} files {pattern}, not one; fix: empty dist/, then begin again")
    return [*(found[0] for found in built), docs, bill]


def _built(version: str) -> tuple[str, ...]:
    """Return a pattern for each file that `make package` makes."""
    return (
        f"sms_gateway-{version}.tar.gz",
        f"sms_gateway-{version}-*.whl",
        f"sms-gateway_{debian_version(version)}_*.deb",
    )


def _packed(folder: Path, into: Path, *, time: int) -> Path:
    """Pack a folder; equal files give an equal archive."""
    with (
        into.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=time) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for path in sorted(folder.rglob("*")):
            entry = archive.gettarinfo(path, f"{into.name.removesuffix('.tar.gz')}/{path.relative_to(folder)}")
            entry.mtime, entry.mode = time, plain_mode(path)
            entry.uid, entry.gid, entry.uname, entry.gname = 0, 0, "", ""
            if path.is_file():
                with path.open("rb") as content:
                    archive.addfile(entry, content)
            else:
                archive.addfile(entry)
    return into


def _sign(dist: Path, files: list[Path], key: str) -> None:
    """Write the hashes and their signature, and check the signature as an administrator does."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (dist / SUMS).write_text("".join(lines), "ascii")
    signature = dist / f"{SUMS}.asc"
    signature.unlink(missing_ok=True)
    for words in (
        _signing(key, "--output", str(signature), str(dist / SUMS)),
        ["gpg", "--status-fd", "1", "--verify", str(signature), str(dist / SUMS)],
    ):
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - as above
        if done.returncode:
            raise RefusedError(f"gpg failed: {done.stderr.strip()}")
    if not _is_by(key, done.stdout):
        raise RefusedError(f"{SUMS}.asc is not signed by {key}; fix: see `gpg --verify dist/{SUMS}.asc`")


def _tag(root: Path, tag: str, key: str, message: str) -> None:
    """Tag the commit and check the tag's signature; no tag is left without one. Raises RefusedError.

    Git may be told to sign in another way, and some of its versions then make a tag that has no signature.
    """
    _git(root, *_BY_GPG, "tag", "--sign", "--local-user", key, "--message", message, tag)
    words = ["git", *_BY_GPG, "verify-tag", "--raw", tag]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 - as above
    if done.returncode or not _is_by(key, done.stderr):
        _git(root, "tag", "--delete", tag)
        raise RefusedError(f"the signature of the tag {tag} does not verify, so it was deleted: {done.stderr.strip()}")


def _is_by(key: str, status: str) -> bool:
    """Say whether gpg's status names a good signature of this key, or of a part of it that signs."""
    signed = [line.split() for line in status.splitlines() if line.startswith("[GNUPG:] VALIDSIG ")]
    return bool(signed) and all(key in {words[2], words[-1]} for words in signed)


def _signing(key: str, *words: str) -> list[str]:
    return ["gpg", "--quiet", "--yes", "--armor", "--local-user", key, "--detach-sign", *words]


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603, S607 - as above
    if done.returncode:
        raise RefusedError(f"git {words[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
