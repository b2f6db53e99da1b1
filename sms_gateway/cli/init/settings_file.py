"""gateway.toml: written from answers, read again, and changed section by section without touching what is beside."""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from pathlib import Path
from typing import cast

from sms_gateway.cli.command_context import Stop, faults_of_channels
from sms_gateway.cli.remedies import told_of_system
from sms_gateway.settings.catalogue import NAMED_SECTIONS, section_of
from sms_gateway.settings.faults import Fault, SettingsFaultyError
from sms_gateway.settings.load import FILE_SUFFIX, load_settings
from sms_gateway.settings.model import Settings

Value = str | int | float | bool | list[str] | dict[str, str]
Section = dict[str, Value]
Sections = dict[str, Section]
"""Sections by their heading: `service`, `links.carrier`."""

HEAD = """\
# Settings of sms-gateway, made by `sms-gateway init`. docs/settings.md lists every setting with its default.
# No secret is in this file. Try a change with `sms-gateway check`, then restart the service.
"""

_MEMORY = "/dev/shm"  # noqa: S108 - the directory in it is made with a name of its own

_HEADING = re.compile(r"^\[([A-Za-z0-9_.]+)\][ \t]*(?:#.*)?$", re.MULTILINE)


def written(sections: Sections) -> str:
    """Return sections as TOML."""
    return "\n".join(f"[{heading}]\n{''.join(_lines(section))}" for heading, section in sections.items())


def read_sections(path: Path) -> Sections:
    """Return the sections of a settings file, none of one that is not there; raises Stop."""
    try:
        found = sections_of(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Stop(told_of_system(error, "cannot be read")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Stop(f"{path} is no TOML; fix: `sms-gateway check --config {path}` names the line") from error
    for heading, section in found.items():
        for name, value in section.items():
            if _has_time(value):
                raise Stop(
                    f"{path}: {heading}.{name} is a date or a time, or holds one, and no setting does; fix: remove it"
                )
    return found


def _has_time(value: object) -> bool:
    if isinstance(value, list | dict):
        return any(map(_has_time, value.values() if isinstance(value, dict) else value))
    return isinstance(value, date | time)


def sections_of(text: str) -> Sections:
    """Return the sections of a document; raises TOMLDecodeError."""
    return dict(_sections(tomllib.loads(text)))


def changed(text: str, sections: Sections, gone: Sequence[str]) -> str | None:
    """Return the text of a settings file with these sections in place of those of their headings, and some gone.

    The other lines stay as they are, comments too. None when the file writes a section in another form than below a
    heading of its own.
    """
    wanted = {name: one for name, one in sections_of(text).items() if name not in gone} | sections
    new = _replaced(text, sections, gone)
    try:
        return new if sections_of(new) == wanted else None
    except tomllib.TOMLDecodeError:  # a section that is there twice now
        return None


def _replaced(text: str, sections: Sections, gone: Sequence[str]) -> str:
    pieces = _pieces(text)
    left = dict(sections)
    kept = []
    for heading, piece in pieces:
        if heading in left:
            kept.append(written({heading: left.pop(heading)}) + "\n")
        elif heading not in gone:
            kept.append(piece)
    body = "".join(kept).rstrip() + "\n"
    return f"{body}\n{written(left)}" if left else body


def loaded_from(sections: Sections, secrets: Mapping[str, str]) -> Settings | tuple[Fault, ...]:
    """Return the settings of these sections, as the service reads them, or their faults.

    `secrets` are those that are not stored yet, by the path of their file. Variables of this process are left out.
    """
    memory = _MEMORY if os.access(_MEMORY, os.W_OK | os.X_OK) else None  # secrets do not reach a disk, killed or not
    with tempfile.TemporaryDirectory(prefix="sms-gateway-init-", dir=memory) as name:  # its mode is 0700
        folder = Path(name)
        places = {path: str(folder / f"secret-{number}") for number, path in enumerate(secrets)}
        for path, place in places.items():
            Path(place).touch(0o600)
            Path(place).write_text(f"{secrets[path]}\n", "utf-8")
        (folder / "gateway.toml").write_text(written(_moved(sections, places)), "utf-8")
        try:
            return load_settings(folder / "gateway.toml", {}, faults_of_channels)
        except SettingsFaultyError as error:
            return error.faults


def _moved(sections: Sections, places: Mapping[str, str]) -> Sections:
    """Return the sections with other paths of secret files."""
    return {
        heading: {
            name: places.get(value, value) if isinstance(value, str) and name.endswith(FILE_SUFFIX) else value
            for name, value in section.items()
        }
        for heading, section in sections.items()
    }


def _sections(document: Mapping[str, object]) -> Iterator[tuple[str, Section]]:
    for name, table in document.items():
        if not isinstance(table, dict):
            continue  # `sms-gateway check` reports it
        if name in NAMED_SECTIONS:
            yield from (
                (f"{name}.{owner}", cast("Section", one)) for owner, one in table.items() if isinstance(one, dict)
            )
        else:
            inside = {key for key in table if section_of((name, key)) != name}
            yield name, cast("Section", {key: value for key, value in table.items() if key not in inside})
            yield from ((f"{name}.{key}", cast("Section", table[key])) for key in inside)


def _pieces(text: str) -> list[tuple[str | None, str]]:
    """Cut the text before each heading; the first piece has none."""
    starts = [found.start() for found in _HEADING.finditer(text)]
    headings = [found[1] for found in _HEADING.finditer(text)]
    ends = [*starts[1:], len(text)]
    first = text[: starts[0]] if starts else text
    return [(None, first), *((heading, text[a:b]) for heading, a, b in zip(headings, starts, ends, strict=True))]


def _lines(section: Section) -> Iterator[str]:
    for name, value in section.items():
        yield f"{name} = {_value(value)}\n"


def _value(value: Value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            return _text(value)
        case list():
            return f"[{', '.join(map(_text, value))}]"
        case dict():
            return f"{{ {', '.join(f'{_text(name)} = {_text(inner)}' for name, inner in value.items())} }}"


def _text(value: str) -> str:
    """Return a basic string of TOML: JSON's, but for one sign that JSON leaves as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
