import { openDatabase, settled, through } from "../store/browser-db";
import type { Deed } from "./deed";

/** A picture as it will be sent. */
export interface PhotoFile {
  readonly sha256: string;
  /** Not a Blob: some in-app browsers lose those that lie in their database. */
  readonly bytes: ArrayBuffer;
}

/** What lies on the phone: deeds with their pictures, what was begun, and what was read of the server. */
export interface Box {
  /** Of everybody who used this browser. */
  deeds(): Promise<Deed[]>;
  /** Puts a deed in and takes out the draft it came of, both or neither; through means on the disk. */
  put(deed: Deed, draft?: string): Promise<void>;
  /** Changes a deed as it stands now; `undefined` takes it out. One that is gone stays gone. */
  change(id: string, how: (deed: Deed) => Deed | undefined): Promise<void>;
  /** Keeps a draft, and with it a picture, both or neither. */
  putDraft(key: string, draft: unknown, file?: PhotoFile): Promise<void>;
  draft(key: string): Promise<unknown>;
  dropDraft(key: string): Promise<void>;
  draftKeys(): Promise<string[]>;
  putFile(file: PhotoFile): Promise<void>;
  file(sha256: string): Promise<PhotoFile | undefined>;
  fileKeys(): Promise<string[]>;
  dropFile(sha256: string): Promise<void>;
  /** Copies of what the server has; they may go. */
  copy(key: string): Promise<unknown>;
  putCopy(key: string, value: unknown): Promise<void>;
  dropCopies(): Promise<void>;
}

const tables = ["deeds", "files", "drafts", "copies"] as const;
type Table = (typeof tables)[number];

/** Opens it. Rejects where the browser keeps nothing. */
export async function openBox(databases: IDBFactory = indexedDB): Promise<Box> {
  const database = await openDatabase(databases, "guatu-field", (made) => {
    made.createObjectStore("deeds", { keyPath: "id" });
    made.createObjectStore("files", { keyPath: "sha256" });
    made.createObjectStore("drafts");
    made.createObjectStore("copies");
  });

  /** One transaction, over when its bytes are on the disk. */
  async function within<T>(
    names: readonly Table[],
    mode: IDBTransactionMode,
    work: (of: (table: Table) => IDBObjectStore) => T,
  ): Promise<Awaited<T>> {
    const transaction = database.transaction(names, mode, { durability: "strict" });
    const over = through(transaction);
    try {
      const result = work((table) => transaction.objectStore(table));
      const [found] = await Promise.all([result, over]);
      return found;
    } catch (thrown) {
      // What was asked for before the fault must not stand alone.
      undo(transaction);
      await over.catch(() => {});
      throw thrown;
    }
  }
  const read = <T>(table: Table, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    within([table], "readonly", (of) => settled(ask(of(table))));
  const write = async (names: readonly Table[], work: (of: Of) => void): Promise<void> =>
    within(names, "readwrite", work);

  return {
    deeds: () => read<Deed[]>("deeds", (store) => store.getAll()),
    put: (deed, draft) =>
      write(["deeds", "drafts"], (of) => {
        of("deeds").put(deed);
        if (draft !== undefined) of("drafts").delete(draft);
      }),
    change: (id, how) => within(["deeds"], "readwrite", (of) => changeIn(of("deeds"), id, how)),
    putDraft: (key, draft, file) =>
      write(["drafts", "files"], (of) => {
        if (file) of("files").put(file);
        of("drafts").put(draft, key);
      }),
    draft: (key) => read<unknown>("drafts", (store) => store.get(key)),
    dropDraft: (key) => write(["drafts"], (of) => of("drafts").delete(key)),
    draftKeys: async () => (await read("drafts", (store) => store.getAllKeys())).map(String),
    putFile: (file) => write(["files"], (of) => of("files").put(file)),
    file: (sha256) => read<PhotoFile | undefined>("files", (store) => store.get(sha256)),
    fileKeys: async () => (await read("files", (store) => store.getAllKeys())).map(String),
    dropFile: (sha256) => write(["files"], (of) => of("files").delete(sha256)),
    copy: (key) => read<unknown>("copies", (store) => store.get(key)),
    putCopy: (key, value) => write(["copies"], (of) => of("copies").put(value, key)),
    dropCopies: () => write(["copies"], (of) => of("copies").clear()),
  };
}

/** Takes back what a transaction did that is not over by itself. */
function undo(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It is over already.
  }
}

type Of = (table: Table) => IDBObjectStore;

/** Reads and writes in one transaction: no other tab comes between. */
async function changeIn(
  store: IDBObjectStore,
  id: string,
  how: (deed: Deed) => Deed | undefined,
): Promise<void> {
  const found = await settled<Deed | undefined>(store.get(id));
  const next = found && how(found);
  if (next) store.put(next);
  else if (found) store.delete(id);
}

/** A box as long as the page stands, for browsers that keep nothing, and for tests. */
export function boxInMemory(): Box {
  const [deeds, files] = [new Map<string, Deed>(), new Map<string, PhotoFile>()];
  const [drafts, copies] = [new Map<string, unknown>(), new Map<string, unknown>()];
  return {
    deeds: async () => [...deeds.values()],
    put: async (deed, draft) => {
      deeds.set(deed.id, deed);
      if (draft !== undefined) drafts.delete(draft);
    },
    change: async (id, how) => {
      const found = deeds.get(id);
      const next = found && how(found);
      if (next) deeds.set(id, next);
      else deeds.delete(id);
    },
    putDraft: async (key, draft, file) => {
      if (file) files.set(file.sha256, file);
      drafts.set(key, draft);
    },
    draft: async (key) => drafts.get(key),
    dropDraft: async (key) => void drafts.delete(key),
    draftKeys: async () => [...drafts.keys()],
    putFile: async (file) => void files.set(file.sha256, file),
    file: async (sha256) => files.get(sha256),
    fileKeys: async () => [...files.keys()],
    dropFile: async (sha256) => void files.delete(sha256),
    copy: async (key) => copies.get(key),
    putCopy: async (key, value) => void copies.set(key, value),
    dropCopies: async () => copies.clear(),
  };
}
