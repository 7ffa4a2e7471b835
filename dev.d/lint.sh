# shellcheck shell=bash
# Formatting and lint. Every step runs even if an earlier one complains.

cpp_sources() {
  git -C "$root" ls-files --cached --others --exclude-standard '*.hpp' '*.cpp' '*.h' |
    while read -r file; do [[ -f $root/$file ]] && printf '%s\n' "$file"; done
}

format_sources() {
  (cd "$root" && cpp_sources | xargs -r clang-format-19 -i)
  python3 -B "$root/docs/inventory/inventory.py" write
}

lint_format() {
  local output status=0
  output=$(cd "$root" && cpp_sources | xargs -r clang-format-19 --dry-run --Werror 2>&1) || status=1
  sed -nE 's/^([^ :]+):[0-9]+:.*/\1: not formatted: .\/dev format/p' <<<"$output" | sort -u
  return "$status"
}

lint_rules() {
  python3 -B "$root/dev.d/lint/run.py" "$root"
}

lint_shell() {
  (cd "$root" && git ls-files '*.sh' | xargs shellcheck dev .ci/run)
}

lint_tidy() { run_tidy lib/src; }
lint_tidy_checker() { run_tidy checker/src; }

# run_tidy FOLDER: clang-tidy on its sources, and through them on the public headers.
run_tidy() {
  local tree="$root/build/dev" output status=0
  configure dev || return 1
  python3 -B "$root/dev.d/lint/tidy_database.py" "$tree" "$root/$1" "$tree/tidy/$1" || return 1
  output=$(cd "$root" && run-clang-tidy-19 -quiet -p "$tree/tidy/$1" -j "${PAWL_JOBS:-2}" 2>&1) ||
    status=1
  grep -vE '^(\[ *[0-9]+/|[0-9]+ warnings|$)' <<<"$output" || true
  return "$status"
}

lint() {
  local steps=(rules format shell tidy) step failed=()
  case ${1:-} in
    "") ;;
    --full) steps+=(tidy_checker) ;;
    *) usage_error "lint: unknown option '$1'" ;;
  esac
  (($# <= 1)) || usage_error "lint: unexpected argument '$2'"

  for step in "${steps[@]}"; do
    say "lint: $step"
    "lint_$step" || failed+=("$step")
  done
  ((${#failed[@]} == 0)) || fail "lint failed: ${failed[*]}"
  say "lint: clean"
}
