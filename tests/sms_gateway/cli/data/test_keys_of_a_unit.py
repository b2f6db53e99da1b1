"""Keys of a service that runs as a unit: root makes them before the database, and changes them in steps."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from sms_gateway.cli.data import keys
from tests.sms_gateway.cli.surroundings import begin, run

KEYS = Path("var/keys")


def test_keys_are_made_once_and_the_first_database_takes_them() -> None:
    made = run("keys", "make", str(KEYS))
    assert made.exit_code == 0, made.stderr
    assert "keep a copy" in made.stderr
    before = KEYS.read_bytes()
    again = run("keys", "make", str(KEYS))
    assert (again.exit_code, KEYS.read_bytes()) == (1, before)
    assert "is there already; fix: " in again.stderr
    assert run("keys", "make", "/proc/keys-cannot-be-here").exit_code == 1
    assert run("db", "upgrade", "--new").exit_code == 0
    assert KEYS.read_bytes() == before


def test_a_rotation_in_steps_leaves_a_copy_of_the_file_good_after_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()
    KEYS.chmod(0o640)
    given = "0905123456\n"
    assert run("block", "add", "-", "--days", "7", "--reason", "insults", given=given).exit_code == 0
    monkeypatch.setattr(keys, "CREDENTIALS", tmp_path)  # as while the unit runs
    refused = run("keys", "rotate")
    assert refused.exit_code == 1
    assert "fix: run it with --in-steps" in refused.stderr
    copy = tmp_path / "copy"
    for words in (["rotate", "--in-steps"], ["rotate", "--in-steps"], ["reseal"]):
        shutil.copy(KEYS, copy)  # what a service has that restarted after the step before
        done = run("keys", *words)
        assert done.exit_code == 0, done.stderr
        monkeypatch.setenv("SMS_GATEWAY_DATABASE__KEY_FILE", str(copy))
        opened = run("block", "list")
        assert opened.exit_code == 0, (words, opened.stderr)
        assert "905" in opened.stdout, words
        monkeypatch.delenv("SMS_GATEWAY_DATABASE__KEY_FILE")
    assert "key 2: " in run("keys", "list").stdout
    if os.geteuid() == 0:  # its group reads it, and root changed it
        assert KEYS.stat().st_mode & 0o777 == 0o640
