#!/usr/bin/env bash
# Looks for known vulnerabilities in what the program and its pages are made of.
# Their lists lie on the network: without it this says so and does not fail, but
# what a list names does, unless vulnerabilities-known.txt says why it does not concern us.
. "$(dirname "$0")/lib.sh"

# With the patched toolchain that go.mod names, whatever this machine has.
export GOTOOLCHAIN=auto
found=0

# The list of Go as a folder: the entries come as a module, through whatever gives the other modules.
entries() {
  local module version db
  version=$(go list -m -f '{{.Version}}' golang.org/x/vulndb@latest 2>/dev/null) || return 1
  db=$ROOT/.cache/vulndb-$version
  if [ ! -f "$db/index/modules.json" ]; then
    module=$(cd "$(mktemp -d)" && go mod download -json "golang.org/x/vulndb@$version" 2>/dev/null | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    [ -d "$module/data/osv" ] || return 1
    rm -rf "$ROOT"/.cache/vulndb-*
    node scripts/vulnerability_index.mjs "$module/data/osv" "$db"
  fi
  printf '%s' "$db"
}

# govulncheck answers 3 when code that is called is vulnerable; anything else is no verdict.
check() { go tool -modfile=tools.mod govulncheck "$@" ./... 2>&1; }

step "govulncheck ./..."
set +e
said=$(check)
verdict=$?
if [ "$verdict" != 0 ] && [ "$verdict" != 3 ] && db=$(entries); then
  say "${db##*/}"
  said=$(check -db "file://$db")
  verdict=$?
fi
new=$(printf '%s' "$said" | sed -n 's/^Vulnerability #[0-9]*: //p' | grep -vxFf <(sed -n 's/^\(GO-[0-9-]*\) .*/\1/p' scripts/vulnerabilities-known.txt))
set -e
case $verdict in
  0) say "没有已知漏洞 none known" ;;
  3)
    if [ -n "$new" ]; then
      printf '%s\n' "$said"
      say "$new"
      found=1
    else
      say "只有与本程序无关的（见 vulnerabilities-known.txt） only those that do not concern us"
    fi
    ;;
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
