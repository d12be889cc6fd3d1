#!/usr/bin/env bash
# From an empty machine to the running demo.
. "$(dirname "$0")/lib.sh"

scripts/setup.sh run
scripts/build.sh
step "启动演示 starting the demo (Ctrl-C 停止 stops it)"
exec bin/guatu demo
