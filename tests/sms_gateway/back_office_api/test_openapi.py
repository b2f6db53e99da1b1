"""The OpenAPI document: valid, equal to the URL map, and true of what the endpoints answer to anything."""

from __future__ import annotations

import re

from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from sms_gateway.back_office_api.openapi import openapi_document
from sms_gateway.back_office_api.operations import OPERATIONS


def test_the_document_is_valid() -> None:
    validate(dict(openapi_document()), cls=OpenAPIV31SpecValidator)
    assert openapi_document(root="/sms")["servers"] == [{"url": "/sms"}]


def test_the_document_and_the_routes_are_the_same(back_office_app: Flask) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in back_office_app.url_map.iter_rules()
        if rule.rule.startswith("/back-office")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    paths = openapi_document()["paths"]
    assert isinstance(paths, dict)
    written = {
        (path, method.upper()) for path, methods in paths.items() if isinstance(methods, dict) for method in methods
    }
    assert written == routes
    assert len(written) == len(OPERATIONS)
