"""`python -m tools.docs.build DIRECTORY`: make the site by the mkdocs of `.venv-docs`, and check it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.docs.staging import ROOT, stage
from tools.docs.verification import faults
from tools.package.source import commit_time


def main(words: list[str], *, mkdocs: str = f"{sys.executable} -m mkdocs") -> int:
    """Make the site in a folder, in place of the site that is there; return 1 when it has a fault."""
    (into,) = map(Path, words)
    if into.exists() and any(into.iterdir()) and not (into / "search").is_dir():
        sys.stderr.write(f"{into} holds something else than a site; fix: name another folder, or empty it\n")
        return 2
    shutil.rmtree(into, ignore_errors=True)
    with TemporaryDirectory() as place:
        settings = stage(Path(place))
        command = [*mkdocs.split(), "build", "--quiet", "--strict", "--config-file", str(settings)]
        command += ["--site-dir", str(into.resolve())]
        # The pages name the day of the commit, so equal commits make equal sites.
        surroundings = {**os.environ, "SOURCE_DATE_EPOCH": str(commit_time(ROOT))}
        if done := subprocess.run(command, check=False, env=surroundings).returncode:  # noqa: S603 - our own words
            return done
    found = list(faults(into))
    for one in found:
        sys.stderr.write(f"{one}\n")
    pages = sum(1 for _ in into.rglob("*.html"))
    sys.stdout.write(f"{into}: {pages} pages, {len(found)} faults\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
