// Sets the theme before the first paint: ?theme=light|dark, then what was chosen before, then the system.
(function () {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };
  const set = (theme) => { root.dataset.theme = theme === "light" || theme === "dark" ? theme : system.matches ? "dark" : "light"; };
  set(new URLSearchParams(location.search).get("theme") || kept());
  system.addEventListener("change", () => { if (!kept()) set(null); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", next); } catch { /* private window: not kept */ }
    set(next);
  });
})();
