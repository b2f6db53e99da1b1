"""Write docs/openapi.json: the interface for systems of the city (OpenAPI 3.1), from the table of operations."""

from __future__ import annotations

import json
from pathlib import Path

from sms_gateway.back_office_api.openapi import openapi_document

TARGET = Path(__file__).parents[1] / "docs" / "openapi.json"


def text() -> str:
    """Return the document as the file holds it."""
    return json.dumps(openapi_document(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
