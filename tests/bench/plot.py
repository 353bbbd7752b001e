#!/usr/bin/env python3
"""Draws the curves of `tiao_bench --json`: time against rows and time against the number of rules.

usage: plot.py FIGURES.json FOLDER
"""
import json
import math
import pathlib
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 80, 170, 40, 60
COLOURS = ["#1b6ca8", "#c4572a", "#3a7d44", "#7b4ea3", "#8a6d1d", "#54616b"]


def ticks(low, high):
    """Powers of ten that hold all values."""
    return [10.0 ** e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def shown(value, unit):
    if unit != "s":
        return f"{value:,.0f}"
    for scale, name in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if value >= scale * 0.999:
            return f"{value / scale:g} {name}"
    return f"{value / 1e-9:g} ns"


def chart(title, across, curves):
    points = [p for curve in curves.values() for p in curve]
    columns = ticks(min(p["x"] for p in points), max(p["x"] for p in points))
    rows = ticks(min(p["seconds"] for p in points), max(p["seconds"] for p in points))

    def place(value, stops, start, length):
        span = math.log10(stops[-1] / stops[0]) or 1
        return start + length * math.log10(value / stops[0]) / span

    def at(x, seconds):
        return (place(x, columns, LEFT, WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - place(seconds, rows, 0, HEIGHT - TOP - BOTTOM))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
           f'<text x="{LEFT}" y="22" font-size="14" font-weight="bold">{title}</text>']
    for stop in columns:
        x, _ = at(stop, rows[0])
        out.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#dddddd"/>')
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{shown(stop, "")}</text>')
    for stop in rows:
        _, y = at(columns[0], stop)
        out.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{shown(stop, "s")}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{across}</text>')
    ends = []
    for number, (name, curve) in enumerate(curves.items()):
        colour = COLOURS[number // 2 % len(COLOURS)] if len(curves) > 1 else COLOURS[0]
        dash = ' stroke-dasharray="5 4"' if name.endswith("by hand") else ""
        places = [at(p["x"], p["seconds"]) for p in sorted(curve, key=lambda p: p["x"])]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        ends.append([places[-1][1], places[-1][0], name, colour])
    ends.sort()
    for before, after in zip(ends, ends[1:]):   # names keep apart
        after[0] = max(after[0], before[0] + 14)
    out += [f'<text x="{x + 8:.1f}" y="{y + 4:.1f}" fill="{colour}">{name}</text>' for y, x, name, colour in ends]
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    curves = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["curves"]
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    rows = {name: points for name, points in curves.items() if name != "rules"}
    if rows:
        (folder / "time-rows.svg").write_text(chart("Time against rows, one thread", "rows", rows), encoding="utf-8")
    if "rules" in curves:
        (folder / "time-rules.svg").write_text(chart("Time against rules that share their facts, one thread", "rules", {"rules": curves["rules"]}), encoding="utf-8")


main()
