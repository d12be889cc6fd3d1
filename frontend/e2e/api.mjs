// The API as another client would use it, beside the page.
import { randomUUID } from "node:crypto";
import { accountOf } from "./accounts.mjs";

/** A client that acts as a person of the demo: the district office until told to be another. */
export function apiClient(url) {
  let cookie = "";
  const be = async (person) => {
    const response = await fetch(`${url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(accountOf(url, person)),
    });
    if (!response.ok) throw new Error(`${person}: ${response.status} ${await response.text()}`);
    cookie = response.headers.get("set-cookie").split(";")[0];
  };
  const ask = async (path, init = {}) => {
    if (!cookie) await be();
    const headers = { "content-type": "application/json", cookie, ...init.headers };
    return fetch(`${url}/api/v1${path}`, { ...init, headers });
  };
  const read = async (path) => {
    const response = await ask(path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    read,
    be,
    /** The bytes of an answer. */
    async bytes(path) {
      const response = await ask(path);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    },
    /** Asks what is no change. */
    async post(path, body) {
      const response = await ask(path, { method: "POST", body: JSON.stringify(body) });
      return response.json();
    },
    /** The answer's status and body, whatever it is. */
    async change(change, op_id = randomUUID()) {
      return this.changes([change], op_id);
    },
    /** The same of several changes in one operation. */
    async changes(changes, op_id = randomUUID()) {
      const operation = { op_id, device: "e2e", changes };
      const response = await ask("/changes", { method: "POST", body: JSON.stringify(operation) });
      return { status: response.status, body: await response.json() };
    },
    async detail(id) {
      return read(`/cases/${id}`);
    },
    /** A case whose next milestone may be marked, with land on one parcel. */
    async markable({ skip = [], before = 8 } = {}) {
      const { tracks } = await read("/campaign");
      // The page opens with the first track.
      const page = await read(`/cases?track=${tracks[0].code}&limit=1000`);
      for (const item of page.items) {
        const kind = tracks
          .find((track) => track.code === item.track)
          .milestones.find((each) => each.code === item.next);
        if (!kind || kind.checks || kind.slot >= before || skip.includes(item.id)) continue;
        const detail = await read(`/cases/${item.id}`);
        const main = detail.actions.find(
          (action) => action.main && action.kind === "case.milestone",
        );
        if (main && !main.refusal && detail.parcels.length === 1) return { detail, kind };
      }
      throw new Error("the demo has no case whose next milestone may be marked");
    },
  };
}
