// What the browser keeps on disk: edits and submits that the server has not acknowledged yet, and for each task
// the last state that it did acknowledge. One database for each person, so that nobody sends another's edits.

const VERSION = 1;

/** Opens the store; without IndexedDB (some private windows) an in-memory one whose `durable` is false. */
export async function openStore(username) {
  try {
    return new DiskStore(await openDatabase(`countersign-${username}`));
  } catch {
    return new MemoryStore();
  }
}

function openDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("edits", { keyPath: "id" }).createIndex("task", "task");
      request.result.createObjectStore("tasks", { keyPath: "task" });
      request.result.createObjectStore("submits", { keyPath: "task" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("The outbox is in use by an older window."));
  });
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

class DiskStore {
  durable = true;

  constructor(database) {
    this.database = database;
  }

  #store(name, mode) {
    return this.database.transaction(name, mode, { durability: "relaxed" }).objectStore(name);
  }

  /** Stores one row of "edits", "tasks" or "submits". */
  put(name, row) {
    return settled(this.#store(name, "readwrite").put(row));
  }

  remove(name, keys) {
    const store = this.#store(name, "readwrite");
    return Promise.all(keys.map((key) => settled(store.delete(key))));
  }

  get(name, key) {
    return settled(this.#store(name, "readonly").get(key));
  }

  all(name) {
    return settled(this.#store(name, "readonly").getAll());
  }

  /** Edits of one task in the order in which they were made. */
  async edits(task) {
    const rows = await settled(this.#store("edits", "readonly").index("task").getAll(task));
    return rows.sort((a, b) => a.order - b.order);
  }
}

class MemoryStore {
  durable = false;
  rows = { edits: new Map(), tasks: new Map(), submits: new Map() };

  async put(name, row) {
    this.rows[name].set(name === "edits" ? row.id : row.task, row);
  }

  async remove(name, keys) {
    for (const key of keys) this.rows[name].delete(key);
  }

  async get(name, key) {
    return this.rows[name].get(key);
  }

  async all(name) {
    return [...this.rows[name].values()];
  }

  async edits(task) {
    return [...this.rows.edits.values()].filter((edit) => edit.task === task).sort((a, b) => a.order - b.order);
  }
}
