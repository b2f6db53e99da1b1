"""Commands of own tables: one class for each table, made once."""

from __future__ import annotations

from parsers.commands.tables import command_of


def test_a_class_is_made_once_for_each_table() -> None:
    assert command_of("bus") is command_of("bus")
    assert command_of("bus") is not command_of("water")
    assert command_of("bus")() == command_of("bus")() != command_of("water")()
