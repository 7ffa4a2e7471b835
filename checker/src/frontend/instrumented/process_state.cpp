#include "process_state.hpp"

#include <fenv.h>
#include <getopt.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <locale>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../fiber/memory.hpp"
#include "hooks.hpp"

namespace pawl::check::instrumented {
namespace {

// As they were before the first execution: the variables of the environment; and, once an execution
// has begun to change them, the others.
struct state {
  char** environment = nullptr;
  std::vector<char*> variables;
  std::string folder, locale;
  std::optional<mode_t> mask;
  std::locale of_streams;
  bool has_options = false;  // getopt() was called.
};
state& before = *new state;

std::string working_directory() {
  char path[PATH_MAX];
  const char* const found = getcwd(path, sizeof path);
  return found == nullptr ? "" : found;
}

// A thread that changes something does not spin.
void note_change(bool is_one) {
  if (runtime* const r = active(); r != nullptr && is_one) r->end_history();
}

const char* value_of(const char* name) { return name == nullptr ? nullptr : getenv(name); }

bool has_value(const char* name, std::string_view value) {
  const char* const now = value_of(name);
  return now != nullptr && now == value;
}

template <class Change>
int change_folder(Change change) {
  if (active() == nullptr) return change();
  const fiber::outside_heap outside;
  const std::string former = working_directory();
  const int result = change();
  if (before.folder.empty()) before.folder = former;
  if (working_directory() != former) runtime::current()->end_history();
  return result;
}

// Of the first call of an execution. The C library keeps more than it shows: it forgets that if
// optind is 0, and takes from the options in which order words may stand.
void begin_options(const char* options) {
  if (active() == nullptr || before.has_options) return;
  before.has_options = true;
  const int first = optind;
  char name[] = "";
  char* none[] = {name, nullptr};
  optind = 0;
  PAWL_BEHIND(getopt)(1, none, options);
  optind = first;
}

int note_option(int found) {
  note_change(found >= 0);
  return found;
}

}  // namespace

void keep_process_state() {
  before.environment = environ;
  char** end = environ;
  while (*end != nullptr) ++end;
  before.variables.assign(environ, end + 1);
}

void put_back_process_state() {
  environ = before.environment;
  std::ranges::copy(before.variables, environ);
  if (!before.folder.empty() && chdir(before.folder.c_str()) == 0) before.folder.clear();
  if (!before.locale.empty()) {
    std::locale::global(before.of_streams);
    setlocale(LC_ALL, before.locale.c_str());
    before.locale.clear();
  }
  if (before.mask) umask(*before.mask);
  before.mask.reset();
  if (!before.has_options) return;
  before.has_options = false;
  optarg = nullptr;
  optind = opterr = 1;
  optopt = '?';
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

// ---- the environment ----------------------------------------------------------------------------

PAWL_HOOK int setenv(const char* name, const char* value, int replaces) noexcept {
  note_change(value_of(name) == nullptr || (replaces != 0 && !has_value(name, value)));
  return PAWL_BEHIND(setenv)(name, value, replaces);
}
PAWL_HOOK int unsetenv(const char* name) noexcept {
  note_change(value_of(name) != nullptr);
  return PAWL_BEHIND(unsetenv)(name);
}
PAWL_HOOK int putenv(char* text) noexcept {
  note_change(true);
  return PAWL_BEHIND(putenv)(text);
}
PAWL_HOOK int clearenv() noexcept {
  note_change(environ != nullptr);
  return PAWL_BEHIND(clearenv)();
}

// ---- files and texts ----------------------------------------------------------------------------

PAWL_HOOK int chdir(const char* path) noexcept {
  return change_folder([=] { return PAWL_BEHIND(chdir)(path); });
}
PAWL_HOOK int fchdir(int folder) noexcept {
  return change_folder([=] { return PAWL_BEHIND(fchdir)(folder); });
}

PAWL_HOOK mode_t umask(mode_t mask) noexcept {
  const mode_t former = PAWL_BEHIND(umask)(mask);
  if (active() != nullptr && !before.mask) before.mask = former;
  note_change(former != mask);
  return former;
}

PAWL_HOOK char* setlocale(int category, const char* name) noexcept {
  const auto behind = PAWL_BEHIND(setlocale);
  if (active() == nullptr || name == nullptr) return behind(category, name);
  const fiber::outside_heap outside;
  const std::string former = behind(LC_ALL, nullptr);
  char* const result = behind(category, name);
  if (before.locale.empty()) before.locale = former;
  if (behind(LC_ALL, nullptr) != former) runtime::current()->end_history();
  return result;
}

PAWL_HOOK locale_t uselocale(locale_t next) noexcept {
  const locale_t former = PAWL_BEHIND(uselocale)(next);
  note_change(next != nullptr && next != former);
  return former;
}

// ---- how a thread calculates --------------------------------------------------------------------

PAWL_HOOK int fesetround(int mode) noexcept {
  note_change(fegetround() != mode);
  return PAWL_BEHIND(fesetround)(mode);
}
PAWL_HOOK int feraiseexcept(int exceptions) noexcept {
  note_change(fetestexcept(exceptions) != exceptions);
  return PAWL_BEHIND(feraiseexcept)(exceptions);
}
PAWL_HOOK int feclearexcept(int exceptions) noexcept {
  note_change(fetestexcept(exceptions) != 0);
  return PAWL_BEHIND(feclearexcept)(exceptions);
}
PAWL_HOOK int fesetenv(const fenv_t* environment) noexcept {
  note_change(true);
  return PAWL_BEHIND(fesetenv)(environment);
}

// ---- options ------------------------------------------------------------------------------------

PAWL_HOOK int getopt(int n, char* const* words, const char* options) noexcept {
  begin_options(options);
  return note_option(PAWL_BEHIND(getopt)(n, words, options));
}
// What <unistd.h> gives strict programs.
extern "C" int __posix_getopt(int, char* const*, const char*);
PAWL_HOOK int __posix_getopt(int n, char* const* words, const char* options) {
  begin_options(options);
  return note_option(PAWL_BEHIND(__posix_getopt)(n, words, options));
}
PAWL_HOOK int getopt_long(int n, char* const* words, const char* options, const option* all,
                          int* which) noexcept {
  begin_options(options);
  return note_option(PAWL_BEHIND(getopt_long)(n, words, options, all, which));
}
PAWL_HOOK int getopt_long_only(int n, char* const* words, const char* options, const option* all,
                               int* which) noexcept {
  begin_options(options);
  return note_option(PAWL_BEHIND(getopt_long_only)(n, words, options, all, which));
}
