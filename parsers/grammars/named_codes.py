"""What is printed and explained of a command that names receipt codes, with or without their secrets: DVC and DK."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.commands import NamesDossiers
from parsers.grammar import Step, Vocabulary
from parsers.localised_message import LocalisedMessage
from parsers.misread import FieldName
from parsers.reasons import REASONS, SECRET


def printed(command: NamesDossiers) -> dict[str, object]:
    """Return what `parse` prints of the codes; a secret is never printed."""
    shown: dict[str, object] = {
        "codes": [code.written for code in command.codes],
        "canonical": [code.canonical for code in command.codes],
    }
    if any(code.secret is not None for code in command.codes):
        shown["with_secret"] = [bool(code.secret) for code in command.codes]
    return shown


def official_form(command: NamesDossiers, keyword: str, vocabulary: Vocabulary) -> str:
    """Return the text as printed instructions have it, with stars in place of secrets."""
    del vocabulary
    return f"{keyword} " + ", ".join(code.written + (" ****" if code.secret else "") for code in command.codes)


def why(command: NamesDossiers) -> LocalisedMessage:
    """Return why the text is taken for the command."""
    del command
    return REASONS.message("codes_fit")


def explain(command: NamesDossiers) -> Sequence[Step]:
    """Return what each part is taken for; a secret stands as stars."""
    steps = []
    for code in command.codes:
        compared = REASONS.message("code", code=code.canonical)
        steps.append(Step(part=code.written, taken_for=FieldName.RECEIPT_CODE.value, why=compared))
        if code.secret is not None:
            told = REASONS.message("secret" if code.secret else "secret.missing")
            steps.append(Step(part="****" if code.secret else "", taken_for=SECRET, why=told))
    return steps
