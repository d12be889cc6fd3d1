#!/usr/bin/env bash
# Looks for known vulnerabilities in what the program and its pages are made of.
# Their lists lie on the network: without it this says so and does not fail, but
# what a list names does.
. "$(dirname "$0")/lib.sh"

found=0

# govulncheck answers 3 when code that is called is vulnerable; anything else is no verdict.
step "govulncheck ./..."
set +e
said=$(go tool -modfile=tools.mod govulncheck ./... 2>&1)
verdict=$?
set -e
case $verdict in
  0) say "没有已知漏洞 none known" ;;
  3) printf '%s\n' "$said"; found=1 ;;
  *) say "没有结论（不能联网？） no verdict (no network?): $(printf '%s' "$said" | tail -n 1)" ;;
esac

step "npm audit --omit=dev"
set +e
said=$(cd frontend && npm audit --omit=dev --json 2>/dev/null)
set -e
verdict=$(printf '%s' "$said" | node -e '
  let text = "";
  process.stdin.on("data", (part) => { text += part; }).on("end", () => {
    let total;
    try { total = JSON.parse(text).metadata?.vulnerabilities?.total; } catch {}
    console.log(total ?? "none");
  });')
case $verdict in
  0) say "没有已知漏洞 none known" ;;
  none) say "没有结论（不能联网？） no verdict (no network?)" ;;
  *) (cd frontend && npm audit --omit=dev) || true; found=1 ;;
esac

exit $found
