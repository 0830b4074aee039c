// What Streamlit calls: once when the map appears, again whenever its data or the theme changes.
import { MapView } from "./map_view.js";

const views = new WeakMap();

export default function show({ data, parentElement, setStateValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new MapView(parentElement));
  const view = views.get(parentElement);
  view.report = setStateValue;
  view.show(data);
  return () => {
    views.delete(parentElement);
    view.destroy();
  };
}
