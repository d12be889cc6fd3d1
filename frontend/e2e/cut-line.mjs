// A line to the server that can be cut: everything goes through it, on a port of its own.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/** Opens a line to the server at `url`; its own `url` is where the other end is. */
export async function openLine(url) {
  const { hostname, port } = new URL(url);
  const pairs = new Set();
  let held = false;
  const line = createServer((near) => {
    const far = connect(Number(port), hostname);
    const pair = [near, far];
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const each of pair) each.destroy();
    };
    for (const each of pair) each.on("error", end).on("close", end);
    near.on("data", (part) => far.write(part));
    far.on("data", (part) => near.write(part));
    if (held) for (const each of pair) each.pause();
  });
  const listen = async (at) => {
    line.listen(at, "127.0.0.1");
    await once(line, "listening");
  };
  await listen(0);
  const own = line.address().port;
  const hold = (on) => {
    held = on;
    for (const pair of pairs) for (const each of pair) on ? each.pause() : each.resume();
  };
  const close = () => {
    line.close();
    for (const [near] of pairs) near.destroy();
  };
  return {
    url: `http://127.0.0.1:${own}`,
    /** Nothing comes through, and nobody is told. */
    hold: () => hold(true),
    release: () => hold(false),
    /** Everything breaks, and is refused. */
    cut: close,
    mend: () => listen(own),
    close,
  };
}
