"""The site is made by the real mkdocs, where it is installed, and has no fault."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tools.docs.build import main
from tools.docs.staging import ROOT

MKDOCS = Path(os.environ.get("SMS_GATEWAY_TEST_MKDOCS", ROOT / ".venv-docs/bin/mkdocs"))


def test_a_site_that_cannot_be_made_ends_with_the_code_of_its_maker(tmp_path: Path) -> None:
    assert main([str(tmp_path / "site")], mkdocs="false") == 1


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("kept")
    assert main([str(tmp_path)], mkdocs="false") == 2
    assert (tmp_path / "letter.txt").exists()


@pytest.mark.long
@pytest.mark.skipif(not MKDOCS.exists(), reason="mkdocs is not installed: `make docs` installs it into .venv-docs")
def test_the_site_of_the_project_has_no_fault_and_finds_words(tmp_path: Path) -> None:
    assert main([str(tmp_path / "site")], mkdocs=str(MKDOCS)) == 0
    found = json.loads((tmp_path / "site/search/search_index.json").read_text("utf-8"))["docs"]
    with_metric = {one["location"].partition("#")[0] for one in found if "sms_link_bound" in one["text"]}
    assert {"reference/metrics.html", "operating.html"} <= with_metric
