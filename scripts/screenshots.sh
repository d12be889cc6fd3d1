#!/usr/bin/env bash
# Takes the pictures of the user guide (docs/guide) from the demo, in real Chromium.
. "$(dirname "$0")/lib.sh"

scripts/setup.sh test
scripts/build.sh
step "截图 pictures of the guide"
(cd frontend && GUATU_BIN=$ROOT/bin/guatu node e2e/guide.mjs "$ROOT/docs/guide")
