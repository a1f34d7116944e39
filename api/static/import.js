// Follows a file on its way into the catalogue: the bar moves, the sentence is heard when it changes, and the page is
// fetched anew when there is a result. Without this script one follows the link "Uppdatera sidan".

const EVERY_MS = 1000;
const HEARD_MS = 1500;
const PATIENCE = 30;

const box = document.querySelector("[data-follow]");
const bar = box.querySelector("progress");
const spoken = box.querySelector("[role=status]");
let failures = 0;

async function look() {
  let next = EVERY_MS;
  try {
    const answer = await fetch(box.dataset.follow, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.json();
    failures = 0;
    bar.value = now.over ? 100 : now.progress;
    if (spoken.textContent !== now.text) spoken.textContent = now.text;
    if (now.over) {
      setTimeout(() => location.reload(), HEARD_MS);
      return;
    }
  } catch {
    // The line may break, or the log-in end. The link on the page says the rest.
    failures += 1;
    next = EVERY_MS * failures;
  }
  if (failures < PATIENCE) setTimeout(look, next);
}

look();
