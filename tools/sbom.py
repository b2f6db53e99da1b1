"""The bill of materials: `python -m tools.sbom` prints every package that the product needs, as CycloneDX 1.5 JSON.

What is installed is told, with the version, licence and where it came from; the tools of the tests are left out. With
SOURCE_DATE_EPOCH in the environment, the same packages give the same octets.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

PRODUCT = "sms-gateway"
SPEC_VERSION = "1.5"

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SEPARATORS = re.compile(r"[-_.]+")
_EXTRA = re.compile(r"extra\s*==")
_SHORT_LICENCE = 64


def bill() -> dict[str, object]:
    """Return the bill of the product as it is installed here."""
    found = {key_of(one): one for one in _needed(PRODUCT)}
    product = found.pop(PRODUCT)
    everything = {PRODUCT: product, **found}
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    time = datetime.now(tz=UTC) if epoch is None else datetime.fromtimestamp(int(epoch), tz=UTC)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "serialNumber": f"urn:uuid:{_serial(everything, epoch)}",
        "version": 1,
        "metadata": {
            "timestamp": time.isoformat(timespec="seconds"),
            "component": _component(product, kind="application"),
        },
        "components": [_component(found[key], kind="library") for key in sorted(found)],
        "dependencies": [
            {"ref": _reference(one), "dependsOn": sorted(_reference(found[key]) for key in _names(one) if key in found)}
            for one in everything.values()
        ],
    }


def key_of(package: metadata.Distribution) -> str:
    """Return a package's name in the one form in which names are compared (PEP 503)."""
    return _normal(package.metadata["Name"])


def _needed(name: str) -> Iterator[metadata.Distribution]:
    """Return the product and everything that it needs, directly or not; what is not installed is not needed here."""
    waiting, seen = [name], set[str]()
    while waiting:
        key = _normal(waiting.pop())
        if key in seen:
            continue
        seen.add(key)
        try:
            package = metadata.distribution(key)
        except metadata.PackageNotFoundError:
            continue
        yield package
        waiting += _names(package)


def _names(package: metadata.Distribution) -> list[str]:
    """Return what a package needs without extras; `psycopg[binary]` brings psycopg-binary along."""
    names = []
    for requirement in package.requires or ():
        wanted, _, condition = requirement.partition(";")
        name = _NAME.match(wanted.strip())
        if name is None or _EXTRA.search(condition):
            continue
        names.append(_normal(name.group()))
        names += [f"{names[-1]}-{extra}" for extra in re.findall(r"\[([a-z]+)\]", wanted)]
    return names


def _component(package: metadata.Distribution, *, kind: str) -> dict[str, object]:
    told = package.metadata
    component: dict[str, object] = {
        "type": kind,
        "bom-ref": _reference(package),
        "name": told["Name"],
        "version": package.version,
        "purl": _reference(package),
    }
    licence = (told.get_all("License") or [""])[0]
    if expression := told.get_all("License-Expression"):
        component["licenses"] = [{"expression": expression[0]}]
    elif 0 < len(licence) <= _SHORT_LICENCE:
        component["licenses"] = [{"license": {"name": licence}}]
    return component


def _serial(packages: dict[str, metadata.Distribution], epoch: str | None) -> UUID:
    """Return the number of this bill: another one each time, or the one of these packages at the given time."""
    if epoch is None:
        return uuid4()
    return uuid5(NAMESPACE_URL, " ".join([epoch, *sorted(map(_reference, packages.values()))]))


def _reference(package: metadata.Distribution) -> str:
    return f"pkg:pypi/{key_of(package)}@{package.version}"


def _normal(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()


def pins() -> str:
    """Return the same packages without the product as lines `name==version`."""
    return "".join(f"{key_of(one)}=={one.version}\n" for one in _needed(PRODUCT) if key_of(one) != PRODUCT)


if __name__ == "__main__":
    sys.stdout.write(pins() if "--pins" in sys.argv else json.dumps(bill(), indent=2) + "\n")
