# shellcheck shell=bash
# Formatting and lint. Every step runs even if an earlier one complains.

cpp_sources() {
  git -C "$root" ls-files --cached --others --exclude-standard '*.hpp' '*.cpp' '*.h' |
    while read -r file; do [[ -f $root/$file ]] && printf '%s\n' "$file"; done
}

format_sources() {
  (cd "$root" && cpp_sources | xargs -r clang-format-19 -i)
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
  command -v shellcheck >/dev/null || return 0
  (cd "$root" && shellcheck -x dev .ci/run dev.d/*.sh)
}

# The out-of-line sources pull in every public header that has code worth a look.
lint_tidy() {
  configure dev || return 1
  mapfile -t files < <(cd "$root" && cpp_sources | grep '^lib/src/')
  (cd "$root" && run-clang-tidy-19 -quiet -p build/dev -j "${PAWL_JOBS:-2}" "${files[@]/#/^$root/}")
}

lint() {
  local full=0 step failed=()
  case ${1:-} in
    "") ;;
    --full) full=1 ;;
    *) usage_error "lint: unknown option '$1'" ;;
  esac
  (($# <= 1)) || usage_error "lint: unexpected argument '$2'"

  local steps=(rules format shell)
  ((full)) && steps+=(tidy)
  for step in "${steps[@]}"; do
    say "lint: $step"
    "lint_$step" || failed+=("$step")
  done
  ((${#failed[@]} == 0)) || fail "lint failed: ${failed[*]}"
  say "lint: clean"
}
