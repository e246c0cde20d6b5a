// Making elements. Whatever a document says goes in as text, never as markup.

/** The element of the page with this identifier. */
function byId(id) {
  return document.getElementById(id);
}

/**
 * A new element. `props` are properties (`className`, `onclick` ...), `data` its data attributes, `aria` its
 * ARIA attributes; children are elements or texts, and what is null or false is left out.
 */
function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  const { data = {}, aria = {}, role, ...rest } = props;
  Object.assign(element, rest);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, value);
  if (role) element.setAttribute("role", role);
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A button that does something; `name` is what it is called where its text does not say it. */
function button(text, action, { className = "", name = "", ...rest } = {}) {
  return el("button", { type: "button", className, onclick: action, aria: name ? { label: name } : {}, ...rest }, text);
}

/** Replaces what is in an element. */
function fill(element, ...children) {
  element.replaceChildren(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
}

/** Scrolls a pane so that an element in it can be seen, as little as possible. */
function reveal(pane, element, place = "center") {
  const box = element.getBoundingClientRect();
  const around = pane.getBoundingClientRect();
  if (box.top >= around.top + 4 && box.bottom <= around.bottom - 4) return;
  const middle = place === "start" || box.height > around.height ? around.top + 8 : around.top + (around.height - box.height) / 2;
  pane.scrollTop += box.top - middle;
  if (box.left < around.left || box.right > around.right) {
    pane.scrollLeft += box.left - around.left - Math.max(0, (around.width - box.width) / 2);
  }
}

/** A text cut to a length, with a mark where it was cut. */
function shortened(text, most) {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** Says something to the reader, politely: what was done, or why not. */
function say(text, isBad = false) {
  const line = byId("message");
  line.textContent = text;
  line.classList.toggle("bad", isBad);
}
