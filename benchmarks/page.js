// Measures, inside the page, from a DOM event to the frame after everything that it should change has changed.
window.custsegMeasure = (act, changed) => new Promise((resolve, reject) => {
  const texts = (node) => {
    let all = "";
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) all += child.data;
      else if (child.nodeName !== "STYLE" && child.nodeName !== "SCRIPT") {
        if (child.shadowRoot) all += texts(child.shadowRoot);
        all += texts(child);
      }
    }
    return all;
  };
  const regions = changed.map((selector) => document.querySelector(selector));
  const before = regions.map(texts);
  // A plot clears its canvas each time it paints.
  const prototype = CanvasRenderingContext2D.prototype, clear = prototype.clearRect;
  let paints = 0;
  prototype.clearRect = function (...rest) { paints += 1; return clear.apply(this, rest); };
  const start = performance.now();
  const settle = () => {
    const done = paints > 0 && regions.every((region, i) => texts(region) !== before[i]);
    if (done) {
      requestAnimationFrame(() => { prototype.clearRect = clear; resolve(performance.now() - start); });
    } else if (performance.now() - start > 20000) {
      prototype.clearRect = clear;
      reject(new Error("nothing changed within 20 s"));
    } else requestAnimationFrame(settle);
  };
  act();
  requestAnimationFrame(settle);
});
