// One step back leads to the last page or detail, not to one of ten positions of the threshold on the way.
(function () {
  const push = history.pushState.bind(history);
  const withoutThreshold = (address) => {
    const url = new URL(address, location.href);
    url.searchParams.delete("at");
    return url.href;
  };
  history.pushState = function (state, title, address) {
    if (address && withoutThreshold(address) === withoutThreshold(location.href)) {
      history.replaceState(state, title, address);
    } else {
      push(state, title, address);
    }
  };
})();
