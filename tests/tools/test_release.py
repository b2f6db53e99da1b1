"""`make release` on a small stand-in: a repository whose targets are quick, with a key that is thrown away."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tools.release import ROOT, STEPS, main

pytestmark = pytest.mark.skipif(
    shutil.which("gpg") is None, reason="gpg is not installed; Debian: apt-get install gnupg"
)

MAKEFILE = """\
check test-long audit test-package:
\t@echo $@ >> ../steps
docs:
\t@mkdir -p dist/docs/how-to && echo $@ >> ../steps
\t@echo hello > dist/docs/index.html && echo back > dist/docs/how-to/back.txt
FILES = sms_gateway-0.1.0.tar.gz sms_gateway-0.1.0-py3-none-any.whl sms-gateway_0.1.0_amd64.deb
package:
\t@echo $@ >> ../steps
\t@for name in $(FILES); do echo $$name > dist/$$name; done
sbom:
\t@echo $@ >> ../steps && echo '{}' > sbom.json
"""


def run(*words: str, cwd: Path) -> str:
    return subprocess.run(words, cwd=cwd, check=True, capture_output=True, text=True).stdout


def git(root: Path, *words: str) -> str:
    return run("git", "-c", "user.name=A", "-c", "user.email=a@a.invalid", *words, cwd=root)


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "One")


@pytest.fixture(scope="module")
def key() -> Iterator[str]:
    with TemporaryDirectory(dir="/tmp") as home, pytest.MonkeyPatch.context() as patch:  # short: gpg's socket is in it
        patch.setenv("GNUPGHOME", home)
        given = [
            "--batch",
            "--passphrase",
            "",
            "--quick-generate-key",
            "Test <test@test.invalid>",
            "ed25519",
            "sign",
            "never",
        ]
        run("gpg", "--quiet", *given, cwd=Path(home))
        listed = run("gpg", "--with-colons", "--list-secret-keys", cwd=Path(home))
        yield next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))
        run("gpgconf", "--kill", "gpg-agent", cwd=Path(home))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "A")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@a.invalid")
    folder = tmp_path / "root"
    (folder / "sms_gateway").mkdir(parents=True)
    (folder / "sms_gateway/__init__.py").write_text('__version__ = "0.1.0"\n')
    (folder / "CHANGELOG.md").write_text("# Changelog\n\n## 0.1.0 (2026-12-01)\n\n- All.\n")
    (folder / ".gitignore").write_text("dist/\nsbom.json\n")
    (folder / "Makefile").write_text(MAKEFILE)
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def test_a_release_is_built_signed_and_tagged_after_every_step(root: Path, key: str) -> None:
    assert main(["--key", key], root=root) == 0
    assert (root / "../steps").read_text().split() == list(STEPS)
    dist = root / "dist"
    lines = [line.split("  ") for line in (dist / "SHA256SUMS").read_text().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert sums.keys() == {
        path.name for path in dist.iterdir() if path.is_file() and not path.name.startswith("SHA256")
    }
    assert len(sums) == 5
    assert [
        name for name, digest in sums.items() if hashlib.sha256((dist / name).read_bytes()).hexdigest() != digest
    ] == []
    run("gpg", "--verify", "SHA256SUMS.asc", "SHA256SUMS", cwd=dist)
    git(root, "verify-tag", "v0.1.0")
    assert git(root, "rev-parse", "v0.1.0^{commit}") == git(root, "rev-parse", "HEAD")
    archive = dist / "sms-gateway-0.1.0-docs.tar.gz"
    first = archive.read_bytes()
    with tarfile.open(archive) as packed:
        assert "sms-gateway-0.1.0-docs/how-to/back.txt" in packed.getnames()
    git(root, "tag", "--delete", "v0.1.0")
    shutil.rmtree(dist)
    git(root, "config", "gpg.format", "ssh")  # git 2.39 then makes a tag without a signature
    assert main(["--key", key], root=root) == 0
    git(root, "verify-tag", "v0.1.0")
    assert archive.read_bytes() == first
    (dist / min(sums)).write_text("changed")
    assert subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=dist, capture_output=True, check=False
    ).returncode


def test_a_release_is_refused_before_any_step(root: Path, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "CHANGELOG.md").write_text("# Changelog\n\n## 0.1.0 (unreleased)\n")
    git(root, "tag", "v0.1.0")
    assert main(["--key", "0" * 40], root=root) == 1
    said = capsys.readouterr().err
    for reason in (
        "the tree has changes",
        "v0.1.0 is tagged already",
        "CHANGELOG.md has no heading",
        "gpg cannot sign with",
    ):
        assert reason in said
    assert not (root / "../steps").exists()
    assert key not in said


def test_a_word_for_the_key_old_files_and_a_git_without_a_name_are_refused_before_any_step(
    root: Path, key: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "dist").mkdir()
    (root / "dist/sms-gateway_0.1.0_arm64.deb").touch()
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{name}_NAME")
        monkeypatch.delenv(f"GIT_{name}_EMAIL")
    monkeypatch.setenv("HOME", str(root))
    git(root, "config", "user.useConfigOnly", "true")
    for words in ([], ["--key", "test"], ["--key", key[:16]]):
        assert main(words, root=root) == 1
        said = capsys.readouterr().err
        for reason in (
            "KEY is no fingerprint",
            "dist/ has sms-gateway_0.1.0_arm64.deb already; fix: empty dist/",
            "git knows no name for the tag; fix: git config user.name",
        ):
            assert reason in said, (words, said)
    assert not (root / "../steps").exists()


def test_a_step_that_fails_or_a_file_that_is_missing_ends_it_without_a_tag(
    root: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    makes = (
        (MAKEFILE.replace("sbom:\n", "sbom:\n\t@exit 3\n"), "`make sbom` failed"),
        (MAKEFILE.replace("sms-gateway_0.1.0_amd64.deb", ""), "dist/ has 0 files sms-gateway_0.1.0_*.deb"),
        (MAKEFILE.replace("sbom:\n", "sbom:\n\t@echo more >> CHANGELOG.md\n"), "the tree changed while the checks ran"),
    )
    for makefile, reason in makes:
        shutil.rmtree(root / "dist", ignore_errors=True)
        (root / "Makefile").write_text(makefile)
        commit(root)
        assert main(["--key", key], root=root) == 1
        assert reason in capsys.readouterr().err
        assert not (root / "dist/SHA256SUMS.asc").exists()
    assert git(root, "tag", "--list") == ""


def test_every_step_is_a_target_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert [step for step in STEPS if f"\n{step}:" not in makefile] == []
