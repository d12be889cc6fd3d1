import type { Change } from "../domain/types";

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
  const opening = databases.open("guatu-photos", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(table, { keyPath: "id" });
  const database = await settled(opening);
  const within = async <T>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = database.transaction(table, mode);
    const answer = settled(ask(transaction.objectStore(table)));
    // What is written counts when the transaction is through, not when the request is.
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

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

function through(transaction: IDBTransaction): Promise<void> {
  return new Promise((done, fail) => {
    transaction.oncomplete = () => done();
    transaction.onabort = () => fail(transaction.error);
  });
}
