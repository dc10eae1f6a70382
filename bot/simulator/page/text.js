// Rendering of a message's text. Everything that a person or a bot wrote goes in as text nodes; markup is made of the
// entities alone. Offsets count UTF-16 units, which is what JavaScript strings are made of.

// renderText appends the text with its entities to the element.
export function renderText(into, text, entities, onCommand) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  renderSpan(into, text, 0, text.length, sorted, onCommand);
}

// renderSpan writes text[begin, end) and takes the entities that start in it off the list.
function renderSpan(into, text, begin, end, entities, onCommand) {
  while (entities.length > 0 && entities[0].offset < end) {
    const entity = entities.shift();
    into.append(text.slice(begin, entity.offset));
    const stop = Math.min(entity.offset + entity.length, end);
    const element = elementFor(entity, text.slice(entity.offset, stop), onCommand);
    renderSpan(element, text, entity.offset, stop, entities, onCommand);
    into.append(element);
    begin = stop;
    if (entity.type === "date_time") {
      element.dataset.fallback = element.textContent;
      showTime(element, Date.now());
    }
  }
  into.append(text.slice(begin, end));
}

const simpleTags = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", date_time: "time", text_link: "a", url: "a",
};

function elementFor(entity, content, onCommand) {
  if (entity.type === "bot_command") {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "command";
    button.addEventListener("click", () => onCommand(content));
    return button;
  }
  const element = document.createElement(simpleTags[entity.type] ?? "span");
  switch (entity.type) {
    case "text_link":
    case "url":
      link(element, entity.url ?? content);
      break;
    case "spoiler":
      element.className = "spoiler";
      disclose(element);
      break;
    case "expandable_blockquote":
      disclose(element);
      break;
    case "date_time":
      element.dateTime = new Date(entity.unix_time * 1000).toISOString();
      element.dataset.format = entity.date_time_format ?? "";
      break;
  }
  return element;
}

// link sets a target only where a browser may follow it; a script must never get in by an address.
export function link(anchor, address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url && ["http:", "https:", "mailto:", "tel:"].includes(url.protocol)) {
    anchor.href = url.href;
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
  } else {
    anchor.title = address;
  }
}

// disclose hides an element's content until it is pressed.
function disclose(element) {
  element.role = "button";
  element.tabIndex = 0;
  element.ariaExpanded = "false";
  const toggle = () => { element.ariaExpanded = element.ariaExpanded === "true" ? "false" : "true"; };
  element.addEventListener("click", toggle);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      toggle();
    }
  });
}

// showTime writes an instant in the reader's own zone and language, in the format that the entity asks for.
export function showTime(element, now) {
  const instant = new Date(element.dateTime);
  const format = element.dataset.format;
  const full = instant.toLocaleString([], { dateStyle: "full", timeStyle: "short" });
  let shown = element.dataset.fallback;
  if (format === "r") {
    shown = relative(instant - now);
  } else if (format !== "") {
    shown = absolute(instant, format);
  }
  if (element.textContent !== shown) element.textContent = shown;
  element.title = full;
}

function absolute(instant, format) {
  const options = {};
  if (format.includes("w")) options.weekday = "long";
  if (format.includes("d")) Object.assign(options, { day: "numeric", month: "short" });
  if (format.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/t/i.test(format)) Object.assign(options, { hour: "numeric", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  return new Intl.DateTimeFormat([], options).format(instant);
}

// relative says how far away something is, in the largest unit of which it is at least two: "in 100 minutes" tells more
// than "in 1 hour".
export function relative(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  const units = [["day", 86400, 2], ["hour", 3600, 2], ["minute", 60, 1], ["second", 1, 0]];
  const [unit, size] = units.find(([, size, least]) => Math.abs(seconds) >= size * least);
  return new Intl.RelativeTimeFormat([], { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}
