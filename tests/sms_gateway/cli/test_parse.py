from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from parsers import read
from parsers.printed import as_json
from sms_gateway.clock import LOCAL_ZONE
from tests.sms_gateway.cli.surroundings import run

PROGRAM = str(Path(sys.executable).with_name("sms-gateway"))
DAY = "2026-11-22"
TK = "TK, Nguyễn Văn A, 201499999, 20/12/1990"
TK_READ = {
    "command": "register_account",
    "full_name": "Nguyễn Văn A",
    "id_number": "201499999",
    "birth_date": "1990-12-20",
}


def parsed(given: str | bytes, *words: str) -> list[dict[str, object]]:
    result = run("parse", "--json", "--today", DAY, *words, given=given)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def expected(text: str) -> dict[str, object]:
    return as_json(read(text, today=date.fromisoformat(DAY)))


def test_reads_one_text_a_line_from_standard_input() -> None:
    for words in ((), ("-",)):
        assert parsed(f"{TK}\nHD\n", *words) == [TK_READ, {"command": "help", "topic": None}]


def test_prints_utf_8_as_it_is() -> None:
    result = run("parse", "--json", TK)
    assert result.stdout_bytes.startswith('{"command": "register_account", "full_name": "Nguyễn'.encode())


def test_reads_a_file_and_a_text_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "texts").write_text(f"{TK}\n")
    assert parsed("", "texts") == [TK_READ]
    assert parsed("", TK) == [TK_READ]
    assert parsed("", *TK.split(" ")) == [TK_READ]
    assert parsed("", str(tmp_path)) == [expected(str(tmp_path))]
    assert parsed("", "x" * 5000) == [expected("x" * 5000)]


def test_a_json_string_is_the_text_that_it_means_and_all_else_is_plain() -> None:
    lines = [json.dumps("DVC\n123456"), '"TK, Nguyen Van A', "{}", '  "HD"', '"a" "b"', "123", '"\\ud800"', "null"]
    texts = ["DVC\n123456", '"TK, Nguyen Van A', "{}", "HD", '"a" "b"', "123", "\ud800", "null"]
    assert parsed("\n".join(lines)) == [expected(text) for text in texts]


def test_every_line_has_its_answer_also_the_empty_and_the_last_without_newline() -> None:
    assert parsed("\n\r\nHD\r\nHD") == [expected(""), expected(""), expected("HD"), expected("HD")]
    assert parsed("") == []


def test_only_newlines_end_a_line() -> None:
    assert len(parsed("HD\u2028\x0b\x0c\x1c\x85\r HD\n")) == 1


def test_a_line_without_end_is_cut_and_is_one_text() -> None:
    octets = b"x" * 200_000 + b"\nHD\n" + b"y" * (1 << 16) + b"\nHD\n" + b"z" * ((1 << 16) - 1) + b"\nHD"
    assert [found.get("misread", found.get("command")) for found in parsed(octets)] == ["too_long", "help"] * 3


def test_surrogates_and_octets_that_are_no_utf_8_are_read_and_written_as_escapes() -> None:
    result = run("parse", "--json", "--today", DAY, given=b'\xff\xfe TK\xc3\n"TK, A\\udc80 B, 1"\n\xed\xa0\x80\n')
    lines = result.stdout_bytes.splitlines()
    assert (result.exit_code, len(lines)) == (0, 3)
    assert all(isinstance(json.loads(line.decode("utf-8")), dict) for line in lines)


def test_no_octets_end_it() -> None:
    source = random.Random(8188)
    octets = b"".join(source.randbytes(source.randrange(60)).replace(b"\n", b"") + b"\n" for _ in range(500))
    octets += b"".join(b'"' + source.randbytes(20).replace(b"\n", b"") + b'"\n' for _ in range(200))
    assert len(parsed(octets)) == 700


def test_the_day_decides_ages_and_the_default_is_today_in_viet_nam() -> None:
    born = datetime.now(LOCAL_ZONE).strftime("%d/%m/%Y")
    result = run("parse", "--json", f"TK, Nguyen Van A, 201499999, {born}")
    assert json.loads(result.stdout)["command"] == "register_account"
    result = run("parse", "--json", "--today", "2020-01-01", f"TK, Nguyen Van A, 201499999, {born}")
    assert json.loads(result.stdout)["misread"] == "birth_date"
    assert run("parse", "--today", "1.1.2020", "HD").exit_code == 2


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "texts").write_text("HD\n")

    def refuse(path: Path, mode: str) -> None:
        del path, mode
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, who is refused nothing
    result = run("parse", "--json", "texts")
    assert result.exit_code == 1
    assert "Could not open file 'texts': PermissionError" in result.stderr


@pytest.mark.parametrize("name", ["texts.txt", "no/such.jsonl", "./mau.CSV"])
def test_a_file_that_is_not_there_is_not_read_as_a_text(name: str) -> None:
    result = run("parse", name)
    assert result.exit_code == 2
    assert f"there is no file {name}; to read these words as a text, pipe them in" in result.output
    assert run("parse", "--json", "-", given=name).exit_code == 0


def test_each_answer_comes_before_the_next_question() -> None:
    with subprocess.Popen([PROGRAM, "parse", "--json", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(3):
            process.stdin.write(TK.encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == TK_READ
        process.stdin.close()
        assert process.wait(10) == 0


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    with subprocess.Popen(
        [PROGRAM, "parse", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(b"HD\n")
        process.stdin.close()
        assert process.wait(10) == 1
        assert process.stderr.read() == b""


def test_json_waits_for_no_database_library() -> None:
    code = "import sys; from sms_gateway.cli import main; main(['parse', '--json', 'HD'], standalone_mode=False)"
    code += "; print([name for name in ('sqlalchemy', 'pydantic', 'flask') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (TK, "Answer: depends on the accounts"),
        (
            "DVC 123456, AB-1234",
            "Answer: the state of 123456 (as 123456), AB-1234 (as AB1234), as the dossiers have it.",
        ),
        ("HD", " characters): "),
        ("TK, Nguyen Van A, 201499999, 31/04/1990", " characters): "),
        ("\ud800", " characters): "),
    ],
    ids=["TK", "DVC", "HD", "misread", "surrogate"],
)
def test_a_person_is_told_the_answer(text: str, answer: str) -> None:
    result = run("parse", "--today", DAY, given=json.dumps(text))
    assert result.exit_code == 0, result.output
    assert answer in result.stdout
    assert result.stdout.endswith("\n\n")


def test_a_person_is_told_the_way_and_each_field() -> None:
    assert run("parse", "--today", DAY, f"soan {TK}").stdout.splitlines()[:12] == [
        f"Text: soan {TK}",
        "Taken apart:",
        "  soan = frame: brackets, words copied from the instruction, the short code and thanks say nothing",
        "  TK = keyword: one of the ways to write TK",
        "  Nguyễn Văn A = full_name: the words between the numbers",
        "  201499999 = id_number: 9 digits, the first 0 to 3",
        "  20/12/1990 = birth_date: digits in the shape of a date: 1990-12-20",
        "  TK = register_account: all three fields fit together",
        "Read as: register_account",
        "  full_name: Nguyễn Văn A",
        "  id_number: 201499999",
        "  birth_date: 1990-12-20",
    ]


def test_a_person_is_told_what_was_wrong_and_what_was_not() -> None:
    told = run("parse", "--today", DAY, "TK, Nguyen Van A, 201499999, 31/04/1990").stdout.splitlines()
    start = told.index("Not carried out: birth_date, impossible")
    assert "  31/04/1990 = birth_date: taken for it, but the calendar has no such day" in told[:start]
    assert told[start + 1 : start + 6] == [
        "  command begun: register_account",
        "  wrong: birth_date",
        "  as written: 31/04/1990",
        "  read well, full_name: Nguyen Van A",
        "  read well, id_number: 201499999",
    ]


def test_a_person_is_told_the_normal_form_when_it_differs() -> None:
    told = run("parse", "--today", DAY, given=json.dumps("DVC\u00a0123456\uff0c 1234567")).stdout.splitlines()
    assert "Normal form: DVC 123456, 1234567" in told


def test_a_terminal_is_not_made_to_obey_a_text() -> None:
    result = run("parse", given=json.dumps("HD\n\x1b[31m\x07"))
    assert result.stdout.splitlines()[0] == r"Text: HD\n\x1b[31m\x07"


def test_with_secrets_a_secret_is_told_to_be_there_and_never_printed() -> None:
    text = "DVC 000.00.12.H17-230815-0007 mk KX7QWT2M"
    (line,) = parsed(f"{text}\n", "--with-secrets")
    assert line["with_secret"] == [True]
    shown = run("parse", "--with-secrets", text).stdout
    assert "**** = secret: must be the secret that belongs to it" in shown
    assert "KX7QWT2M" not in shown + json.dumps(line)
    assert "with_secret" not in parsed(f"{text}\n")[0]
