"""The talkers: citizens who open tickets at a steady rate, each with a story, and go on as they are answered."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Thread

from bench.chaos.agent import Agent
from bench.chaos.crowd import SHORT_CODE, number_of
from bench.chaos.stories import NUMBER, STORIES, Act, Story, Turn, story_of
from handlers.conversation.situation import SECONDS_UNTIL_LIVE
from sms_gateway.demo.simulator import Bubble, CitizenNetwork, Conversation, Direction

TEXTS_A_STORY = sum(len(story.turns) - story.acts for story in STORIES) / len(STORIES)
_TICK_SECONDS = 0.02
_READING_SECONDS = SECONDS_UNTIL_LIVE + 1
"""How long a citizen reads what an agent wrote: an earlier text answers no question."""


@dataclass(slots=True)
class Talk:
    """How far one citizen is."""

    number: str  # MSISDN
    story: Story
    turn: int = 0
    since: int = 0  # bubbles on the telephone when the turn began
    ticket: str = ""
    reads_until: float = 0.0

    @property
    def is_over(self) -> bool:
        """Tell whether the last turn is answered."""
        return self.turn == len(self.story.turns)

    def is_answered(self, conversation: Conversation) -> bool:
        """Tell whether the turn is: its text acknowledged, and what it gets there; learn the ticket's number."""
        turn: Turn = self.story.turns[self.turn]
        later = conversation[self.since :]
        got = next((one for one in later if one.direction is Direction.MT and turn.gets.search(one.text)), None)
        if got is None or not all(one.settled_at for one in conversation if one.direction is Direction.MO):
            return False
        if not self.ticket and (found := NUMBER.search(got.text)) is not None:
            self.ticket = found[0]
        return True


class Talkers:
    """A thread that sends what is to be said next, and asks the agent."""

    def __init__(self, carrier: CitizenNetwork, agent: Agent, *, rate: float) -> None:
        self._carrier = carrier
        self._agent = agent
        self._starts_a_second = rate / TEXTS_A_STORY
        self._last: int | None = None
        self._thread = Thread(target=self._run, name="talkers", daemon=True)
        self._active: list[Talk] = []
        self.talks: list[Talk] = []
        self.sent = 0  # texts

    def start(self) -> None:
        """Begin to text."""
        self._agent.start()
        self._thread.start()

    def end_after(self, texts: int) -> None:
        """Let nobody begin any more when there are so many texts; who has begun goes on."""
        self._last = texts

    @property
    def done(self) -> bool:
        """Tell whether nobody begins any more."""
        return self._last is not None and self.sent >= self._last

    def conversation(self, talk: Talk) -> Sequence[Bubble]:
        """Return what a citizen sees."""
        return self._carrier.conversation(talk.number)

    def waiting(self) -> int:
        """Count the citizens whose story is not over."""
        return sum(not talk.is_over for talk in self.talks)

    def _run(self) -> None:
        started = time.monotonic()
        while not (self.done and not self._active):
            time.sleep(_TICK_SECONDS)
            due = int((time.monotonic() - started) * self._starts_a_second)
            while not self.done and len(self.talks) < due:
                self._begin()
            for talk in self._active:
                self._go_on(talk)
            self._active = [talk for talk in self._active if not talk.is_over]

    def _begin(self) -> None:
        citizen = len(self.talks)
        talk = Talk(number=number_of(citizen), story=story_of(citizen))
        self.talks.append(talk)
        self._active.append(talk)
        self._say(talk)

    def _go_on(self, talk: Talk) -> None:
        conversation = self._carrier.conversation(talk.number)
        if time.monotonic() < talk.reads_until or not talk.is_answered(conversation):
            return
        if isinstance(talk.story.turns[talk.turn].does, Act) and not talk.reads_until:
            talk.reads_until = time.monotonic() + _READING_SECONDS
            return
        talk.turn += 1
        talk.since = len(conversation)
        if not talk.is_over:
            self._say(talk)

    def _say(self, talk: Talk) -> None:
        does = talk.story.turns[talk.turn].does
        if isinstance(does, Act):
            self._agent.want(talk.ticket, does)
        else:
            self._carrier.send_text(talk.number, SHORT_CODE, does.format(number=talk.ticket))
            self.sent += 1
