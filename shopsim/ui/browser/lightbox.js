// A photo large, with its path, its product, and its neighbours in the same list.
(function () {
  const box = document.createElement("dialog");
  box.className = "lightbox";
  box.setAttribute("aria-label", "Photo");
  // Inside the app, whose theme it takes.
  document.querySelector(".stApp").append(box);
  let photos = [];
  let place = 0;

  const make = (name, set = {}, ...children) => {
    const element = Object.assign(document.createElement(name), set);
    element.append(...children);
    return element;
  };
  const button = (text, label, act) => {
    const made = make("button", { type: "button", textContent: text, onclick: act });
    made.setAttribute("aria-label", label);
    return made;
  };
  const similar = (photo) => {
    const url = new URL("Map", document.querySelector('[data-testid="stPageLink-NavLink"]')?.href ?? location.href);
    url.search = location.search;
    for (const name of ["group", "model", "page", "sort", "find"]) url.searchParams.delete(name);
    url.searchParams.set("find", photo.alt);
    return url.href;
  };
  const go = (to) => {
    place = (to + photos.length) % photos.length;
    draw();
  };
  const draw = () => {
    const photo = photos[place];
    const large = make("img", { src: photo.dataset.large, alt: photo.alt });
    large.onerror = () => { large.onerror = null; large.src = photo.src; };
    const caption = photo.closest("figure").querySelector("figcaption")?.innerText ?? "";
    const lines = [photo.alt, photo.dataset.product && `product ${photo.dataset.product}`, caption];
    const near = photos.map((one, at) => [one, at]).filter(([, at]) => at !== place && Math.abs(at - place) <= 4);
    const strip = near.map(([one, at]) => {
      const small = button("", `Photo ${one.alt}`, () => go(at));
      small.append(make("img", { src: one.src, alt: "" }));
      return small;
    });
    const link = make("a", { href: similar(photo), textContent: "Photos most like it, on the map" });
    box.replaceChildren(
      make("div", { className: "bar" },
        make("span", { textContent: `${place + 1} of ${photos.length}` }),
        button("‹", "Previous photo", () => go(place - 1)), button("›", "Next photo", () => go(place + 1)),
        button("✕", "Close", () => box.close())),
      large,
      ...lines.filter(Boolean).map((text) => make("p", { textContent: text })),
      make("p", {}, link),
      make("div", { className: "strip" }, ...strip));
  };
  const open = (photo) => {
    photos = [...photo.closest(".photos").querySelectorAll("img[data-large]")];
    place = photos.indexOf(photo);
    draw();
    box.showModal();
  };

  document.addEventListener("click", (event) => {
    if (event.target === box) box.close();
    else if (event.target.matches?.(".photos img[data-large]")) open(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (box.open && event.key === "ArrowLeft") go(place - 1);
    else if (box.open && event.key === "ArrowRight") go(place + 1);
    else if ((event.key === "Enter" || event.key === " ") && event.target.matches?.(".photos img[data-large]")) {
      event.preventDefault();
      open(event.target);
    }
  });
  // A photo that has changed since it was read has no picture.
  document.addEventListener("error", (event) => {
    if (event.target.matches?.(".photos img")) event.target.closest("figure").classList.add("gone");
  }, true);
})();
