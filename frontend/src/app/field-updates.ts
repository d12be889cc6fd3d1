import { update } from "../field/use-update";

/** The worker that lets the page open without a network, and what it is told. */
const worker = "/field-worker.js";

/**
 * Keeps the page on the phone. A newer version waits until somebody wants it or the page is opened
 * anew: nothing is taken away under the hands of who is working, and what is not sent lies elsewhere.
 */
export function watchUpdates(): void {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const had = serviceWorker.controller !== null;
  void serviceWorker
    .register(worker, { scope: "/field" })
    .then((registration) => {
      const offer = (): void => {
        const waiting = registration.waiting;
        if (!waiting || !had) return;
        update.value = () => {
          serviceWorker.addEventListener("controllerchange", () => location.reload(), {
            once: true,
          });
          waiting.postMessage("take over");
        };
      };
      offer();
      registration.addEventListener("updatefound", () => {
        const coming = registration.installing;
        coming?.addEventListener("statechange", () => coming.state === "installed" && offer());
      });
    })
    .catch(() => {});
}
