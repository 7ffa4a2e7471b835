# shellcheck shell=bash
# Debian packages by purpose, and their installation when something is missing.

packages_for() {
  case $1 in
    build) echo g++ cmake ninja-build pkg-config ccache libboost-context1.81-dev libcli11-dev \
      libfmt-dev nlohmann-json3-dev libexpected-dev libdw-dev libzydis-dev ;;
    test) echo libcppunit-dev librapidcheck-dev relacy-dev libbenchmark-dev valgrind make python3 \
      libboost1.81-dev libconcurrentqueue-dev ;;
    lint) echo clang-format-19 clang-tidy-19 shellcheck python3 ;;
    docs) echo doxygen ;;
    peers) echo cargo rustc librust-tokio-dev librust-tokio-util-dev librust-crossbeam-utils-dev \
      librust-parking-lot-dev libabsl-dev libtbb-dev libboost-thread1.81-dev ;;
  esac
}

# A tool that is on the PATH need not come from a package; a library must.
tool_present() {
  case $1 in
    g++ | cmake | ccache | valgrind | make | python3 | doxygen | pkg-config | shellcheck | \
      clang-format-19 | clang-tidy-19)
      command -v "$1" >/dev/null ;;
    ninja-build) command -v ninja >/dev/null ;;
    *) return 1 ;;
  esac
}

missing_packages() {
  local package
  local -A installed=()
  while read -r status package; do
    [[ $status == installed ]] && installed[$package]=1
  done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
  for package; do
    [[ -n ${installed[$package]:-} ]] || tool_present "$package" || printf '%s\n' "$package"
  done | sort -u
}

# ensure_packages PURPOSE...: installs what is missing, never removes anything.
ensure_packages() {
  local purpose wanted=() missing
  command -v dpkg-query >/dev/null || return 0  # not a Debian system: CMake will say what it lacks
  for purpose; do
    read -ra more < <(packages_for "$purpose")
    wanted+=("${more[@]}")
  done
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  ((${#missing[@]})) || return 0

  local command="apt-get update && apt-get install --no-remove -y ${missing[*]}"
  local as_root=()
  if (($(id -u) != 0)); then
    if ! command -v sudo >/dev/null; then
      refuse "these packages are missing; as root, run" "$command"
    elif [[ -t 0 ]]; then
      as_root=(sudo)
    elif sudo -n true 2>/dev/null; then
      as_root=(sudo -n)
    else
      refuse "these packages are missing, and sudo would ask for a password; run" \
        "sudo sh -c '$command'"
    fi
  fi
  refuse_other_boost "${missing[@]}"

  say "installing ${missing[*]}"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
  "${apt[@]}" update -q >&2 || refuse "apt-get update failed; when it works, run" "$command"
  "${apt[@]}" install -q --no-remove --no-install-recommends -y "${missing[@]}" >&2 ||
    refuse "the installation failed; the command was" "$command"
}

refuse() {
  printf '%s\n' "dev: error: $1:" "  $2" >&2
  exit 2
}

# Debian's Boost development packages of different versions exclude each other.
refuse_other_boost() {
  [[ " $* " == *" libboost-context1.81-dev "* ]] || return 0
  local other
  # dpkg-query fails if the pattern matches nothing, which is the usual case.
  other=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 'libboost1.*-dev' 2>/dev/null || true)
  other=$(sed -n '/libboost1\.81-dev/d; s/^installed //p' <<<"$other" | head -n 1)
  [[ -z $other ]] || refuse "pawl needs Boost 1.81, which cannot be installed beside $other \
(perhaps here through libboost-dev), and ./dev removes nothing; to replace it, as root run" \
    "apt-get install libboost-context1.81-dev"
}
