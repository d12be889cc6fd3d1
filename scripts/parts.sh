#!/usr/bin/env bash
# Runs the parts of "check" or "test" one after the other, all of them even when
# one fails, and closes with the time each took beside its budget.
. "$(dirname "$0")/lib.sh"

lint() { go tool -modfile=tools.mod golangci-lint run --allow-parallel-runners ./...; }

vet() { go vet ./...; }

# The race detector needs cgo; nothing else does.
go_short() { go test -short ./...; }
go_full() {
  part build 70 scripts/build.sh
  part generated-code 25 scripts/generate.sh check
  part lint 110 lint
  part vet 15 vet
  part go-race 270 go_full
  part front-end-check 15 front_check
  part front-end-unit 25 front_unit
  part end-to-end 370 e2e
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
