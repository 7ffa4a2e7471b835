// PAWL_MODEL: a named program with a claim and bounds, run by the shared command line.
#pragma once

#include <span>
#include <string_view>

#include <pawl/check/options.hpp>

namespace pawl::check {

/// A registered model.
struct model {
  std::string_view name, shows;
  pawl::check::bounds bounds;
  void (*body)();
  const char* file;
  unsigned line;
  model* next = nullptr;
};

/// Adds `m` to the models of this executable; the order of registration does not matter.
struct [[gnu::visibility("default")]] registration {
  explicit registration(model& m) noexcept;
};

/// The registered models, sorted by name; valid until another one is registered. Not for several
/// threads at a time.
[[nodiscard]] std::span<model* const> models();

/// The command line shared by model executables (architecture: `--list`, `--run`, …). Returns the
/// exit code.
int run_models(int argc, char** argv);

}  // namespace pawl::check

#define PAWL_CHECK_JOIN2(a, b) a##b
#define PAWL_CHECK_JOIN(a, b) PAWL_CHECK_JOIN2(a, b)

/// PAWL_MODEL("semaphore.fifo", "grants in call order", pawl::check::bounds{.threads = 3}) { … }
#define PAWL_MODEL(name, shows, ...)                                               \
  static void PAWL_CHECK_JOIN(pawl_model_body_, __LINE__)();                       \
  static ::pawl::check::model PAWL_CHECK_JOIN(pawl_model_, __LINE__){              \
      name,                                                                        \
      shows,                                                                       \
      ::pawl::check::bounds(__VA_ARGS__),                                          \
      &PAWL_CHECK_JOIN(pawl_model_body_, __LINE__),                                \
      __FILE__,                                                                    \
      __LINE__};                                                                   \
  static const ::pawl::check::registration PAWL_CHECK_JOIN(                        \
      pawl_model_registration_, __LINE__){PAWL_CHECK_JOIN(pawl_model_, __LINE__)}; \
  static void PAWL_CHECK_JOIN(pawl_model_body_, __LINE__)()
