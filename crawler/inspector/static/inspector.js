// Keys for the inspector. Everything works without this file; it only adds shortcuts.
"use strict";

const PLACES = { o: "/", s: "/search", f: "/failures", r: "/rules", t: "/store" };
const dialog = document.getElementById("keys");
const opener = document.getElementById("keys-open");
const items = [...document.querySelectorAll("[data-item]")];
let current = -1;
let going = false; // "g" was pressed: the next key names a place

opener.hidden = false;
opener.addEventListener("click", () => dialog.showModal());

function step(by) {
  if (!items.length) return;
  current = current < 0 && by < 0 ? items.length - 1 : Math.min(items.length - 1, Math.max(0, current + by));
  const item = items[current];
  const target = item.matches("[tabindex]") ? item : item.querySelector("a") || item;
  target.focus({ preventScroll: true });
  item.scrollIntoView({ block: "center" });
}

function typing(target) {
  return target.closest("input, select, textarea, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (dialog.open) return;
  const key = event.key;
  if (going) {
    going = false;
    if (key in PLACES) location.assign(PLACES[key]);
    return;
  }
  if (key === "g") {
    going = true;
  } else if (key === "/") {
    event.preventDefault();
    const field = document.querySelector(".filters input[type=search]") || document.getElementById("find");
    field.focus();
    field.select();
  } else if (key === "?") {
    dialog.showModal();
  } else if (key === "j") {
    step(1);
  } else if (key === "k") {
    step(-1);
  } else if (key === "Enter" && event.target.matches("[data-item][tabindex]")) {
    const inside = event.target.querySelector("summary, a");
    if (inside) inside.click();
  } else {
    const tab = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (tab) tab.click();
  }
});
