# shellcheck shell=bash
# Messages and argument checks shared by the commands of ./dev. All messages go to standard error,
# so that a command's own output stays untouched.

say() { printf '%s\n' "dev: $*" >&2; }

fail() {
  printf '%s\n' "dev: error: $*" >&2
  exit 1
}

usage_error() {
  printf '%s\n' "dev: error: $*" "dev: see ./dev help" >&2
  exit 2
}

# option_value OPTION [VALUE]...: the option at hand must be followed by a value.
option_value() {
  (($# >= 2)) || usage_error "option '$1' needs a value"
}

# no_arguments COMMAND [ARGUMENT]...
no_arguments() {
  (($# == 1)) || usage_error "$1: unexpected argument '$2'"
}
