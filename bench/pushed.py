"""Time dossiers that are pushed beside dossiers of a file: seconds of processor and of the clock, in one process.

Run `.venv/bin/python -m bench.pushed [--dossiers 20000] [--directory /tmp]`. Pushes are requests of DongBoHoSoMC with
1,000 items to the web application, with all that a one-stop system sends: they are proven, read, checked and stored.
The file is read and imported as by `sms-gateway dossiers import`. Each is done for new dossiers, and then for other
states of the same ones.
"""

from __future__ import annotations

import csv
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click
from werkzeug.test import Client

from db.back_office.api_clients import Scope, add_client
from db.citizens.dossiers import import_dossiers
from db.store.engine import Database, open_database
from db.store.ids import IdSource
from db.upkeep.revision import upgrade
from sms_gateway.back_office.dossier_file import read_dossier_file
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.process import keyfile
from sms_gateway.settings.back_office_model import BackOfficeSettings
from sms_gateway.settings.model import DatabaseSettings, Settings
from sms_gateway.wiring.web_tier import web_application

_KEY = "sgk_of-the-bench"
_ITEMS = 1_000
_DROPPED = "Nguyen Van A"


def main_code(number: int) -> str:
    """Return the code of a dossier."""
    return f"000.00.12.H17-261129-{number:06d}"


def push_all(client: Client, count: int, status: str, at: datetime) -> None:
    """Push dossiers in requests of a thousand."""
    for start in range(0, count, _ITEMS):
        items = [_item(number, status, at) for number in range(start, min(start + _ITEMS, count))]
        body = {"service": "DongBoHoSoMC", "session": "x", "madonvi": "H17", "isUpdating": "True", "data": items}
        response = client.post(
            "/back-office/dossiers",
            data=json.dumps(body),
            headers={"Authorization": f"Bearer {_KEY}", "Content-Type": "application/json"},
        )
        results = json.loads(response.get_data())
        if response.status_code != 200 or not all(one["taken"] for one in results["result"]):  # noqa: PLR2004 - HTTP
            raise click.ClickException(f"a push was refused: {response.status_code} {str(results)[:300]}")


def _item(number: int, status: str, at: datetime) -> dict[str, object]:
    day = at.astimezone(LOCAL_ZONE).strftime("%Y%m%d%H%M%S")
    return {
        "MaHoSo": main_code(number),
        "TenTTHC": "Cấp giấy phép xây dựng",
        "ChuHoSo": _DROPPED,
        "MaDoiTuong": "079090987654",
        "SoDienThoai": "0937654321",
        "TrichYeuHoSo": f"Hồ sơ của {_DROPPED}",
        "NgayTiepNhan": day,
        "NgayHenTra": day,
        "TrangThaiHoSo": status,
        "ThoiDiemXuLy": day,
        "GhiChu": _DROPPED,
        "DanhSachLePhi": [{"TenPhiLePhi": "Lệ phí", "SoTien": "75000"}],
        "DanhSachTepDinhKemKhac": [{"TenTepDinhKem": f"{_DROPPED}.pdf"}],
        "DanhSachHoSoBoSung": [],
    }


def import_all(database: Database, new_id: Callable[[], int], path: Path) -> None:
    """Import a file, as the command does."""
    reading = read_dossier_file(path, allowed=("8188",))
    if reading.faults:
        raise click.ClickException(str(reading.faults[0]))
    with database.write() as connection:
        import_dossiers(connection, [row.facts for row in reading.rows], new_id=new_id, now=utc_now())


def _file(path: Path, count: int, status: str) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        written = csv.writer(file)
        written.writerow(["MaHoSo", "TrangThaiHoSo", "NgayTiepNhan", "NgayHenTra", "TenTTHC"])
        written.writerows(
            [main_code(number), status, "29/11/2026", "29/12/2026", "Cấp giấy phép xây dựng"] for number in range(count)
        )
    return path


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


@click.command()
@click.option("--dossiers", type=click.IntRange(1), default=20_000, show_default=True)
@click.option("--directory", type=click.Path(path_type=Path), default=Path(tempfile.gettempdir()), show_default=True)
def main(dossiers: int, directory: Path) -> None:
    """Print dossiers a second, by push and by file."""
    with tempfile.TemporaryDirectory(dir=directory) as name:
        place = Path(name)
        taken: list[tuple[str, tuple[float, float]]] = []
        for way in ("push", "file"):
            section = DatabaseSettings(url=f"sqlite:///{place / way}.db", key_file=place / "keys")
            database = open_database(section.url, keyfile.load_or_make(section.key_file))
            upgrade(database)
            new_id = IdSource(node=1, now=utc_now).new
            with database.write() as connection:
                add_client(
                    connection,
                    client_id=1,
                    name="bench",
                    scopes={Scope.DOSSIERS},
                    key=_KEY,
                    secret=None,
                    now=utc_now(),
                )
            settings = Settings(
                database=section, back_office=BackOfficeSettings(enabled=True, requests_a_minute=100_000)
            )
            client = Client(web_application(settings, database))
            start = utc_now() - timedelta(hours=2)
            for number, (label, status) in enumerate((("new", "2"), ("changed", "4"))):
                at, path = start + timedelta(hours=number), _file(place / "dossiers.csv", dossiers, status)
                taken.append(
                    (f"{way}, {label}", _timed(_work(way, client, database, new_id, path, dossiers, status, at)))
                )
            database.close()
    _show(taken, dossiers)


def _work(  # noqa: PLR0917 - what both ways need
    way: str,
    client: Client,
    database: Database,
    new_id: Callable[[], int],
    path: Path,
    count: int,
    status: str,
    at: datetime,
) -> Callable[[], None]:
    if way == "push":
        return lambda: push_all(client, count, status, at)
    return lambda: import_all(database, new_id, path)


def _show(taken: Sequence[tuple[str, tuple[float, float]]], dossiers: int) -> None:
    click.echo(f"{dossiers:,} dossiers{'':8}us of processor each    dossiers a second")
    for label, (cpu, wall) in taken:
        click.echo(f"{label:24}{cpu * 1e6 / dossiers:22.0f}{dossiers / wall:21,.0f}")


if __name__ == "__main__":
    main()
