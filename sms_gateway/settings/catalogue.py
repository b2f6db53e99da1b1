"""The list of all settings, drawn from the model: what each accepts, in words, and the variable that sets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sms_gateway.settings.model import Settings

PREFIX = "SMS_GATEWAY_"
"""Every variable of ours begins so."""

JOINT = "__"
"""Stands between the parts of a variable's name."""

NAMED_SECTIONS = ("services", "links", "channels", "webhooks")
"""Sections that hold any number of sections, each with a name of the user's own."""

_SECTION_ORDER = (
    "service",
    "services",
    "conversation",
    "lookups",
    "back_office",
    "notices",
    "counts",
    "database",
    "links",
    "channels",
    "webhooks",
    "web",
    "alarms",
    "heartbeat",
    "pipeline",
    "process",
    "limits",
    "retention",
    "log",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One setting. `default` is written as in TOML; None says that the setting must be given."""

    section: str  # `web`, `alarms.email`; for a named section its first part: `links`
    name: str
    form: str  # `a whole number from 1 to 65535`
    default: str | None
    description: str
    is_secret: bool
    is_list: bool
    is_table: bool

    def place(self, owner: str | None = None) -> str:
        """Return the section's heading in TOML: `web`, `links.main`."""
        return f"{self.section}.{owner or 'NAME'}" if self.section in NAMED_SECTIONS else self.section

    def variable(self, owner: str | None = None) -> str:
        """Return the variable that sets it: `SMS_GATEWAY_LINKS__MAIN__PORT`."""
        return variable_of((*self.place(owner).split("."), self.name))


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionTold:
    """A section of the settings and what it is for."""

    name: str
    purpose: str
    settings: tuple[Setting, ...]


def variable_of(path: tuple[str, ...]) -> str:
    """Return the variable for a path: `("web", "port")` is `SMS_GATEWAY_WEB__PORT`."""
    return PREFIX + JOINT.join(part.upper() for part in path)


@cache
def catalogue() -> tuple[SectionTold, ...]:
    """Return every section in the order in which a person fills them in."""
    schema = Settings.model_json_schema()
    definitions: Mapping[str, Any] = schema["$defs"]
    sections = []
    for name in sorted(schema["properties"], key=_SECTION_ORDER.index):
        prop = schema["properties"][name]
        model = definitions[_reference(prop)]
        sections += _told(name, model, definitions)
    return tuple(sections)


def _told(name: str, model: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[SectionTold]:
    """Return a section, and behind it those inside it: `alarms`, `alarms.email`."""
    inner = {key: found for key, prop in model["properties"].items() if (found := _section_in(prop, definitions))}
    plain = {**model, "properties": {key: prop for key, prop in model["properties"].items() if key not in inner}}
    told = SectionTold(name=name, purpose=model["description"], settings=_settings(name, plain, definitions))
    return [told, *(one for key, found in inner.items() for one in _told(f"{name}.{key}", found, definitions))]


def _section_in(prop: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = definitions[_reference(prop)] if "$ref" in prop else None
    return found if found is not None and "properties" in found else None


@cache
def settings_of(section: str) -> Mapping[str, Setting]:
    """Return the settings of a section by name; none for an unknown section."""
    found = [told for told in catalogue() if told.name == section]
    return {setting.name: setting for told in found for setting in told.settings}


def section_of(path: Sequence[str]) -> str:
    """Return the name of the section that a setting is in, by its path, such as `("alarms", "email", "host")`."""
    inner = ".".join(path[:2])
    return inner if "." in inner and settings_of(inner) else path[0]


def _reference(schema: Mapping[str, Any]) -> str:
    if "patternProperties" in schema:  # a section that holds named ones
        return _reference(next(iter(schema["patternProperties"].values())))
    return str(schema["$ref"]).rpartition("/")[2]


def _settings(section: str, model: Mapping[str, Any], definitions: Mapping[str, Any]) -> tuple[Setting, ...]:
    required = model.get("required", [])
    return tuple(
        Setting(
            section=section,
            name=name,
            form=_form(prop, definitions),
            default=None if name in required else _toml(prop.get("default")),
            description=prop["description"],
            is_secret=prop.get("format") == "password",
            is_list=prop.get("type") == "array",
            is_table=prop.get("type") == "object",
        )
        for name, prop in model["properties"].items()
    )


def _toml(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case dict():
            return "{}"
        case list():
            return "[" + ", ".join(_toml(item) for item in value) + "]"
        case _:
            return f"{value:g}" if isinstance(value, float) else str(value)


def _form(prop: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    if "form" in prop:
        return str(prop["form"])
    if "$ref" in prop:
        return _form(definitions[_reference(prop)], definitions)
    if "anyOf" in prop:  # something or nothing
        return _form(prop["anyOf"][0], definitions)
    if "enum" in prop:
        return "one of " + ", ".join(_toml(choice) for choice in prop["enum"])
    return _plain_form(prop)


def _plain_form(prop: Mapping[str, Any]) -> str:
    match prop["type"], prop.get("format"):
        case "boolean", _:
            return "true or false"
        case "integer", _:
            return f"a whole number{_range(prop)}"
        case "number", _:
            return f"a number{_range(prop)}"
        case _, "password":
            return "a secret, never in the TOML file"
        case _, "path":
            return "a path"
        case _:
            return f"a text{_length(prop)}"


def _range(prop: Mapping[str, Any]) -> str:
    least, most, above = prop.get("minimum"), prop.get("maximum"), prop.get("exclusiveMinimum")
    start = f" above {above:g}" if above is not None else f" from {least:g}"
    if most is None:
        return start if above is not None else f"{start} up"
    return f"{start}, at most {most:g}" if above is not None else f"{start} to {most:g}"


def _length(prop: Mapping[str, Any]) -> str:
    if "maxLength" in prop:
        return f" of at most {prop['maxLength']} characters"
    return " that is not empty" if "minLength" in prop else ""
