"""Dots on one line per row: a rank with its range, or two shares next to each other."""

from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.site.charts.model import (
    WHOLE,
    Bar,
    Chart,
    Dot,
    LegendEntry,
    Line,
    Mark,
    Panel,
    Row,
    describe_row,
    format_rank,
    get_option,
    require_columns,
)
from dagster_project.site.charts.scale import Scale, list_count_ticks, list_rank_ticks
from dagster_project.site.formats import format_value

_COLOURS = ("red", "green")


def draw_rank_ranges(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Chart:
    """Draw a dot at the rank of each row, on a bar from `best_rank_left_out` to `worst_rank_left_out`.

    If the query has `best_rank_resampled` and `worst_rank_resampled`, a thin line behind the bar shows that interval.
    A row without a range, such as a question that one return rates, has its dot only. The option `interval` is the
    share of resamples that the thin line covers.
    """
    label = options.get("label", "public_label")
    require_columns(rows[0], {label, "confidence_rank", "best_rank_left_out", "worst_rank_left_out"})
    has_lines = all(row.get("best_rank_resampled") is not None for row in rows)
    worst = ("confidence_rank", "worst_rank_left_out", *(["worst_rank_resampled"] if has_lines else []))
    last = max(len(rows), *(row[column] or 0 for row in rows for column in worst))
    scale = Scale(0.5, last + 0.5)
    drawn = []
    for row in rows:
        marks: list[Mark] = []
        values = [f"rank {format_value('confidence_rank', row['confidence_rank'], row)}"]
        if row["best_rank_left_out"] is not None:
            low, high = row["best_rank_left_out"], row["worst_rank_left_out"]
            # Each bar extends a quarter of a rank to both sides, so that a range of one rank is visible.
            marks.append(Bar(scale(low - 0.25), scale(high + 0.25), "span"))
            values.append(f"{_name_range(low, high)} with one return left out")
        if has_lines:
            low, high = row["best_rank_resampled"], row["worst_rank_resampled"]
            marks.insert(0, Line(scale(low), scale(high)))
            values.append(f"{_name_range(low, high)} over resampled returns")
        marks.append(Dot(scale(row["confidence_rank"]), "rank"))
        drawn.append(
            Row(**describe_row(row, options), rank=format_rank(row), values="; ".join(values), marks=[marks])
        )
    legend = [
        LegendEntry("rank", "rank"),
        LegendEntry("span", "range if any one return is left out"),
        *(
            [
                LegendEntry(
                    "line", f"{get_option(options, 'interval')} interval over resampled returns".lstrip()
                )
            ]
            if has_lines
            else []
        ),
    ]
    return Chart(drawn, [Panel(ticks=list_rank_ticks(scale, last))], legend, get_option(options, "axis"))


def draw_comparison(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Chart:
    """Draw two panels, share of red and share of green: a filled dot for the row, a ring for the whole.

    Needs `red_share`, `green_share`, `scotland_red_share` and `scotland_green_share`. The option `here` names
    the filled dot. Rows with `is_small_base` have a square with a dashed line instead of a dot.
    """
    return _draw_pairs(rows, options, ("", "scotland_"), get_option(options, "here"), WHOLE)


def draw_then_and_now(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Chart:
    """Draw two panels, share of red and share of green: a ring for the round before, a filled dot for this round.

    Needs `then_red_share`, `now_red_share`, `then_green_share` and `now_green_share`. The options `then` and `now`
    name the rounds.
    """
    names = get_option(options, "now", "now"), get_option(options, "then", "then")
    return _draw_pairs(rows, options, ("now_", "then_"), *names)


def _draw_pairs(
    rows: list[dict[str, Any]],
    options: Mapping[str, str],
    prefixes: tuple[str, str],
    here_name: str,
    whole_name: str,
) -> Chart:
    columns = [tuple(f"{prefix}{colour}_share" for prefix in prefixes) for colour in _COLOURS]
    require_columns(rows[0], {options.get("label", "public_label"), *columns[0], *columns[1]})
    shares = [float(row[c] or 0) for row in rows for pair in columns for c in pair]
    scale = Scale(0, min(1.0, max(shares) + 0.04))
    is_small = any(row.get("is_small_base") for row in rows)
    drawn = []
    for row in rows:
        marks, values = [], []
        for colour, (here, whole) in zip(_COLOURS, columns, strict=True):
            marks.append(_draw_pair(scale, row[here], row[whole], small=bool(row.get("is_small_base"))))
            words = [
                f"{name} {get_option(options, 'empty') if row[c] is None else format_value(c, row[c])}"
                for name, c in ((here_name, here), (whole_name, whole))
            ]
            values.append(f"{colour}: {', '.join(words)}")
        described = describe_row({**row, "is_small_base": False}, options)
        drawn.append(Row(**described, rank=format_rank(row), values="; ".join(values), marks=marks))
    legend = [
        LegendEntry("small" if is_small else "here", f"{here_name}{' (small base)' if is_small else ''}"),
        LegendEntry("whole", whole_name),
    ]
    # On a phone a panel has space for five labels.
    ticks = list_count_ticks(scale, steps=5 if scale.high < 0.9 else 4, as_share=True)
    return Chart(drawn, [Panel(f"Share rated {colour}", ticks) for colour in _COLOURS], legend)


def _draw_pair(scale: Scale, here: float | None, whole: float | None, *, small: bool) -> Sequence[Mark]:
    marks: list[Mark] = []
    if here is not None and whole is not None:
        ends = sorted((scale(here), scale(whole)))
        marks.append(Line(ends[0], ends[1], small))
    if whole is not None:
        marks.append(Dot(scale(whole), "whole"))
    if here is not None:
        marks.append(Dot(scale(here), "small" if small else "here"))
    return marks


def _name_range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"
