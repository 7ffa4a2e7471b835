#include "program.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/personality.h>
#include <sys/single_threaded.h>
#include <unistd.h>
#include <ext/stdio_filebuf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <optional>
#include <sstream>

#include <pawl/check/model.hpp>

#include "../../engine/segments.hpp"
#include "../../tool/command_line.hpp"
#include "../../tool/run_models.hpp"
#include "../../tool/split.hpp"
#include "../../tool/usage_error.hpp"
#include "files.hpp"
#include "heap.hpp"
#include "hooks.hpp"
#include "iterations.hpp"
#include "large_atomics.hpp"
#include "large_values.hpp"
#include "mappings.hpp"
#include "output.hpp"
#include "process_state.hpp"
#include "threads.hpp"
#include "unwritten.hpp"
#include "verify.hpp"

namespace pawl::check::instrumented {

shadow& the_shadow = *new shadow;
sites& the_sites = *new sites;
program* the_program = nullptr;

std::span<std::byte> writable_data() {
  static const std::span<std::byte> found = [] {
    std::uintptr_t begin = ~std::uintptr_t{0}, end = 0, fixed_end = 0;
    engine::visit_segments([&](const engine::segment& s) {
      if (!s.is_of_executable()) return;
      if (s.type == PT_GNU_RELRO) fixed_end = s.end;
      if (!s.is_data()) return;
      begin = std::min(begin, s.begin);
      end = std::max(end, s.end);
    });
    // Read-only after relocation, in whole pages.
    begin = std::max(begin, fixed_end & ~std::uintptr_t{4095});
    return begin < end ? std::span(reinterpret_cast<std::byte*>(begin), end - begin)
                       : std::span<std::byte>();
  }();
  return found;
}

program::program(main_function main, std::vector<std::string> arguments, char** environment,
                 program_settings settings)
    : main_(main),
      arguments_(std::move(arguments)),
      words_(arguments_),
      environment_(environment),
      settings_(settings),
      data_(writable_data()),
      data_before_(data_.begin(), data_.end()) {
  argv_.resize(words_.size() + 1);
  keep_process_state();
}

void program::put_back() {
  std::memcpy(data_.data(), data_before_.data(), data_.size());
  put_back_boot_memory();
  the_shadow.forget_allocations();
  shadow::forget_lent();
  shadow::forget_writes();
  reading_bytes::forget();
  locals_.put_back();
  forget_iterations();
  forget_sections();
  forget_output();
  close_files();
  close_mappings();
  put_back_process_state();
  words_ = arguments_;
}

void program::note_allocation(const void* p, std::size_t size) {
  the_shadow.begin_allocation(*runtime::current(), p, size);
}

void program::note_free(const void* p, std::size_t size) {
  the_shadow.end_allocation(*runtime::current(), p, size, freeing_code());
}

std::string program::name_of(const rt::atomic_object& o) {
  const void* const p = the_shadow.address_of(o);
  return p == nullptr ? std::string() : the_sites.describe(p);
}

const void* program::code_after(rt::site where) { return sites::code_of(where); }
std::string program::text_of(rt::word number) { return the_large_values.text_of(number); }

// In static data or on a stack: numbers that only look like such addresses are rare.
std::string program::address_text(rt::word value) {
  const auto* const p = reinterpret_cast<const std::byte*>(value);
  if (!the_shadow.covers(p)) return {};
  const std::string name = the_sites.variable(p, part::outermost);
  return name.empty() ? name : "&" + name;
}

std::string program::output() { return printed(); }

void program::resolve_sites() { the_sites.resolve(); }

std::span<const std::byte> program::static_data() const { return data_; }

void program::writes_to_stack(const runtime& r, unsigned owner,
                              std::vector<engine::written_on_stack>& out) const {
  the_shadow.writes_to_stack(r, static_cast<engine::thread_index>(owner), out);
}

void program::run(const check::program& body) {
  result_ = 0;
  run_first_thread(body);
  if (result_ != 0 && !settings_.any_result) {
    runtime& r = *runtime::current();
    const fiber::outside_heap outside;
    r.fail(failure_kind::assertion, fmt::format("main() returned {}", result_),
           {"--any-result accepts that"});
  }
}

void program::call_main() {
  std::transform(words_.begin(), words_.end(), argv_.begin(),
                 [](std::string& each) { return each.data(); });
  forget_stack_below();
  result_ = main_(static_cast<int>(words_.size()), argv_.data(), environment_);
  the_shadow.finish_write(*runtime::current());
}

// ---- the process --------------------------------------------------------------------------------

namespace {

// What the standard library allocates when streams are first used outlives an execution.
void warm_up() {
  std::stringstream stream;
  stream << 1 << ' ' << 1.5 << ' ' << true << ' ' << static_cast<const void*>(&stream) << ' ';
  int n = 0;
  double x = 0;
  stream >> n >> x;
}

// The lines of a variable of the environment.
std::vector<std::string> lines_of(const char* variable) {
  const char* const text = std::getenv(variable);
  std::istringstream in(text == nullptr ? "" : text);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::vector<std::string> options_of_environment() {
  const char* const text = std::getenv("PAWL_OPTIONS");
  return tool::split("PAWL_OPTIONS", text == nullptr ? "" : text);
}

// The words for the checker, taken from those of the command line: what stands behind --pawl, or
// all of them if the program consists of models.
std::vector<std::string> take_options(std::vector<std::string>& own) {
  const auto at = models().empty() ? std::ranges::find(own, "--pawl") : own.begin() + 1;
  std::vector<std::string> out(at, own.end());
  own.erase(at, own.end());
  if (!out.empty() && out[0] == "--pawl") out.erase(out.begin());
  return out;
}

// How the program is called again: by `pawl check`, which says how itself was called, or directly.
reporting::invocation how_to_call(const std::vector<std::string>& own) {
  reporting::invocation out;
  out.has_models = !models().empty();
  out.before = lines_of("PAWL_COMMAND");
  if (out.has_models && !out.before.empty())
    throw tool::usage_error("this program consists of models; build it with pawl-c++, and run it");
  if (out.has_models) return own.at(0);
  if (out.before.empty()) {
    out.title = own.at(0) + " --pawl";
    out.before = own;
    out.before.emplace_back("--pawl");
  } else {
    out.title = "pawl check";
    out.after = lines_of("PAWL_COMMAND_END");
    out.starts_debugger = true;
  }
  return out;
}

// Mistakes are told by run_models().
tool::request request_in(const std::vector<std::string>& asked) {
  try {
    const auto parsed = tool::parse_command_line("", asked, tool::subject::program);
    if (const auto* wish = std::get_if<tool::request>(&parsed)) return *wish;
  } catch (const tool::usage_error&) {}
  return {};
}

// Those that concern the program itself.
program_settings settings_in(const std::vector<std::string>& asked) {
  const tool::request wish = request_in(asked);
  return {wish.allow_io, wish.any_result, wish.abort_discards, wish.unknowns,
          wish.spurious_wakeups};
}

bool is_told(const tool::integer_range& r) {
  return r.least != tool::integer_range{}.least || r.most != tool::integer_range{}.most;
}

// Without these, a replay would do something else: a token does not have them.
std::vector<std::string> options_of_replay(const std::vector<std::string>& asked) {
  const tool::request wish = request_in(asked);
  std::vector<std::string> out;
  if (wish.allow_io) out.emplace_back("--allow-io");
  if (wish.any_result) out.emplace_back("--any-result");
  if (wish.abort_discards) out.emplace_back("--abort-discards");
  if (is_told(wish.unknowns))
    out.insert(out.end(),
               {"--nondet", fmt::format("{}..{}", wish.unknowns.least, wish.unknowns.most)});
  if (const unsigned n = wish.spurious_wakeups)
    out.insert(out.end(), {"--spurious-wakeups", std::to_string(n)});
  if (const auto n = wish.options.unroll) out.insert(out.end(), {"--unroll", std::to_string(*n)});
  if (const auto n = wish.options.threads) out.insert(out.end(), {"--threads", std::to_string(*n)});
  return out;
}

// The program's streams are captured: the checker has its own.
tool::console own_console() {
  using buffer = __gnu_cxx::stdio_filebuf<char>;
  static std::ostream& out = *new std::ostream(new buffer(STDOUT_FILENO, std::ios::out));
  static std::ostream& error = *new std::ostream(new buffer(STDERR_FILENO, std::ios::out));
  error << std::unitbuf;
  tool::console both = tool::standard_console();
  both.out.stream = &out;
  both.error.stream = &error;
  return both;
}

}  // namespace

// A program that has models needs no main(): this one is found if there is no other.
PAWL_HOOK int no_main(int, char**, char**) __asm__("main");
int no_main(int, char**, char**) { return 2; }

int explore_program(main_function main, int argc, char** argv, char** environment) try {
  if (main == &no_main && models().empty())
    throw tool::usage_error("there is neither a main() nor a model");
  if (!supplies_large_atomics())
    throw tool::usage_error("-latomic must come behind pawl's library, or be left out");
  end_boot();
  warm_up();
  std::vector<std::string> own(argv, argv + argc), asked = take_options(own);
  reporting::invocation command = how_to_call(own);
  if (!command.has_models)
    std::ranges::move(options_of_replay(asked), std::back_inserter(command.before));
  std::ranges::move(options_of_environment(), std::back_inserter(asked));
  const std::string name = std::filesystem::path(own.at(0)).filename();
  if (command.starts_debugger) own[0] = name;  // It was built in some folder.
  const program_settings settings = settings_in(asked);
  const auto [least, most] = settings.unknowns;
  const std::string note = fmt::format("nondet {}..{}", least, most);

  the_shadow.map(writable_data(), thread_locals::of_first());
  the_shadow.keep_allocations(heap_before_main());
  __libc_single_threaded = 0;  // Else std::shared_ptr counts without atomic operations.
  tool::console console = own_console();
  capture_output();
  program all(main, std::move(own), environment, settings);
  the_program = &all;
  engine::the_whole_program = &all;
  model whole{name,
              "",
              {.note = is_told(settings.unknowns) ? note : std::string_view()},
              [] { the_program->call_main(); },
              argv[0],
              1};
  std::optional<registration> add;
  if (!command.has_models) add.emplace(whole);
  const int code = tool::run_models(command, std::move(asked), console);
  console.out.stream->flush();
  return code;
} catch (const tool::usage_error& error) {
  std::cerr << std::filesystem::path(argv[0]).filename().native() << ": " << error.what() << '\n';
  return 2;
}

}  // namespace pawl::check::instrumented

// ---- the start of the process -------------------------------------------------------------------

namespace {

pawl::check::instrumented::main_function main_of_program = nullptr;

int main_of_checker(int argc, char** argv, char** environment) {
  const int code =
      pawl::check::instrumented::explore_program(main_of_program, argc, argv, environment);
  _exit(code);  // Destructors of the program would find what its last execution left.
}

// Replay tokens hold addresses: they must be the same in every process. What the dynamic linker
// would find out late, it would have to find out again in every execution.
void begin_anew(char** argv) {
  const int now = personality(0xffffffff);
  const bool fixed = now == -1 || (now & ADDR_NO_RANDOMIZE) != 0 ||
                     personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) == -1;
  if (fixed && std::getenv("LD_BIND_NOW") != nullptr) return;
  setenv("LD_BIND_NOW", "1", 1);
  execv("/proc/self/exe", argv);
}

// It is too early for streams.
void take_addresses() try {
  pawl::check::instrumented::begin_boot();
} catch (const pawl::check::fiber::out_of_memory&) {
  constexpr std::string_view why =
      "pawl: the addresses that the checker needs are taken. Is the program linked with\n"
      "-fsanitize=thread? It must be compiled with it, but linked without.\n";
  [[maybe_unused]] const ssize_t told = write(STDERR_FILENO, why.data(), why.size());
  _exit(2);
}

using start_function = int(pawl::check::instrumented::main_function, int, char**, void (*)(),
                           void (*)(), void (*)(), void*);

}  // namespace

// What the executable's first instructions call.
PAWL_HOOK int __libc_start_main(pawl::check::instrumented::main_function main, int argc,
                                char** argv, void (*init)(), void (*fini)(), void (*rtld_fini)(),
                                void* stack_end) {
  begin_anew(argv);
  take_addresses();
  main_of_program = main;
  auto* const behind = reinterpret_cast<start_function*>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return behind(main_of_checker, argc, argv, init, fini, rtld_fini, stack_end);
}
