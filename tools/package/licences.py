"""The licences of the packages that the Debian package brings along: one text for /usr/share/doc/…/copyright."""

from __future__ import annotations

from importlib.metadata import Distribution, distributions
from pathlib import Path

_HEADS = ("licen", "copying", "notice", "authors")
_RULE = "=" * 100


def copyright_of(packages: Path, own: str) -> str:
    """Return our own licence, then name, version and licence texts of each package in a folder of packages."""
    found = sorted(distributions(path=[str(packages)]), key=lambda one: one.name.lower())
    parts = [f"The SMS gateway\n\n{own}"]
    parts += [_entry(one) for one in found if one.name != "sms-gateway"]
    return f"\n{_RULE}\n".join(parts)


def texts_of(package: Distribution) -> list[Path]:
    """Return the files of a package's metadata that hold its licence."""
    named = [
        file for file in package.files or () if ".dist-info/" in str(file) and file.name.lower().startswith(_HEADS)
    ]
    return sorted(Path(str(package.locate_file(file))) for file in named)


def declared(package: Distribution) -> str:
    """Return the licence that a package's metadata declares, in a few words."""
    told = package.metadata
    short = (told.get_all("License-Expression") or told.get_all("License") or [""])[0]
    classifiers = [
        one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License ::")
    ]
    return short if 0 < len(short.splitlines()) <= 1 else ", ".join(classifiers) or "see its text"


def _entry(package: Distribution) -> str:
    texts = [path.read_text("utf-8", errors="replace").strip() for path in texts_of(package)]
    body = "\n\n".join(texts) or "The package brings no text of its licence along."
    return f"{package.name} {package.version}\nLicence: {declared(package)}\n\n{body}\n"
