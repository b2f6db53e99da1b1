"""docs/openapi.json says what the endpoints are."""

from __future__ import annotations

from tools.openapi import TARGET, text


def test_the_document_in_docs_is_the_one_of_the_product() -> None:
    assert TARGET.read_text("utf-8") == text(), "fix: python -m tools.openapi"
