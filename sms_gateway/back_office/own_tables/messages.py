"""What is wrong with a look-up table that somebody makes: the faults of the form, and those of lines of its file."""

from __future__ import annotations

from parsers.localised_message import MessageTable

FAULTS = MessageTable(
    "own_table",
    {
        "name": "the name must have 2 to 20 small letters, digits or _, and begin with a letter",
        "title": "the subject must have 1 to 40 characters, without braces, links and telephone numbers",
        "keywords": "give 1 to 4 keywords, each of 2 to 10 capital letters without accents",
        "keyword": "{fault}",
        "key_label": "say in 1 to 30 characters, without braces, what citizens write behind the keyword",
        "template": "write the answer, in 1 to 600 characters",
        "brace": "a brace in the answer is open; write the name of a column in braces, and no other braces",
        "unknown": "the answer names {column}, which is no column of the file; its columns: {columns}",
        "no_key_column": "the file has no column {column}; its columns: {columns}",
        "no_secret_column": "the file has no column {column} for the secret; its columns: {columns}",
        "columns_alike": "several columns have the name {column} without accents and marks; give them different names",
        "no_rows": "an own answer has no rows; say how the key is read, or leave the rows out",
        "secret_told": "the answer tells the secret; take {column} out of it",
        "secret_wanted": "personal data or money seem to be in the column {column}; name a column with a secret",
        "help_full": "the help would not fit into one message; use a shorter keyword, or switch another table off",
        "answer_long": "the answer is too long: its length is {count}, and the most is {most}",
        "link": "answers leave out links that begin with http://, https:// or www.; take {link} out",
        "file": "{fault}",
        "json": "the file must be CSV or XLSX",
        "empty": "no line of the file can be taken; the first fault: {fault}",
        "line": "line {line}: {fault}",
        "line.no_key": "the key is missing",
        "line.key": "the key does not have the shape that was chosen, or has more than 40 characters",
        "line.unread": "a text with this key would not be read as it is written here; shorten the key or the secret",
        "line.doubled": "the key stands in line {other} too",
        "line.answer_long": "the answer would be longer than two messages",
        "line.link": "the answer would leave out a link (http://, https:// or www.); take it out of the cell",
        "line.no_secret": "the secret is missing, or has fewer than four letters and digits",
        "line.cell": "a cell cannot be read",
    },
)
"""A key that begins with `line.` is stored with the version; it never quotes a cell."""
