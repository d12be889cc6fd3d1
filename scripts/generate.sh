#!/usr/bin/env bash
# Runs the code generators. With "check" it fails when that changed a file.
. "$(dirname "$0")/lib.sh"

# The generated files, and nothing else: others may be at work in this tree.
generated() {
  { grep -rlE '^// Code generated .* DO NOT EDIT\.$' --include='*.go' cmd internal geo migrations 2>/dev/null || true; } | LC_ALL=C sort
  ls frontend/src/api/schema.d.ts
}
hashes() { generated | xargs sha256sum; }

before=$(hashes)
go generate ./...
(cd frontend && npm run --silent gen)
after=$(hashes)
[ "${1:-}" = check ] || exit 0
if [ "$before" != "$after" ]; then
  diff <(echo "$before") <(echo "$after") || true
  fail "生成的代码不是最新，已重新生成，请提交。" "Generated code was out of date. It is regenerated now: commit it."
fi
say "生成的代码是最新 generated code is current"
