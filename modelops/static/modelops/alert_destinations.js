// Who is told: a secret that is shown once is not asked for again by reloading the page.

if (document.querySelector("[data-secret]")) history.replaceState(null, "", location.pathname.replace(/\d+\/$/, ""));
