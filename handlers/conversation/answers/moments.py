"""Times, days and opening hours as people write them: 17h30 thu hai 30/11."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from handlers.context import ServiceFacts
from handlers.conversation.answers.sentence import every_form, word
from handlers.wording.phrases import Phrase

_WEEKDAYS = (
    Phrase.MONDAY,
    Phrase.TUESDAY,
    Phrase.WEDNESDAY,
    Phrase.THURSDAY,
    Phrase.FRIDAY,
    Phrase.SATURDAY,
    Phrase.SUNDAY,
)

OpenSpan = tuple[time, time]
"""From, to; midnight as the end is 24 o'clock."""


def moment_in_words(moment: datetime, service: ServiceFacts) -> Sequence[str]:
    """Return an aware time in the zone of the service, the fullest form first.

    >>> from datetime import UTC
    >>> moment_in_words(datetime(2026, 11, 30, 10, 30, tzinfo=UTC), ServiceFacts())
    ['17h30 thu hai 30/11', '17h30 30/11']
    """
    local = moment.astimezone(service.zone)
    values = {
        "time": _hour(local.hour, local.minute, service),
        "weekday": word(_WEEKDAYS[local.weekday()], service),
        "day": day_in_words(local.date(), service),
    }
    return every_form(Phrase.MOMENT, service, values)


def day_in_words(day: date, service: ServiceFacts) -> str:
    """Return a day; of an aware time, its day in the zone of the service.

    >>> day_in_words(date(2026, 12, 2), ServiceFacts())
    '02/12'
    """
    if isinstance(day, datetime):
        day = day.astimezone(service.zone)
    return word(Phrase.DAY, service, day_number=f"{day.day:02d}", month_number=f"{day.month:02d}")


def time_in_words(clock: time, service: ServiceFacts) -> str:
    """Return a time of day.

    >>> time_in_words(time(7, 30), ServiceFacts())
    '7h30'
    """
    return _hour(clock.hour, clock.minute, service)


def hours_in_words(week: Sequence[Sequence[OpenSpan]], service: ServiceFacts) -> str:
    """Return the opening hours of a week, Monday first; neighbouring days with the same hours are one stretch.

    >>> office = [(time(7, 30), time(11, 30)), (time(13, 30), time(17, 30))]
    >>> hours_in_words([office] * 5 + [[], []], ServiceFacts())
    '7h30-11h30, 13h30-17h30 thu hai den thu sau'
    """
    stretches: list[tuple[list[int], Sequence[OpenSpan]]] = []
    for day, hours in enumerate(week):
        if stretches and list(stretches[-1][1]) == list(hours):
            stretches[-1][0].append(day)
        else:
            stretches.append(([day], hours))
    return "; ".join(f"{_intervals(hours, service)} {_days(days, service)}" for days, hours in stretches if hours)


def _intervals(hours: Sequence[OpenSpan], service: ServiceFacts) -> str:
    return ", ".join(f"{time_in_words(start, service)}-{_end(end, service)}" for start, end in hours)


def _end(clock: time, service: ServiceFacts) -> str:
    return _hour(24, 0, service) if clock == time() else time_in_words(clock, service)


def _hour(hour: int, minute: int, service: ServiceFacts) -> str:
    return word(Phrase.TIME, service, hour=str(hour), minute=f"{minute:02d}")


def _days(days: Sequence[int], service: ServiceFacts) -> str:
    first, last = (word(_WEEKDAYS[day], service) for day in (days[0], days[-1]))
    return first if len(days) == 1 else word(Phrase.WEEKDAYS, service, first=first, last=last)
