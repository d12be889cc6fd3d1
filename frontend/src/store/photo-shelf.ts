import type { Change } from "../domain/types";
import { openDatabase, settled, through } from "./browser-db";

/** A photo that is to be sent, with all that is needed to do so after a reload. */
export interface Waiting {
  /** Also of the operation that attaches it. */
  readonly id: string;
  /** Who chose it; it is sent as that person alone. */
  readonly person: string;
  readonly caseId: number;
  readonly milestone: string;
  readonly slot?: string | undefined;
  readonly name: string;
  readonly sha256: string;
  readonly addedAt: string;
  readonly blob: Blob;
}

/** Where photos wait until the server has them; it outlives the page. */
export interface Shelf {
  all(): Promise<Waiting[]>;
  put(photo: Waiting): Promise<void>;
  drop(id: string): Promise<void>;
}

/** The change that attaches it. */
export function attaching({ caseId, milestone, slot, sha256 }: Waiting): Change {
  const photo = slot ? { sha256, slot } : { sha256 };
  return { kind: "photo.attach", case_id: caseId, milestone, photo };
}

const table = "waiting";

/** The shelf in the browser's database. Rejects where the browser keeps nothing. */
export async function openShelf(databases: IDBFactory = indexedDB): Promise<Shelf> {
  const database = await openDatabase(databases, "guatu-photos", (made) =>
    made.createObjectStore(table, { keyPath: "id" }),
  );
  const within = async <T>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = database.transaction(table, mode);
    const answer = settled(ask(transaction.objectStore(table)));
    await Promise.all([answer, through(transaction)]);
    return answer;
  };
  return {
    all: () => within<Waiting[]>("readonly", (store) => store.getAll()),
    put: async (photo) => void (await within("readwrite", (store) => store.put(photo))),
    drop: async (id) => void (await within("readwrite", (store) => store.delete(id))),
  };
}

/** A shelf as long as the page stands. */
export function shelfInMemory(): Shelf {
  const kept = new Map<string, Waiting>();
  return {
    all: async () => [...kept.values()],
    put: async (photo) => void kept.set(photo.id, photo),
    drop: async (id) => void kept.delete(id),
  };
}
