// The mouse on the map. Nothing here draws points anew, so a drag among 100,000 points is as fast as among ten.

// How near the mouse must be to a point, and how far a drag goes before it is no click; in pixels.
const REACH = 7;
const STEP = 3;
const SVG = "http://www.w3.org/2000/svg";

export class Pointer {
  constructor(view) {
    this.view = view;
    this.path = null;
    this.over = view.frame.insertBefore(document.createElementNS(SVG, "svg"), view.hint.box);
    this.over.classList.add("shopsim-map-over");
    this.line = this.over.appendChild(document.createElementNS(SVG, "polygon"));
    this.ring = this.over.appendChild(document.createElementNS(SVG, "circle"));
    this.ring.setAttribute("r", 6);
    this.hideRing();
    this.ending = new AbortController();
    const { signal } = this.ending;
    view.frame.addEventListener("mousedown", (event) => this.down(event), { capture: true, signal });
    window.addEventListener("mousemove", (event) => this.move(event), { signal });
    window.addEventListener("mouseup", (event) => this.up(event), { signal });
  }

  // With Shift, the plot moves; it never sees another drag.
  down(event) {
    if (event.button !== 0 || event.shiftKey || !this.view.xs?.length) return;
    event.stopPropagation();
    event.preventDefault();
    this.view.canvas.focus();
    this.path = [this.placeOf(event)];
  }

  move(event) {
    if (this.path) {
      const [x, y] = this.placeOf(event);
      const [lastX, lastY] = this.path[this.path.length - 1];
      if (Math.hypot(x - lastX, y - lastY) < STEP) return;
      this.path.push([x, y]);
      this.view.leave();
      this.line.setAttribute("points", this.path.map((place) => place.join()).join(" "));
    } else if (event.target === this.view.canvas && event.buttons === 0 && this.view.xs?.length) {
      const point = this.nearest(this.placeOf(event));
      if (point < 0) this.view.leave();
      else if (point !== this.view.pointed || this.view.hint.box.hidden) this.view.point(point);
    }
  }

  up(event) {
    if (!this.path) return;
    const path = this.path;
    const more = event.ctrlKey || event.metaKey;
    this.path = null;
    this.line.setAttribute("points", "");
    if (path.length > 2) this.view.select(this.inside(path), more);
    else if (path.length === 1) {
      const point = this.nearest(path[0]);
      if (point >= 0) this.view.pick(point, more);
    }
  }

  placeOf(event) {
    const box = this.view.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  // Where points stand on the screen: across x * scale + left, and down top - y * scale.
  scale() {
    const { plot, xs, ys } = this.view;
    let [low, high] = [0, 0];
    for (let point = 0; point < xs.length; point++) {
      if (xs[point] + ys[point] < xs[low] + ys[low]) low = point;
      if (xs[point] + ys[point] > xs[high] + ys[high]) high = point;
    }
    const [start, end] = [plot.getScreenPosition(low), plot.getScreenPosition(high)];
    const extent = xs[high] - xs[low] + ys[high] - ys[low];
    const scale = extent > 0 ? (end[0] - start[0] - end[1] + start[1]) / extent : 1;
    return { scale, left: start[0] - xs[low] * scale, top: start[1] + ys[low] * scale };
  }

  nearest([x, y]) {
    const { xs, ys } = this.view;
    const { scale, left, top } = this.scale();
    let best = -1;
    let least = REACH ** 2;
    for (let point = 0; point < xs.length; point++) {
      const distance = (xs[point] * scale + left - x) ** 2 + (top - ys[point] * scale - y) ** 2;
      if (distance < least) [best, least] = [point, distance];
    }
    return best;
  }

  // The points within a line that was drawn, by the number of times that a ray from them crosses it.
  inside(path) {
    const { xs, ys } = this.view;
    const { scale, left, top } = this.scale();
    const corners = path.map(([x, y]) => [(x - left) / scale, (top - y) / scale]);
    const [across, up] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    const [west, east, south, north] = [Math.min(...across), Math.max(...across), Math.min(...up), Math.max(...up)];
    const found = [];
    for (let point = 0; point < xs.length; point++) {
      const [x, y] = [xs[point], ys[point]];
      if (x < west || x > east || y < south || y > north) continue;
      let isInside = false;
      for (let at = 0, before = corners.length - 1; at < corners.length; before = at++) {
        if (up[at] > y === up[before] > y) continue;
        if (x < ((across[before] - across[at]) * (y - up[at])) / (up[before] - up[at]) + across[at]) isInside = !isInside;
      }
      if (isInside) found.push(point);
    }
    return found;
  }

  showRing(x, y) {
    this.ring.setAttribute("cx", x);
    this.ring.setAttribute("cy", y);
    this.ring.style.display = "";
  }

  hideRing() {
    this.ring.style.display = "none";
  }

  destroy() {
    this.ending.abort();
  }
}
