// Long lists: what is far from being seen is not made yet.

/**
 * Shows `count` items in a scrolling pane, in chunks that are made when they come near. `make(index)` gives the element
 * of an item; `height` is how high one is about, in pixels.
 */
function lazyList(pane, count, make, height, size = 25) {
  const items = new Map();
  const chunks = [];
  for (let first = 0; first < count; first += size) {
    const chunk = el("div", { className: "chunk" });
    chunk.style.minHeight = `${Math.min(size, count - first) * height}px`;
    chunks.push({ element: chunk, first, last: Math.min(first + size, count), isMade: false });
  }
  const byElement = new Map(chunks.map((chunk) => [chunk.element, chunk]));
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) build(byElement.get(entry.target));
  }, { root: pane, rootMargin: "600px" });

  function build(chunk) {
    if (chunk.isMade) return;
    chunk.isMade = true;
    observer.unobserve(chunk.element);
    for (let index = chunk.first; index < chunk.last; index++) {
      items.set(index, make(index));
      chunk.element.append(items.get(index));
    }
    chunk.element.style.minHeight = "";
  }

  fill(pane, chunks.map((chunk) => chunk.element));
  chunks.forEach((chunk) => observer.observe(chunk.element));
  if (chunks.length) build(chunks[0]);
  return {
    /** The element of an item, made if need be. */
    get(index) {
      build(chunks[Math.floor(index / size)]);
      return items.get(index);
    },
    /** Makes an item anew, if it is there. */
    renew(index) {
      if (!items.has(index)) return;
      const element = make(index);
      items.get(index).replaceWith(element);
      items.set(index, element);
    },
    /** Makes all items: for printing. */
    all: () => chunks.forEach(build),
    /** Forgets the list. */
    stop: () => observer.disconnect(),
  };
}
