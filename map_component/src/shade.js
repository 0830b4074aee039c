// The picture behind the points: how many photos lie where, as a shade between background and text colour.

const STRONGEST = 0.55;

export function shadePicture(counts, background, text) {
  const side = Math.sqrt(counts.length);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const picture = context.createImageData(side, side);
  counts.forEach((count, pixel) => {
    const share = (STRONGEST * count) / 255;
    for (let channel = 0; channel < 3; channel++) {
      picture.data[4 * pixel + channel] = background[channel] * (1 - share) + text[channel] * share;
    }
    picture.data[4 * pixel + 3] = 255;
  });
  context.putImageData(picture, 0, 0);
  return canvas.toDataURL();
}

// The red, green and blue of a colour that the page's theme has, from 0 to 255.
export function channels(element, property) {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  context.fillStyle = getComputedStyle(element).getPropertyValue(property).trim() || "#888888";
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
}
