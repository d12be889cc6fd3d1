import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
const base = "http://127.0.0.1:8601";
const acc = Object.fromEntries(readFileSync("/tmp/tracks-data/demo-accounts.txt", "utf8").split("\n").filter((l) => /^\w+ +\S/.test(l)).map((l) => l.split(/ +/).slice(0, 2)));
const args = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" ");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
const [who, size, theme, ...pages] = process.argv.slice(2);
const [width, height] = size.split("x").map(Number);
const ctx = await browser.newContext({ viewport: { width, height } });
await ctx.addInitScript((t) => localStorage.setItem("guatu.theme", t), theme);
const r = await ctx.request.post(base + "/api/v1/session", { data: { login: who, password: acc[who] }, headers: { "Sec-Fetch-Site": "same-origin" } });
if (!r.ok()) console.log(r.status(), await r.text());
const page = await ctx.newPage();
page.on("console", (m) => m.type() === "error" && console.log("console", m.text()));
page.on("pageerror", (e) => console.log("pageerror", e.message));
for (const spec of pages) {
  const [hash, name, ...steps] = spec.split("|");
  await page.goto(base + "/#" + hash);
  await page.waitForLoadState("networkidle").catch(() => {});
  await page.waitForTimeout(1200);
  for (const s of steps) {
    const [kind, sel, val] = s.split("~");
    if (kind === "click") await page.locator(sel).first().click({ timeout: 8000 }).catch((e) => console.log("step", s, e.message.split("\n")[0]));
    if (kind === "fill") await page.locator(sel).first().fill(val);
    if (kind === "select") await page.locator(sel).first().selectOption(val);
    if (kind === "scroll") await page.locator(sel).first().scrollIntoViewIfNeeded();
    if (kind === "wait") await page.waitForTimeout(Number(sel));
    if (kind === "text") console.log(sel, JSON.stringify(await page.locator(sel).allInnerTexts()).slice(0, 2000));
    await page.waitForTimeout(400);
  }
  const over = await page.evaluate(() => [...document.querySelectorAll("main *, .page *, section *")].filter((e) => e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== "visible" && e.clientWidth > 60).map((e) => `${e.tagName}.${e.className} ${e.clientWidth}<${e.scrollWidth}`).slice(0, 8));
  if (over.length) console.log(name, "overflow", over.join(" ; "));
  await page.screenshot({ path: `/tmp/tracks-shots/${name}-${size}-${theme}.png` });
}
await browser.close();
