#!/usr/bin/env bash
# expect_bug.sh MODELS: the models must fail with exit code 1, and the token they print must lead to
# the same failure again.
set -euo pipefail

run() {
  local status=0
  output=$("$1" "${@:2}" 2>&1) || status=$?
  printf '%s\n' "$output"
  if ((status != 1)); then
    echo "exit code $status instead of 1" >&2
    exit 1
  fi
}

run "$1"
token=$(grep -oE -- '--replay[= ][^ ]+' <<<"$output" | head -n 1)
[[ -n $token ]] || { echo "no replay token" >&2; exit 1; }
run "$1" --replay "${token#--replay?}"
