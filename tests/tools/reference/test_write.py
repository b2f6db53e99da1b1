"""The pages of docs/reference/ are those that the program makes, and leave nothing out."""

from __future__ import annotations

import re
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

from click.testing import CliRunner

from db.schema.states import OutboundState
from sms_gateway.cli import COMMANDS
from sms_gateway.cli import main as main_command
from sms_gateway.metrics import Metrics
from tools.reference.commands import WIDTH
from tools.reference.write import FIX, FOLDER, PAGES, text


def test_the_pages_are_what_the_command_writes(tmp_path: Path) -> None:
    # In a process of its own: tests that ran before in this one may have changed a command.
    call = f"from pathlib import Path; from tools.reference.write import main; main(Path({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", call], check=True, cwd=FOLDER.parents[1])
    written = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert written.keys() == PAGES.keys() == {path.name for path in FOLDER.glob("*.md")}, FIX
    for name, page in written.items():
        kept = (FOLDER / name).read_text("utf-8")
        changed = unified_diff(kept.splitlines(), page.splitlines(), f"docs/reference/{name}", "written now", n=0)
        assert kept == page, "\n".join([FIX, *changed])


def test_each_command_state_and_metric_is_on_its_page() -> None:
    commands, states, metrics = (text(f"{name}.md") for name in ("commands", "states", "metrics"))
    assert [name for name in COMMANDS if f"\n### sms-gateway {name}\n" not in commands] == []
    shown = CliRunner().invoke(main_command, ["db", "upgrade", "--help"], prog_name="sms-gateway", terminal_width=WIDTH)
    assert f"#### sms-gateway db upgrade\n\n```text\n{shown.output}```\n" in commands
    assert [state for state in OutboundState if f"| `{state}` | " not in states] == []
    assert "noqa" not in states
    counted = set(re.findall(r"^# TYPE (\w+) ", Metrics().render().decode(), re.MULTILINE))
    listed = re.findall(r"^\| `(sms_\w+)` \|", metrics, re.MULTILINE)
    assert sorted(listed) == sorted({name for name in counted if not name.endswith("_created")})


def test_the_interface_is_shown_with_links_to_its_forms() -> None:
    page = text("api.md")
    forms = set(re.findall(r"^### (\w+)$", page, re.MULTILINE))
    linked = set(re.findall(r"\]\(#(\w+)\)", page))
    assert len(linked) > 10
    assert linked <= {name.lower() for name in forms}
    assert "## PUT /back-office/tables/{name}\n" in page
    assert "| `isUpdating` | query | `True`, `true`, `1`, `False`, `false`, `0` | no |" in page
    assert "{'" not in page
    assert "None" not in page
