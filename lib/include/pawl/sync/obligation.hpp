#pragma once
// Something taken that has to be given back, or promised and has to be done.

#include <pawl/backend/backend.hpp>
#include <pawl/sync/lock_order.hpp>

#include <cstdint>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

PAWL_BEGIN

class obligation_ledger;
class obligation_region;

using obligation_id = std::uint64_t;

enum class obligation_kind : std::uint8_t {
  send_permit,       // a place in a channel: to be sent to, or given back
  ack,               // a message received: to be acknowledged
  lease,             // a resource: to be returned
  io,                // an operation in progress: to be completed
  semaphore_permit,  // permits: to be released
  transaction,       // begun: to be committed or rolled back
  lock,              // to be unlocked
};
inline constexpr unsigned obligation_kinds = 7;
[[nodiscard]] std::string_view to_string(obligation_kind kind) noexcept;

// It begins as reserved; each of the others is final.
enum class obligation_state : std::uint8_t { reserved, committed, aborted, leaked };
[[nodiscard]] std::string_view to_string(obligation_state state) noexcept;

// All that is known of an obligation at some time.
struct obligation_record {
  obligation_id id = 0;
  obligation_kind kind = obligation_kind::lock;
  obligation_state state = obligation_state::reserved;
  std::string_view what;                      // as who took it called it
  std::string_view reason;                    // of an abort
  const obligation_region* region = nullptr;  // null: it belongs to none
  lock_holder who;
  std::source_location where;  // it was taken
  steady_clock::time_point since;
  steady_clock::duration age{};  // until now, or until it was resolved
};

// Returns: all of it in a line: `lease "card 3", taken at pool.cpp:71, 12 ms ago, is leaked`.
[[nodiscard]] std::string to_text(const obligation_record& record);

// Which obligations are meant; all of them, as it stands.
struct obligation_filter {
  std::optional<obligation_kind> kind{};
  std::optional<lock_holder> who{};
  const obligation_region* region = nullptr;  // null: in any region, and in none

  [[nodiscard]] bool admits(const obligation_record& record) const noexcept {
    return (!kind || *kind == record.kind) && (!who || *who == record.who) &&
           (region == nullptr || region == record.region);
  }
};

// An obligation in the books of a ledger, owned: whoever has it commits or aborts it. If it is
// destroyed before somebody has, it has leaked (OBLIGATION-LEAK). The ledger outlives it.
//
// Not synchronized: one such object is one thread's at a time.
class [[nodiscard]] obligation {
 public:
  // Of no ledger; so is one that was moved from or detached.
  obligation() noexcept = default;
  obligation(obligation&& other) noexcept
      : ledger_(std::exchange(other.ledger_, nullptr)), id_(other.id_) {}

  // Effects: what *this was leaks, if it is not resolved; then takes over.
  obligation& operator=(obligation&& other) noexcept {
    if (this == &other) return *this;
    leak();
    ledger_ = std::exchange(other.ledger_, nullptr);
    id_ = other.id_;
    return *this;
  }
  ~obligation() { leak(); }

  // Returns: whether it is of a ledger, resolved or not.
  explicit operator bool() const noexcept { return ledger_ != nullptr; }
  [[nodiscard]] obligation_id id() const noexcept { return ledger_ != nullptr ? id_ : 0; }

  // Effects: it is committed, or aborted: for good.
  // Throws: std::logic_error if it is resolved already, or of no ledger; nothing has changed.
  void commit();
  void abort(std::string_view reason = {});

  // Returns: false if it is resolved already, or of no ledger, and nothing has changed.
  bool try_commit() noexcept;
  bool try_abort(std::string_view reason = {}) noexcept;

  // Effects: nobody owns it any more; it stays in the books. Returns: its number there.
  obligation_id detach() && noexcept {
    return std::exchange(ledger_, nullptr) != nullptr ? id_ : 0;
  }

 private:
  friend obligation_ledger;

  obligation(obligation_ledger& ledger, obligation_id id) noexcept : ledger_(&ledger), id_(id) {}

  void leak() noexcept;

  obligation_ledger* ledger_ = nullptr;
  obligation_id id_ = 0;  // meaningless without ledger
};

PAWL_END
