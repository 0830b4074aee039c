// One map on a page: the plot, what it shows, and what a person does with it.
import { LoadError, bytesAt, drawingOrder, jsonAt, packed } from "./buffers.js";
import { channels, shadePicture } from "./shade.js";
import { Hint } from "./hint.js";
import { PICKED, createPlot } from "./plot.js";
import { Pointer } from "./pointer.js";

const FEW = 50;
// The plot takes no zero.
const LITTLE = 0.01;

export class MapView {
  constructor(parent) {
    this.frame = parent.appendChild(document.createElement("div"));
    this.frame.className = "shopsim-map";
    this.canvas = this.frame.appendChild(document.createElement("canvas"));
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-roledescription", "map of photos");
    this.said = this.frame.appendChild(document.createElement("p"));
    this.said.className = "shopsim-map-said";
    this.said.setAttribute("aria-live", "polite");
    this.hint = new Hint(this.frame);
    this.pointer = new Pointer(this);
    this.pointed = -1;
    this.turn = Promise.resolve();
  }

  // Draws one after the other, and only the newest of those that wait.
  show(data) {
    this.data = data;
    this.turn = this.turn.then(() => this.data === data && this.draw(data)).catch((error) => {
      if (this.data === data) this.fail(error);
    });
  }

  async draw(data) {
    const [points, kinds, rows, shade] = await Promise.all([
      bytesAt(data.points),
      bytesAt(data.kinds),
      data.rows && bytesAt(data.rows),
      data.shade && bytesAt(data.shade),
    ]);
    if (this.destroyed) return;
    if (this.layout && this.layout !== data.layout) this.plot.reset();
    this.layout = data.layout;
    this.said.className = "shopsim-map-said";
    this.frame.style.height = `${data.height}px`;
    this.canvas.setAttribute("aria-label", data.summary);
    this.plot ??= createPlot(this);
    const look = this.look(shade && new Uint8Array(shade));
    this.plot.set({ ...look, pointSize: data.sizes, opacity: data.opacities });
    this.emphasize(this.plot.get("selectedPoints").length);
    await this.drawPoints(new Float32Array(points), new Uint8Array(kinds), rows && new Uint32Array(rows));
    this.canvas.dataset.drawn = this.xs.length;
    [this.photos, this.known] = await Promise.all([jsonAt(data.photos), jsonAt(data.known)]);
    this.canvas.dataset.texts = this.photos.name.length;
  }

  async drawPoints(points, kinds, rows) {
    const same = this.points === points.buffer;
    const picked = same ? this.plot.get("selectedPoints") : this.pointsOf(rows);
    if (!same) {
      this.plot.deselect({ preventEvent: true });
      this.photos = null;
    }
    this.points = points.buffer;
    this.rows = rows;
    [this.xs, this.ys] = [points.subarray(0, kinds.length), points.subarray(kinds.length)];
    const index = same ? { spatialIndex: this.plot.get("spatialIndex") } : {};
    await this.plot.draw({ x: this.xs, y: this.ys, category: kinds }, { zDataType: "categorical", ...index });
    this.plot.set({ pointOrder: drawingOrder(kinds, this.data.layers) });
    this.plot.select(picked, { preventEvent: true });
  }

  // Where the photos that are selected stand among other points.
  pointsOf(rows) {
    const selected = new Set(this.plot.get("selectedPoints").map((point) => this.rowOf(point)));
    if (selected.size === 0) return [];
    if (!rows) return [...selected];
    return [...rows.keys()].filter((point) => selected.has(rows[point]));
  }

  rowOf(point) {
    return this.rows ? this.rows[point] : point;
  }

  look(shade) {
    const [background, text] = ["--st-background-color", "--st-text-color"].map((name) => channels(this.frame, name));
    const { palette } = this.data;
    return {
      backgroundColor: background.map((value) => value / 255),
      backgroundImage: shade ? shadePicture(shade, background, text) : null,
      pointColor: palette,
      // The plot takes a colour for what is selected only beside one for what is hovered.
      pointColorHover: palette,
    };
  }

  // A few selected photos stand out by size and colour; of many, the others fade.
  emphasize(count) {
    const few = count <= FEW;
    this.plot.set({
      pointSizeSelected: few ? 5 : LITTLE,
      pointOutlineWidth: few ? 2 : LITTLE,
      pointColorActive: this.data.palette.map((color) => (few ? PICKED : color)),
    });
  }

  reportSelection(points) {
    this.emphasize(points.length);
    this.report("selection", packed(points.map((at) => this.rowOf(at))));
  }

  // Shows what is known of a point, and says it to a screen reader.
  point(point) {
    this.pointed = point;
    const lines = this.linesOf(point);
    const [x, y] = this.plot.getScreenPosition(point);
    this.pointer.showRing(x, y);
    this.hint.show(lines, this.photos?.image[point], x, y);
    const known = lines.slice(1).map(([title, text]) => `${title} ${text}`);
    this.said.textContent = [lines[0], ...known].join(", ");
  }

  linesOf(point) {
    if (!this.photos) return ["…"];
    return [this.photos.name[point], ...this.known.map(({ title, texts, of }) => [title, texts[of[point]]])];
  }

  // From the keyboard: also moves the map, if the point is out of sight.
  async goTo(point) {
    const [x, y] = this.plot.getScreenPosition(point);
    const seen = x >= 0 && y >= 0 && x <= this.canvas.clientWidth && y <= this.canvas.clientHeight;
    if (!seen) await this.plot.zoomToLocation([this.xs[point], this.ys[point]], this.plot.get("cameraDistance"));
    this.point(point);
  }

  leave() {
    this.pointed = -1;
    this.hide();
  }

  hide() {
    this.hint.hide();
    this.pointer.hideRing();
  }

  select(points, more) {
    if (points.length) this.plot.select(points, { merge: more });
    else if (!more) this.clear();
  }

  pick(point, more) {
    const taken = more && this.plot.get("selectedPoints").includes(point);
    this.plot.select([point], taken ? { remove: true } : { merge: more });
  }

  clear() {
    this.plot.deselect();
  }

  seeAll() {
    this.plot.reset();
    this.hide();
  }

  fail(error) {
    if (this.destroyed) return;
    console.error("shopsim map:", error);
    if (error instanceof LoadError) {
      this.said.textContent = "The photos of the map could not be loaded. Reload the page.";
      this.said.className = "shopsim-map-failed";
      return;
    }
    this.report("failed", String(error.message || error));
  }

  destroy() {
    this.destroyed = true;
    this.pointer.destroy();
    this.plot?.destroy();
    this.frame.remove();
  }
}
