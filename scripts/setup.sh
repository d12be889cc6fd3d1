#!/usr/bin/env bash
# Installs the missing system packages: "run" for running guatu, "test" for its
# tests too, "bench" for what the benchmarks stand beside as well. When nothing is
# missing it calls no package manager at all.
. "$(dirname "$0")/lib.sh"

what=${1:-run}
missing=()

# The newest installed PostgreSQL counts; Debian 12 ships 15.
postgres_version() {
  local newest
  newest=$(for bin in /usr/lib/postgresql/*/bin/postgres; do
    [ -x "$bin" ] && "$bin" --version
  done | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p' | sort -n | tail -1)
  echo "${newest:-15}"
}

has_postgis() {
  local share
  [ -x "/usr/lib/postgresql/$1/bin/initdb" ] || return 1
  share=$("/usr/lib/postgresql/$1/bin/pg_config" --sharedir 2>/dev/null) || share=/usr/share/postgresql/$1
  [ -f "$share/extension/postgis.control" ] && compgen -G "$share/extension/postgis--*.sql" >/dev/null
}

has_compiler() { echo '#include <stdlib.h>' | gcc -E - >/dev/null 2>&1; }

find_missing() {
  local v
  v=$(postgres_version)
  has_postgis "$v" || missing+=("postgresql-$v" "postgresql-$v-postgis-3" "postgresql-$v-postgis-3-scripts")
  command -v ogr2ogr >/dev/null && command -v ogrinfo >/dev/null || missing+=(gdal-bin)
  has_compiler || missing+=(gcc libc6-dev)
  [ "$what" != run ] || return 0
  command -v chromium >/dev/null || missing+=(chromium)
  compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null || missing+=(fonts-noto-cjk)
  [ "$what" = bench ] || return 0
  [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
}

need_go() {
  local want have
  want=$(sed -n 's/^go //p' go.mod)
  have=$(go env GOVERSION 2>/dev/null | sed 's/^go//') || true
  [ -n "$have" ] || fail "未找到 Go，请先安装 Go $want 或更新版本。" "Go is missing: install Go $want or newer."
  [ "$(printf '%s\n%s\n' "$want" "$have" | sort -V | head -1)" = "$want" ] ||
    fail "Go $have 版本过低，需要 $want 或更新版本。" "Go $have is too old: install Go $want or newer."
}

need_node() {
  command -v npm >/dev/null || fail "未找到 Node.js 与 npm，请先安装 Node.js 20.19 或更新版本。" "Node.js or npm is missing: install Node.js 20.19 or newer."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node.js $(node --version) 版本过低，需要 20.19 或更新版本。" "Node.js $(node --version) is too old: install 20.19 or newer."
}

# Debian must not start a cluster of its own when PostgreSQL arrives; the
# drop-in is read when postgresql-common makes clusters, whether it is there yet or not.
no_cluster_dir=/etc/postgresql-common/createcluster.d
no_cluster="mkdir -p $no_cluster_dir && echo 'create_main_cluster = false' > $no_cluster_dir/guatu.conf"

install_missing() {
  local as=("$@")
  say "安装 installing: ${missing[*]}"
  "${as[@]}" sh -c "$no_cluster"
  "${as[@]}" apt-get -q update || fail "apt-get update 失败，请检查软件源与网络。" "apt-get update failed: check the package sources and the network."
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends "${missing[@]}" ||
    fail "软件包安装失败：${missing[*]}" "Installing these packages failed: ${missing[*]}"
  # The benchmark starts an nginx of its own; Debian's need not serve port 80.
  if [[ " ${missing[*]} " == *" nginx-light "* ]] && [ -d /run/systemd/system ]; then
    "${as[@]}" systemctl disable --now nginx
  fi
}

# The tests' Chromium without windows of its own takes a third less of the processor. Where it is not to be had,
# the whole one serves: nothing waits longer than a minute for it, and nothing fails.
take_light_browser() {
  local as=("$@") packages=(install --no-install-recommends chromium-headless-shell)
  command -v chromium-headless-shell >/dev/null && return
  say "安装 installing: chromium-headless-shell（可选 optional）"
  "${as[@]}" timeout 60 sh -c 'apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@"' _ "${packages[@]}" >/dev/null 2>&1 ||
    say "未安装，改用完整的 Chromium。Not installed: the whole Chromium is used."
}

# Who may install: root, or by sudo without a password; empty otherwise.
if [ "$(id -u)" -eq 0 ]; then
  by=(env)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  by=(sudo -n)
else
  by=()
fi

step "系统软件 system packages"
command -v apt-get >/dev/null || fail "本脚本需要 Debian 的 apt-get。" "This script needs Debian's apt-get."
need_go
need_node
find_missing
if [ ${#missing[@]} -eq 0 ]; then
  say "齐全 nothing is missing"
elif [ ${#by[@]} -gt 0 ]; then
  install_missing "${by[@]}"
else
  say "缺少软件：${missing[*]}。sudo 需要密码，请先执行下面这一行，然后重试："
  say "These packages are missing and sudo asks for a password. Run this one line, then try again:"
  printf '\n%s\n\n' "sudo sh -c \"$no_cluster && apt-get update && apt-get install -y --no-install-recommends ${missing[*]}\""
  exit 1
fi
missing=()
find_missing
[ ${#missing[@]} -eq 0 ] || fail "安装后仍缺少：${missing[*]}" "Still missing after the installation: ${missing[*]}"
[ "$what" != test ] || [ ${#by[@]} -eq 0 ] || take_light_browser "${by[@]}"
say "完成 done"
