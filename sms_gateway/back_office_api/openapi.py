"""The OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.1), made from the table of operations and their models."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, TypeAdapter

from parsers.localised_message import Plain
from sms_gateway.back_office_api.operation import Operation, Parameter, Refusal
from sms_gateway.back_office_api.operations import OPERATIONS, PREFIX

VERSION = "1"
"""Of the interface; another one only when a caller has to change something."""

_REF = "#/components/schemas/{model}"
_VARIABLE = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_REFUSALS: Mapping[int, str] = {
    401: "The key or the signature is missing or wrong.",
    403: "The client lacks the scope.",
    429: "Too many requests in this minute; Retry-After says when to try again.",
    503: "The database cannot be used now; send it again.",
}
_BODY_REFUSALS: Mapping[int, str] = {
    400: "The body cannot be used; nothing was done.",
    413: "The body is too long; nothing was done.",
}
_SECURITY: Mapping[str, Plain] = {
    "key": {"type": "http", "scheme": "bearer", "description": "The key of an API client."},
    "password": {"type": "http", "scheme": "basic", "description": "The same key as the password; any user name."},
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "Standard Webhooks: HMAC-SHA-256 with the client's secret, with webhook-id and "
        "webhook-timestamp.",
    },
}


def openapi_document(operations: Sequence[Operation] = OPERATIONS, *, root: str = "") -> Mapping[str, Plain]:
    """Return the document as JSON holds it; `root` is the path below which a proxy offers the service."""
    schemas: dict[str, Plain] = {}
    paths: dict[str, Plain] = {}
    for one in operations:
        here = paths.setdefault(_VARIABLE.sub(r"{\g<name>}", PREFIX + one.path), {})
        if isinstance(here, dict):
            here[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "SMS gateway: back office",
            "version": VERSION,
            "description": "What systems of the city may call. Each call needs the key of an API client.",
        },
        "servers": [{"url": root or "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": dict(_SECURITY),
        },
    }


def _operation(one: Operation, schemas: dict[str, Plain]) -> Plain:
    ways = ("key", "password", *(["signature"] if one.may_be_signed else []))
    security: list[Plain] = [{way: []} for way in ways]
    written: dict[str, Plain] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"{one.description} Scope: `{one.scope}`.",
        "security": security,
        "responses": _responses(one, schemas),
    }
    parameters = [*_path_parameters(one), *map(_parameter, one.parameters)]
    if parameters:
        written["parameters"] = parameters
    if one.takes is not None:
        content: Plain = {"application/json": {"schema": _schema(one.takes, schemas, "validation")}}
        written["requestBody"] = {"required": True, "content": content}
    return written


def _responses(one: Operation, schemas: dict[str, Plain]) -> Plain:
    refusals = {**_REFUSALS, **(_BODY_REFUSALS if one.takes is not None else {})}
    told: dict[int, tuple[str, type[BaseModel]]] = {
        **{status: (words, Refusal) for status, words in refusals.items()},
        **one.answers,
    }
    return {
        str(status): {
            "description": words,
            "content": {"application/json": {"schema": _schema(TypeAdapter(model), schemas, "serialization")}},
        }
        for status, (words, model) in sorted(told.items())
    }


def _schema(adapter: TypeAdapter[object], schemas: dict[str, Plain], mode: str) -> Plain:
    """Return a schema, and add the models that it names to those of the document."""
    made = adapter.json_schema(ref_template=_REF, mode="serialization" if mode == "serialization" else "validation")
    schemas |= made.pop("$defs", {})
    if made.get("title") and made.get("type") == "object":
        schemas[made["title"]] = made
        return {"$ref": _REF.format(model=made["title"])}
    return made


def _parameter(one: Parameter) -> Plain:
    schema: dict[str, Plain] = {"type": "string"}
    if one.values:
        schema["enum"] = list(one.values)
    return {"name": one.name, "in": "query", "description": one.description, "required": False, "schema": schema}


def _path_parameters(one: Operation) -> Sequence[Plain]:
    return [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if found["kind"] == "int" else "string"},
        }
        for found in _VARIABLE.finditer(one.path)
    ]
