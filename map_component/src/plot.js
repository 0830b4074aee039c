// The plot of regl-scatterplot, and what a mouse and a keyboard do with it.
import createScatterplot from "regl-scatterplot";
import { press } from "./keys.js";

// The colour of what is selected, as on the map that Altair draws.
export const PICKED = "#CC79A7";
const WITH_SHIFT = { mouseMode: "panZoom", actionKeyMap: {} };

export function createPlot(view) {
  const plot = createScatterplot({
    canvas: view.canvas,
    width: "auto",
    height: "auto",
    mouseMode: "lasso",
    actionKeyMap: { merge: "ctrl" },
    colorBy: "category",
    sizeBy: "category",
    opacityBy: "category",
    opacityInactiveScale: 0.4,
    lassoColor: PICKED,
    lassoClearEvent: "deselect",
    deselectOnDblClick: false,
    deselectOnEscape: false,
  });
  if (!plot.isSupported) throw new Error("WebGL lacks what the map needs.");
  plot.subscribe("select", ({ points }) => view.reportSelection(points));
  plot.subscribe("deselect", () => view.report("selection", null));
  plot.subscribe("lassoEnd", () => plot.get("selectedPoints").length || plot.deselect());
  plot.subscribe("pointover", (point) => view.point(point));
  plot.subscribe("pointout", () => view.leave());
  plot.subscribe("view", () => view.hint.hide());
  plot.get("renderer").canvas.addEventListener("webglcontextlost", () => {
    view.fail(new Error("The browser took WebGL away."));
  });
  listen(view, plot);
  return plot;
}

function listen(view, plot) {
  const { canvas } = view;
  canvas.addEventListener("mousedown", (event) => setMouse(view, plot, event), { capture: true });
  canvas.addEventListener("mouseleave", () => view.leave());
  canvas.addEventListener("blur", () => view.leave());
  canvas.addEventListener("dblclick", (event) => (event.shiftKey ? view.seeAll() : view.clear()));
  canvas.addEventListener("keydown", (event) => {
    if (view.xs?.length && press(view, event)) event.preventDefault();
  });
}

// As on the map that Altair draws: a drag selects, with Shift it moves; Ctrl or Cmd adds a photo or takes it away.
function setMouse(view, plot, event) {
  const taken = plot.get("selectedPoints").includes(view.pointed);
  const key = event.metaKey ? "cmd" : "ctrl";
  const actionKeyMap = taken ? { remove: key } : { merge: key };
  plot.set(event.shiftKey ? WITH_SHIFT : { mouseMode: "lasso", actionKeyMap });
}
