"""A picture of a page to what stands on it, as any other page: recognised, or found in the cache."""

from __future__ import annotations

from dataclasses import replace

from extractors.pdf.assembly import light
from extractors.pdf.content import Page
from extractors.pdf.noise import without_noise
from extractors.pdf.tables import PageContent, read_page_tables
from extractors.scan.cache import keep, key_of, look_up
from extractors.scan.layer import beside_layer
from extractors.scan.model import Picture, Recognised
from extractors.scan.page import page_of, without_rulings
from extractors.scan.recognise import confidence_of, recognise
from extractors.scan.rulings import find_rulings
from extractors.scan.straighten import straighten
from extractors.scan.unsure import with_doubts


def content_of(picture: Picture, layer: Page | None = None) -> PageContent:
    """The tables of a page and the text around them; characters that the recogniser is unsure of are doubts.

    ``layer`` is the same page as its PDF has it, whose text may confirm what was recognised.
    """
    found = recognised(picture)
    if layer is None:
        return light(with_doubts(read_page_tables(page_of(found)), found))
    found, doubts = beside_layer(found, layer.chars)
    content = with_doubts(read_page_tables(page_of(found)), found)
    hidden = [out for out in without_noise(layer)[1] if out.kind == "hidden"]
    return light(replace(content, left_out=(*content.left_out, *hidden), doubts=(*content.doubts, *doubts)))


def recognised(picture: Picture) -> Recognised:
    """What stands on a picture, from the cache where it was recognised before."""
    key = key_of(picture)
    if (known := look_up(key)) is not None:
        return known
    straight = straighten(picture, confidence_of)
    rulings = find_rulings(straight)
    glyphs = recognise(replace(straight, pixels=without_rulings(straight, rulings)), rulings)
    found = Recognised.of(straight, glyphs, rulings)
    keep(key, found)
    return found
