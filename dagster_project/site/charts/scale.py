"""Scales and the ticks of axes."""

import math
from dataclasses import dataclass

# About as many labels fit below a panel on a phone.
_MAX_RANK_STEPS = 6


@dataclass(frozen=True)
class Scale:
    """Maps values to fractions of a panel: `low` to 0, `high` to 1."""

    low: float
    high: float

    def __call__(self, value: float) -> float:
        """Return the position of a value."""
        return (float(value) - self.low) / (self.high - self.low)


def list_count_ticks(scale: Scale, *, steps: int = 5, as_share: bool = False) -> list[tuple[float, str]]:
    """Return positions and labels of about `steps` round values: whole numbers, or per cents."""
    # One value has a span of 0, for which no step fits.
    step = _choose_tick_step((scale.high - scale.low) or 1, steps, whole=not as_share)
    values = [count * step for count in range(int(scale.high / step + 1e-9) + 1)]
    return [
        (scale(value), f"{100 * value:.0f}%" if as_share else f"{value:.0f}")
        for value in values
        if value >= scale.low
    ]


def list_rank_ticks(scale: Scale, last: int) -> list[tuple[float, str]]:
    """Return positions and labels of ranks at equal distances, from 1 to `last`."""
    step = max(1, math.ceil((last - 1) / _MAX_RANK_STEPS))
    ranks = [rank for rank in range(1, last + 1, step) if rank == last or last - rank > step / 2]
    return [(scale(rank), str(rank)) for rank in dict.fromkeys([*ranks, last])]


def _choose_tick_step(span: float, steps: int, *, whole: bool) -> float:
    """Return the distance between ticks, 1, 2 or 5 times a power of ten, that gives at most about `steps`."""
    least = span / steps
    power: float = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least - 1e-9)
    return max(1.0, step) if whole else step
