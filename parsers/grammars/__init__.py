"""The grammars, one command a file: the table of all commands."""

from __future__ import annotations

from parsers.grammar import AnyGrammar
from parsers.grammars import help as help_
from parsers.grammars import look_up_status, register_account, thanks

GRAMMARS: tuple[AnyGrammar, ...] = (
    register_account.GRAMMAR,
    look_up_status.GRAMMAR,
    help_.GRAMMAR,
    thanks.GRAMMAR,
)
"""Every command of the product, in the order in which the help names them."""
