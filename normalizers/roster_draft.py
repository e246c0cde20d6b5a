"""A roster proposed from names in print: which of them mean one body, what sort it is, what is doubtful about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from rapidfuzz.distance import Hamming

from normalizers.divisions import Township, as_of, townships
from normalizers.meaning import is_unit
from normalizers.proposals import Proposer, load_guesses
from normalizers.reference import DEFAULT_DIR, load
from normalizers.resolver import Resolver, level_of
from normalizers.roster import UNIT_KINDS, Alias, Organisation, Roster
from normalizers.text import strip_brackets

_TOWNSHIP_KINDS = ("street", "town")
#: A name of so many characters that occurs once and is one character off another may be a misreading of it.
_LONG = 4


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A proposed body; how often each of its names stands in print; what to look at."""

    body: Organisation
    counts: Mapping[str, int]
    remarks: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How often it is named at all."""
        return sum(self.counts.values())


@dataclass(slots=True)
class _Candidate:
    """Names that mean one body; ``township`` is the official one that they mean, if any."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    township: Township | None = None


def draft_roster(
    names: Mapping[str, int], region_code: str, roster: Roster | None, directory: Path = DEFAULT_DIR
) -> list[DraftLine]:
    """Lines for names in print (with their numbers) that the roster of the region lacks, by kind and name.

    Without a roster the official towns and streets that nobody names are proposed as well: groups need them all.
    """
    candidates = _candidates(names, region_code, directory)
    if roster is None:
        named = {found.township.code for found in candidates if found.township}
        unnamed = (township for township in townships(region_code) if township.code not in named)
        candidates += [_Candidate(township.name, township=township) for township in unnamed]
    candidates = _without_levels(candidates, region_code, directory)
    guesses = load_guesses(directory)
    proposer = Proposer(region_code, {body.unit_id for body in roster.organisations} if roster else set(), directory)
    kinds = {
        id(found): _kind(found) or guesses.kind_of(strip_brackets(found.name)[0], proposer.place)
        for found in candidates
    }
    candidates.sort(key=lambda found: _order(found, kinds[id(found)]))
    lines = [_line(found, kinds[id(found)], proposer) for found in candidates]
    return [replace(line, remarks=tuple(_remarks(line, lines, region_code, roster))) for line in lines]


def _order(found: _Candidate, kind: str) -> tuple[int, str, str]:
    return UNIT_KINDS.index(kind), found.township.code if found.township else "", found.name


def _candidates(names: Mapping[str, int], region_code: str, directory: Path) -> list[_Candidate]:
    """The names without their qualifiers; names of one town or street, or of its office, are one candidate."""
    official = {township.name: township for township in townships(region_code)}
    candidates: dict[str, _Candidate] = {}
    for name, count in sorted(names.items()):
        printed, township = _meant(name, official, directory)
        key = township.code if township else printed
        found = candidates.setdefault(key, _Candidate(township.name if township else printed, township=township))
        if township and strip_brackets(printed)[1]:
            found.name = printed
        found.counts[printed] += count
    for found in [found for found in candidates.values() if found.township]:
        base, qualifier = strip_brackets(found.name)
        if qualifier and base in candidates:
            found.counts.update(candidates.pop(base).counts)
    return list(candidates.values())


def _meant(name: str, official: Mapping[str, Township], directory: Path) -> tuple[str, Township | None]:
    """The name without its qualifier, and the town or street that it means.

    高新区（邹区镇） is one body whose other name is the town; an office stands for its street (五星街道办事处).
    """
    base, qualifier = strip_brackets(name)
    if qualifier is not None and qualifier in official:
        return name, official[qualifier]
    if name.startswith("各"):
        return name, None
    ends = ("", *load_guesses(directory).offices)
    return base, next((official[short] for end in ends if (short := base.removesuffix(end)) in official), None)


def _without_levels(candidates: list[_Candidate], region_code: str, directory: Path) -> list[_Candidate]:
    """Names that are another one without its word of level become that one's aliases, as the resolver reads them."""
    words = load(directory).units.lists
    whole = [found for found in candidates if found.township is None and level_of(found.name, words)]
    bodies = (
        Organisation(str(number), found.name, "other", region_code=region_code) for number, found in enumerate(whole)
    )
    resolver = Resolver(Roster(region_code, tuple(bodies), {}), None, load(directory))
    with_level = set(map(id, whole))
    kept = []
    for found in candidates:
        meant = None if found.township or id(found) in with_level else resolver.body_of(found.name)
        if meant is None:
            kept.append(found)
        else:
            whole[int(meant.unit_id)].counts.update(found.counts)
    return kept


def _kind(found: _Candidate) -> str | None:
    if found.township is None:
        return None
    return "street" if found.township.name.endswith("街道") else "town"


def _line(found: _Candidate, kind: str, proposer: Proposer) -> DraftLine:
    official = [found.township.name] if found.township else []
    aliases = [name for name in (*official, *sorted(found.counts)) if name != found.name]
    body = proposer.propose(found.name, kind)
    return DraftLine(replace(body, aliases=tuple(map(Alias, dict.fromkeys(aliases)))), dict(found.counts))


def _remarks(line: DraftLine, lines: list[DraftLine], region_code: str, roster: Roster | None) -> Iterator[str]:
    name, kind = line.body.name, line.body.kind
    official = {township.name for township in townships(region_code)}
    if kind in _TOWNSHIP_KINDS and official and not official & {name, *(alias.name for alias in line.body.aliases)}:
        yield f"not in the official list of {as_of()}"
    if line.counts and not is_unit(name, load().units) and kind != "group":
        yield "does not look like an organisation"
    if not line.counts:
        yield "named in none of the files"
    if kind == "group" and not line.body.members:
        yield "open: who is meant stands nowhere"
    near = Resolver(roster, None).nearest(name) if roster else []
    if near:
        yield f"nearest known: {'、'.join(near)}"
    yield from (f"short for {other.body.name}?" for other in lines if _is_short_for(name, other.body.name))
    if line.total == 1:
        others = (other.body.name for other in lines if len(other.body.name) == len(name) >= _LONG)
        yield from (f"one character off {other}" for other in others if Hamming.distance(name, other) == 1)


def _is_short_for(name: str, other: str) -> bool:
    """Whether a name could be short for another: 区住建局 for 区住房和城乡建设局, but not 区委办 for 区委网信办."""
    rest = iter(other)
    is_within = len(name) < len(other) and all(char in rest for char in name)
    return is_within and name[:2] == other[:2] and name[-1] == other[-1] and not other.startswith(name[:-1])
