"""How texts are filed, beside the rules written a second time: `python -m tests.generators.conversation.filings`.

A text is filed right when every key that the rules give is as expected. It is asked for where nothing was filed, opened
or closed, but something should have been; the citizen is asked or told so. All else is filed wrongly.
"""

from __future__ import annotations

import json
import random
from datetime import date

from handlers.conversation.filing import file
from parsers import read
from parsers.vocabulary import CONVERSATION_VOCABULARY
from sms_gateway.cli.filing_rows import filed_as_plain, row_of
from tests.generators.conversation.corpus import Case
from tests.generators.conversation.known import Expected
from tests.generators.conversation.rules import expected
from tests.generators.conversation.situations import Situation, drawn
from tests.generators.conversation.texts import made
from tests.generators.generated import Reading, Sample, main

TODAY = date(2026, 11, 28)
LONGEST = 1 << 20
CHANGES_NOTHING = frozenset({"ask_which", "ask_send", "ask_score", "ask_unclear", "ask_back", "not_yours", "help"})


def filed(text: str, situation: Situation) -> Expected:
    """File a text as `sms-gateway file --json` does."""
    row = row_of(json.dumps({"text": text, "situation": situation}).encode(), longest=LONGEST)
    reading = read(row.text, today=TODAY, vocabulary=CONVERSATION_VOCABULARY)
    return dict(filed_as_plain(file(reading, row.text, row.situation, vocabulary=CONVERSATION_VOCABULARY)))


def judged(case: Case) -> Sample:
    """File the text of a case, and compare with what the rules say."""
    found = filed(case.text, case.situation)
    wrong = {key: (value, found.get(key)) for key, value in case.expected.items() if found.get(key) != value}
    reading = Reading.RIGHT
    if wrong:
        reading = Reading.ASKED if _changes_nothing(found) or set(wrong) <= {"rule", "command"} else Reading.WRONG
    return Sample(
        text=case.text, shape=case.label.replace(" ", "_"), reading=reading, read_as=f"{wrong} in {case.situation}"
    )


def _changes_nothing(found: Expected) -> bool:
    return found["does"] in CHANGES_NOTHING or (found["does"] == "command" and found["command"] == "help")


def a_filing(chance: random.Random) -> Sample:
    """Make up a text and a situation that the rules decide, and file it."""
    while True:
        text, said = made(chance)
        situation = drawn(chance)
        wanted = expected(said, situation)
        if wanted is not None:
            return judged(Case(said.meaning.value, text, situation, wanted))


if __name__ == "__main__":
    main(a_filing, __doc__)
