#!/usr/bin/env bash
# Proves that what pawl installs can be used: consume.sh PAWL-BUILD-TREE PAWL-SOURCE CASE
# Works in a copy outside both trees, so that nothing is found by accident.
set -euo pipefail

build=$1 source=$2 case=$3
prefix=$build/consume/prefix
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here" "$work/src"
unset CMAKE_GENERATOR PKG_CONFIG_PATH
export CMAKE_PREFIX_PATH=$prefix
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

configure() {
  cmake -G Ninja -S "$work/src/$1" -B "$work/build" "${@:2}"
}

check() {
  cmake --build "$work/build"
  ctest --test-dir "$work/build" --output-on-failure --no-tests=error
}

case $case in
  prepare)
    rm -rf "$prefix"
    cmake --install "$build" --prefix "$prefix"
    ;;
  library)
    configure library
    cmake --build "$work/build"
    "$work/build/quota"
    ;;
  model)
    configure model
    check
    ;;
  moved)  # an installed tree can be renamed
    cmake --install "$build" --prefix "$work/first"
    mv "$work/first" "$work/second"
    CMAKE_PREFIX_PATH=$work/second configure library
    cmake --build "$work/build"
    "$work/build/quota"
    ;;
  pkg-config)
    pc=$(find "$prefix" -name pawl.pc)
    PKG_CONFIG_PATH=$(dirname "$pc") make -C "$work/src/library" quota
    "$work/src/library/quota"
    ;;
  program)  # pawl_instrument(), and pawl-cc in a Makefile
    configure program
    check
    make -C "$work/src/program" CC="$prefix/bin/pawl-cc" flag
    "$work/src/program/flag" --pawl
    "$prefix/bin/pawl" check "$work/src/program/flag.c"
    ;;
  mixed_backends)
    if configure mixed_backends 2>"$work/errors"; then
      echo "error: pawl::pawl and pawl::checked were linked into one program" >&2
      exit 1
    fi
    grep -q 'PAWL_BACKEND' "$work/errors" || { cat "$work/errors" >&2; exit 1; }
    ;;
  subproject)
    unset CMAKE_PREFIX_PATH
    configure subproject -D "PAWL_SOURCE=$source"
    check
    # The one test is the program's own: pawl adds none to a larger build.
    [[ $(ctest --test-dir "$work/build" -N | sed -n 's/^Total Tests: //p') == 1 ]]
    ;;
  package)
    (cd "$work" && cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work/deb")
    dpkg-deb --contents "$work"/deb/*.deb >"$work/contents"
    grep -q ' ./usr/include/pawl/sync/semaphore.hpp$' "$work/contents"
    grep -q '/cmake/pawl/pawlConfig.cmake$' "$work/contents"
    grep -q ' ./usr/include/pawl/verify.h$' "$work/contents"
    grep -q ' ./usr/bin/pawl-c++ -> pawl$' "$work/contents"
    dpkg-deb --field "$work"/deb/*.deb Depends | grep -q libdw1
    ;;
  *)
    echo "consume.sh: unknown case '$case'" >&2
    exit 2
    ;;
esac
