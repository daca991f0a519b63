// What every screen does: menus, the theme switch, closing of messages.

import { callApi } from "./http.js";
import { watchIdle } from "./idle.js";
import { localiseTimes } from "./times.js";
import { toast } from "./toast.js";

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (menu !== except) menu.open = false;
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

async function chooseTheme(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("countersign.theme", theme);
  } catch {
    // A browser without storage keeps the theme of the server.
  }
  try {
    await callApi("PATCH", document.body.dataset.me, { preferences: { theme } });
  } catch (error) {
    toast(`The theme is changed on this page only. ${error.message}`, "confirm");
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-theme-choice] input")) chooseTheme(event.target.value);
});

for (const dialogOpener of document.querySelectorAll("[data-opens-dialog]")) {
  dialogOpener.addEventListener("click", () => document.getElementById(dialogOpener.dataset.opensDialog).showModal());
}

for (const closer of document.querySelectorAll("[data-closes-dialog]")) {
  closer.addEventListener("click", () => closer.closest("dialog").close());
}

localiseTimes(document);

const { idleSeconds, me, signIn, signOut } = document.body.dataset;
if (idleSeconds) watchIdle(Number(idleSeconds), { me, signIn, signOut });
