"""Sample look-up tables for the demo: bus routes for everybody, and water bills behind a secret; and an own answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from db.citizens.lookups import (
    NewRow,
    StoredTable,
    TableDefinition,
    add_rows,
    add_table,
    answering,
    approve_table,
    first_rows,
    list_tables,
    submit_table,
)
from db.schema import KeyShape, LookupState

SAMPLES = 2
"""Rows of each table that newcomers are offered."""

BUS = TableDefinition(
    title="xe buyt",
    keywords=("BUS",),
    shape=KeyShape.CODE,
    key_label="so tuyen",
    columns=("tuyen", "lo_trinh", "gian_cach"),
    key_column="tuyen",
    template="Tuyến {tuyen}: {lo_trinh}. {gian_cach} một chuyến, 5h30 đến 19h.",
    longest=106,
)
WATER = TableDefinition(
    title="tien nuoc",
    keywords=("NUOC",),
    shape=KeyShape.CODE,
    key_label="ma KH",
    columns=("ma", "mat_khau", "ky", "so_tien", "han"),
    key_column="ma",
    secret_column="mat_khau",  # noqa: S106 - the name of a column
    template="Khách hàng {ma}, kỳ {ky}: {so_tien} đồng, trả trước {han}.",
    longest=75,
)
HOURS = TableDefinition(
    title="gio lam viec",
    keywords=("GIO",),
    shape=KeyShape.NONE,
    template="Bộ phận một cửa làm việc thứ 2 đến thứ 6, 7h30-11h30 và 13h30-17h30.",
    longest=69,
)
_ROUTES = (
    ("R16", "Kim Liên - Đại học Việt Hàn", "20 phút"),
    ("R4A", "Bến xe Trung tâm - Bến xe phía Nam", "15 phút"),
    ("R17A", "Kim Liên - Bãi tắm Phạm Văn Đồng", "20 phút"),
    ("5", "Nguyễn Tất Thành - Xuân Diệu", "30 phút"),
)
_BILLS = (
    ("DN123456", "AB12CD", "11/2026", "245.000", "15/12"),
    ("DN123457", "EF34GH", "11/2026", "1.180.500", "15/12"),
    ("ST000900", "KM56NP", "11/2026", "96.200", "20/12"),
)


def add_sample_tables(
    connection: Connection, *, new_id: Callable[[], int], made_by: str, approved_by: str, now: datetime
) -> None:
    """Write the sample tables, approved by a second person; what is there already stays."""
    known = {one.name for one in list_tables(connection)}
    for name, about, rows in (("xe_buyt", BUS, _ROUTES), ("tien_nuoc", WATER, _BILLS), ("gio_lam_viec", HOURS, ())):
        if name in known:
            continue
        table = StoredTable(
            id=new_id(),
            name=name,
            state=LookupState.DRAFT,
            definition=about,
            made_by=made_by,
            made_at=now,
            row_count=len(rows),
        )
        add_table(connection, table)
        add_rows(connection, table.id, [NewRow(cells=row, key=row[0]) for row in rows], new_id=new_id)
        submit_table(connection, table.id, now=now)
        approve_table(connection, table.id, by=approved_by, now=now)


def table_texts(connection: Connection, now: datetime) -> Sequence[str]:
    """Return what a newcomer can text to the tables that answer, with the secrets of the rows."""
    texts: list[str] = []
    for table in answering(list_tables(connection), now):
        about = table.definition
        if not about.has_rows:
            texts.append(about.keywords[0])
            continue
        for row in first_rows(connection, table, SAMPLES):
            secret = f" {row.cells[about.secret_column]}" if about.secret_column else ""
            texts.append(f"{about.keywords[0]} {row.cells[about.key_column]}{secret}")
    return texts
