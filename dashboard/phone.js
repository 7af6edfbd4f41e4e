// On a narrow screen: a bar with the number of segments and Run, and a drawer that holds all settings.
(() => {
  const settings = document.getElementById("settings");
  if (!settings) return;
  const narrow = matchMedia("(max-width: 899px)");
  const opener = document.getElementById("open-settings");
  const behind = [document.querySelector("header"), document.querySelector("main")];

  const show = (open) => {
    document.documentElement.classList.toggle("settings-open", open);
    opener.setAttribute("aria-expanded", String(open));
    settings.inert = narrow.matches && !open;
    for (const part of behind) part.inert = open;
  };
  const close = () => {
    if (opener.getAttribute("aria-expanded") === "false") return;
    show(false);
    opener.focus();
  };

  opener.addEventListener("click", () => {
    if (opener.getAttribute("aria-expanded") === "true") return close();
    show(true);
    document.getElementById("close-settings").focus();
  });
  document.getElementById("close-settings").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.addEventListener("pointerdown", (event) => { if (event.target === document.documentElement) close(); });
  document.addEventListener("custseg-question", close);
  narrow.addEventListener("change", () => show(false));
  show(false);

  const hostOf = (name, within = settings) => {
    for (const element of within.querySelectorAll("*")) {
      if (element.classList.contains(name)) return element;
      const found = element.shadowRoot && hostOf(name, element.shadowRoot);
      if (found) return found;
    }
    return null;
  };

  document.addEventListener("custseg-ready", ({ detail: page }) => {
    const slider = modelWithClass(page, "segment-number"), run = modelWithClass(page, "run-clustering");
    const [fewer, number, more, button] = ["fewer", "number", "more", "run"].map((id) => document.getElementById(id));

    const follow = () => {
      number.textContent = slider.value;
      fewer.disabled = slider.value <= slider.start;
      more.disabled = slider.value >= slider.end;
      button.disabled = run.disabled;
      button.classList.toggle("due", run.tags.includes("due"));
    };
    for (const property of [slider.properties.value, run.properties.disabled, run.properties.tags]) {
      property.change.connect(follow);
    }
    follow();
    fewer.addEventListener("click", () => { slider.value -= 1; });
    more.addEventListener("click", () => { slider.value += 1; });
    button.addEventListener("click", () => {
      close();
      hostOf("run-clustering")?.shadowRoot.querySelector("button").click();
    });
  });
})();
