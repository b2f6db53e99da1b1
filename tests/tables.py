"""A table of cases as one test: pytest takes longer to begin and end thousands of tests than these take to run.

A test whose arguments are all columns of its table (`pytest.mark.parametrize`) runs its cases one after the other, and
a failure names each case that failed. In the long run, or when a test is chosen by `-k` or by its name, each case is a
test of its own.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product

import pytest

_Test = Callable[..., None]
_Case = tuple[str, Mapping[str, object]]

_PARAM = type(pytest.param())


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> pytest.Item | None:
    """Return one test for a table of cases; None: pytest makes what it usually makes."""
    is_test = name.startswith("test_") and inspect.isfunction(obj) and isinstance(collector, pytest.Module)
    if not is_test or not callable(obj) or _is_chosen(collector.config):
        return None
    whole = whole_table(obj)
    if whole is None:
        return None
    item = pytest.Function.from_parent(collector, name=name, callobj=whole)
    return None if item.fixturenames else item  # what is made for each case anew must not be shared


def _is_chosen(config: pytest.Config) -> bool:
    is_named = bool(config.option.keyword) or any("::" in word for word in config.args)
    return is_named or "SMS_GATEWAY_TEST_LONG" in os.environ


def whole_table(test: _Test) -> _Test | None:
    """Return a test that runs every case of a test; None where it has no table, or one that pytest has to read."""
    marks = getattr(test, "pytestmark", ())
    tables = [mark for mark in marks if mark.name == "parametrize"]
    if not tables or hasattr(test, "hypothesis"):
        return None
    read = [rows for rows in map(_rows, tables) if rows is not None]
    cases = [_joined(chosen) for chosen in product(*read)]
    if len(read) < len(tables) or not cases or cases[0][1].keys() != inspect.signature(test).parameters.keys():
        return None

    def run_all() -> None:
        faults = [_noted(fault, label, values) for label, values in cases for fault in _faults(test, values)]
        if len(faults) == 1:
            raise faults[0]
        if faults:
            raise ExceptionGroup(f"{len(faults)} of {len(cases)} cases", faults)

    run_all.__name__, run_all.__module__ = test.__name__, test.__module__
    run_all.__dict__["pytestmark"] = [mark for mark in marks if mark.name != "parametrize"]
    return run_all


def _rows(table: pytest.Mark) -> Sequence[_Case] | None:
    """Return the rows of a table; None where a row has marks of its own, or fixtures are given values."""
    if len(table.args) != 2 or isinstance(table.args[1], Iterator) or table.kwargs.keys() - {"ids"}:
        return None  # pytest too reads an iterator once
    names = table.args[0]
    columns = [one.strip() for one in names.split(",")] if isinstance(names, str) else list(names)
    ids = table.kwargs.get("ids")
    labels = list(ids) if isinstance(ids, Iterable) else []
    rows = list[_Case]()
    for place, row in enumerate(table.args[1]):
        label, values = labels[place] if labels else None, (row,) if len(columns) == 1 else row
        if isinstance(row, _PARAM):
            if row.marks:
                return None
            label, values = row.id or label, row.values
        rows.append((str(label or f"row {place}"), dict(zip(columns, values, strict=True))))
    return rows


def _joined(chosen: Sequence[_Case]) -> _Case:
    values = {name: value for _, row in chosen for name, value in row.items()}
    return ", ".join(label for label, _ in chosen), values


def _faults(test: _Test, values: Mapping[str, object]) -> Iterator[Exception]:
    try:
        test(**values)
    except pytest.fail.Exception as fault:
        yield AssertionError(str(fault))
    except Exception as fault:  # noqa: BLE001 - whatever a case raises, the others run
        yield fault


def _noted(fault: Exception, label: str, values: Mapping[str, object]) -> Exception:
    fault.add_note(f"case: {label}: {', '.join(f'{name}={value!r:.200}' for name, value in values.items())}")
    return fault
