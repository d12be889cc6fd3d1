/** The browser's database (IndexedDB) as promises. */

/** The result of a request. */
export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

/** What is written counts when the transaction is through, not when the request is. */
export function through(transaction: IDBTransaction): Promise<void> {
  return new Promise((done, fail) => {
    transaction.oncomplete = () => done();
    transaction.onabort = () => fail(transaction.error);
  });
}

/** Opens a database; `make` makes its tables the first time. Rejects where the browser keeps nothing. */
export async function openDatabase(
  databases: IDBFactory,
  name: string,
  make: (database: IDBDatabase) => void,
): Promise<IDBDatabase> {
  const opening = databases.open(name, 1);
  opening.onupgradeneeded = () => make(opening.result);
  return settled(opening);
}
