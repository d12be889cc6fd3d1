# guatu 挂图. "make demo" and "make test" work on a fresh Debian 12 with git,
# make, Go and Node; the work is done by the scripts in scripts/.

.PHONY: help demo build check test bench proof screenshots generate clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

demo: ## 安装缺少的软件、构建并启动演示 install what is missing, build, serve the demo on http://127.0.0.1:8080
	@exec scripts/demo.sh

build: ## 构建 bin/guatu build bin/guatu, one file with the front end inside
	@exec scripts/build.sh

check: ## 快速检查 the fast part: lint, generated code, short tests (3 minutes)
	@exec scripts/parts.sh check

test: ## 全部检查 everything, with the race detector, real PostGIS and real Chromium (15 minutes)
	@exec scripts/parts.sh test

bench: build ## 性能 changes a second; imports beside ogr2ogr; figures beside SQL; layers beside PostGIS and nginx; the map beside plain Leaflet (15 minutes)
	@scripts/setup.sh bench
	@bin/guatu bench
	@cd frontend && GUATU_BIN=../bin/guatu exec node scripts/bench-map.mjs --report ../docs/bench/map.md

proof: ## 长时间证明 long evidence in slices, reports in docs/proof; "scripts/proof.sh kill" runs one
	@scripts/setup.sh test && exec scripts/proof.sh

screenshots: ## 用户手册截图 pictures of the user guide, docs/guide
	@exec scripts/screenshots.sh

generate: ## 重新生成代码 regenerate code
	@scripts/frontend.sh install && exec scripts/generate.sh

clean: ## 删除构建产物(保留 ./data) remove what was built; ./data stays
	rm -rf bin .cache frontend/node_modules
	find frontend/dist -mindepth 1 ! -name .gitkeep -delete
