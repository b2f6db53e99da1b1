"""A message for the staff of the service: its key in the catalogues, its English words, and the values in them.

Programs print the English words. The pages find the words of the reader's language by the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
"""What JSON holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalisedMessage:
    """One message. `{name}` in its words stands for a value, which may be a message itself."""

    key: str
    """The key in the catalogues, such as `why.date`."""
    words: str
    """The English words, singular or plural as the value `count` needs them."""
    values: Mapping[str, str | int | LocalisedMessage] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the English words with their values."""
        return self.words.format_map(self.values) if self.values else self.words


@dataclass(frozen=True, slots=True)
class MessageTable:
    """The messages of one subject. The catalogues have the same words under `NAME.KEY`.

    >>> table = MessageTable("file", {"late": "{who} is late", "lines": ("{count} line", "{count} lines")})
    >>> str(table.message("late", who="An")), str(table.message("lines", count=1)), table.message("late", who="An").key
    ('An is late', '1 line', 'file.late')
    """

    name: str
    words: Mapping[str, str | tuple[str, str]]
    """English words by key: one form, or the singular and the plural."""

    def message(self, key: str, /, **values: str | int | LocalisedMessage) -> LocalisedMessage:
        """Return a message with its values; raises KeyError on an unknown key, which is our mistake."""
        forms = self.words[key]
        words = forms if isinstance(forms, str) else forms[values.get("count") != 1]
        return LocalisedMessage(key=f"{self.name}.{key}", words=words, values=values)


def message_to_plain(message: LocalisedMessage) -> dict[str, Plain]:
    """Return a message as JSON holds it.

    >>> message_from_plain(message_to_plain(LocalisedMessage(key="a.b", words="{n} of", values={"n": 2}))).values
    {'n': 2}
    """
    values: dict[str, Plain] = {
        name: message_to_plain(value) if isinstance(value, LocalisedMessage) else value
        for name, value in message.values.items()
    }
    return {"key": message.key, "words": message.words, "values": values}


def message_from_plain(kept: Mapping[str, Plain]) -> LocalisedMessage:
    """Return the message that `message_to_plain` wrote; raises KeyError or TypeError on anything else."""
    values = kept["values"]
    if not isinstance(values, dict):
        raise TypeError(values)
    return LocalisedMessage(
        key=str(kept["key"]),
        words=str(kept["words"]),
        values={name: _value_from_plain(value) for name, value in values.items()},
    )


def _value_from_plain(value: Plain) -> str | int | LocalisedMessage:
    if isinstance(value, dict):
        return message_from_plain(value)
    if isinstance(value, str | int):
        return value
    raise TypeError(value)
