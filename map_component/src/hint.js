// The box beside the point that the mouse or the keyboard is on: its picture, its name, what is known of it.

// A mouse that crosses the map asks for no pictures: the server makes each one when it is asked for.
const REST_MS = 60;

export class Hint {
  constructor(parent) {
    this.box = parent.appendChild(document.createElement("div"));
    this.box.className = "shopsim-map-hint";
    this.picture = this.box.appendChild(document.createElement("img"));
    this.picture.alt = "";
    this.picture.onerror = () => (this.picture.hidden = true);
    this.text = this.box.appendChild(document.createElement("div"));
    this.hide();
  }

  // lines: the name, then [title, text] of each thing that is known.
  show([name, ...lines], picture, x, y) {
    this.picture.hidden = !picture;
    this.picture.removeAttribute("src");
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => picture && (this.picture.src = new URL(picture, document.baseURI)), REST_MS);
    const heading = document.createElement("strong");
    heading.textContent = name;
    const known = lines.map(([title, text]) => {
      const line = document.createElement("div");
      line.textContent = `${title}: ${text}`;
      return line;
    });
    this.text.replaceChildren(heading, ...known);
    this.box.hidden = false;
    const { clientWidth, clientHeight } = this.box.parentElement;
    const left = x + 14 + this.box.offsetWidth < clientWidth ? x + 14 : Math.max(0, x - 14 - this.box.offsetWidth);
    const top = Math.max(0, Math.min(y - 20, clientHeight - this.box.offsetHeight));
    this.box.style.transform = `translate(${left}px, ${top}px)`;
  }

  hide() {
    clearTimeout(this.waiting);
    this.box.hidden = true;
    this.picture.removeAttribute("src");
  }
}
