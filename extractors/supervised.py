"""Documents read by processes of their own: several at a time, and long ones by several processes.

Each document has a limit of time and memory; one that hangs, crashes or takes too much is an error, and where a page
can be named that is at fault, the others are read all the same. The results do not depend on how many processes there
are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from extractors.errors import ReadError, fault
from extractors.formats import HEAD, LEGACY, detect, is_large, is_pdf, is_scanned, load, read_content, with_tables
from extractors.model import SourceDocument
from extractors.portions import PORTION, SHORT, Finished, Long, Scanned, begin, count_pages, go_on, recognise
from extractors.read import Watch
from extractors.workers import Crew, Death, Job, cores, memory

T = TypeVar("T")
#: Seconds for a document, and for each of its pages. A page takes hundredths of a second.
_SECONDS, _SECONDS_A_PAGE = 30.0, 1.0
#: Seconds for recognising a page, which takes some of them; and the megabytes that a process takes for it.
_SECONDS_A_SCAN, _SCAN_MEMORY = 180.0, 900
#: After so many crashes or hangs a document is given up.
_MOST_DEATHS = 4
_ADVICE = "It is damaged, or no document but an attack: open it in a viewer and save it anew"


def whole(document: SourceDocument) -> SourceDocument:
    """The document itself: for callers that want nothing made of it."""
    return document


def read_documents(
    paths: Sequence[Path], then: Callable[[SourceDocument], T], password: str | None = None, watch: Watch | None = None
) -> Iterator[tuple[Path, T | ReadError]]:
    """Each file, in the order given, with what ``then`` makes of its document or why it can't be read.

    ``then`` can be pickled (a function of a module, a partial of one): it is called where the document was read.
    ``password`` opens encrypted PDFs. PDFs and large files are read under supervision, all others here.
    """
    supervised = [_needs_supervision(path) for path in paths]
    converted = _converted([path for path, needed in zip(paths, supervised, strict=True) if not needed])
    with Crew(cores()) as crew:
        desk = _Desk(crew, password, then, watch or _nobody)
        for number, (path, needed) in enumerate(zip(paths, supervised, strict=True)):
            if needed:
                desk.begin(number, path)
        for number, (path, needed) in enumerate(zip(paths, supervised, strict=True)):
            result = desk.result(number) if needed else _read_here(path, password, then, converted)
            if watch is not None and not needed:
                watch(path, 1, 1)
            yield path, result


def _nobody(_path: Path, _read: int, _pages: int) -> None:
    pass


def _needs_supervision(path: Path) -> bool:
    try:
        if not path.is_file() or is_pdf(load(path, HEAD)):
            return path.is_file()
        # LibreOffice is watched by who calls it, and needs more memory than a reader gets.
        return is_scanned(path) or (is_large(path) and detect(load(path)) not in LEGACY)
    except ReadError:
        return False  # reading it will say so


def _converted(paths: Sequence[Path]) -> dict[Path, bytes | ReadError]:
    """What LibreOffice makes of the files that need it, in one call: starting it takes longer than converting one."""
    files = []
    for path in paths:
        try:
            if path.is_file() and detect(data := load(path)) in LEGACY:
                files.append((data, path))
        except ReadError:
            continue  # reading it will say so
    if len(files) < 2:
        return {}
    from extractors.word.legacy import convert  # noqa: PLC0415  lxml is loaded where it is needed

    return dict(zip([path for _, path in files], convert(files), strict=True))


def _read_here(
    path: Path, password: str | None, then: Callable[[SourceDocument], T], converted: Mapping[Path, bytes | ReadError]
) -> T | ReadError:
    try:
        data = load(path)
        if path in converted:
            from extractors.word.legacy import read_converted  # noqa: PLC0415  as above

            return then(with_tables(read_converted(converted[path], data, path)))
        if is_pdf(data):  # no file that another process could open
            from extractors.pdf.reader import read  # noqa: PLC0415  pdfium is loaded for a PDF only

            return then(with_tables(read(data, path, password)))
        return then(read_content(data, path))
    except ReadError as error:
        return error
    except Exception as error:  # a fault of ours in one document must not stop the others
        return fault(path, error)


@dataclass(slots=True)
class _Reading:
    """A document that is being read: ``parts`` are the pages read so far, by the first page of each portion.

    ``deaths`` are those of processes that were reading it. ``results`` are those of its pages, once they are all read
    but for those that are ``awaited``, which are being recognised.
    """

    number: int
    path: Path
    pages: int = 0
    parts: dict[int, list[Any]] = field(default_factory=dict)
    deaths: list[Death] = field(default_factory=list)
    format: str = "pdf"
    results: list[Any] = field(default_factory=list)
    awaited: set[int] = field(default_factory=set)


class _Desk:
    """Hands out the reading of documents and gathers the results."""

    def __init__(self, crew: Crew, password: str | None, then: Callable[[SourceDocument], Any], watch: Watch) -> None:
        self._crew = crew
        self._password = password
        self._then = then
        self._watch = watch
        self._readings: dict[int, _Reading] = {}
        self._results: dict[int, Any] = {}

    def begin(self, number: int, path: Path) -> None:
        """Have a document read; ``number`` says which one comes first."""
        self._readings[number] = _Reading(number, path)
        self._crew.submit(Job((number, 0), begin, (path, self._password, self._then), _seconds(SHORT)))

    def result(self, number: int) -> Any:
        """Wait for a document: what was made of it, or a :class:`ReadError`."""
        while number not in self._results:
            job, outcome = self._crew.finished()
            reading = self._readings.get(job.rank[0])
            if reading is not None:
                self._take(reading, job, outcome)
        return self._results.pop(number)

    def _take(self, reading: _Reading, job: Job, outcome: Any) -> None:
        match outcome:
            case Finished():
                self._watch(reading.path, max(1, outcome.pages), max(1, outcome.pages))
                self._finish(reading, outcome.value)
            case Long():
                reading.pages = outcome.pages
                self._submit(reading, 1, PORTION)
                self._crew.hurry()
            case Scanned():
                reading.format, reading.pages = outcome.format, len(outcome.results)
                self._enter(reading, 1, outcome.results)
            case int():
                reading.pages = outcome
                if outcome == 1:
                    self._finish(reading, _at_fault(reading, 1))
                else:
                    self._submit(reading, 1, 1)
            case list():
                self._enter(reading, job.rank[1], outcome)
            case Death():
                self._bury(reading, job, outcome)
            case ReadError():
                self._finish(reading, outcome)
            case _:
                self._finish(reading, fault(reading.path, outcome))

    def _submit(self, reading: _Reading, first: int, portion: int, end: int | None = None) -> None:
        """Have the pages from ``first`` on read in portions."""
        end = reading.pages + 1 if end is None else end
        for start in range(first, end, portion):
            stop = min(start + portion, end)
            # A page that is read alone may be at fault: no other one must suffer for it.
            arguments = (reading.path, self._password, start, stop, portion > 1)
            self._crew.submit(Job((reading.number, start), go_on, arguments, _seconds(stop - start)))

    def _enter(self, reading: _Reading, start: int, part: list[Any]) -> None:
        """Note what was read of some pages; when they are the last ones, put the document together."""
        if reading.results:
            reading.results[start - 1] = part[0]
            reading.awaited.discard(start)
        else:
            reading.parts[start] = part
            if sum(map(len, reading.parts.values())) == reading.pages:
                self._await_scans(reading)
        waiting = sum(result is None for pages in reading.parts.values() for result in pages)
        read = len(reading.results) - len(reading.awaited) or sum(map(len, reading.parts.values())) - waiting
        self._watch(reading.path, read, reading.pages)
        if reading.results and not reading.awaited:
            self._put_together(reading)

    def _await_scans(self, reading: _Reading) -> None:
        """All pages were read: have those recognised that are scans, one at a time in each process."""
        reading.results = [result for _, pages in sorted(reading.parts.items()) for result in pages]
        reading.parts.clear()
        reading.awaited = {number for number, result in enumerate(reading.results, 1) if result is None}
        if not reading.awaited:
            return
        self._crew.at_most(max(1, (memory() >> 20) // _SCAN_MEMORY))
        for number in sorted(reading.awaited):
            arguments = (reading.path, self._password, number)
            self._crew.submit(Job((reading.number, number), recognise, arguments, _SECONDS_A_SCAN))
        self._crew.hurry()

    def _put_together(self, reading: _Reading) -> None:
        from extractors.pdf.assembly import assemble  # noqa: PLC0415  most documents are put together elsewhere

        try:
            document = assemble(reading.results, reading.path, reading.format)
            self._finish(reading, self._then(with_tables(document)))
        except ReadError as error:
            self._finish(reading, error)
        except Exception as error:  # a fault of ours in one document must not stop the others
            self._finish(reading, fault(reading.path, error))

    def _bury(self, reading: _Reading, job: Job, death: Death) -> None:
        """A process ended at its job: find the page that is at fault by reading each alone, and go on without it."""
        reading.deaths.append(death)
        if job.function is begin and not is_pdf(load(reading.path, HEAD)):
            self._finish(reading, ReadError(reading.path, f"reading it {death.reason}", _ADVICE))
        elif job.function is begin:
            arguments = (reading.path, self._password)
            self._crew.submit(Job((reading.number, 0), count_pages, arguments, _seconds(0)))
        elif job.function is recognise:
            self._enter(reading, job.arguments[2], [_at_fault(reading, job.arguments[2])])
        elif job.function is count_pages:
            self._finish(reading, ReadError(reading.path, f"opening it {death.reason}", _ADVICE))
        elif (pages := job.arguments[2:4])[1] - pages[0] > 1:
            self._submit(reading, pages[0], 1, pages[1])
        elif len(reading.deaths) > _MOST_DEATHS:
            self._finish(reading, _at_fault(reading, pages[0]))
        else:
            self._enter(reading, pages[0], [_at_fault(reading, pages[0])])

    def _finish(self, reading: _Reading, result: Any) -> None:
        del self._readings[reading.number]
        self._crew.drop(lambda job: job.rank[0] == reading.number)
        self._results[reading.number] = result


def _at_fault(reading: _Reading, page: int) -> ReadError:
    return ReadError(reading.path, f"reading it {reading.deaths[-1].reason}", _ADVICE, page)


def _seconds(pages: int) -> float:
    return _SECONDS + _SECONDS_A_PAGE * pages
