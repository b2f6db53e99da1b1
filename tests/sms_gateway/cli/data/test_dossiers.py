from __future__ import annotations

from pathlib import Path

from tests.sms_gateway.cli.surroundings import begin, run


def test_imports_changes_and_leaves_alone(tmp_path: Path) -> None:
    begin()
    path = tmp_path / "d.csv"
    path.write_text("code,status\nAB1234,4\nAB1235,9\n")
    assert run("dossiers", "import", "d.csv").output == "2 new, 0 changed, 0 the same, 0 left out\n"
    path.write_text("code,status\nAB1234,9\nAB1235,9\n")
    assert run("dossiers", "import", "d.csv").output == "0 new, 1 changed, 1 the same, 0 left out\n"


def test_a_wrong_line_is_told_and_the_others_taken(tmp_path: Path) -> None:
    begin()
    (tmp_path / "d.csv").write_text("code,status\nAB1234,77\nAB1235,9\n")
    result = run("dossiers", "import", "d.csv")
    assert result.exit_code == 1
    assert result.stdout == "1 new, 0 changed, 0 the same, 1 left out\n"
    assert "d.csv: line 2: " in result.stderr
    assert "1 line left out; fix: change these lines in d.csv and import it again" in result.stderr


def test_a_file_that_is_none_opens_no_database(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("nothing\n")
    result = run("dossiers", "import", "d.csv")
    assert (result.exit_code, result.stdout) == (1, "")
    assert not (tmp_path / "var").exists()
    assert run("dossiers", "import", "no.csv").exit_code == 2


def test_a_blank_cell_erases_nothing(tmp_path: Path) -> None:
    begin()
    path = tmp_path / "d.csv"
    path.write_text("MaHoSo,TrangThaiHoSo,NgayHenTra,NgayHenTraMoi\nAB-1234,4,30/08/2023,\n")
    assert run("dossiers", "import", "d.csv").output.startswith("1 new")
    path.write_text("MaHoSo,TrangThaiHoSo,NgayHenTra,NgayHenTraMoi\nab 1234,4,,\n")
    assert run("dossiers", "import", "d.csv").output.startswith("0 new, 0 changed, 1 the same")
    path.write_text("MaHoSo,TrangThaiHoSo,NgayHenTra\nAB-1234,4,(clear)\n")
    assert run("dossiers", "import", "d.csv").output.startswith("0 new, 1 changed")


def test_a_line_with_a_link_is_left_out_unless_links_are_allowed(tmp_path: Path) -> None:
    begin()
    (tmp_path / "d.csv").write_text("code,status,wanted\nAB1234,5,nop tai vneid.top/x\nAB1235,5,goi 1022\n")
    result = run("dossiers", "import", "d.csv")
    assert result.exit_code == 1
    assert result.stdout == "1 new, 0 changed, 0 the same, 1 left out\n"
    assert "d.csv: line 2: wanted: phones would show vneid.top/x as a link" in result.stderr
    assert "or give --allow-links" in result.stderr
    allowed = run("dossiers", "import", "d.csv", "--allow-links")
    assert allowed.output == "1 new, 0 changed, 1 the same, 0 left out\n"


def test_a_column_that_is_ignored_is_reported(tmp_path: Path) -> None:
    begin()
    (tmp_path / "d.csv").write_text("code,status,NoiDungBoSung,SoTien\nAB1234,6,Anh 3x4,50.000\n")
    result = run("dossiers", "import", "d.csv")
    assert (result.exit_code, result.stdout) == (0, "1 new, 0 changed, 0 the same, 0 left out\n")
    assert result.stderr.startswith(
        "d.csv: wanted: where NoiDungBoSung and SoTien are both filled, NoiDungBoSung is used"
    )
