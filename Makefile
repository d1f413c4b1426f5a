# SPDX-License-Identifier: Apache-2.0 OR MIT
# `make` lists what there is to make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
FUZZ_TIME ?= 600
CRASHES ?= 200
DESTDIR ?=
ready := .deps/ready
formatted := Sources Tests Fuzz/Sources/fuzz plugins sdk

.PHONY: help setup build demo test fuzz crash bench format lint install clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

$(ready): scripts/setup
	@scripts/setup
	@touch $(ready)

setup: ## Get what the build needs (Debian packages, Wasmtime); nothing if it is there
	@scripts/setup
	@touch $(ready)

build: $(ready) ## Build the programs and the plugins for release
	@scripts/build

demo: build ## See a three-tier service planned, deployed, used, hurt, healed and removed
	@scripts/demo

test: $(ready) ## Run every test; the last line counts them
	@scripts/test

fuzz: $(ready) ## Try FUZZ_TIME (600) seconds of malformed input on each decoder
	@Fuzz/run --time $(FUZZ_TIME)

crash: build ## Kill a program that writes a store at CRASHES (200) random moments, and the agent at all its failpoints
	@FLORIA_CRASHES=$(CRASHES) swift test --disable-xctest --no-parallel --filter '^FloriaTests\.StoreCrashTests'
	@Tests/crash/run --long

bench: build ## Measure, each figure next to a floor measured in the same run
	@scripts/bench

format: ## Format the Swift sources
	@swift format --in-place --parallel --recursive $(wildcard $(formatted))

lint: ## Check the format of the Swift sources
	@swift format lint --strict --parallel --recursive $(wildcard $(formatted))

install: build ## Install below PREFIX (/usr/local), staged in DESTDIR
	@scripts/install "$(DESTDIR)$(PREFIX)"

clean: ## Remove what was built (the set-up stays)
	@rm -rf .build build
