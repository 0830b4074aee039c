// The plot of regl-scatterplot: it draws, zooms and moves; the pointer finds and selects.
import createScatterplot from "regl-scatterplot";
import { press } from "./keys.js";

// The colour of what is selected, as on the map that Altair draws.
export const PICKED = "#CC79A7";
// The plot draws all points anew for each point that the mouse meets. So it meets none, and the pointer finds them.
const NO_REACH = -1e6;

export function createPlot(view) {
  const plot = createScatterplot({
    canvas: view.canvas,
    width: "auto",
    height: "auto",
    actionKeyMap: {},
    colorBy: "category",
    sizeBy: "category",
    opacityBy: "category",
    opacityInactiveScale: 0.4,
    pointSizeMouseDetection: NO_REACH,
    deselectOnDblClick: false,
    deselectOnEscape: false,
  });
  if (!plot.isSupported) throw new Error("WebGL lacks what the map needs.");
  plot.subscribe("select", ({ points }) => view.reportSelection(points));
  plot.subscribe("deselect", () => view.report("selection", null));
  plot.subscribe("view", () => view.hide());
  plot.get("renderer").canvas.addEventListener("webglcontextlost", () => {
    view.fail(new Error("The browser took WebGL away."));
  });
  listen(view);
  return plot;
}

function listen(view) {
  const { canvas } = view;
  canvas.addEventListener("mouseleave", () => view.leave());
  canvas.addEventListener("blur", () => view.leave());
  canvas.addEventListener("dblclick", (event) => (event.shiftKey ? view.seeAll() : view.clear()));
  canvas.addEventListener("keydown", (event) => {
    if (view.xs?.length && press(view, event)) event.preventDefault();
  });
}
