"""What the objects of OFD pages refer to: drawing parameters, colour spaces, composite units (GB/T 33190-2016, 7.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from extractors.ofd.values import child, children, number, numbers
from extractors.pdf.content import Colour

BLACK: Colour = (0, 0, 0, 255)
#: What a pattern or a gradient without colours of its own is taken for.
_GREY: Colour = (128, 128, 128, 255)
#: A chain of drawing parameters that is longer than this goes around in a circle.
_MAX_RELATIVES = 16


@dataclass(slots=True)
class Resources:
    """Elements by their ID; ``palettes`` are the colours of colour spaces that have a list of them."""

    params: dict[str, etree._Element] = field(default_factory=dict)
    units: dict[str, etree._Element] = field(default_factory=dict)
    palettes: dict[str, list[str]] = field(default_factory=dict)
    _chains: dict[str, dict[str, etree._Element | str]] = field(default_factory=dict)

    def add(self, root: etree._Element) -> None:
        """Add what a part of resources holds."""
        for _, group in children(root):
            for name, item in children(group):
                key = (item.get("ID") or "").strip()
                if name == "DrawParam":
                    self.params[key] = item
                elif name == "CompositeGraphicUnit":
                    self.units[key] = item
                elif name == "ColorSpace" and (palette := child(item, "Palette")) is not None:
                    self.palettes[key] = [(entry.text or "") for _, entry in children(palette)]
        self._chains.clear()

    def over(self, other: Resources) -> Resources:
        """These resources, and those of another one for what is not in these."""
        return Resources(
            {**other.params, **self.params}, {**other.units, **self.units}, {**other.palettes, **self.palettes}
        )

    def param(self, key: str | None) -> Mapping[str, etree._Element | str]:
        """``LineWidth``, ``FillColor`` and ``StrokeColor`` of a drawing parameter and of those behind it (8.2)."""
        if not key:
            return {}
        key = key.strip()
        if key not in self._chains:
            found: dict[str, etree._Element | str] = {}
            at: str | None = key
            for _ in range(_MAX_RELATIVES):
                param = self.params.get(at or "")
                if param is None:
                    break
                if (width := param.get("LineWidth")) is not None:
                    found.setdefault("LineWidth", width)
                for name, colour in children(param):
                    found.setdefault(name, colour)
                at = (param.get("Relative") or "").strip()
            self._chains[key] = found
        return self._chains[key]

    def colour(self, element: etree._Element, alpha: float) -> Colour:
        """The colour that an element gives (8.3.2), with its opacity times ``alpha`` (0 to 1).

        One value is grey, three are red, green and blue, four are cyan, magenta, yellow and black.
        """
        opacity = round(max(0.0, min(255.0, number(element.get("Alpha"), 255.0))) * alpha)
        value = element.get("Value")
        if value is None:
            value = self._indexed(element)
        if value is None:
            inner = _shaded(element)
            return (*(self.colour(inner, 1.0)[:3] if inner is not None else _plain(element)), opacity)
        parts = _components(value)
        if len(parts) == 1:
            return (parts[0], parts[0], parts[0], opacity)
        if len(parts) == 4:
            red, green, blue = (round((255 - part) * (255 - parts[3]) / 255) for part in parts[:3])
            return (red, green, blue, opacity)
        return (parts[0], parts[1], parts[2], opacity) if len(parts) == 3 else (*BLACK[:3], opacity)

    def _indexed(self, element: etree._Element) -> str | None:
        palette = self.palettes.get((element.get("ColorSpace") or "").strip(), [])
        index = int(number(element.get("Index"), -1.0))
        return palette[index] if 0 <= index < len(palette) else None


def _components(value: str) -> list[int]:
    """The components of a colour, 0 to 255, decimal or (with #) hexadecimal."""
    if "#" in value:
        try:
            return [min(255, int(part.lstrip("#"), 16)) for part in value.split()]
        except ValueError:
            return []
    return [round(max(0.0, min(255.0, part))) for part in numbers(value)]


def _shaded(element: etree._Element) -> etree._Element | None:
    """The first colour of a gradient."""
    for name, shade in children(element):
        if name.endswith("Shd"):
            return child(child(shade, "Segment"), "Color")
    return None


def _plain(element: etree._Element) -> tuple[int, int, int]:
    """The colour of an element without values: black, or grey for what is no plain colour."""
    return _GREY[:3] if len(element) else BLACK[:3]
