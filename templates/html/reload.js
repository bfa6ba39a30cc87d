
// Loads the page again when a file has changed.
(() => {
  let known = null;
  const ask = async () => {
    try {
      const answer = await fetch("/version", { cache: "no-store" });
      const version = await answer.text();
      if (known !== null && version !== known) return location.reload();
      known = version;
    } catch { /* The server is away; it may come back. */ }
    setTimeout(ask, 700);
  };
  ask();
})();
