// The map's data, fetched from the server as raw bytes or as JSON.

// What lies at an address never changes, so a new threshold fetches only what it changed.
const KEPT = 12;
const TRIES = 3;
const PAUSE_MS = 500;
const kept = new Map();

// The map can be drawn, but what it shows did not come.
export class LoadError extends Error {}

async function ask(address, tries = TRIES) {
  try {
    const answer = await fetch(new URL(address, document.baseURI));
    if (answer.ok) return answer;
    throw new LoadError(`The server answered ${answer.status}.`);
  } catch (error) {
    if (tries <= 1) throw new LoadError(error.message);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return ask(address, tries - 1);
  }
}

function fetched(address, read) {
  if (!kept.has(address)) {
    const found = ask(address).then(read);
    found.catch(() => kept.delete(address));
    kept.set(address, found);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
  }
  return kept.get(address);
}

export const bytesAt = (address) => fetched(address, (answer) => answer.arrayBuffer());
export const jsonAt = (address) => fetched(address, (answer) => answer.json());

// Selected photos as Python reads them: their rows, or one bit for each row where that is shorter.
export function packed(rows) {
  const last = rows.reduce((most, row) => Math.max(most, row), 0);
  if (rows.length * 32 < last) return { rows };
  const bits = new Uint8Array((last >> 3) + 1);
  for (const row of rows) bits[row >> 3] |= 1 << (row & 7);
  let text = "";
  for (const byte of bits) text += String.fromCharCode(byte);
  return { bits: btoa(text) };
}

// The order in which points are drawn: kinds with a high layer last, so that they hide no others.
export function drawingOrder(kinds, layers) {
  const starts = new Uint32Array(layers.length + 1);
  for (const kind of kinds) starts[layers[kind] + 1] += 1;
  for (let layer = 0; layer < layers.length; layer++) starts[layer + 1] += starts[layer];
  const order = new Array(kinds.length);
  kinds.forEach((kind, point) => (order[starts[layers[kind]]++] = point));
  return order;
}
