"""The package names the licence of everything that it brings along."""

from __future__ import annotations

from pathlib import Path

from tools.package.licences import copyright_of


def installed(packages: Path, name: str, *lines: str, texts: dict[str, str]) -> None:
    folder = packages / f"{name}-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *lines, ""]))
    for file, text in texts.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text)
    (folder / "RECORD").write_text("".join(f"{folder.name}/{file},,\n" for file in ("METADATA", *texts)))


def test_each_package_has_its_licence_and_its_text(tmp_path: Path) -> None:
    installed(tmp_path, "new", "License-Expression: MIT", texts={"licenses/LICENSE.txt": "may be used"})
    installed(tmp_path, "old", "License: BSD", texts={"COPYING": "may be copied", "entry_points.txt": "no licence"})
    long = "License: line one\n        line two"
    installed(tmp_path, "wordy", long, "Classifier: License :: OSI Approved :: ISC License", texts={})
    installed(tmp_path, "sms-gateway", texts={})
    written = copyright_of(tmp_path, "our own words")
    assert written.startswith("The SMS gateway\n\nour own words")
    entries = [part.strip() for part in written.split("=" * 100)[1:]]
    assert entries == [
        "new 1.0\nLicence: MIT\n\nmay be used",
        "old 1.0\nLicence: BSD\n\nmay be copied",
        "wordy 1.0\nLicence: ISC License\n\nThe package brings no text of its licence along.",
    ]
