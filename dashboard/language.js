// Another language is another page: all that is on it was written in one. A session that is kept goes on in the other.
(() => {
  const choice = document.getElementById("language");
  choice?.addEventListener("change", () => {
    const address = new URL(location);
    address.searchParams.set("lang", choice.value);
    location.assign(address);
  });
})();
