// The theme puts each copy button into a <nav> without a name. A screen reader would list them all as places to go to.
(() => {
  const rename = () => document.querySelectorAll("nav.md-code__nav:not([role])").forEach((nav) => nav.setAttribute("role", "none"));
  new MutationObserver(rename).observe(document.body, { childList: true, subtree: true });
  rename();
})();
