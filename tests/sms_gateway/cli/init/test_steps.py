"""init: what is shown once arrives before it counts, links stay links, and odd answers are refused with a fix."""

from __future__ import annotations

import os
import stat
from contextlib import redirect_stdout, suppress
from pathlib import Path

import click
import pytest

from sms_gateway.cli import main
from sms_gateway.cli.command_context import read_settings
from sms_gateway.cli.init.owner import owner_of
from sms_gateway.cli.init.tries import port_fault
from tests.sms_gateway.cli.surroundings import run

FIRST = ("init", "--yes", "--no-try")


def test_an_administrator_whose_password_could_not_be_shown_is_not_kept() -> None:
    tried = []
    with suppress(OSError), Path("/dev/full").open("w") as full:  # what is left in its buffer fails at the end too
        for output in (full, None):
            with redirect_stdout(output), pytest.raises(click.ClickException, match="standard output "):
                main(list(FIRST), standalone_mode=False)
            tried.append(output)
    assert tried == [full, None]
    assert run("operators", "list").stdout == ""
    shown = run(*FIRST)
    assert (shown.exit_code, shown.stdout.startswith("Administrator:  admin\n")) == (0, True)
    Path("var/gateway.db").unlink()
    assert "for a new, empty one run `sms-gateway db upgrade --new`" in run(*FIRST).stderr


def test_settings_file_that_is_a_link_is_written_where_it_points_to() -> None:
    Path("real").mkdir()
    Path("gateway.toml").symlink_to("real/gateway.toml")
    for words in ((), ("--renew", "service", "--hotline", "1900")):
        done = run(*FIRST, *words)
        assert done.exit_code == 0, done.output
    assert Path("gateway.toml").is_symlink()
    assert 'hotline = "1900"' in Path("real/gateway.toml").read_text()
    with Path("real/gateway.toml").open("a") as file:
        file.write("\n[web.extra]\nx = [1979-05-27]\n")
    refused = run(*FIRST, "--renew", "service")
    assert (refused.exit_code, "web.extra is a date or a time" in " ".join(refused.stderr.split())) == (1, True)


def test_answers_that_are_no_utf_8_are_refused() -> None:
    odd = os.fsdecode(b"10\xff")
    Path("given").write_bytes(b"10\xff")
    smpp = ("--smpp-host", "localhost")
    for words in (
        ("--hotline", odd),
        (*smpp, "--system-id", odd),
        ("--state", odd),
        ("--key-file", odd),
        ("--config", odd),
        ("--network", "twilio", "--set", f"public_url={odd}"),
        (*smpp, "--system-id", "x", "--smpp-password-file", "given"),
    ):
        refused = run(*FIRST, *words)
        assert refused.exit_code in {1, 2}, (words, refused.exception)
        assert "UTF-8" in " ".join(refused.stderr.split()), (words, refused.stderr)
        assert "UnicodeEncodeError" not in refused.stderr, words
        assert not Path("gateway.toml").exists(), words
        Path(".gateway.toml.draft").unlink(missing_ok=True)


def test_until_the_settings_file_is_there_an_option_wins_over_an_answer_of_before() -> None:
    stopped = run(*FIRST, "--hotline", "1900", "--short-code", "8188", "--smpp-host", "x", "--system-id", "y" * 16)
    assert (stopped.exit_code, Path(".gateway.toml.draft").exists()) == (2, True)
    wrong = run(*FIRST, "--short-code", "81x8")
    assert (wrong.exit_code, "--short-code" in wrong.stderr) == (2, True)
    done = run(*FIRST, "--short-code", "9119", "--database", "other.db", "--carrier", "none")
    assert (done.exit_code, "changed nothing" in done.stderr) == (0, False), done.output
    settings = read_settings(None)
    assert (settings.service.short_codes, settings.service.hotline) == (["9119"], "1900")
    assert Path("other.db").exists()
    assert not settings.links


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes folders for another user")
def test_root_with_a_narrow_umask_makes_folders_that_the_service_can_pass(tmp_path: Path) -> None:
    owner, before = owner_of("nobody"), os.umask(0o077)
    try:
        owner.make_folder(tmp_path / "a/b/etc", own=False)
        owner.make_folder(tmp_path / "c/lib", own=True)
    finally:
        os.umask(before)
    modes = {"a": 0o755, "a/b": 0o755, "a/b/etc": 0o750, "c": 0o755, "c/lib": 0o700}
    assert {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in modes} == modes
    first_free = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
    with owner.acting():
        fault = port_fault(81)
    assert (fault is not None) == (first_free > 81), "as the user of the service, init sees which ports it may take"
