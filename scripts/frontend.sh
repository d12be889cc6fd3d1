#!/usr/bin/env bash
# "install" brings node_modules to what the lock file says, "build" makes
# frontend/dist. Either does nothing when nothing has changed.
. "$(dirname "$0")/lib.sh"

install() {
  local stamp=frontend/node_modules/.guatu-lock want
  want="$(sha256sum <frontend/package-lock.json) $(node --version)"
  step "前端依赖 front-end packages"
  if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
    say "已是最新 up to date"
    return
  fi
  (cd frontend && npm ci --no-audit --no-fund) || fail "npm ci 失败，原因见上文。" "npm ci failed; the reason is above."
  echo "$want" >"$stamp"
}

build() {
  local stamp=.cache/frontend-build want
  install
  step "前端构建 front-end build"
  want="$(digest frontend/src frontend/public frontend/scripts frontend/index.html frontend/*.ts frontend/*.json internal/httpapi/openapi.yaml)"
  if [ -f frontend/dist/index.html ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
    say "已是最新 up to date"
    return
  fi
  (cd frontend && npm run --silent build)
  mkdir -p "$(dirname "$stamp")"
  echo "$want" >"$stamp"
}

case ${1:-} in
  install | build) "$1" ;;
  *) fail "usage: scripts/frontend.sh install|build" ;;
esac
