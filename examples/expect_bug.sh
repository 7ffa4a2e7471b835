#!/usr/bin/env bash
# expect_bug.sh MODELS EXPECTED: the models must fail with exit code 1 and print what the file says,
# apart from paths, tokens and speed; and the token they print must lead to the same failure again.
set -euo pipefail

run() {
  local status=0
  output=$("$@" 2>&1) || status=$?
  if ((status != 1)); then
    printf '%s\n' "$output" "exit code $status instead of 1" >&2
    exit 1
  fi
}

# Long commands are broken where the path of the build tree says.
normalize() {
  sed -zE 's/ \\\n */ /g' | sed -E \
    -e 's#[^ ]*/example_#example_#' \
    -e 's/(--replay) [^ ]+/\1 TOKEN/' \
    -e 's/ +[0-9.,]+( [kM])?\/s/ SPEED/g' \
    -e 's/ +[0-9.]+ s( |$)/ TIME\1/g' \
    -e 's/ +(exec\/s) +time/ \1 time/' \
    -e 's/ +$//'
}

run "$1"
if ! diff -u <(normalize <"$2") <(normalize <<<"$output"); then
  echo "the output differs from $2 (if it is better: copy it there and to the README)" >&2
  exit 1
fi

token=$(grep -oE -- 'p3-[A-Za-z0-9_+/=-]+' <<<"$output" | head -n 1)
[[ -n $token ]] || { echo "no replay token" >&2; exit 1; }
first=$(sed -n 3p <<<"$output")
run "$1" --replay "$token"
grep -qF -- "$first" <<<"$output" || { echo "the replay does not say: $first" >&2; exit 1; }
