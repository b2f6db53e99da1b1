"""The bill of materials names what the product needs, and nothing of the tests' tools."""

from __future__ import annotations

import json
import subprocess
import sys
from configparser import ConfigParser
from importlib.metadata import distribution
from pathlib import Path

from tools.sbom import bill, key_of

ROOT = Path(__file__).parents[2]


def test_every_dependency_is_named_with_its_version() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    wanted = {
        line.split(">=")[0].split("[")[0].strip() for line in setup["options"]["install_requires"].strip().splitlines()
    }
    found = bill()
    components = found["components"]
    assert isinstance(components, list)
    names = {one["name"].lower().replace("_", "-") for one in components}
    assert wanted <= names
    assert {"werkzeug", "psycopg-binary", "cffi", "jinja2"} <= names  # needed by what we need
    assert not {"pytest", "ruff", "playwright", "mypy"} & names
    assert all(one["version"] and one["purl"].startswith("pkg:pypi/") for one in components)
    assert sum("licenses" in one for one in components) > len(components) / 2


def test_the_command_prints_json_whose_references_lead_somewhere() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "tools.sbom"], cwd=ROOT, check=True, capture_output=True, timeout=60
    ).stdout
    found = json.loads(printed)
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.5")
    known = {one["bom-ref"] for one in [*found["components"], found["metadata"]["component"]]}
    for dependency in found["dependencies"]:
        assert {dependency["ref"], *dependency["dependsOn"]} <= known
    assert len(found["dependencies"]) == len(known)


def test_names_are_compared_in_one_form() -> None:
    assert key_of(distribution("SQLAlchemy")) == "sqlalchemy"
