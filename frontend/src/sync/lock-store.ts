import { openDatabase, settled, through } from "../store/browser-db";
import type { Seal } from "./pin";

/** What the browser keeps of the lock. */
export interface LockStore {
  read(): Promise<Kept>;
  /** Changes it as it stands now, in one transaction that is on the disk when it is over; returns what was made of it. */
  change(how: (kept: Kept) => Kept): Promise<Kept>;
}

export interface Kept {
  readonly seal?: Seal | undefined;
  /** Signed out here, and the server has not heard of it yet: nobody comes in by what the browser still holds. */
  readonly leaving?: boolean;
}

/** Opens it, beside the box: whatever is wiped there, this stays. Rejects where the browser keeps nothing. */
export async function openLockStore(databases: IDBFactory = indexedDB): Promise<LockStore> {
  const [table, key] = ["lock", "phone"];
  const database = await openDatabase(databases, "guatu-field-lock", (made) => {
    made.createObjectStore(table);
  });
  const found = async (store: IDBObjectStore): Promise<Kept> =>
    (await settled<Kept | undefined>(store.get(key))) ?? {};
  return {
    read: () => found(database.transaction(table).objectStore(table)),
    change: async (how) => {
      const transaction = database.transaction(table, "readwrite", { durability: "strict" });
      const over = through(transaction);
      const store = transaction.objectStore(table);
      const next = how(await found(store));
      store.put(next, key);
      await over;
      return next;
    },
  };
}

/** A lock as long as the page stands, for tests. */
export function lockInMemory(kept: Kept = {}): LockStore {
  let now = kept;
  return {
    read: async () => now,
    change: async (how) => {
      now = how(now);
      return now;
    },
  };
}
