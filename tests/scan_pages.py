"""Scans of pages: a PDF's page as a scanner would give it, and its own characters where they stand on the picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, radians, sin
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from extractors.pdf.content import Chars, Page, Strokes
from extractors.pdf.pdfium import open_document, read_page
from extractors.pdf.upright import baselines
from extractors.scan.model import Matrix, Picture, Pixels, Ruling, Straight


@dataclass(frozen=True)
class Scanner:
    """How a page is scanned; ``skew`` is in degrees clockwise, ``turn`` by how many it lies turned clockwise."""

    dpi: int = 200
    skew: float = 0.0
    turn: int = 0
    noise: float = 0.0
    jpeg: int | None = None
    grey: bool = False
    seal: bool = False
    shadow: float = 0.0
    dirty_edges: bool = False
    dark_edge: bool = False
    #: Share of the rulings' length that is missing in small gaps, and how faint print is (0 black, 1 white).
    broken: float = 0.0
    faint: float = 0.0
    #: By how many points lines bend in the middle of the page.
    bend: float = 0.0
    seed: int = 1


def scan(pdf: bytes, number: int, scanner: Scanner) -> tuple[Picture, Page, Matrix]:
    """A page of a PDF as a scan; the page itself; and the matrix from its points to the pixels of the scan."""
    path = Path("own.pdf")
    with open_document(pdf, path) as document:
        page = read_page(document, number, path)
        scale = scanner.dpi / 72
        paper = document[number - 1].render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3].copy()
    rng = np.random.default_rng(scanner.seed)
    if scanner.broken:
        _break(paper, page, scanner, rng)
    if scanner.faint:
        paper = (255 - (255 - paper.astype(np.float32)) * (1 - scanner.faint)).astype(np.uint8)
    if scanner.seal:
        paper = _sealed(paper, scanner.dpi)
    matrix = np.array([[scale, 0, 0], [0, scale, 0]], np.float64)
    paper, matrix = _skewed(paper, matrix, scanner)
    paper = _lit(paper, scanner, rng)
    for _ in range(scanner.turn // 90):
        matrix = np.array([[0, -1, paper.shape[0]], [1, 0, 0]]) @ np.vstack([matrix, [0, 0, 1]])
        paper = np.rot90(paper, -1)
    pixels = _encoded(np.ascontiguousarray(paper), scanner)
    height, width = pixels.shape[:2]
    back = np.array([[72 / scanner.dpi, 0, 0], [0, 72 / scanner.dpi, 0]], np.float64)
    return Picture(number, pixels, scanner.dpi, back, width / scale, height / scale), page, matrix


def own_chars(page: Page, to_scan: Matrix, straight: Straight) -> Chars:
    """The characters of the page where they stand on its straightened scan, in points of that."""
    away = np.vstack([straight.to_page, [0, 0, 1]])
    points = np.vstack([to_scan, [0, 0, 1]])
    to_displayed = np.vstack([np.array([[72 / straight.dpi, 0, 0], [0, 72 / straight.dpi, 0]]), [0, 0, 1]])
    full = to_displayed @ np.linalg.inv(away) @ to_displayed @ points
    chars = page.chars
    x, y = (chars.boxes[:, 0] + chars.boxes[:, 2]) / 2, (chars.boxes[:, 1] + chars.boxes[:, 3]) / 2
    middles = (full @ np.stack([x, y, np.ones(len(x))]))[:2].T
    half = (chars.boxes[:, 2:] - chars.boxes[:, :2]) / 2
    boxes = np.concatenate([middles - half, middles + half], axis=1)
    return replace(chars, boxes=boxes, baseline=baselines(boxes))


def scanned_page(page: Page, to_scan: Matrix, straight: Straight, rulings: Sequence[Ruling]) -> Page:
    """The page as it is read from its scan, with its own characters in place of recognised ones."""
    scale = 72 / straight.dpi
    height, width = straight.pixels.shape
    chars = own_chars(page, to_scan, straight)
    return Page(
        page.number, width * scale, height * scale, chars,
        strokes([line for line in rulings if line.horizontal], scale),
        strokes([line for line in rulings if not line.horizontal], scale),
    )  # fmt: skip


def strokes(rulings: Sequence[Ruling], scale: float) -> Strokes:
    """Rulings of one direction as strokes, in points."""
    values = np.array([(line.at, line.start, line.end, line.thickness) for line in rulings]).reshape(-1, 4) * scale
    return Strokes(*values.T)


def _break(paper: Pixels, page: Page, scanner: Scanner, rng: np.random.Generator) -> None:
    """Leave out pieces of 1 to 3 points of the rulings."""
    scale = scanner.dpi / 72
    for lines, upright in ((page.horizontal, False), (page.vertical, True)):
        for at, start, end in zip(lines.at.tolist(), lines.start.tolist(), lines.end.tolist(), strict=True):
            for _ in range(int((end - start) * scanner.broken / 2)):
                where, long = rng.uniform(start, end), rng.uniform(1, 3)
                low, high = int((at - 1) * scale), int((at + 1) * scale) + 1
                first, last = int(where * scale), int((where + long) * scale) + 1
                area = (slice(first, last), slice(low, high)) if upright else (slice(low, high), slice(first, last))
                paper[area] = 255


def _sealed(paper: Pixels, dpi: int) -> Pixels:
    """A round red seal with a star over the page's middle."""
    height, width = paper.shape[:2]
    image = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(image)
    radius, x, y = 60 * dpi / 72, 0.6 * width, 0.45 * height
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=255, width=round(3 * dpi / 72))
    angles = [radians(-90 + 144 * point) for point in range(5)]
    draw.polygon([(x + 0.35 * radius * cos(a), y + 0.35 * radius * sin(a)) for a in angles], fill=255)
    for number in range(12):
        angle = radians(150 + 20 * number)
        u, v, part = x + 0.8 * radius * cos(angle), y + 0.8 * radius * sin(angle), 0.1 * radius
        draw.line((u - part, v, u + part, v), fill=255, width=round(dpi / 72))
        draw.line((u, v - part, u, v + part), fill=255, width=round(dpi / 72))
    ink = np.asarray(image, np.float32)[:, :, None] / 255 * 0.9
    sealed: Pixels = (paper * (1 - ink * (1 - np.array([215, 35, 45]) / 255))).astype(np.uint8)
    return sealed


def _skewed(paper: Pixels, matrix: Matrix, scanner: Scanner) -> tuple[Pixels, Matrix]:
    height, width = paper.shape[:2]
    if scanner.bend:
        x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        bent = y + (scanner.bend * scanner.dpi / 72 * np.sin(np.pi * x / width)).astype(np.float32)
        paper = cv2.remap(paper, x, bent, cv2.INTER_CUBIC, borderValue=(255, 255, 255)).astype(np.uint8)
    if not scanner.skew:
        return paper, matrix
    turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), -scanner.skew, 1.0)
    leaning = cv2.warpAffine(paper, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    edges = np.array(turn, np.float64)
    # OpenCV counts from the middle of the first pixel.
    edges[:, 2] += 0.5 - edges[:, :2] @ np.array([0.5, 0.5])
    return leaning.astype(np.uint8), edges @ np.vstack([matrix, [0, 0, 1]])


def _lit(paper: Pixels, scanner: Scanner, rng: np.random.Generator) -> Pixels:
    height, width = paper.shape[:2]
    light = np.ones((height, width), np.float32)
    if scanner.shadow:
        across = np.linspace(0, 1, width, dtype=np.float32)
        light *= (1 - scanner.shadow * np.exp(-across / 0.08) - 0.4 * scanner.shadow * across)[None, :]
    shown = paper * light[:, :, None]
    if scanner.dirty_edges:
        for first in (int(0.012 * width), int(0.975 * width)):
            band = shown[:, first : first + max(3, int(0.012 * width))]
            band[rng.random(band.shape[:2]) < 0.35] = 40
    if scanner.dark_edge:
        shown[:, : int(0.012 * width)] = 30
        shown[: int(0.008 * height)] = 30
    if scanner.noise:
        shown = shown + rng.normal(0, scanner.noise, (height, width, 1)).astype(np.float32)
    dark: Pixels = np.clip(shown, 0, 255).astype(np.uint8)
    return dark


def _encoded(paper: Pixels, scanner: Scanner) -> Pixels:
    if scanner.grey:
        paper = np.repeat(np.asarray(Image.fromarray(paper).convert("L"))[:, :, None], 3, axis=2)
    if scanner.jpeg is None:
        return paper
    stream = io.BytesIO()
    Image.fromarray(paper).save(stream, "JPEG", quality=scanner.jpeg)
    return np.asarray(Image.open(stream).convert("RGB"))
