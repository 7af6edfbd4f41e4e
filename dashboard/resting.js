// FilePond, which takes files, looks 60 times a second whether it has anything to draw, for as long as a page is open: a
// twentieth of a processor for nothing. It uses the painter of the window where there is one, so here is one that rests,
// but for a while after somebody has done something or a file is taken.
(() => {
  const AWAKE = 3000, BETWEEN_LOOKS = 250, FRAME = 1000 / 60;
  const WAKE = ["pointerdown", "keydown", "dragenter", "dragover", "drop", "input", "hashchange", "FilePond:init",
    "FilePond:initfile", "FilePond:addfilestart", "FilePond:addfile", "FilePond:processfilestart", "FilePond:processfileprogress",
    "FilePond:processfile", "FilePond:removefile", "FilePond:error"];
  const painter = (window.__framePainter = { readers: [], writers: [] });
  let awakeUntil = performance.now() + AWAKE, drawn = 0, resting = null;

  const look = () => {
    const now = performance.now();
    // First, since FilePond may fail.
    if (now < awakeUntil && !document.hidden) requestAnimationFrame(look);
    else resting = setTimeout(lookAgain, BETWEEN_LOOKS);
    // On a screen that is faster than FilePond takes for granted, its movements would be, too.
    if (now - drawn < FRAME - 1) return;
    drawn = now;
    for (const read of painter.readers) read();
    for (const write of painter.writers) write(now);
  };
  const lookAgain = () => {
    clearTimeout(resting);
    resting = null;
    look();
  };
  const wake = () => {
    awakeUntil = performance.now() + AWAKE;
    if (resting !== null && !document.hidden) lookAgain();
  };

  for (const event of WAKE) addEventListener(event, wake);
  look();
})();
