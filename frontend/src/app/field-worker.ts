/**
 * The service worker of the page 现场: opens it without a network. It keeps the files of one build
 * and nothing else; what the server says of the campaign goes past it. It imports nothing: a worker
 * is one file.
 */
/** The files of this build; the build writes them in here (field-precache.ts). */
declare const __FIELD_FILES__: readonly string[];
declare const __FIELD_BUILD__: string;

/** What of a service worker's world is used here; the page's own types know none of it. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerWorld {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(kind: "install" | "activate", hear: (event: Lasting) => void): void;
  addEventListener(kind: "message", hear: (event: MessageEvent) => void): void;
  addEventListener(kind: "fetch", hear: (event: Asked) => void): void;
}
const world = self as unknown as WorkerWorld;

const page = "/field";
const family = "guatu-field-";
const kept = `${family}${__FIELD_BUILD__}`;

world.addEventListener("install", (event) => {
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll([page, ...__FIELD_FILES__])));
});

world.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith(family) && name !== kept)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => world.clients.claim()),
  );
});

world.addEventListener("message", ({ data }) => {
  if (data === "take over") void world.skipWaiting();
});

world.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== world.location.origin || request.method !== "GET") return;
  if (pathname.startsWith("/api/")) return;
  const wanted = request.mode === "navigate" && pathname === page ? page : pathname;
  event.respondWith(
    caches
      .open(kept)
      .then((cache) => cache.match(wanted))
      .then((found) => found ?? fetch(request)),
  );
});
