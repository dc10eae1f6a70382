// One message as an element of the log.
import { link, renderText } from "./text.js";

// renderMessage makes the element. actions: press(button element, message, data), command(text), copy(text), enlarge(picture).
export function renderMessage(message, actions, quoted) {
  const item = document.createElement("li");
  if (message.pins) return renderLine(item, message, quoted);
  item.className = "message";
  item.dataset.id = message.id;
  item.dataset.from = message.from_bot ? "bot" : "me";
  item.tabIndex = -1;

  const bubble = document.createElement("div");
  bubble.className = "bubble";
  const sender = document.createElement("span");
  sender.className = "aside";
  sender.textContent = message.from_bot ? "Bot: " : "You: ";
  bubble.append(sender);
  if (quoted) {
    const quote = document.createElement("div");
    quote.className = "quote-of";
    quote.textContent = quoted.text || quoted.media?.kind || "";
    bubble.append(quote);
  }
  if (message.media) bubble.append(renderMedia(message, actions));
  if (message.text) {
    const text = document.createElement("div");
    text.className = "text";
    text.dir = "auto";
    renderText(text, message.text, message.entities, actions.command);
    bubble.append(text);
  }
  bubble.append(stamp(message));
  item.append(bubble);
  if (message.keyboard) item.append(renderKeyboard(message, actions));
  return item;
}

// renderLine makes the line in which the server says by itself that a message was pinned.
function renderLine(item, message, pinned) {
  item.className = "message service";
  item.dataset.id = message.id;
  item.tabIndex = -1;
  item.textContent = `Bot pinned “${firstLine(pinned)}”`;
  return item;
}

// firstLine is how a message reads where there is room for one line.
export const firstLine = (message) => (message?.text || message?.media?.kind || "").split("\n")[0];

function stamp(message) {
  const stamp = document.createElement("span");
  stamp.className = "stamp";
  const time = document.createElement("time");
  time.dateTime = message.date;
  time.textContent = new Date(message.date).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  time.title = new Date(message.date).toLocaleString();
  if (message.silent) stamp.append(silentMark());
  stamp.append(message.edited ? "edited " : "", time);
  return stamp;
}

// silentMark is drawn by the style: not every machine has a letter for it.
function silentMark() {
  const mark = document.createElement("span");
  mark.className = "silent";
  mark.role = "img";
  mark.ariaLabel = mark.title = "came without a sound";
  return mark;
}

function renderMedia(message, actions) {
  const { kind, file_id, mime = "", width, height, name, size, emoji } = message.media;
  const address = "/sim/files/" + encodeURIComponent(file_id);
  if (kind === "sticker") {
    const sticker = document.createElement("div");
    sticker.className = "sticker";
    sticker.textContent = emoji || "🏷";
    return sticker;
  }
  if (kind === "document") {
    const file = document.createElement("a");
    file.className = "file";
    file.href = address;
    file.download = name || "file";
    const label = document.createElement("span");
    const bytes = document.createElement("small");
    bytes.textContent = size < 1024 ? `${size} bytes` : size < 1 << 20 ? `${Math.round(size / 1024)} kB` : `${(size / 1048576).toFixed(1)} MB`;
    label.append(name || "File", bytes);
    file.append(label);
    return file;
  }
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const video = mime.startsWith("video/");
  const picture = document.createElement(video ? "video" : "img");
  picture.className = "picture";
  if (width && height) [picture.width, picture.height] = [width, height];
  if (video) {
    Object.assign(picture, { autoplay: !still, controls: still, loop: true, muted: true, playsInline: true });
    picture.ariaLabel = "Animation";
  } else {
    picture.alt = message.text ? "" : kind === "animation" ? "Animation" : "Picture";
  }
  picture.src = address;
  return video ? picture : enlarging(picture, actions);
}

// enlarging makes a picture one that is pressed to be seen larger.
function enlarging(picture, actions) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "enlarge";
  button.ariaLabel = `${picture.alt || "Picture"}, press to enlarge`;
  button.addEventListener("click", () => actions.enlarge(picture));
  button.append(picture);
  return button;
}

function renderKeyboard(message, actions) {
  const keyboard = document.createElement("div");
  keyboard.className = "keyboard";
  keyboard.role = "group";
  keyboard.ariaLabel = "Answers";
  for (const row of message.keyboard) {
    const line = document.createElement("div");
    for (const button of row) line.append(renderButton(button, message, actions));
    keyboard.append(line);
  }
  return keyboard;
}

function renderButton(button, message, actions) {
  const element = document.createElement(button.url ? "a" : "button");
  element.textContent = button.text;
  element.dir = "auto";
  if (button.style) element.dataset.style = button.style;
  if (button.url) {
    link(element, button.url);
    return element;
  }
  element.type = "button";
  if (button.callback_data) {
    element.dataset.data = button.callback_data;
    element.addEventListener("click", () => actions.press(element, message, button.callback_data));
  } else if (button.copy_text) {
    element.dataset.copies = element.title = button.copy_text.text;
    element.addEventListener("click", () => actions.copy(button.copy_text.text));
  }
  element.disabled = Boolean(button.disabled) || !(button.callback_data || button.copy_text);
  return element;
}
