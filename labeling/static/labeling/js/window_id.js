// Which window wrote an edit. A window adopts the edits of one that is gone (also its own after a reload), never
// those of another that is still open and will send them itself.

const KEY = "countersign.window";

/** {id, isAlive(id)}; holds a Web Lock of that id as long as the window lives. */
export async function identifyWindow() {
  const remembered = sessionStorage.getItem(KEY);
  if (!navigator.locks) return { id: remember(remembered ?? randomId()), isAlive: async () => false };
  const id = remembered && (await hold(remembered)) ? remembered : await fresh();
  remember(id);
  return { id, isAlive };
}

async function fresh() {
  const id = randomId();
  await hold(id);
  return id;
}

function remember(id) {
  sessionStorage.setItem(KEY, id);
  return id;
}

/** Whether the lock could be had; a duplicated tab carries the id of its origin, which still holds it. */
function hold(id) {
  return new Promise((resolve) => {
    navigator.locks.request(lockName(id), { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    });
  });
}

async function isAlive(id) {
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name === lockName(id));
}

function lockName(id) {
  return `countersign-window-${id}`;
}

export function randomId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
