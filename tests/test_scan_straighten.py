"""Pages that were scanned crooked, sideways, in bad light or with a seal on them come out upright, level and white."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from pages import Sheet
from scan_pages import Scanner, scan

from extractors.scan.model import Pixels, Straight
from extractors.scan.straighten import straighten

#: A square on the page, in points, that is looked for on the straightened one.
SQUARE = (100.0, 180.0, 130.0, 210.0)


@cache
def paper() -> bytes:
    """A page of lines that begin with dense characters and end with thin ones, and a black square."""
    sheet = Sheet("STSong-Light")
    sheet.fill(*SQUARE, grey=0)
    for number in range(32):
        for x in (60, 200, 340):
            sheet.text(x + 3 * (number % 7), 240 + 15 * number, "疆囊灌警露一丨一丨一")
    for y in (230, 720):
        sheet.line(50, y, 545, y)
    return sheet.pdf()


def begins_dense(lines: Sequence[Pixels]) -> float:
    """How well lines can be read by somebody who knows that they begin with dense characters."""
    shares = [(255.0 - line[:, : line.shape[1] // 2]).sum() / max((255.0 - line).sum(), 1) for line in lines]
    return float(np.mean(shares))


def square(straight: Straight) -> tuple[float, float, float, float]:
    """Where the black square is on the displayed page, in points."""
    page = (straight.pixels < 100).astype(np.uint8)
    side = round(20 * straight.dpi / 72)
    solid = np.lib.stride_tricks.sliding_window_view(page.cumsum(0).cumsum(1, dtype=np.int64), (side + 1, side + 1))
    inked = solid[:, :, -1, -1] - solid[:, :, 0, -1] - solid[:, :, -1, 0] + solid[:, :, 0, 0]
    row, col = divmod(int(inked.argmax()), inked.shape[1])
    ys, xs = np.nonzero(page[max(0, row - side) : row + 2 * side, max(0, col - side) : col + 2 * side])
    y, x = float(np.mean(ys)) + max(0, row - side) + 0.5, float(np.mean(xs)) + max(0, col - side) + 0.5
    middle = straight.to_page @ (x, y, 1)
    return float(middle[0]), float(middle[1]), float(np.ptp(xs) + 1), float(np.ptp(ys) + 1)


@pytest.mark.parametrize(("dpi", "skew"), [(150, -4.0), (150, -0.07), (200, 0.5), (150, 1.5)])
def test_the_angle_is_found(dpi: int, skew: float) -> None:
    picture, _, to_scan = scan(paper(), 1, Scanner(dpi=dpi, skew=skew, noise=5, jpeg=50))
    straight = straighten(picture)
    assert straight.skew == pytest.approx(-skew, abs=0.04)
    x, y, wide, high = square(straight)
    true_x, true_y = to_scan @ (115, 195, 1) * 72 / dpi
    assert (x, y) == pytest.approx((true_x, true_y), abs=0.5)
    assert (wide, high) == pytest.approx((30 * dpi / 72, 30 * dpi / 72), abs=3)


def test_a_level_page_is_left_alone() -> None:
    picture, _, _ = scan(paper(), 1, Scanner(dpi=150))
    straight = straighten(picture)
    assert straight.skew == 0
    assert straight.pixels.shape == picture.pixels.shape[:2]
    assert (straight.to_page == picture.to_page).all()


@pytest.mark.parametrize(("turn", "skew"), [(0, 2.0), (90, 0.0), (180, 0.0), (270, 2.0)])
def test_a_page_is_turned_upright(turn: int, skew: float) -> None:
    picture, _, to_scan = scan(paper(), 1, Scanner(dpi=150, turn=turn, skew=skew, noise=4))
    straight = straighten(picture, begins_dense)
    assert straight.turned == (360 - turn) % 360
    assert straight.skew == pytest.approx(-skew, abs=0.03)
    assert straight.pixels.shape[0] > straight.pixels.shape[1]
    x, y, *_ = square(straight)
    true_x, true_y = to_scan @ (115, 195, 1) * 72 / 150
    assert (x, y) == pytest.approx((true_x, true_y), abs=0.6)
    assert (straight.width, straight.height) == (picture.width, picture.height)


def test_light_becomes_even_and_the_dark_beside_the_page_white() -> None:
    picture, _, _ = scan(paper(), 1, Scanner(dpi=150, shadow=0.4, dark_edge=True, noise=4, skew=1))
    straight = straighten(picture)
    pixels = straight.pixels
    assert np.quantile(picture.pixels[:, :30], 0.5) < 180
    # A tenth of the page at each side is margin.
    margins = np.concatenate([pixels[:, : pixels.shape[1] // 12], pixels[:, -pixels.shape[1] // 12 :]], axis=1)
    assert np.mean(margins < 200) < 0.003
    assert np.quantile(pixels, 0.02) < 140


def test_specks_along_the_edges_go_and_print_stays() -> None:
    clean, _, _ = scan(paper(), 1, Scanner(dpi=150, skew=0.5))
    dirty, _, _ = scan(paper(), 1, Scanner(dpi=150, skew=0.5, dirty_edges=True))
    before, after = straighten(clean).pixels, straighten(dirty).pixels
    assert np.mean(dirty.pixels < 120) > 1.2 * np.mean(clean.pixels < 120)
    assert np.mean(after < 120) == pytest.approx(np.mean(before < 120), rel=0.02)


@pytest.mark.parametrize("jpeg", [None, 40])
def test_a_seal_goes_and_the_print_below_it_stays(jpeg: int | None) -> None:
    clean, _, _ = scan(paper(), 1, Scanner(dpi=150))
    sealed, _, _ = scan(paper(), 1, Scanner(dpi=150, seal=True, jpeg=jpeg))
    before, after = straighten(clean).pixels, straighten(sealed).pixels
    assert np.mean(sealed.pixels[:, :, 1] < 140) > 1.05 * np.mean(before < 140)
    assert np.mean(after < 140) == pytest.approx(np.mean(before < 140), rel=0.03)
    # Where print was it is still darker than paper.
    assert np.mean(after[before < 60] < 160) > 0.97


def test_a_page_without_anything_stays_as_it_is() -> None:
    sheet = Sheet()
    picture, _, _ = scan(sheet.pdf(), 1, Scanner(dpi=150, noise=3))
    straight = straighten(picture, begins_dense)
    assert (straight.turned, straight.skew) == (0, 0)
    assert straight.pixels.min() > 200
