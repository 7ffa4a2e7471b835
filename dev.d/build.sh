# shellcheck shell=bash
# Configuring and building a preset, quickly when there is nothing to do.

# require_preset COMMAND NAME
require_preset() {
  case $2 in
    dev | release | asan | tsan | ubsan | coverage) ;;
    *) usage_error "$1: unknown preset '$2' (dev, release, asan, tsan, ubsan or coverage)" ;;
  esac
}

# configure PRESET: only if the presets changed or the build tree is not this checkout's. Changed
# CMakeLists.txt files need no care here: ninja runs CMake again itself.
configure() {
  local preset=$1 tree="$root/build/$1" fresh=()
  if [[ -f $tree/build.ninja ]] && cmp -s "$root/CMakePresets.json" "$tree/.presets"; then
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$tree/CMakeCache.txt" && return 0
  fi
  [[ -f $tree/CMakeCache.txt ]] && fresh=(--fresh)
  mkdir -p "$tree"
  say "configuring build/$preset"
  if ! (cd "$root" && cmake --preset "$preset" "${fresh[@]}") >"$tree/configure.log" 2>&1; then
    cat "$tree/configure.log" >&2
    return 1
  fi
  cp "$root/CMakePresets.json" "$tree/.presets"
}

# build [--quiet] PRESET TARGET...: messages go to standard error, progress only to a terminal and
# not with --quiet. Only one build of a preset runs at a time.
build() {
  local progress=1 preset
  [[ -t 2 ]] || progress=0
  if [[ $1 == --quiet ]]; then
    progress=0
    shift
  fi
  preset=$1
  shift
  mkdir -p "$root/build"
  (
    flock -n 9 || { say "waiting for another build of $preset"; flock 9; }
    configure "$preset" && run_ninja "$progress" "$root/build/$preset" "$@" 9>&-
  ) 9>"$root/build/$preset.lock" || {
    printf '%s\n' "dev: error: the $preset build failed" >&2
    return 1
  }
}

# run_ninja PROGRESS TREE TARGET...
run_ninja() {
  local progress=$1 ninja=(ninja -C "$2" ${PAWL_JOBS:+-j "$PAWL_JOBS"} "${@:3}")
  if ((progress)); then
    "${ninja[@]}" </dev/null >&2
  else
    # Even when quiet, ninja says that there was nothing to do.
    "${ninja[@]}" --quiet </dev/null 2>&1 | sed '/^ninja: no work to do\.$/d' >&2
  fi
}
