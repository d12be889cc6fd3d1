// A loaded demo that every suite begins with: copying it takes less than loading it again.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

const pointer = (data) => join(data, "cluster.json");
const read = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Where the database of a data folder lies if root made it: beside other clusters, not in the folder. */
function homeOutside(data) {
  if (!existsSync(pointer(data))) return undefined;
  const { home } = read(pointer(data));
  return isAbsolute(home) ? home : undefined;
}

/** Copies the data of a program that does not run, database and all, to an empty folder. */
export function copyData(from, to) {
  execFileSync("cp", ["-a", `${from}/.`, to]);
  const home = homeOutside(from);
  if (!home) return;
  const id = randomBytes(8).toString("hex");
  const copy = join(dirname(home), id);
  execFileSync("cp", ["-a", home, copy]);
  const owner = { ...read(join(home, "owner.json")), id, data_dir: to };
  writeFileSync(join(copy, "owner.json"), JSON.stringify(owner));
  writeFileSync(pointer(to), JSON.stringify({ id, home: copy }));
}

/** Removes a data folder and its database, wherever that lies. */
export function removeData(data) {
  const home = homeOutside(data);
  if (home) rmSync(home, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
}
