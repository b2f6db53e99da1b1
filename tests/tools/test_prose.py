"""The check of words refuses those of its list in prose, and in no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.prose import findings, long_sentences, main, passages_of


def found(name: str, text: str) -> list[tuple[int, str]]:
    return [(one.line, one.word) for passage in passages_of(Path(name), text) for one in findings(passage)]


@pytest.mark.parametrize(
    ("label", "name", "text", "expected"),
    [
        ("a page", "docs/a.md", "One.\n\nThe door is open.", [(3, "door")]),
        ("code in a page", "docs/a.md", "`door`\n```\ndoor\n```\nmended", [(5, "mended")]),
        ("part of another word", "docs/a.md", "roadmap, amend, doorstep, 0001-one-road-thread.md", []),
        ("a link", "docs/a.md", "[0020](decisions/the-road.md)", []),
        ("a docstring", "a.py", '"""First.\n\nFor want of it."""\nroad = 1\n', [(3, "For want of")]),
        ("a doctest", "a.py", '"""First.\n\n>>> door()\n"road"\n\nMend it.\n"""\n', [(6, "Mend")]),
        ("a comment", "a.py", "x = 1  # lest it fail\n", [(1, "lest")]),
        ("a literal", "a.py", 'x = "road"\n', []),
        ("help of a command", "a.py", 'option(help="Whoever asks.")\n', [(1, "Whoever")]),
        ("a msgid", "locale/vi/LC_MESSAGES/web.po", 'msgid "a door"\nmsgstr "road"\n', [(1, "door")]),
        ("an English msgstr", "locale/en/LC_MESSAGES/web.po", 'msgid "x"\nmsgstr "road"\n', [(2, "road")]),
        ("over two lines", "docs/a.md", "for\nwant of", [(1, "for\nwant of")]),
    ],
)
def test_refuses_words_in_prose(label: str, name: str, text: str, expected: list[tuple[int, str]]) -> None:
    assert found(name, text) == expected, label


def test_reports_long_sentences_with_their_line() -> None:
    text = "Short.\n\n" + "word " * 31 + "end. Short again.\n"
    (passage,) = passages_of(Path("docs/a.md"), text)
    assert list(long_sentences(passage)) == [(3, 32)]


def test_names_the_file_the_line_and_what_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text("Fine.\nMend it.\n", "utf-8")
    assert main(tmp_path) == 1
    assert 'README.md:2: "Mend": write fix' in capsys.readouterr().out


def test_a_tree_without_such_words_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Fine.\n", "utf-8")
    assert main(tmp_path) == 0
