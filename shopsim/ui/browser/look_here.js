// What a click has opened below the fold comes into sight. Its container has a key that begins with "look-".
(function () {
  const PATIENCE_MS = 5000;
  let acted = -PATIENCE_MS;
  let seen = null;
  const keyOf = (element) => [...element.classList].find((name) => name.startsWith("st-key-look-"));
  for (const kind of ["pointerup", "keydown"]) {
    document.addEventListener(kind, () => { acted = performance.now(); }, true);
  }
  const look = () => {
    const opened = document.querySelector('[class*="st-key-look-"]');
    const key = opened && keyOf(opened);
    if (key === seen) return;
    seen = key;
    const isAsked = performance.now() - acted < PATIENCE_MS;
    if (key && isAsked && opened.getBoundingClientRect().top > innerHeight * 0.6) {
      const smooth = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
      opened.scrollIntoView({ block: "start", behavior: smooth });
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
})();
