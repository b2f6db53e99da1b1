"""Packages of a small product, built without the network by the same code as those of the real one."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.package import build
from tools.package.debian import FILES
from tools.package.distributions import build as build_distributions

ROOT = Path(__file__).parents[3]
TIME = 1_700_000_000

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("dpkg-shlibdeps") is None, reason="dpkg-dev is not installed; Debian has it"),
]


def project(folder: Path, name: str, module: str, needs: str = "", *, body: str = "") -> Path:
    (folder / module).mkdir(parents=True)
    (folder / module / "__init__.py").write_text(f'"""Small."""\n\n__version__ = "0.1.0"\n\n\n{body}')
    (folder / "setup.cfg").write_text(
        f"[metadata]\nname = {name}\nversion = attr: {module}.__version__\nlicense = MIT\n"
        f"[options]\npackages = {module}\n"
        f"install_requires = {needs}\n[options.entry_points]\nconsole_scripts =\n    {name} = {module}:main\n"
    )
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
    )
    return folder


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed product that needs one package, which pip finds on this machine."""
    wheels = tmp_path / "wheels"
    _, wheel = build_distributions(project(tmp_path / "needed", "needed", "needed"), wheels, time=TIME)
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull}.items():
        monkeypatch.setenv(name, value)
    folder = project(
        tmp_path / "root", "sms-gateway", "sms_gateway", "needed", body="def main() -> None:\n    print('hello')\n"
    )
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    for name in (*FILES, "LICENSE", "tools/sbom.py", "tools/__init__.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (folder / "MANIFEST.in").write_text("graft deploy\ngraft docs\ngraft tools\n")
    (folder / "requirements").mkdir()
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (folder / "requirements/run.lock").write_text(f"needed==0.1.0 \\\n    --hash=sha256:{digest}\n")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    author = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "one"]):
        subprocess.run(["git", *words], cwd=folder, check=True)


def test_two_builds_are_equal_and_the_package_holds_what_the_lock_names(
    root: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "dist"
    assert build.main([str(into)], root) == 0, capfd.readouterr().err
    assert "3 of 3 files have equal hashes" in capfd.readouterr().out
    (deb,) = into.glob("*.deb")
    place = tmp_path / "unpacked"
    subprocess.run(["dpkg-deb", "--raw-extract", deb, place], check=True)
    minor = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = place / f"opt/sms-gateway/lib/{minor}/site-packages"
    assert {path.name for path in packages.glob("*.dist-info")} == {
        "needed-0.1.0.dist-info",
        "sms_gateway-0.1.0.dist-info",
    }
    assert f"Depends: {minor}, " in (place / "DEBIAN/control").read_text()
    assert not (place / "DEBIAN/conffiles").exists()
    script = place / "opt/sms-gateway/bin/sms-gateway"
    assert script.read_text().startswith("#!/opt/sms-gateway/bin/python\n")
    rows = list(csv.reader((packages / "sms_gateway-0.1.0.dist-info/RECORD").read_text().splitlines()))
    assert [name for name, _, size in rows if size == str(script.stat().st_size)] == ["../../../bin/sms-gateway"]
    assert str(tmp_path).encode() not in b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
    assert {path.name.split(".")[0] for path in packages.rglob("*.pyc")} == {"__init__"}
    bill = json.loads((place / "usr/share/sms-gateway/sbom.json").read_text())
    assert [one["purl"] for one in bill["components"]] == ["pkg:pypi/needed@0.1.0"]
    assert "needed 0.1.0\nLicence: MIT" in (place / "usr/share/doc/sms-gateway/copyright").read_text()
    modes = {path.stat().st_mode & 0o777 for path in place.rglob("*") if not path.is_symlink()}
    assert modes == {0o644, 0o755}


@pytest.mark.parametrize("lock", ["needed==0.1.0 --hash=sha256:" + "0" * 64, "needed==0.1.0"])
def test_a_file_without_its_hash_in_the_lock_is_not_packed(root: Path, tmp_path: Path, lock: str) -> None:
    (root / "requirements/run.lock").write_text(f"{lock}\n")
    commit(root)
    with pytest.raises(subprocess.CalledProcessError):
        build.main([str(tmp_path / "dist"), "--once"], root)
    assert list((tmp_path / "dist").glob("*.deb")) == []
