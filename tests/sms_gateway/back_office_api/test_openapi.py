"""The OpenAPI document: valid, equal to the URL map, and true of what the endpoints answer to anything."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from schemathesis import APIOperation, GenerationMode
from schemathesis.checks import ignored_auth, negative_data_rejection
from schemathesis.core.result import Ok

from sms_gateway.back_office_api.openapi import openapi_document
from sms_gateway.back_office_api.operations import OPERATIONS
from sms_gateway.settings.back_office_model import AccountMode, BackOfficeSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.back_office_api.conftest import BEARER

LONG = "SMS_GATEWAY_TEST_LONG" in os.environ
EXAMPLES = 30 if LONG else 8
"""Requests of each operation that follow the document, and as many that do not."""


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


@pytest.mark.usefixtures("back_office_app")  # it adds the clients
@pytest.mark.long_on_postgresql
def test_no_request_gets_an_answer_that_the_document_does_not_name(back_office_parts: WebDependencies) -> None:
    section = BackOfficeSettings(enabled=True, accounts=AccountMode.VERIFY, requests_a_minute=100_000)
    changed = back_office_parts.settings.model_copy(update={"back_office": section})
    schema = schemathesis.openapi.from_dict(dict(openapi_document()))
    schema.app = create_app(replace(back_office_parts, settings=changed))
    statuses: Counter[int] = Counter()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        for mode in GenerationMode:
            statuses += fuzzed(found.ok(), mode)
    assert 200 in statuses
    assert set(statuses) <= {200, 400, 403, 404, 409, 429}, statuses
    assert statuses.total() >= len(OPERATIONS) * EXAMPLES, statuses


def fuzzed(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> Counter[int]:
    """Send what the document allows, or does not allow; each response must be one that it names."""
    statuses: Counter[int] = Counter()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=not LONG,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def send(case: schemathesis.Case[Any]) -> None:
        response = case.call(headers=dict(BEARER))
        # A wrong item is a fault in the answer, not the end of the request: so wrong data may get 200. A long body with
        # a signature alone gets 413 before anything is proven; test_endpoints tries proofs.
        case.validate_response(response, excluded_checks=[negative_data_rejection, ignored_auth], headers=dict(BEARER))
        statuses[response.status_code] += 1

    try:
        send()
    except Unsatisfiable:  # an operation without parameters and body has no wrong data
        assert mode is GenerationMode.NEGATIVE
    return statuses
