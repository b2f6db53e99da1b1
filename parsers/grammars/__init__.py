"""The grammars, one command a file: the table of all commands."""

from __future__ import annotations

from parsers.grammar import AnyGrammar
from parsers.grammars import help as help_
from parsers.grammars import look_up_status, register_account, subscription, thanks
from parsers.grammars.conversation import withdrawal

GRAMMARS: tuple[AnyGrammar, ...] = (
    register_account.GRAMMAR,
    look_up_status.GRAMMAR,
    help_.GRAMMAR,
    thanks.GRAMMAR,
)
"""Every command of the product, in the order in which the help names them."""

NOTICES: tuple[AnyGrammar, ...] = (subscription.GRAMMAR, withdrawal.ALONE)
"""The commands of notices. A vocabulary has them when notices are on; HUY is the conversation's where that is on."""

EVERY: tuple[AnyGrammar, ...] = (*GRAMMARS, *NOTICES)
"""Every command that is read without the conversation."""
