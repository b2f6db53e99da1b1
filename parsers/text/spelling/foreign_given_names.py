"""Foreign given names that would be Vietnamese syllables if their letters were Telex keys; they stay as typed."""

from __future__ import annotations

import re

FOREIGN_NAMES = frozenset(
    re.findall(
        r"\S+",
        """
        aaron boon char chee cher choo chow cowan cox dax dawn dee dex dior dow fox foo gee goon gus haas hans
        hawn hee hoon howard how isaac jax jeff joon joseph kareem kees kook koon koo lars law lawn lee leif
        lex lois loo louis low luis maas mars max mee meer moon moor naj nils noor nor nox nur olaf pax peer
        queen raaj raf rosa rose lisa mira nora dora cora lora kira raj rax rees reef rees rex ross roos saad
        saif sims soo soon sun tee tex thor tor toor veer woo yoo
        """,
    )
)
