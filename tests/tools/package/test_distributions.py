"""An sdist says nothing of who built it, and when."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from tools.package.distributions import make_plain

TIME = 1_700_000_000


def archive(path: Path, names: list[str], *, time: int, owner: str, mode: int) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        for name in names:
            member = tarfile.TarInfo(name)
            content = name.encode()
            member.size, member.mtime, member.uname, member.mode, member.uid = len(content), time, owner, mode, time % 7
            packed.addfile(member, io.BytesIO(content))
    return path


def test_two_builders_make_the_same_octets(tmp_path: Path) -> None:
    here = archive(tmp_path / "here.tar.gz", ["p/b", "p/a"], time=1, owner="an", mode=0o600)
    there = archive(tmp_path / "there.tar.gz", ["p/a", "p/b"], time=2, owner="binh", mode=0o664)
    assert here.read_bytes() != there.read_bytes()
    for path in (here, there):
        make_plain(path, time=TIME)
    assert here.read_bytes() == there.read_bytes()
    with tarfile.open(here) as packed:
        assert [(one.name, one.mtime, one.uname, one.mode) for one in packed] == [
            ("p/a", TIME, "", 0o644),
            ("p/b", TIME, "", 0o644),
        ]
        content = packed.extractfile("p/a")
        assert content is not None
        assert content.read() == b"p/a"
