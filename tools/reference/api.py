"""The page of the interface for systems of the city: docs/openapi.json in words and tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from sms_gateway.back_office_api.openapi import openapi_document

Schema = Mapping[str, object]
"""A schema, or another object, of the document."""

_HEAD = """\
# Interface for systems of the city

This page is the reference of the HTTP endpoints below `/back-office`, in the words of [openapi.json](../openapi.json)
(OpenAPI 3.1). [back-office.md](../back-office.md) shows how to give a system a key, with examples. What the service
itself calls is in [webhooks.md](../webhooks.md).
"""

_PROOFS = {
    "key": "`Authorization: Bearer KEY`",
    "password": "the key as the password of HTTP Basic",
    "signature": "a signature of Standard Webhooks",
}


def page() -> str:
    """Return docs/reference/api.md."""
    document = json.loads(json.dumps(openapi_document()))
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = document["components"]["schemas"]
    return "\n".join(
        [
            _HEAD,
            *("\n".join(_operation(*one)) for one in operations),
            "## Forms\n",
            *("\n".join(_form(name, schemas[name])) for name in sorted(schemas)),
        ]
    )


def _operation(method: str, path: str, operation: Schema) -> Iterator[str]:
    yield f"## {method.upper()} {path}\n\n**{operation['summary']}.** {operation['description']}\n"
    proofs = [_PROOFS[name] for one in _list(operation, "security") for name in one]
    yield f"Proof of the sender: {'; or '.join(proofs)}.\n"
    if parameters := _list(operation, "parameters"):
        yield "| parameter | in | type | needed | meaning |\n|---|---|---|---|---|"
        for one in parameters:
            needed = "yes" if one.get("required") else "no"
            words = _cell(one.get("description", ""))
            yield f"| `{one['name']}` | {one['in']} | {_type(_inner(one, 'schema'))} | {needed} | {words} |"
        yield ""
    if "requestBody" in operation:
        yield f"Body: {_body(_inner(operation, 'requestBody'))}\n"
    yield "| status | meaning | body |\n|---|---|---|"
    for status, answer in _inner(operation, "responses").items():
        yield f"| {status} | {_cell(answer['description'])} | {_body(answer)} |"
    yield ""


def _body(holder: Schema) -> str:
    return ", ".join(f"{_type(_inner(one, 'schema'))} as `{kind}`" for kind, one in _inner(holder, "content").items())


def _form(name: str, schema: Schema) -> Iterator[str]:
    yield f"### {name}\n"
    if "description" in schema:
        yield f"{schema['description']}\n"
    if "properties" not in schema:
        yield f"{_type(schema)}\n"
        return
    needed = _values(schema, "required")
    yield "| field | type | needed | meaning |\n|---|---|---|---|"
    for field, one in _inner(schema, "properties").items():
        words = f"{_cell(one.get('description', ''))}{_default(one)}".strip()
        yield f"| `{field}` | {_type(one)} | {'yes' if field in needed else 'no'} | {words} |"
    yield ""


def _default(schema: Schema) -> str:
    """Return what holds for a field that is left out, where that is not nothing."""
    given = schema.get("default")
    return "" if given is None else f" (else `{json.dumps(given)}`)"


def _type(schema: Schema) -> str:
    """Return the type of a value in words, with links to the forms that it names."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in _list(schema, "anyOf") if one.get("type") != "null")
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{one}`" for one in _values(schema, "enum") or [schema["const"]])
    if schema.get("type") == "array":
        most = f", at most {schema['maxItems']}" if "maxItems" in schema else ""
        return f"list of {_type(_inner(schema, 'items'))}{most}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object whose values are {_type(_inner(schema, 'additionalProperties'))}"
    return f"{schema.get('type', 'any value')}{_bounds(schema)}"


def _bounds(schema: Schema) -> str:
    told = [f" ({schema['format']})" if "format" in schema else ""]
    if least := schema.get("minLength"):
        told.append(", not empty" if least == 1 else f", at least {least} characters")
    told += [f", {words} {schema[name]}{unit}" for name, words, unit in _BOUNDS if name in schema]
    return "".join(told)


_BOUNDS = (
    ("maxLength", "at most", " characters"),
    ("minimum", "from", ""),
    ("maximum", "to", ""),
)


def _list(holder: Schema, name: str) -> list[dict[str, object]]:
    found = holder.get(name, [])
    return found if isinstance(found, list) else []


def _values(holder: Schema, name: str) -> list[object]:
    found = holder.get(name, [])
    return found if isinstance(found, list) else []


def _inner(holder: object, name: str) -> dict[str, dict[str, object]]:
    found = holder.get(name, {}) if isinstance(holder, Mapping) else {}
    return found if isinstance(found, dict) else {}


def _cell(words: object) -> str:
    return str(words).replace("|", "\\|").replace("\n", " ")
