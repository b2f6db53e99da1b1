"""`python -m tools.package.build DIRECTORY`: build everything twice, compare, and print sizes and hashes."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.package import debian, distributions, source


def main(words: list[str], root: Path = source.ROOT) -> int:
    """Build what is asked for; return 1 when two builds of one commit differ."""
    given = _arguments(words)
    given.into.mkdir(parents=True, exist_ok=True)
    if source.has_changes(root):
        sys.stderr.write("Caution: the work tree has changes; only the last commit is built\n")
    commit = source.last_commit(root)
    files = _build(root, commit, given.into, given)
    first = {path.name: _digest(path) for path in files}
    for path in files:
        sys.stdout.write(f"{first[path.name]}  {path.stat().st_size:>10}  {path.name}\n")
    if given.once:
        return 0
    with TemporaryDirectory() as place:
        second = {path.name: _digest(path) for path in _build(root, commit, Path(place), given)}
    differing = sorted(name for name in first if second.get(name) != first[name])
    for name in differing:
        sys.stderr.write(f"{name}: the second build has another hash: {second.get(name)}\n")
    sys.stdout.write(f"{len(first) - len(differing)} of {len(first)} files have equal hashes in two builds\n")
    return int(bool(differing))


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.package.build", description=__doc__)
    parser.add_argument("into", type=Path, help="folder of the packages")
    parser.add_argument("--once", action="store_true", help="build once and compare nothing")
    parser.add_argument("--fast", action="store_true", help="pack the Debian package badly and fast, for a test")
    parser.add_argument("--version", help="another version than the product's own, for a test of upgrades")
    return parser.parse_args(words)


def _build(root: Path, commit: str, into: Path, given: argparse.Namespace) -> list[Path]:
    time = source.commit_time(root, commit=commit)
    with TemporaryDirectory() as place:
        tree = Path(place) / "source"
        source.export(tree, version=given.version, root=root, commit=commit)
        sdist, wheel = distributions.build(tree, into, time=time)
        return [sdist, wheel, debian.build(tree, wheel, into, time=time, fast=given.fast)]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
