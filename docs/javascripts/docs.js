// The theme puts each copy button into a <nav> without a name. A screen reader would list them all as places to go to.
// It also wraps wide tables into boxes that scroll, which the keyboard must reach.
(() => {
  const correct = () => {
    document.querySelectorAll("nav.md-code__nav:not([role])").forEach((nav) => nav.setAttribute("role", "none"));
    document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])").forEach((box) => box.setAttribute("tabindex", "0"));
  };
  new MutationObserver(correct).observe(document.body, { childList: true, subtree: true });
  correct();
})();
