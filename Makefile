# Everything is done by dev/; see `make help`.
PYTHON ?= python3
ifeq ($(origin LINT),default)  # make has a LINT of its own, the name of a program
LINT =
endif
export ODOO POSTGRES PORT SERVE DB ARGS LANES LINT

.PHONY: help demo test test-long test-odoo lint terms package readme bench docs pictures db shell stop clean
.DEFAULT_GOAL := help

help demo test test-long test-odoo lint terms package readme bench docs pictures db shell stop clean:
	@$(PYTHON) dev $@
