"""The dependency audit: `python -m tools.audit PIP_AUDIT PINS` asks pip-audit and says what its answer is worth.

pip-audit alone ends well when the advisory service knows none of the packages (a mirror answers so), and with a page of
traceback when nobody answers at all. An audit that asked nobody must not look like one that found nothing.

Exit codes: 0 all packages were looked up and none has a known fault; 1 there is one; 2 not all could be looked up.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

CLEAN, FAULTY, NOT_ASKED = 0, 1, 2
SECONDS = 600
_MEND = "fix: run `make audit` where the advisory service of the Python Package Index can be reached"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What to tell, and the code to end with."""

    lines: Sequence[str]
    code: int


def judge(answer: str, complaint: str) -> Verdict:
    """Read what pip-audit wrote to its two outputs (JSON, and words); never raises."""
    try:
        found: Any = json.loads(answer)
        packages = found["dependencies"]
    except (ValueError, TypeError, KeyError):
        last = next((line for line in reversed(complaint.splitlines()) if line.strip()), "it said nothing")
        cause = last.strip().partition(":")[0].rpartition(".")[2][:80]
        return Verdict(lines=[f"NOTHING WAS AUDITED: pip-audit had no answer ({cause})", _MEND], code=NOT_ASKED)
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    asked = [one for one in packages if "skip_reason" not in one]
    faulty = [one for one in asked if one["vulns"]]
    lines = [_fault(one, vulnerability) for one in faulty for vulnerability in one["vulns"]]
    if skipped or not packages:
        what = "NOTHING WAS AUDITED" if not asked else "NOT ALL WAS AUDITED"
        lines += [f"{what}: no advisory was to be had on {len(skipped)} of {len(packages)} packages", _MEND]
        lines += [f"not looked up: {', '.join(sorted(skipped))}"] if asked and skipped else []
    else:
        lines.append(f"{len(asked)} packages looked up, {len(faulty)} with a known fault")
    if faulty:
        return Verdict(lines=lines, code=FAULTY)
    return Verdict(lines=lines, code=NOT_ASKED if skipped or not packages else CLEAN)


def _fault(package: dict[str, Any], vulnerability: dict[str, Any]) -> str:
    fixed = ", ".join(vulnerability.get("fix_versions") or ()) or "no version yet"
    return f"{package['name']} {package['version']}: {vulnerability['id']}; fixed in {fixed}"


def main(pip_audit: str, pins: str) -> int:
    """Ask pip-audit about the pinned packages, tell what came of it, and return the exit code."""
    command = [pip_audit, "--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json", "-r", pins]
    try:
        done = subprocess.run(  # noqa: S603 - the Makefile names the tool and the file; nothing here is a stranger's
            command, check=False, capture_output=True, text=True, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        verdict = judge("", type(error).__name__)
    else:
        verdict = judge(done.stdout, done.stderr)
    sys.stdout.write("\n".join(verdict.lines) + "\n")
    return verdict.code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
