from __future__ import annotations

import threading
from pathlib import Path

import pytest

from db.store.sealing import Keyring
from sms_gateway.process import keyfile
from sms_gateway.process.keyfile import KeyFileError, load, load_or_make

KEY = "0123456789abcdef" * 4


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_bytes(text.encode("latin-1"))
    path.chmod(mode)
    return path


def opens(keyring: Keyring, sealed_by: Keyring) -> bool:
    return keyring.open(sealed_by.seal(b"clear", b"t.c"), b"t.c") == b"clear"


def test_makes_a_file_that_only_its_owner_can_read_and_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "keys"
    made = load_or_make(path)
    content = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["keys"]
    assert opens(load_or_make(path), made)
    assert load(path).mark(b"phone", b"1") == made.mark(b"phone", b"1")
    assert path.read_text() == content


def test_two_files_have_different_keys(tmp_path: Path) -> None:
    one, other = load_or_make(tmp_path / "a"), load_or_make(tmp_path / "b")
    assert one.mark(b"phone", b"1") != other.mark(b"phone", b"1")


def test_a_new_file_is_told_without_its_keys(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    load_or_make(tmp_path / "keys")
    load_or_make(tmp_path / "keys")
    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == ("WARNING", "key_file_made")


def test_of_many_makers_one_wins_and_all_have_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    start = threading.Barrier(8)
    made: list[Keyring] = []

    def make() -> None:
        start.wait()
        made.append(load_or_make(path))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len({keyring.mark(b"phone", b"1") for keyring in made}) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["keys"]


def test_whoever_comes_second_gets_the_keys_of_the_first(tmp_path: Path) -> None:
    path = write(tmp_path / "keys", f"seal 1 {KEY}\nmark {KEY}\n")
    assert not keyfile.make(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["keys"]
    assert KEY in path.read_text()


def test_reads_several_keys_comments_and_blank_lines(tmp_path: Path) -> None:
    old = load(write(tmp_path / "old", f"seal 1 {KEY}\nmark {KEY}\n"))
    path = write(tmp_path / "keys", f"# note: {KEY}\r\n\r\nseal 1  {KEY}\r\n seal 65535 {KEY[::-1]}\r\nmark {KEY}")
    both = load(path)
    assert both.current == 65535
    assert opens(both, old)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "there is no seal line"),
        (f"mark {KEY}\n", "there is no seal line"),
        (f"seal 1 {KEY}\n", "there is no mark line"),
        (f"# x\nseal 1 {KEY[:-1]}\nmark {KEY}\n", "line 2 is no key"),
        (f"seal 1 {KEY[:-1]}g\nmark {KEY}\n", "line 1 is no key"),
        (f"seal 0 {KEY}\nmark {KEY}\n", "line 1 is no key"),
        (f"seal 65536 {KEY}\nmark {KEY}\n", "line 1 is no key"),
        (f"seal 1 {KEY}\nseal 1 {KEY}\nmark {KEY}\n", "line 2 is no key, or the second of its kind"),
        (f"seal 1 {KEY}\nmark {KEY}\nmark {KEY}\n", "line 3 is no key, or the second of its kind"),
        (f"\xff seal 1 {KEY}\nmark {KEY}\n", "line 1 is no key"),
        ("\0" * 70_000, "line 1 is no key"),
    ],
)
def test_tells_what_is_wrong_with_a_file_and_shows_no_key(tmp_path: Path, text: str, wrong: str) -> None:
    path = write(tmp_path / "keys", text)
    with pytest.raises(KeyFileError) as caught:
        load_or_make(path)
    assert str(caught.value).startswith(f"key file {path}: {wrong}")
    assert "; fix: put its copy back" in str(caught.value)
    assert KEY[:8] not in str(caught.value)
    assert path.read_bytes() == text.encode("latin-1")


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o666])
def test_refuses_a_file_that_every_user_can_use(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path / "keys", f"seal 1 {KEY}\nmark {KEY}\n", mode)
    with pytest.raises(KeyFileError, match=f"every user of this machine can use it; fix: chmod 600 {path}"):
        load(path)
    path.chmod(0o640)
    assert load(path).current == 1


def test_tells_that_there_is_no_file_and_makes_none(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="is not there; fix: put its copy back; for a new, empty database"):
        load(tmp_path / "keys")
    assert list(tmp_path.iterdir()) == []


def test_tells_that_a_file_cannot_be_read_or_made(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"cannot be read \(IsADirectoryError\); fix: "):
        load(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(KeyFileError, match=r"cannot be made \((NotADirectory|FileExists)Error\); fix: "):
        load_or_make(tmp_path / "file" / "keys")
