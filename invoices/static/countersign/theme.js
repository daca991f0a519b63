// Runs before the first paint. The server writes the theme of a signed-in person; a page without one
// (sign-in, errors) takes the theme that was last used in this browser.
(() => {
  const root = document.documentElement;
  try {
    if (root.dataset.theme) localStorage.setItem("countersign.theme", root.dataset.theme);
    else root.dataset.theme = localStorage.getItem("countersign.theme") || "auto";
  } catch {
    root.dataset.theme ||= "auto";
  }
})();
