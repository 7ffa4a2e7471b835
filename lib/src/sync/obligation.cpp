#include <pawl/sync/obligation.hpp>
#include <pawl/sync/obligation_ledger.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

PAWL_BEGIN

std::string_view to_string(obligation_kind kind) noexcept {
  constexpr std::string_view names[obligation_kinds] = {
      "send permit",      "acknowledgement", "lease", "operation",
      "semaphore permit", "transaction",     "lock"};
  return names[static_cast<unsigned>(kind)];
}

std::string_view to_string(obligation_state state) noexcept {
  constexpr std::string_view names[] = {"reserved", "committed", "aborted", "leaked"};
  return names[static_cast<unsigned>(state)];
}

std::string to_text(const obligation_record& record) {
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(record.age);
  std::string text(to_string(record.kind));
  if (!record.what.empty()) text += " \"" + std::string(record.what) + '"';
  if (record.region != nullptr) text += " of a region";
  text += std::string(", taken at ") + record.where.file_name() + ':' +
          std::to_string(record.where.line()) + ", " + std::to_string(age.count()) +
          " ms ago, is " + std::string(to_string(record.state));
  if (!record.reason.empty()) text += ": " + std::string(record.reason);
  return text;
}

void obligation::commit() {
  if (!try_commit()) {
    throw std::logic_error(
        "obligation::commit: it is resolved, or there is none; if it may be, use try_commit()");
  }
}

void obligation::abort(std::string_view reason) {
  if (!try_abort(reason)) {
    throw std::logic_error(
        "obligation::abort: it is resolved, or there is none; if it may be, use try_abort()");
  }
}

bool obligation::try_commit() noexcept { return ledger_ != nullptr && ledger_->try_commit(id_); }

bool obligation::try_abort(std::string_view reason) noexcept {
  return ledger_ != nullptr && ledger_->try_abort(id_, reason);
}

void obligation::leak() noexcept {
  if (ledger_ != nullptr) ledger_->mark_leaked(id_);
}

PAWL_END
