#!/usr/bin/env bash
# Builds bin/guatu, one file with the front end inside.
. "$(dirname "$0")/lib.sh"

scripts/frontend.sh build
step "程序构建 program build"
mkdir -p bin
CGO_ENABLED=0 go build -trimpath -o bin/guatu ./cmd/guatu
say "bin/guatu $(du -h bin/guatu | cut -f1)"
