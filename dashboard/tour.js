// A tour of four steps, for who asks to be shown around. That it was taken, or skipped, is kept in this browser alone.
(() => {
  const KEPT = "custseg-tour";
  const STEPS = [
    [say("Choose customers"), say("Take the table that is here, or drop a file of your own: one row for each customer or each purchase."),
      () => document.querySelector(".intake")],
    [say("Choose how many segments"), say("Set the number, then press Run clustering. It takes a moment, and can be done again and again."),
      () => document.querySelector(".controls")],
    [say("See who buys alike"), say("Each segment gets a colour, a name and a card. Press a card to select its customers everywhere."),
      () => document.querySelector("section.view:not([hidden])")],
    [say("Look closer"), say("The other views tell what to do with each segment, how sure it is, and what is in the table."),
      () => document.querySelector("header nav")],
  ];
  const root = document.documentElement;
  const remember = () => {
    // Panes read variables through their shadow roots; the offer to newcomers stands in one of them.
    root.style.setProperty("--custseg-tour-offer", "none");
    try { localStorage.setItem(KEPT, "taken"); } catch (_) { /* storage may be forbidden */ }
  };
  try { if (localStorage.getItem(KEPT)) remember(); } catch (_) { /* storage may be forbidden */ }

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const show = () => {
    let at = 0;
    const spot = make("div", { className: "tour-spot" });
    const title = make("h2", { id: "tour-title" }), text = make("p", { id: "tour-text" });
    const back = make("button", { type: "button", textContent: say("Back") });
    const next = make("button", { type: "button", className: "next" });
    const skip = make("button", { type: "button", textContent: say("Skip the tour") });
    const dialog = make("dialog", { className: "tour" }, title, text, make("div", {}, skip, back, next));
    dialog.setAttribute("aria-labelledby", "tour-title");
    dialog.setAttribute("aria-describedby", "tour-text");

    const place = () => {
      const box = STEPS[at][2]()?.getBoundingClientRect();
      // What is folded away, as on a phone, has no place to point at.
      spot.hidden = !box?.width;
      if (spot.hidden) {
        dialog.style.left = `${(innerWidth - dialog.offsetWidth) / 2}px`;
        dialog.style.top = `${(innerHeight - dialog.offsetHeight) / 2}px`;
        return;
      }
      const top = Math.max(4, box.top), bottom = Math.min(innerHeight - 4, box.bottom);
      Object.assign(spot.style, {
        left: `${box.left - 4}px`, top: `${top - 4}px`, width: `${box.width + 8}px`, height: `${Math.max(0, bottom - top) + 8}px`,
      });
      // Beside it where there is room, else below, else over its end.
      const { offsetWidth: width, offsetHeight: height } = dialog;
      const beside = box.right + 16 + width < innerWidth;
      const left = beside ? box.right + 16 : Math.min(Math.max(8, box.left), innerWidth - width - 8);
      const under = beside ? top : bottom + 16;
      Object.assign(dialog.style, {
        left: `${Math.max(8, left)}px`, top: `${Math.max(8, Math.min(under, innerHeight - height - 8))}px`,
      });
    };

    const turn = (to) => {
      at = to;
      title.textContent = say("{step} of {all}: {title}")
        .replace("{step}", at + 1).replace("{all}", STEPS.length).replace("{title}", STEPS[at][0]);
      text.textContent = STEPS[at][1];
      next.textContent = at + 1 < STEPS.length ? say("Next") : say("Done");
      back.hidden = at === 0;
      skip.hidden = at + 1 === STEPS.length;
      STEPS[at][2]()?.scrollIntoView({ block: "nearest" });
      place();
      next.focus();
    };

    const opener = document.activeElement;
    back.addEventListener("click", () => turn(at - 1));
    next.addEventListener("click", () => (at + 1 < STEPS.length ? turn(at + 1) : dialog.close()));
    skip.addEventListener("click", () => dialog.close());
    // Escape closes a dialog too.
    dialog.addEventListener("close", () => {
      removeEventListener("resize", place);
      removeEventListener("scroll", place);
      dialog.remove();
      spot.remove();
      remember();
      (opener?.shadowRoot?.activeElement ?? opener)?.focus?.();
    });
    addEventListener("resize", place);
    addEventListener("scroll", place, { passive: true });
    document.body.append(spot, dialog);
    dialog.showModal();
    turn(0);
  };

  document.addEventListener("click", (event) => {
    if (event.composedPath().some((element) => element.classList?.contains("show-around"))) show();
  });
  // A link to it, such as one that is sent to a newcomer, opens the first view with it.
  const follow = () => {
    if (location.hash !== "#tour") return;
    history.replaceState(history.state, "", "#overview");
    dispatchEvent(new HashChangeEvent("hashchange"));
    show();
  };
  addEventListener("hashchange", follow);
  follow();
})();
