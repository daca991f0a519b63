// Short news at the lower edge. Errors stay until they are closed, the rest leaves after eight seconds.

import { icon } from "./icon.js";

const ICONS = { info: "info", confirmed: "confirmed", confirm: "warning", invalid: "invalid" };

/** Shows `message` (plain text). `state`: info | confirmed | confirm | invalid. */
export function toast(message, state = "info") {
  const element = document.createElement("div");
  element.className = `notice notice--${state} toast`;
  const text = document.createElement("p");
  text.className = "notice__body";
  text.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button--quiet button--icon button--small";
  close.setAttribute("aria-label", "Close this message");
  close.append(icon("cross"));
  close.addEventListener("click", () => element.remove());
  element.append(icon(ICONS[state]), text, close);
  document.getElementById("toasts").append(element);
  if (state !== "invalid") setTimeout(() => element.remove(), 8000);
  return element;
}
