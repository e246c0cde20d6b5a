"""The PDF section of docs/benchmarks.md, made from the measurements."""

from __future__ import annotations

import platform
import re
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pdf_measure import Figures, Spread, cores, spread

BEGIN, END = "<!-- PDF: begin (made by bench/pdf_speed.py) -->", "<!-- PDF: end -->"

#: What the reader is held to.
MOST_TIMES_PLAIN = 2.5
LEAST_TIMES = {"pdfplumber": 15.0, "camelot lattice": 50.0}
MOST_MEMORY = 500.0
LEAST_GAIN = 1.7
#: Where pure computing gains less than this by a second core, others use it and nothing can be told.
LEAST_REFERENCE = 1.85
#: Time a page of the longest document against the shortest: more than this is not linear.
MOST_GROWTH = 1.25


class Comparison(NamedTuple):
    """All engines on one document; ``noise`` is of a computation that is always the same, ``load`` at the end."""

    name: str
    pages: int
    results: Mapping[str, list[Figures]]
    failures: Mapping[str, str]
    noise: Spread
    load: float


class Length(NamedTuple):
    """A long document read plainly and by the own engine; MB at most."""

    pages: int
    plain: list[Figures]
    own: list[Figures]
    memory: float | None


class Cores(NamedTuple):
    """The own engine on one core and on two; ``reference`` is what pure computing gained by the second one."""

    pages: int
    one: list[Figures]
    two: list[Figures]
    reference: float


def report(comparisons: list[Comparison], long: list[Length], second: Cores | None, missing: Mapping[str, str]) -> str:
    """The whole section, without its marks."""
    parts = [INTRODUCTION.format(cores=cores(), python=platform.python_version())]
    for comparison in comparisons:
        parts += [f"### {comparison.name[0].upper()}{comparison.name[1:]}", _comparison(comparison)]
    absent = [f"* {engine}: {reason}" for engine, reason in missing.items()]
    absent += [f"* {engine}, {item.name}: {reason}" for item in comparisons for engine, reason in item.failures.items()]
    if absent:
        parts += ["Could not be measured:", "\n".join(absent)]
    if long:
        parts += ["### Long documents", _lengths(long)]
    if second:
        parts.append(_cores(second))
    parts += ["### Against the targets", _verdicts(comparisons, long, second)]
    return "\n\n".join(parts)


INTRODUCTION = """## Reading the tables of a PDF

A ruled responsibility table in Chinese, typeset by `bench/pdf_documents.py`: six columns, a merged category, the
heading on every page, about 870 characters a page. Every engine reads the same files in the same run ({cores} cores,
Python {python}), each time in a process of its own, in turn. CPU is user and system time past the imports, with all
child processes, after one reading of a one-page document. *Plain reading* is a loop in Python over every character with
its box and every path segment through pypdfium2's raw interface: no table is looked for. `make bench` measures and
writes this; the peers after camelot are installed in an environment of their own and are no dependencies. `tables` is
how many each engine returned: one on each page is right. Ratios are taken round by round, and the middle one is given;
engines that look at pictures of the pages are measured in the first round only."""


def _comparison(comparison: Comparison) -> str:
    """A table with a row for each engine, and the noise."""
    lines = ["| engine | ms a page: min | median | max | / plain | / fenjie | tables |", "|" + " --- |" * 7]
    for name, figures in comparison.results.items():
        per_page = [f"{1000 * value / comparison.pages:.1f}" for value in spread([item.cpu for item in figures])]
        title = name if name in ("fenjie", "plain reading") else f"{name} {figures[0].version}"
        ratios = [_factor(comparison, name, base) for base in ("plain reading", "fenjie")]
        found = "" if name == "plain reading" else str(figures[0].found)
        shown = ["" if ratio is None else f"{ratio:.1f}" for ratio in ratios]
        lines.append(
            "| " + " | ".join([f"**{title}**" if name == "fenjie" else title, *per_page, *shown, found]) + " |"
        )
    count = len(next(iter(comparison.results.values())))
    noise = f"{count} rounds. A computation that is always the same took {_noise(comparison.noise)} in between; "
    noise += f"load of the machine when done: {comparison.load:.1f}."
    return "\n".join([*lines, "", noise])


def _noise(noise: Spread) -> str:
    return f"{1000 * noise.low:.0f} to {1000 * noise.high:.0f} ms (spread {100 * noise.noise:.0f} % of the median)"


def _ratio(above: list[Figures], below: list[Figures] | None) -> float | None:
    """The middle one of the ratios round by round: neighbours have the same load of the machine to bear."""
    if not below:
        return None
    return statistics.median(one.cpu / other.cpu for one, other in zip(above, below, strict=False))


def _lengths(long: list[Length]) -> str:
    lines = ["| pages | plain, CPU s | fenjie, CPU s | CPU ms a page | wall s | most memory, MB |", "|" + " --- |" * 6]
    for item in long:
        plain, own = spread([one.cpu for one in item.plain]), spread([one.cpu for one in item.own])
        wall = spread([one.wall for one in item.own])
        memory = "" if item.memory is None else f"{item.memory:.0f}"
        cells = [f"{item.pages:,}", f"{plain.median:.2f}", f"{own.median:.2f}", f"{1000 * own.median / item.pages:.1f}"]
        lines.append("| " + " | ".join([*cells, f"{wall.median:.2f}", memory]) + " |")
    return "\n".join([*lines, "", "Memory is of the process and its children together, shared pages counted once."])


def _cores(second: Cores) -> str:
    one, two = spread([item.wall for item in second.one]), spread([item.wall for item in second.two])
    text = (
        f"{second.pages:,} pages on one core: {one.median:.2f} s of wall time ({one.low:.2f} to {one.high:.2f}); "
        f"on two: {two.median:.2f} s ({two.low:.2f} to {two.high:.2f}): {one.median / two.median:.2f} times faster."
    )
    return f"{text} Pure computing in two processes was {second.reference:.2f} times faster than in one."


def _verdicts(comparisons: list[Comparison], long: list[Length], second: Cores | None) -> str:
    """Each target, what was measured, and whether it is met."""
    lines = ["| target | measured | met |", "| --- | --- | --- |"]

    def add(target: str, measured: str, met: bool) -> None:
        lines.append(f"| {target} | {measured} | {'yes' if met else '**no**'} |")

    ratios = [_factor(item, "fenjie", "plain reading") for item in comparisons]
    known = [value for value in ratios if value is not None]
    if known:
        add(f"at most {MOST_TIMES_PLAIN:g} times plain reading", _list(known), max(known) <= MOST_TIMES_PLAIN)
    for engine, least in LEAST_TIMES.items():
        known = [value for item in comparisons if (value := _factor(item, engine, "fenjie")) is not None]
        if known:
            add(f"{engine} takes at least {least:g} times as much", _list(known), min(known) >= least)
    if len(long) > 1:
        first, last = (spread([one.cpu for one in item.own]).median / item.pages for item in (long[0], long[-1]))
        target = f"time a page, {long[-1].pages:,} against {long[0].pages:,} pages: at most {MOST_GROWTH:g}"
        add(target, f"{last / first:.2f}", last / first <= MOST_GROWTH)
    if long and long[-1].memory is not None:
        target = f"{long[-1].pages:,} pages in less than {MOST_MEMORY:g} MB"
        add(target, f"{long[-1].memory:.0f} MB", long[-1].memory < MOST_MEMORY)
    if second:
        gain = spread([item.wall for item in second.one]).median / spread([item.wall for item in second.two]).median
        busy = gain < LEAST_GAIN and second.reference < LEAST_REFERENCE
        shown = f"{gain:.2f}" + (", but the machine was too busy to tell" if busy else "")
        add(f"two cores at least {LEAST_GAIN:g} times as fast as one", shown, gain >= LEAST_GAIN)
    return "\n".join(lines)


def _factor(comparison: Comparison, engine: str, base: str) -> float | None:
    if engine not in comparison.results:
        return None
    return _ratio(comparison.results[engine], comparison.results.get(base))


def _list(values: list[float]) -> str:
    return ", ".join(f"{value:.1f}" for value in values)


def write(path: Path, text: str) -> None:
    """Put the section between its marks; a file without marks gets them at its end."""
    page = path.read_text(encoding="utf-8")
    section = f"{BEGIN}\n{text}\n{END}"
    marked = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
    changed = marked.sub(lambda _: section, page) if marked.search(page) else f"{page.rstrip()}\n\n{section}\n"
    path.write_text(changed, encoding="utf-8")
