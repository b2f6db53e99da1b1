# make run · make test · make check · make bench; each sets up all that it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements/build.lock requirements/run.lock
# Nothing is installed whose hash is not in a lock file. The files name every package, so pip looks for no others.
INSTALL_LOCKED = -m pip install --quiet --require-hashes --no-deps
INSTALL_OURS = -m pip install --quiet --no-deps --no-build-isolation
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# A virtual environment that was made halfway or lost its Python would fail in each recipe: remove it first. Only one that
# this file made, which its marker shows, and only before a target that needs it.
MADE_HERE := $(VENV)/made-by-make
IS_SOUND := $(BIN)/python -c 'import sys, pip; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null
NEEDS_VENV := $(filter-out help clean system-packages test-rules,$(or $(MAKECMDGOALS),help))
DROP_BROKEN := $(if $(NEEDS_VENV),$(shell test ! -e $(MADE_HERE) || $(IS_SOUND) || rm -rf $(VENV)))

.PHONY: help run test test-long bench bench-size soak chaos test-two-machines canaries check coverage lint screenshots catalogues sbom audit lock package test-package test-rules \
	docs release clean system-packages

help:
	@echo "make run        start the demo: gateway, simulated carrier, pages on http://127.0.0.1:8188 (PORT=8200 for another)"
	@echo "make test       run the tests, on the real SQLite, PostgreSQL and browser"
	@echo "make test-long  run the long property tests too"
	@echo "make bench      measure the gateway beside a plain script; BENCH=--quick to try; see docs/performance.md"
	@echo "make bench-size measure it with millions of rows; SIZE='--messages 10000000' for ten"
	@echo "make soak       load it for ten minutes, HOURS=2 for longer; fails when anything grows or is lost"
	@echo "make chaos      kill it under load and count every text; CHAOS='--texts 20000 --kills 50' for long"
	@echo "make test-rules  check the rules of Prometheus and try them; needs promtool (Debian: apt-get install prometheus)"
	@echo "make test-two-machines  run two machines in network namespaces, let them fail, and count every text; needs root and iproute2"
	@echo "make canaries   let known names, numbers and passwords through it and print where they are found"
	@echo "make check      ruff, mypy, import contracts, plain words, tests"
	@echo "make coverage   run the tests and report branches that none reaches; it takes half as long again"
	@echo "make screenshots  take the pictures of docs/screenshots anew, from a demo that runs"
	@echo "make catalogues   compile the words of the pages after a change in sms_gateway/web/locale"
	@echo "make sbom       write sbom.json: every package that the product needs (CycloneDX)"
	@echo "make audit      ask whether a known fault is in one of them; needs the network"
	@echo "make lock       write requirements/*.lock anew: constraints.txt with the hash of every file; needs the network"
	@echo "make package    build sdist, wheel and Debian package into dist/, twice, and compare their hashes"
	@echo "make test-package  install, upgrade, remove and purge the Debian package in a fresh root; needs root and mmdebstrap"
	@echo "make docs       make the documentation a site with search in dist/docs, and check its links"
	@echo "make release    run every check, build everything into dist/, sign it with KEY=FINGERPRINT, tag the commit; uploads nothing"
	@echo "make clean      remove the virtual environment and the caches"

$(VENV)/run-ready: setup.cfg pyproject.toml $(LOCKS)
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed; name one with make PYTHON=python3.11")'
	@test -e $(VENV) || test -L $(VENV) || { mkdir $(VENV) && touch $(MADE_HERE) && $(PYTHON) -m venv $(VENV); } || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment: its venv module is missing or incomplete."; \
		echo "Fix: apt-get install python3-venv (or your system's package), then run make again."; exit 1; }
	@$(IS_SOUND) || { echo "$(VENV) is broken or has no pip, and nothing shows that make made it."; \
		echo "Fix: move it away, or put pip into it, then run make again."; exit 1; }
	@echo "Installing the packages into $(VENV): once, and for about a minute."
	$(BIN)/python $(INSTALL_LOCKED) $(LOCKS:%=--requirement %)
	$(BIN)/python $(INSTALL_OURS) --editable .
	@touch $@

$(VENV)/dev-ready: $(VENV)/run-ready requirements/dev.lock
	@echo "Installing the tools for tests into $(VENV): once, and for about two minutes."
	$(BIN)/python $(INSTALL_LOCKED) --requirement requirements/dev.lock
	@touch $@

system-packages:
	@sh tests/system_packages.sh

run: $(VENV)/run-ready
	@$(BIN)/sms-gateway demo $(if $(PORT),--port $(PORT))

test: $(VENV)/dev-ready system-packages
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

test-long: $(VENV)/dev-ready system-packages
	SMS_GATEWAY_TEST_LONG=1 $(BIN)/python -m pytest -m "long or not long"

bench: $(VENV)/dev-ready
	@$(BIN)/python -m bench.run $(BENCH)

bench-size: $(VENV)/dev-ready
	@$(BIN)/python -m bench.grow $(SIZE)

soak: $(VENV)/dev-ready
	@$(BIN)/python -m bench.soak $(if $(HOURS),--hours $(HOURS)) $(SOAK)

lint: $(VENV)/dev-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.prose

check: lint test

coverage: $(VENV)/dev-ready system-packages
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --cov --cov-report= --no-cov-on-fail
	$(BIN)/coverage report --skip-covered

chaos: $(VENV)/dev-ready
	$(BIN)/python -m bench.chaos run --database sqlite $(CHAOS)
	$(BIN)/python -m bench.chaos run --database postgresql --processes 2 $(CHAOS)
	$(BIN)/python -m bench.chaos takeover
	$(BIN)/python -m bench.chaos outage
	$(BIN)/python -m bench.chaos doubles --window 10
	$(BIN)/python -m bench.chaos doubles --window 100

test-two-machines: $(VENV)/dev-ready
	$(BIN)/python -m bench.two_machines $(TWO_MACHINES)

canaries: $(VENV)/dev-ready system-packages
	@SMS_GATEWAY_TEST_LONG=1 $(BIN)/python -m pytest -s -q tests/sms_gateway/test_sms_gateway_canaries.py

screenshots: $(VENV)/dev-ready system-packages
	$(BIN)/python -m tests.sms_gateway.browser.screenshots

catalogues: $(VENV)/dev-ready
	$(BIN)/pybabel compile --domain web --directory sms_gateway/web/locale

test-rules:
	@command -v promtool >/dev/null || { echo "promtool is missing; Debian: apt-get install prometheus"; exit 2; }
	promtool check rules deploy/prometheus/rules.yml
	promtool test rules deploy/prometheus/rules_test.yml

sbom: $(VENV)/run-ready
	$(BIN)/python -m tools.sbom > sbom.json

# In an environment of its own: it brings many packages along that the product must not see.
$(VENV)-audit/ready: requirements/audit.lock
	@rm -rf $(VENV)-audit && $(PYTHON) -m venv $(VENV)-audit
	@$(VENV)-audit/bin/python $(INSTALL_LOCKED) --requirement requirements/audit.lock \
		|| { echo "NOTHING WAS AUDITED: pip-audit cannot be installed here; fix: run make audit with the network"; exit 2; }
	@touch $@

audit: $(VENV)/run-ready $(VENV)-audit/ready
	@$(BIN)/python -m tools.sbom --pins > $(VENV)-audit/pins.txt
	@$(BIN)/python -m tools.audit $(VENV)-audit/bin/pip-audit $(VENV)-audit/pins.txt

# In an environment of its own, as the audit, made of the lock file before. One resolution serves every Python that
# setup.cfg allows.
$(VENV)-lock/ready: requirements/locking.lock
	@rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python $(INSTALL_LOCKED) --requirement requirements/locking.lock
	@touch $@

COMPILE = $(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--constraints constraints.txt
lock: $(VENV)-lock/ready
	$(COMPILE) --output-file requirements/build.lock requirements/build.in
	$(COMPILE) --output-file requirements/run.lock setup.cfg
	$(COMPILE) --output-file requirements/dev.lock --extra dev setup.cfg
	$(COMPILE) --output-file requirements/docs.lock requirements/docs.in
	$(COMPILE) --output-file requirements/audit.lock requirements/audit.in
	$(COMPILE) --output-file requirements/locking.lock requirements/locking.in

$(VENV)-package/ready: requirements/build.lock
	@rm -rf $(VENV)-package && $(PYTHON) -m venv $(VENV)-package
	@$(VENV)-package/bin/python $(INSTALL_LOCKED) --requirement requirements/build.lock
	@touch $@

package: $(VENV)-package/ready
	@$(VENV)-package/bin/python -m tools.package.build dist

test-package: $(VENV)-package/ready
	@BUILD="$(VENV)-package/bin/python -m tools.package.build" sh tools/package/try_in_root.sh $(ROOT_OF_TEST)

# In an environment of its own: the product and its tests need none of it.
$(VENV)-docs/ready: requirements/docs.lock
	@rm -rf $(VENV)-docs && $(PYTHON) -m venv $(VENV)-docs
	@$(VENV)-docs/bin/python $(INSTALL_LOCKED) --requirement requirements/docs.lock
	@touch $@

docs: $(VENV)-docs/ready
	@$(VENV)-docs/bin/python -m tools.docs.build dist/docs

release: $(VENV)/run-ready
	@$(BIN)/python -m tools.release $(if $(KEY),--key $(KEY))

clean:
	rm -rf $(VENV) $(VENV)-audit $(VENV)-lock $(VENV)-package $(VENV)-docs dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* *.egg-info build
