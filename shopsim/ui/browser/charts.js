// Points of a map and cells of a matrix on the keyboard; no tooltip over a frame that is being drawn.
(function () {
  const MARKS = '.mark-symbol > [aria-label], .mark-rect > [aria-label]';
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const ring = document.createElement("div");
  ring.className = "chart-ring";
  const said = document.createElement("div");
  said.className = "only-heard";
  said.setAttribute("aria-live", "polite");
  document.body.append(ring, said);
  let current = null;

  const hideTooltip = () => document.getElementById("vg-tooltip-element")?.classList.remove("visible");
  const marksOf = (chart) => [...chart.querySelectorAll(MARKS)].filter((mark) => mark.__data__);
  const centre = (mark) => {
    const box = mark.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const send = (mark, type) => {
    const [clientX, clientY] = centre(mark);
    const Kind = type.startsWith("pointer") ? PointerEvent : MouseEvent;
    mark.dispatchEvent(new Kind(type, { bubbles: true, clientX, clientY, pointerType: "mouse" }));
  };
  const show = (mark) => {
    current = mark;
    const box = mark.getBoundingClientRect();
    Object.assign(ring.style, {
      display: "block", left: `${box.left - 4 + scrollX}px`, top: `${box.top - 4 + scrollY}px`,
      width: `${box.width + 8}px`, height: `${box.height + 8}px`,
    });
    said.textContent = mark.getAttribute("aria-label").replace(/(^|; )(x|y|x2|y2|image|kind|row)[^;]*/g, "");
    send(mark, "pointermove");
    send(mark, "mousemove");
  };
  const leave = () => {
    current = null;
    ring.style.display = "none";
    hideTooltip();
  };
  // The nearest mark in that direction; what lies aside counts twice.
  const next = (marks, [right, down]) => {
    const [x, y] = centre(current);
    let best = null;
    let least = Infinity;
    for (const mark of marks) {
      const [there, below] = centre(mark);
      const ahead = (there - x) * right + (below - y) * down;
      const aside = Math.abs((there - x) * down) + Math.abs((below - y) * right);
      if (ahead > 1 && ahead + 2 * aside < least) [best, least] = [mark, ahead + 2 * aside];
    }
    return best;
  };

  document.addEventListener("keydown", (event) => {
    const chart = event.target.closest?.(".vega-embed");
    if (!chart || event.target !== chart) return;
    const marks = marksOf(chart);
    if (!marks.length) return;
    if (event.key in ARROWS) {
      event.preventDefault();
      const inside = current && chart.contains(current);
      const found = inside ? next(marks, ARROWS[event.key]) : marks[0];
      if (found) show(found);
    } else if ((event.key === "Enter" || event.key === " ") && current && chart.contains(current)) {
      event.preventDefault();
      send(current, "click");
    } else if (event.key === "Escape") {
      leave();
    }
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.closest?.(".vega-embed")) leave();
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest?.(".vega-embed")) {
      document.body.classList.add("drawing-frame");
      hideTooltip();
    }
  }, true);
  document.addEventListener("pointerup", () => {
    document.body.classList.remove("drawing-frame");
    hideTooltip();
  }, true);
  const reach = () => {
    // Frames and rules are drawn as marks without a name; nobody needs to hear of them.
    for (const mark of document.querySelectorAll('.vega-embed [role="graphics-symbol"]:not([aria-label])')) {
      mark.removeAttribute("role");
      mark.setAttribute("aria-hidden", "true");
    }
    for (const chart of document.querySelectorAll(".vega-embed:not([tabindex])")) {
      if (marksOf(chart).length) chart.setAttribute("tabindex", "0");
    }
  };
  new MutationObserver(reach).observe(document.body, { childList: true, subtree: true });
})();
