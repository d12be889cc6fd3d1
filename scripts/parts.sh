#!/usr/bin/env bash
# Runs the parts of "check" or "test" one after the other, all of them even when
# one fails, and closes with the time each took beside its budget.
. "$(dirname "$0")/lib.sh"

lint() { go tool -modfile=tools.mod golangci-lint run --allow-parallel-runners ./...; }

vet() { go vet ./...; }

# The race detector needs cgo; nothing else does. It lets each program it watches sleep for a second
# at its end, unless told otherwise, and the tests start hundreds.
go_short() { go test -short ./...; }
go_full() { CGO_ENABLED=1 GORACE=atexit_sleep_ms=20 go test -race -timeout 15m ./...; }

front_check() { (cd frontend && npm run --silent check); }
front_unit() { (cd frontend && npm run --silent test); }

e2e() { (cd frontend && GUATU_BIN=$ROOT/bin/guatu npm run --silent e2e); }

names=() seconds=() budgets=() results=()
failed=0

# part NAME BUDGET COMMAND... runs one part; BUDGET is in seconds.
part() {
  local name=$1 budget=$2 began=$SECONDS result=ok
  shift 2
  printf '\n=== %s (budget %d s): %s\n' "$name" "$budget" "$*"
  # A plain "if" would switch off errexit inside the part.
  set +e
  (set -e; "$@")
  # shellcheck disable=SC2181 # "if" would switch errexit off again
  [ $? -eq 0 ] || { result=FAILED; failed=$((failed + 1)); }
  set -e
  names+=("$name") seconds+=($((SECONDS - began))) budgets+=("$budget") results+=("$result")
}

report() {
  local i sum=0 all=0 note
  printf '\n%-22s %8s %8s  %s\n' part seconds budget result
  for i in "${!names[@]}"; do
    note=${results[$i]}
    [ "${seconds[$i]}" -le "${budgets[$i]}" ] || note="$note, over budget"
    printf '%-22s %8d %8d  %s\n' "${names[$i]}" "${seconds[$i]}" "${budgets[$i]}" "$note"
    sum=$((sum + seconds[i])) all=$((all + budgets[i]))
  done
  printf '%-22s %8d %8d\n\n' total "$sum" "$all"
  printf 'parts: %d passed, %d failed\n' $((${#names[@]} - failed)) "$failed"
  [ "$failed" -eq 0 ] && [ "${#names[@]}" -gt 0 ]
}

check() {
  part front-end-packages 30 scripts/frontend.sh install
  part generated-code 20 scripts/generate.sh check
  part lint 40 lint
  part vet 10 vet
  part go-short 50 go_short
  part vulnerabilities 20 scripts/vulnerabilities.sh
  part front-end-check 15 front_check
  part front-end-unit 15 front_unit
}

full() {
  part build 70 scripts/build.sh
  part generated-code 25 scripts/generate.sh check
  part lint 110 lint
  part vet 15 vet
  part go-race 300 go_full
  part front-end-check 15 front_check
  part front-end-unit 25 front_unit
  part end-to-end 300 e2e
}

case ${1:-} in
  check)
    scripts/setup.sh run
    check
    ;;
  test)
    scripts/setup.sh test
    full
    ;;
  *) fail "usage: scripts/parts.sh check|test" ;;
esac
report
