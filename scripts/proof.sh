#!/usr/bin/env bash
# Long evidence, in slices that can be stopped and taken up again: each writes
# docs/proof/SLICE.md when it passes, and is left out while that report is of the
# sources at hand. "proof.sh" runs what is missing, "proof.sh SLICE..." those named, whatever there is.
. "$(dirname "$0")/lib.sh"

# Each slice: what it shows, then its command. None takes more than 40 minutes, but for wall, which takes two hours.
declare -A shows=() runs=()
slice() { order+=("$1") shows[$1]=$2 runs[$1]=$3; }
order=()

slice kill 'Server and PostgreSQL killed in turn in the middle of 500 changes, 20 rounds: every acknowledged change is there, none twice, verify is clean.' \
  'env GUATU_PROOF=1 go test -count=1 -timeout 40m -v -run ^TestKilledInTheMiddle$ ./internal/app'
slice simulate 'A million operations of simulated phones (250 worlds of 3 to 20, seeds 1 to 250) and 1,000 days sent in two orders of arrival: every acknowledged operation once, every photo stored or listed, phones converge, the order changes only flags.' \
  'go run ./cmd/guatu simulate --seed 1 --worlds 250 --operations 4000 --orders 1000'
slice outbox "The page's own outbox (TypeScript) on 20 phones against the program and PostgreSQL, killed in turn: 50,000 operations and 200 kills in rounds of a tenth, each on a fresh copy of the demo; what is done of these sources is not done again. The figures below are what was run." \
  outbox_killed
slice marks 'A hundred marks a second, each with a photo announced, from 200 phones for a minute: all acknowledged, none lost; how long they took from when they were due.' \
  'phones scripts/prove-marks.mjs'
slice rights 'Every policy in turn widened, row-level security off and not forced for each table, each column granted that is not: a denial test fails each time.' \
  'env GUATU_PROOF=1 go test -count=1 -timeout 40m -v -run ^TestEveryMutationIsCaught$ ./internal/postgres'
slice export '100,000 parcels over HTTP as a GeoPackage and the other formats: what that takes of memory above what the server holds at rest, at most 100 MB for the GeoPackage with the process that writes it; GDAL counts what came.' \
  export_streams
slice ogc 'GDAL (OAPIF) counts 10,000 features, pages through them in twenty pages, each feature once, and filters by attribute and box; with a token as its password.' \
  'env GUATU_PROOF=1 go test -count=1 -timeout 40m -v -run ^TestTenThousandFeaturesThroughGDAL$ ./internal/httpapi'
slice qgis "Debian's QGIS, offscreen: our shapefile with its Chinese, 10,000 features of /ogc page by page, by attribute and by box, one attribute changed and the journal saying who." qgis_reads
slice bulletin "LibreOffice opens the Word file and the table of the demo's bulletin of 31 August: two documents, A4 and one side of A3 across." bulletin_opens
slice wall 'The wall for 30 minutes, four times in a row: one real page that turns its pages and 49 clients that check every event, with people at work, 5 restarts (killed by turns) and 5 cuts of the line each; heap, staleness, commit to paint.' wall_hangs
slice fuzz 'Every fuzz test for a minute.' fuzz_all

export_streams() { go build -o bin/guatu ./cmd/guatu && bin/guatu bench export 100000 2>&1 | grep -v -e 'level=WARN' -e '新建数据库'; }

# QGIS brings some 170 packages and is for this slice alone.
qgis_reads() {
  if ! /usr/bin/python3 -c 'import qgis.core' 2>/dev/null; then
    apt-get install -y --no-install-recommends python3-qgis >/dev/null || return 1
  fi
  env GUATU_PROOF=1 go test -count=1 -timeout 20m -v -run '^TestQGISReadsPagesFiltersAndEdits$' ./internal/httpapi
}

# LibreOffice and poppler are for this slice alone.
bulletin_opens() {
  if ! command -v soffice >/dev/null || ! command -v pdfinfo >/dev/null; then
    apt-get install -y --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils >/dev/null || return 1
  fi
  local folder file
  folder=$(mktemp -d)
  env GUATU_BULLETIN_FOLDER="$folder" go test -count=1 -timeout 20m -run '^TestTheDemo$' ./internal/demo || return 1
  soffice --headless --convert-to pdf --outdir "$folder" "$folder"/*.docx "$folder"/*.xlsx >/dev/null 2>&1 || return 1
  for file in "$folder"/*.pdf; do
    printf '%s: ' "$(basename "$file")"
    pdfinfo "$file" | awk '/^Pages|^Page size/ {$1 = $1; printf "%s; ", $0} END {print ""}'
  done
  pdfinfo "$folder"/*附表*.pdf | grep -q '^Pages: *1$' && pdftotext "$folder"/*08-31.pdf - | grep -q '总体进展'
}

# Against a binary of these sources; the pages in it do not matter here.
phones() {
  go build -o bin/guatu ./cmd/guatu && (cd frontend && GUATU_BIN=$PWD/../bin/guatu node "$@")
}

# OUTBOX_NOW says how many rounds are run now; there is no report before the last of them.
outbox_killed() {
  phones scripts/prove-outbox.mjs --operations "${OUTBOX_OPERATIONS:-50000}" --kills "${OUTBOX_KILLS:-200}" --now "${OUTBOX_NOW:-10}" --sources "$digest"
}

# Each of the four takes half an hour; WALL_MINUTES and WALL_ROUNDS shorten it.
wall_hangs() {
  scripts/build.sh >/dev/null || return 1
  (cd frontend && GUATU_BIN=../bin/guatu node scripts/soak-wall.mjs --minutes "${WALL_MINUTES:-30}" --rounds "${WALL_ROUNDS:-4}")
}

# Errexit does not reach into a condition: what failed is counted.
fuzz_all() {
  local at name where bad=0
  while IFS=: read -r at _ name; do
    where=./$(dirname "$at") name=${name#func } name=${name%%(*}
    printf '%s %s: ' "$where" "$name"
    go test -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZTIME:-60s}" "$where" 2>&1 | tail -2 | tr '\n' ' ' || bad=1
    echo
  done < <(grep -rn --include='*_test.go' '^func Fuzz' geo internal)
  return "$bad"
}

# What a report is about: all sources, but no reports.
sources() { git ls-files -- cmd internal geo migrations frontend/src frontend/e2e scripts go.mod | xargs cat | sha256sum | cut -c1-16; }

report_of() { echo "docs/proof/$1.md"; }

is_current() { grep -qs "^sources: $2\$" "$(report_of "$1")"; }

machine() { printf '%s cores, %s MB, %s, %s' "$(nproc)" "$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)" "$(go env GOVERSION)" "$(uname -sr)"; }

# run_slice NAME DIGEST runs one and keeps its report only if it passed.
run_slice() {
  local name=$1 digest=$2 began=$SECONDS out
  out=$(mktemp)
  step "$name: ${shows[$name]}"
  if ! ${runs[$name]} 2>&1 | tee "$out"; then
    rm -f "$out"
    return 1
  fi
  mkdir -p docs/proof
  {
    printf '# Proof: %s\n\n%s\n\n' "$name" "${shows[$name]}"
    printf 'date: %s\ncommit: %s\nsources: %s\nmachine: %s\nseconds: %d\n' \
      "$(date -u +%FT%TZ)" "$(git rev-parse --short HEAD)" "$digest" "$(machine)" $((SECONDS - began))
    printf '\n```\n'
    tail -n 200 "$out"
    printf '```\n'
  } >"$(report_of "$name")"
  rm -f "$out"
}

digest=$(sources)
named=("$@")
[ ${#named[@]} -gt 0 ] || for name in "${order[@]}"; do
  is_current "$name" "$digest" && say "$name: $(report_of "$name") is of these sources" || named+=("$name")
done
failed=()
for name in "${named[@]}"; do
  [ -n "${runs[$name]:-}" ] || fail "没有名为 $name 的证明，可用：${order[*]}" "there is no proof called $name; there are: ${order[*]}"
  run_slice "$name" "$digest" || failed+=("$name")
done
[ ${#failed[@]} -eq 0 ] || fail "未通过 failed: ${failed[*]}"
