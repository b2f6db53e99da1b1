"""Settings read: the TOML file, the variables over it, the secrets from their files; every fault told at once.

Nothing else in the project reads the process's environment.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from sms_gateway.settings.catalogue import NAMED_SECTIONS, section_of, settings_of
from sms_gateway.settings.checks.conflicts import conflicts
from sms_gateway.settings.checks.model_faults import model_faults
from sms_gateway.settings.checks.secret_files import read_secret
from sms_gateway.settings.faults import Fault, SettingsFaultyError
from sms_gateway.settings.model import Settings
from sms_gateway.settings.variables import CONFIG_VARIABLE, SettingPath, Variable, known_variables, value_of

Table = dict[str, object]

FILE_SUFFIX = "_file"
"""`password_file` names the file of `password`."""

_DECISIVE = ("reply", "reply_link", "send_url")  # without them nothing can be said of a channel's answers

LARGEST_FILE = 1 << 20
"""Octets: a settings file that is larger is something else."""


def environment() -> Mapping[str, str]:
    """Return the process's variables."""
    return os.environ


def config_path(variables: Mapping[str, str], default: Path = Path("gateway.toml")) -> Path | None:
    """Return the settings file: the one SMS_GATEWAY_CONFIG names, else the default if it is there, else None."""
    named = variables.get(CONFIG_VARIABLE, "").strip()
    if named:
        return Path(named)
    return default if default.exists() else None


def load_settings(
    path: Path | None,
    environment: Mapping[str, str],
    more_faults: Callable[[Settings], Iterable[Fault]] = lambda _: (),
) -> Settings:
    """Read all settings; relative paths in them count from the working directory.

    `more_faults` finds what only the user of a setting knows, such as the names of networks.
    Raises SettingsFaultyError with every fault; no fault quotes a value.
    """
    document, faults = _read_file(path)
    variables, unknown = known_variables(environment, _owners(document or {}))
    faults += unknown
    if document is None:  # what is in it is not known, so nothing can be said of what is missing
        raise SettingsFaultyError(faults)
    faults += _secrets_in_file(document)
    in_file = _owners(document)
    origins = _lay_over(document, variables, environment)
    links = _owners(document).get("links", frozenset())
    wrong_files = _take_secret_files(document, origins)
    faults += wrong_files
    try:
        settings = Settings.model_validate(document)
    except ValidationError as error:
        faults += model_faults(error, origins, in_file)
        settings = _what_is_whole(document, error)
    unread = {fault.where.removesuffix(FILE_SUFFIX) for fault in wrong_files}
    faults += [fault for fault in conflicts(settings, links) if fault.where not in unread]
    faults += more_faults(settings)
    if faults:
        raise SettingsFaultyError(faults)
    return settings


def load_sections(path: Path | None, environment: Mapping[str, str], sections: Collection[str]) -> Settings:
    """Read some sections only, and of them what can be used: for a report that must go out when others are faulty.

    Raises SettingsFaultyError when the file cannot be read.
    """
    document, faults = _read_file(path)
    if document is None:
        raise SettingsFaultyError(faults)
    document = {name: table for name, table in document.items() if name in sections}
    variables = [one for one in known_variables(environment, {})[0] if one.path[0] in sections]
    _take_secret_files(document, _lay_over(document, variables, environment))
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        return _what_is_whole(document, error)


def _what_is_whole(document: Table, error: ValidationError) -> Settings:
    """Return the settings without what the model refused, so that conflicts among the rest are reported as well.

    A section may lack a required setting after that: then the section goes too.
    """
    _take_out(document, error)
    while True:
        try:
            return Settings.model_validate(document)
        except ValidationError as next_error:
            if not _take_out(document, next_error):
                raise


def _take_out(document: Table, error: ValidationError) -> bool:
    """Take what the model refused out of the document; return whether anything was there to be taken out."""
    was_there = False
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        path = tuple(part for part in detail["loc"] if isinstance(part, str))
        if path[-1] == "[key]" or detail["type"] == "missing" or path[-1] in _DECISIVE:
            path = path[:2]
        table: object = document
        for part in path[:-1]:
            table = table.get(part) if isinstance(table, dict) else None
        if isinstance(table, dict):
            was_there = table.pop(path[-1], None) is not None or was_there
    return was_there


def _read_file(path: Path | None) -> tuple[Table | None, list[Fault]]:
    if path is None:
        return {}, []
    where = str(path)
    try:
        with path.open("rb") as file:
            octets = file.read(LARGEST_FILE + 1)
        if len(octets) > LARGEST_FILE:
            return None, [Fault(where=where, wrong="is larger than 1 MiB", fix="name the settings file")]
        return tomllib.loads(octets.decode("utf-8")), []
    except FileNotFoundError:
        fix = "name an existing file, or start from gateway.example.toml"
        return None, [Fault(where=where, wrong="there is no such file", fix=fix)]
    except OSError as error:
        fix = "name a file that this user can read"
        return None, [Fault(where=where, wrong=f"cannot be read ({type(error).__name__})", fix=fix)]
    except UnicodeDecodeError as error:
        fix = "save the file as UTF-8"
        return None, [Fault(where=where, wrong=f"is no UTF-8 at octet {error.start + 1}", fix=fix)]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [_syntax_fault(path, str(error))]


def _syntax_fault(path: Path, message: str) -> Fault:
    # The parser's own words may quote what it met, so only the place is taken over.
    found = re.search(r"\(at line (\d+), column (\d+)\)$", message)
    line = f" line {found[1]}" if found else ""
    at = f" at column {found[2]}" if found else " at its end"
    fix = 'write NAME = VALUE, one a line, texts in "quotes", and each section\'s heading in [brackets], once'
    return Fault(where=f"{path}{line}", wrong=f"is no TOML{at}", fix=fix)


def _owners(document: Mapping[str, object]) -> dict[str, frozenset[str]]:
    named = {section: document.get(section) for section in NAMED_SECTIONS}
    return {section: frozenset(table) for section, table in named.items() if isinstance(table, dict)}


def _sections(document: Table) -> list[tuple[SettingPath, Table]]:
    found: list[tuple[SettingPath, Table]] = []
    for section, table in document.items():
        if not isinstance(table, dict):
            continue  # the model tells this fault
        if section in NAMED_SECTIONS:
            found += [((section, owner), inner) for owner, inner in table.items() if isinstance(inner, dict)]
        else:
            found.append(((section,), cast("Table", table)))
            inside = [((section, name), inner) for name, inner in table.items() if isinstance(inner, dict)]
            found += [(path, inner) for path, inner in inside if section_of(path) != section]
    return found


def _secrets_in_file(document: Table) -> list[Fault]:
    faults = []
    for path, table in _sections(document):
        for setting in settings_of(section_of(path)).values():
            if setting.is_secret and setting.name in table:
                variable = setting.variable(path[-1])
                fix = f"take it out, change it at its owner, and set {variable} or {setting.name}{FILE_SUFFIX}"
                where = ".".join((*path, setting.name))
                faults.append(Fault(where=where, wrong="a secret stands in the settings file", fix=fix))
    return faults


def _lay_over(document: Table, variables: list[Variable], environment: Mapping[str, str]) -> dict[SettingPath, str]:
    """Write the variables' values into the document; return which setting came from which variable."""
    origins = {}
    for variable in variables:
        table: object = document
        for part in variable.path[:-1]:
            table = cast("Table", table).setdefault(part, {})
            if not isinstance(table, dict):
                break  # the file has a plain value where a section belongs; the model tells it
        else:
            cast("Table", table)[variable.path[-1]] = value_of(variable, environment)
            origins[variable.path] = variable.name
    return origins


def _take_secret_files(document: Table, origins: Mapping[SettingPath, str]) -> list[Fault]:
    """Put what the secret files hold into the document; a variable with the secret itself goes before a file."""
    faults = []
    for path, table in _sections(document):
        for name in [setting.name for setting in settings_of(section_of(path)).values() if setting.is_secret]:
            file = table.get(name + FILE_SUFFIX)
            file_path, secret_path = (*path, name + FILE_SUFFIX), (*path, name)
            if not isinstance(file, str) or (secret_path in origins and file_path not in origins):
                continue
            where = origins.get(file_path, ".".join(file_path))
            if secret_path in origins:
                fix = f"unset it or {origins[secret_path]}"
                faults.append(Fault(where=where, wrong="the secret is given twice", fix=fix))
                continue
            secret = read_secret(Path(file), where)
            if isinstance(secret, Fault):
                faults.append(secret)
            else:
                table.setdefault(name, secret)
    return faults
