"""Only what is committed is built, with the modes of a package and the time of the commit."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tools.package.source import commit_time, export, has_changes, last_commit


def repository(root: Path) -> Path:
    (root / "sms_gateway").mkdir(parents=True)
    (root / "sms_gateway/__init__.py").write_text('"""One."""\n\n__version__ = "0.1.0"\n')
    script = root / "script"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o700)
    author = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "one", "--date", "@1700000000 +0700"]):
        environment = {"GIT_COMMITTER_DATE": "@1700000000 +0700", "PATH": "/usr/bin:/bin", "HOME": str(root)}
        subprocess.run(["git", *words], cwd=root, check=True, env=environment)
    return root


def test_the_committed_tree_is_exported_with_plain_modes(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository")
    assert commit_time(root) == 1_700_000_000
    assert not has_changes(root)
    (root / "secret").write_text("not committed")
    assert has_changes(root)
    assert export(tmp_path / "plain", root=root) == "0.1.0"
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "plain").rglob("*")}
    assert modes == {"sms_gateway": 0o755, "__init__.py": 0o644, "script": 0o755}


def test_another_version_can_be_given(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository")
    assert export(tmp_path / "next", version="0.1.1", root=root) == "0.1.1"
    assert '__version__ = "0.1.1"\n' in (tmp_path / "next/sms_gateway/__init__.py").read_text()


def test_a_commit_that_comes_meanwhile_changes_nothing(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository")
    begun = last_commit(root)
    author = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    (root / "later").write_text("later")
    for words in (["add", "."], [*author, "commit", "-qm", "two"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    assert last_commit(root) != begun
    export(tmp_path / "plain", root=root, commit=begun)
    assert not (tmp_path / "plain/later").exists()
    assert commit_time(root, commit=begun) == 1_700_000_000 < commit_time(root)
