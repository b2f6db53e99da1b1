"""JSON files -> rows that name their cells: a list of objects, or the portal's answer with one in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sms_gateway.back_office.table_file import bounds
from sms_gateway.back_office.table_file.bounds import Meter
from sms_gateway.back_office.table_file.csv_rows import decode
from sms_gateway.back_office.table_file.fault_messages import wrong
from sms_gateway.back_office.table_file.lines import BrokenFile, Cell, Damaged, Line

_VALUE_SIGNS = ",[{"


def json_rows(octets: bytes, meter: Meter) -> Iterator[Line | Damaged]:
    """Return the rows of a JSON file, numbered from 1."""
    text = decode(octets)
    # Each value has one of these signs in front, so this bounds what parsing makes of the text.
    meter.octets += len(octets)
    meter.add_cells(sum(map(text.count, _VALUE_SIGNS)))
    try:
        content = json.loads(text, parse_constant=lambda _: None)  # NaN is what programs write for nothing
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise BrokenFile(wrong("no_json") if line is None else wrong("no_json.line", line=line)) from error
    if isinstance(content, dict):  # the portal wraps the list; whatever the wrapper's name, it is the only list
        lists = [value for value in content.values() if isinstance(value, list)]
        content = lists[0] if len(lists) == 1 else None
    if not isinstance(content, list):
        raise BrokenFile(wrong("no_list"))
    return _rows(content)


def _rows(items: Sequence[object]) -> Iterator[Line | Damaged]:
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield Line(number=number, named=list(_plain_values(item)))
        else:
            yield Damaged(number=number, message=wrong("no_object"))


def _plain_values(item: dict[str, object]) -> Iterator[tuple[str, Cell]]:
    """Yield the plain values of an object; those of the portal's last request for papers come first."""
    supplements = item.get("DanhSachHoSoBoSung")
    last = supplements[-1] if isinstance(supplements, list) and supplements else None
    for values in (last, item):
        if isinstance(values, dict):
            for name, value in list(values.items())[: bounds.COLUMNS * 2]:
                if value is None or isinstance(value, str | int | float):
                    yield name, value
