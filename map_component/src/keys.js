// The map without a mouse: arrows go from photo to photo, Enter selects, plus and minus zoom.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ZOOMS = { "+": 0.7, "=": 0.7, "-": 1 / 0.7 };
const PAN = 0.25;

// The nearest point in a direction, -1 if there is none; points a little aside count as further away.
export function nearest(xs, ys, from, [right, up]) {
  let best = -1;
  let least = Infinity;
  for (let point = 0; point < xs.length; point++) {
    const x = xs[point] - from[0];
    const y = ys[point] - from[1];
    const ahead = x * right + y * up;
    const aside = Math.abs(x * up - y * right);
    const cost = ahead + 2 * aside;
    if (ahead > 1e-6 && aside <= ahead && cost < least) [best, least] = [point, cost];
  }
  return best;
}

function closest(xs, ys, [x, y]) {
  let best = -1;
  let least = Infinity;
  for (let point = 0; point < xs.length; point++) {
    const distance = (xs[point] - x) ** 2 + (ys[point] - y) ** 2;
    if (distance < least) [best, least] = [point, distance];
  }
  return best;
}

// Acts on one key; whether it was one of the map's own.
export function press(view, event) {
  const { plot, xs, ys } = view;
  const target = [...plot.get("cameraTarget")].slice(0, 2);
  const distance = plot.get("cameraDistance");
  const step = STEPS[event.key];
  if (step && event.shiftKey) {
    plot.zoomToLocation([target[0] + step[0] * PAN * distance, target[1] + step[1] * PAN * distance], distance);
  } else if (step) {
    const at = view.pointed < 0 ? closest(xs, ys, target) : nearest(xs, ys, [xs[view.pointed], ys[view.pointed]], step);
    if (at >= 0) view.goTo(at);
  } else if (event.key in ZOOMS && !event.ctrlKey && !event.metaKey) {
    const center = view.pointed < 0 ? target : [xs[view.pointed], ys[view.pointed]];
    plot.zoomToLocation(center, distance * ZOOMS[event.key]).then(() => view.pointed >= 0 && view.point(view.pointed));
  } else if (event.key === "0" || event.key === "Home") {
    view.seeAll();
  } else if (event.key === "Enter" || event.key === " ") {
    if (view.pointed >= 0) view.pick(view.pointed, event.ctrlKey || event.metaKey);
  } else if (event.key === "Escape") {
    view.clear();
  } else {
    return false;
  }
  return true;
}
