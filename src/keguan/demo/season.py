"""When the shop sells: its 24 months, the weight of every day, and the hours at which people order.

Owns: the period, festivals, and the curves of daily weights for persons and companies. A weight of 1 is
an ordinary day; only ratios of weights matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from keguan.demo.sampling import Flags, Floats, Ints, draw_in_group

OPENS = date(2024, 11, 1)
CLOSES = date(2026, 10, 31)
DAYS = (CLOSES - OPENS).days + 1
MONTHS = 24
CALENDAR = tuple(OPENS + timedelta(days=day) for day in range(DAYS))
MONTH_OF_DAY: Ints = np.array([(day.year - 2024) * 12 + day.month - 11 for day in CALENDAR], dtype=np.int64)
WEEKDAY: Ints = np.array([day.weekday() for day in CALENDAR], dtype=np.int64)

PERSON_WEEK = (0.95, 0.93, 0.94, 0.96, 1.02, 1.13, 1.10)
COMPANY_WEEK = (1.30, 1.35, 1.30, 1.25, 1.15, 0.35, 0.20)
PERSON_YEAR = (0.92, 0.88, 0.99, 0.98, 1.00, 1.02, 0.94, 0.95, 1.01, 0.99, 1.12, 0.98)
COMPANY_YEAR = (1.12, 0.75, 1.02, 1.00, 0.97, 1.02, 0.92, 0.94, 1.16, 0.92, 1.04, 1.12)
SPRING_FESTIVALS = (date(2025, 1, 29), date(2026, 2, 17))
FESTIVAL_DAYS = {
    (3, 8): 1.35, (6, 1): 2.1, (6, 15): 1.5, (6, 16): 1.9, (6, 17): 2.3, (6, 18): 4.8,
    (9, 9): 1.2, (10, 31): 1.3, (11, 1): 2.4, (11, 9): 1.6, (11, 10): 2.8, (11, 11): 6.0, (12, 12): 1.6,
}  # fmt: skip

ONLINE_HOURS = (16, 8, 4, 2, 2, 4, 10, 20, 32, 45, 55, 56, 62, 58, 46, 44, 46, 48, 54, 66, 88, 96, 74, 38)
STORE_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 40, 58, 60, 52, 56, 68, 72, 76, 82, 90, 70, 30, 0, 0)
OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 0, 2, 24, 90, 100, 82, 24, 40, 88, 96, 84, 50, 16, 8, 6, 4, 2, 0)


def date_of(day: int) -> date:
    """The day so many days after the shop opened."""
    return OPENS + timedelta(days=day)


def day_index(day: date) -> int:
    """Days since the shop opened; 0 is the first day."""
    return (day - OPENS).days


def festival_weight(day: date) -> float:
    """How much more is bought because of a festival: 双11, 618, 双12, the new year's shopping."""
    if (day.month, day.day) in FESTIVAL_DAYS:
        return FESTIVAL_DAYS[(day.month, day.day)]
    if (day.month == 6 and 2 <= day.day <= 14) or (day.month == 11 and 2 <= day.day <= 8):
        return 1.25
    new_year_shopping = any(9 <= (spring - day).days <= 26 for spring in SPRING_FESTIVALS)
    return 1.2 if new_year_shopping else 1.0


def holiday_pause(day: date) -> float:
    """The quiet days: parcels stop around 春节, offices close in the 国庆 week."""
    for spring in SPRING_FESTIVALS:
        if -3 <= (day - spring).days <= 6:
            return 0.42
    return 0.88 if day.month == 10 and day.day <= 7 else 1.0


def person_weights(calendar: Sequence[date] = CALENDAR) -> Floats:
    """Daily weights of persons, one per day; of the whole period without days."""
    return np.array(
        [
            PERSON_WEEK[day.weekday()]
            * PERSON_YEAR[day.month - 1]
            * festival_weight(day)
            * holiday_pause(day)
            for day in calendar
        ]
    )


def company_weights(calendar: Sequence[date] = CALENDAR) -> Floats:
    """Daily weights of companies: working days, little of the festivals, gifts before 春节 and 中秋."""
    return np.array(
        [
            COMPANY_WEEK[day.weekday()]
            * COMPANY_YEAR[day.month - 1]
            * festival_weight(day) ** 0.3
            * holiday_pause(day) ** 2
            for day in calendar
        ]
    )


def opening_weights() -> Floats:
    """How many new customers a day brings, apart from season: a launch, then steady growth."""
    day = np.arange(DAYS, dtype=np.float64)
    return 1.0 + 1.1 * np.exp(-day / 80.0) + 0.15 * day / DAYS


def seconds_of_day(rng: np.random.Generator, in_store: Flags, company: Flags) -> Ints:
    """A second of the day for each order, from the hours of stores, offices or online shoppers."""
    profile = np.where(company, 2, np.where(in_store, 1, 0))
    cumulative = np.cumsum(np.array([ONLINE_HOURS, STORE_HOURS, OFFICE_HOURS], dtype=np.float64), axis=1)
    hour = draw_in_group(rng, cumulative, profile)
    return hour * 3600 + rng.integers(0, 3600, size=len(profile))
