// The link to the first page has an address of its own, so that it can be opened in another tab.
(function () {
  const mend = () => {
    for (const link of document.querySelectorAll('[data-testid="stPageLink-NavLink"]')) {
      const address = link.getAttribute("href");
      if (address === "" || address?.startsWith("?")) link.setAttribute("href", `./${address}`);
    }
  };
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true, attributeFilter: ["href"] });
  mend();
})();
