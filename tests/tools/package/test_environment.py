"""Which packages a lock file lets into the environment."""

from __future__ import annotations

from pathlib import Path

from tools.package.environment import locked_names


def test_names_of_a_lock_file_are_compared_in_one_form(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    lock.write_text(
        "et_xmlfile==2.0.0 \\\n    --hash=sha256:00\n"
        "Ruamel.Yaml==1 ; implementation_name != 'pypy' \\\n    --hash=sha256:01\n"
    )
    assert locked_names(lock) == {"et-xmlfile", "ruamel-yaml"}
