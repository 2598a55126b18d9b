"""A report as one picture for a phone: a heading, the main numbers large, and panels with columns, bars and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontPath, FontProperties
from matplotlib.patches import FancyBboxPatch

from bot.pictures import fonts
from bot.pictures.inks import ink_on

WIDTH = 1000
_DPI = 100
_MARGIN = 40
_GAP = 28
_HEADING, _TILES = 132, 148
_TITLE, _COLUMNS, _LINE = 54, 226, 43
_INK, _SOFT, _PALE, _ALARM = "#181A1F", "#667085", "#EEF1F5", "#C62828"
_SERIES = ("#B4C3D9", "#2F62A8")
_LARGE, _PLAIN, _SMALL = 56, 27, 23
_MOST_LABELS = 16  # columns with a label of their own
_DIGIT = 10  # pixels, at least

Side = Literal["left", "center", "right"]
Panel = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportFace:
    """All that the picture shows; every word and number comes ready in the reader's language.

    tiles: label, value, alarm. panels: rows of one or two panels side by side, each with a `title` and a `kind`:
    "columns" (`names` of two series, `labels`, `values` of each series), "bars" (`bars`: label, value, text) or "table"
    (`headings`, `rows` of texts; `alarms`: for each row which of its cells are alarming). A panel without anything in
    it says `empty`.
    """

    title: str
    subtitle: str
    facts: Sequence[str]  # lines below the panels
    note: str  # small, at the end
    colour: str  # "#RRGGBB" of the programme
    locale: str  # zh_Hans, zh_Hant or en: chooses the glyph variants
    tiles: Sequence[tuple[str, str, bool]]
    panels: Sequence[Sequence[Panel]]


def draw_report(face: ReportFace) -> bytes:
    """`face` as PNG, 1000 pixels wide and as high as it needs. Refuses, as ValueError, a colour that is none."""
    panels = sum(_height_of(row) + _GAP for row in face.panels)
    height = _HEADING + _TILES + panels + len(face.facts) * _LINE + 2 * _GAP
    figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    pen = _Pen(axes, face.locale)
    _draw_heading(pen, face)
    _draw_tiles(pen, face.tiles)
    top = float(_HEADING + _TILES)
    for row in face.panels:
        _draw_row(pen, row, top)
        top += _height_of(row) + _GAP
    for place, fact in enumerate(face.facts):
        pen.write((_MARGIN, top + place * _LINE + 30), fact, WIDTH - 2 * _MARGIN, _PLAIN, _INK)
    pen.write((_MARGIN, height - _GAP), face.note, WIDTH - 2 * _MARGIN, _SMALL, _SOFT)
    file = BytesIO()
    figure.savefig(file, format="png", dpi=_DPI)
    return file.getvalue()


class _Pen:
    """Writes and draws in pixels, y downwards, text cut to fit."""

    def __init__(self, axes: Axes, locale: str) -> None:
        self.axes = axes
        self._locale = locale

    def write(
        self, at: tuple[float, float], text: str, width: float, size: int, colour: Any, side: Side = "left"
    ) -> None:
        """On the baseline `at`; where it is too long, up to a fifth smaller, then with an ellipsis."""
        line, face = fonts.typeset(text, self._locale)
        line, font = fonts.fit(line, face, width, size, size * 4 // 5)
        shown = FontProperties(fname=FontPath(str(face.path), face.index), size=font.size * 72 / _DPI)
        self.axes.text(*at, line, fontproperties=shown, color=colour, ha=side, va="baseline", parse_math=False)

    def box(self, left: float, top: float, width: float, height: float, colour: str, rounding: float = 0) -> None:
        style = f"round,pad=0,rounding_size={rounding}" if rounding else "square,pad=0"
        self.axes.add_patch(FancyBboxPatch((left, top), width, height, boxstyle=style, facecolor=colour, linewidth=0))


def _draw_heading(pen: _Pen, face: ReportFace) -> None:
    ink = tuple(part / 255 for part in ink_on(face.colour))
    pen.box(0, 0, WIDTH, _HEADING - _GAP, face.colour)
    pen.write((_MARGIN, 48), face.title, WIDTH - 2 * _MARGIN, 38, ink)
    pen.write((_MARGIN, 86), face.subtitle, WIDTH - 2 * _MARGIN, _PLAIN, ink)


def _draw_tiles(pen: _Pen, tiles: Sequence[tuple[str, str, bool]]) -> None:
    width = (WIDTH - 2 * _MARGIN - (len(tiles) - 1) * 16) / len(tiles)
    for place, (label, value, alarm) in enumerate(tiles):
        left = _MARGIN + place * (width + 16)
        pen.box(left, _HEADING, width, _TILES - _GAP, _PALE, 14)
        pen.write((left + width / 2, _HEADING + 66), value, width - 20, _LARGE, _ALARM if alarm else _INK, "center")
        pen.write((left + width / 2, _HEADING + 102), label, width - 20, _SMALL, _SOFT, "center")


def _height_of(row: Sequence[Panel]) -> int:
    return max(_TITLE + _inner_height(panel) for panel in row)


def _inner_height(panel: Panel) -> int:
    if panel["kind"] == "columns":
        return _COLUMNS
    lines = len(panel["bars"]) if panel["kind"] == "bars" else len(panel["rows"]) + 1
    return max(lines, 1) * _LINE


def _draw_row(pen: _Pen, row: Sequence[Panel], top: float) -> None:
    width = (WIDTH - 2 * _MARGIN - (len(row) - 1) * 2 * _GAP) / len(row)
    for place, panel in enumerate(row):
        left = _MARGIN + place * (width + 2 * _GAP)
        # Beside the columns' title stands what their colours mean.
        room = width / 2 if panel["kind"] == "columns" else width
        pen.write((left, top + 32), panel["title"], room, 30, _INK)
        if panel.get("empty"):
            pen.write((left, top + _TITLE + 30), panel["empty"], width, _PLAIN, _SOFT)
        else:
            _DRAWN[panel["kind"]](pen, panel, left, top + _TITLE, width)


def _draw_columns(pen: _Pen, panel: Panel, left: float, top: float, width: float) -> None:
    """Two columns side by side for each label; their values above them where there is room, else the largest of all."""
    _draw_legend(pen, panel["names"], left + width, top - 24)
    count = len(panel["labels"])
    step, floor = width / count, top + _COLUMNS - 40
    most = max(1, *(value for series in panel["values"] for value in series))
    each = min(step * 0.4, 60)
    told = count <= _MOST_LABELS and len(str(most)) * _DIGIT <= each
    for series, (values, colour) in enumerate(zip(panel["values"], _SERIES, strict=True)):
        for place, value in enumerate(values):
            middle = left + (place + 0.5) * step + (series - 0.5) * each
            height = value / most * (_COLUMNS - 84)
            pen.axes.bar(middle, -height, each * 0.9, bottom=floor, color=colour)
            if value and told:
                pen.write((middle, floor - height - 8), str(value), each * 1.1, _SMALL, _INK, "center")
    pen.axes.plot((left, left + width), (floor, floor), color=_SOFT, linewidth=1)
    if not told:
        ceiling = floor - (_COLUMNS - 84)
        pen.axes.plot((left, left + width), (ceiling, ceiling), color=_PALE, linewidth=2, zorder=0)
        pen.write((left, ceiling - 8), str(most), width, _SMALL, _SOFT)
    every = -(-count // _MOST_LABELS)
    for place in range(0, count, every):
        at = (left + (place + 0.5) * step, floor + 30)
        pen.write(at, panel["labels"][place], step * every * 0.95, _SMALL, _SOFT, "center")


def _draw_legend(pen: _Pen, names: Sequence[str], right: float, baseline: float) -> None:
    for name, colour in zip(reversed(names), reversed(_SERIES), strict=True):
        line, face = fonts.typeset(name, "")
        width = min(face.at(_SMALL).getlength(line) + 4, 180)
        pen.write((right, baseline), name, 180, _SMALL, _SOFT, "right")
        pen.box(right - width - 28, baseline - 18, 20, 20, colour, 4)
        right -= width + 56


def _draw_bars(pen: _Pen, panel: Panel, left: float, top: float, width: float) -> None:
    """A label, a bar and what it says on each line."""
    most, name, room = max(1, *(value for _, value, _ in panel["bars"])), width * 0.49, width * 0.34
    for place, (label, value, text) in enumerate(panel["bars"]):
        baseline = top + place * _LINE + 30
        pen.write((left, baseline), label, name - 14, _PLAIN, _INK)
        length = max(value / most * room, 3)
        pen.box(left + name, baseline - 24, length, 30, _SERIES[1] if value else _PALE, 4)
        pen.write((left + name + length + 10, baseline), text, width - name - length - 10, _PLAIN, _INK)


def _draw_table(pen: _Pen, panel: Panel, left: float, top: float, width: float) -> None:
    """The first column holds names, the others numbers, right-aligned under their headings."""
    wide = 0.38 * width
    each = (width - wide) / (len(panel["headings"]) - 1)
    for place, row in enumerate((panel["headings"], *panel["rows"])):
        baseline = top + place * _LINE + 30
        alarms = panel["alarms"][place - 1] if place else ()
        if place % 2:
            pen.box(left - 10, baseline - 32, width + 20, _LINE, _PALE, 8)
        pen.write((left, baseline), row[0], wide - 14, _PLAIN if place else _SMALL, _INK if place else _SOFT)
        for column, text in enumerate(row[1:], start=1):
            colour = _ALARM if column in alarms else _INK if place else _SOFT
            at = (left + wide + column * each, baseline)
            pen.write(at, text, each - 10, _PLAIN if place else _SMALL, colour, "right")


_DRAWN = {"columns": _draw_columns, "bars": _draw_bars, "table": _draw_table}
