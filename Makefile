# make verify   verify the whole library        make test   run the tests
# make figures  draw the paper's figures        make lint   style, format, types
# make bench    where the time goes             make lock   write requirements/*.txt anew
# make clean    remove the environment and all that was built
#
# PYTHON chooses the interpreter, ARGS and PYTEST_ARGS pass options on:
#   make verify ARGS="--jobs 4 --json result.json"

PYTHON ?= python3
ARGS ?= --jobs 2
PYTEST_ARGS ?= -n 2
# The torch that the tests of the deep part use: a CPU build is enough.  TORCH= leaves it out, and
# those tests are skipped; a torch that is in $(VENV) already and fits is kept.
TORCH ?= torch==2.13.0
# An attack of others to compare with; its own requirements pin old libraries that it does not need.
PEER := torchattacks==3.5.1

VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check install --quiet

# An installation is up to date when the stamp of its content is there: no pip, no network.
digest = $(shell cat $(1) 2>/dev/null | cksum | cut -d ' ' -f 1)
BASE := $(VENV)/base-$(call digest,requirements/build.txt requirements/base.txt)
DEV := $(VENV)/dev-$(call digest,requirements/build.txt requirements/base.txt requirements/dev.txt)
DEEP := $(VENV)/deep-$(call digest,requirements/deep.txt)-$(TORCH)-$(PEER)
SELF := $(VENV)/self-$(call digest,pyproject.toml)

.PHONY: verify test lint figures bench lock clean

verify: $(BASE) $(SELF)
	$(VENV)/bin/advsmooth verify $(ARGS)

test: $(DEV) $(SELF) $(if $(TORCH),$(DEEP))
	$(RUN) -m pytest $(PYTEST_ARGS)

lint: $(DEV)
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

figures: $(DEV) $(SELF)
	$(VENV)/bin/advsmooth figures

bench: $(BASE) $(SELF)
	$(RUN) -m tests.benchmarks.library

lock: $(RUN)
	$(RUN) requirements/lock.py

clean:
	rm -rf $(VENV) build dist report *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "advsmooth needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(BASE): | $(RUN)
	$(PIP) -r requirements/build.txt -r requirements/base.txt
	@touch $@

$(DEV): | $(RUN)
	$(PIP) -r requirements/build.txt -r requirements/dev.txt
	@touch $@ $(BASE)

# --no-deps: a resolver may take gigabytes of libraries for other devices with torch.
$(DEEP): | $(DEV)
	$(PIP) -r requirements/deep.txt
	$(PIP) --no-deps $(TORCH) $(PEER)
	@touch $@

# --no-build-isolation: the build tools are installed already, at their locked version.
$(SELF): | $(BASE)
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
