#include <pawl/sync/obligation_ledger.hpp>

#include <cppunit/extensions/HelperMacros.h>

#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using pawl::errc;
using pawl::lock_holder;
using pawl::obligation;
using pawl::obligation_id;
using pawl::obligation_ledger;
using pawl::obligation_record;
using pawl::obligation_region;
using pawl::obligation_stats;
using kind = pawl::obligation_kind;
using state = pawl::obligation_state;

// Keeps what it is told.
struct recorder final : pawl::leak_observer {
  std::vector<obligation_record> told;
  void leaked(const obligation_record& record) noexcept override { told.push_back(record); }
};

class obligation_ledger_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(obligation_ledger_test);
  CPPUNIT_TEST(is_in_the_books_until_resolved);
  CPPUNIT_TEST(is_resolved_once);
  CPPUNIT_TEST(leaks_if_nobody_resolves_it);
  CPPUNIT_TEST(a_record_tells_where_and_how_old);
  CPPUNIT_TEST(moves_with_its_owner);
  CPPUNIT_TEST(one_of_no_ledger_is_nothing);
  CPPUNIT_TEST(a_detached_one_is_a_number);
  CPPUNIT_TEST(filters_choose);
  CPPUNIT_TEST(aborts_what_is_pending);
  CPPUNIT_TEST(leaks_are_told_once);
  CPPUNIT_TEST(the_end_of_the_ledger_tells);
  CPPUNIT_TEST(a_region_closes_when_it_is_clean);
  CPPUNIT_TEST(the_end_of_a_region_tells);
  CPPUNIT_TEST(history_keeps_the_latest);
  CPPUNIT_TEST(reset_forgets);
  CPPUNIT_TEST(threads_lose_nothing);
  CPPUNIT_TEST_SUITE_END();

  recorder leaks_;
  obligation_ledger ledger_{&leaks_, 3};

  void is_in_the_books_until_resolved() {
    obligation first = ledger_.reserve(kind::lease, "card");
    obligation second = ledger_.reserve(kind::transaction);
    const auto pending = ledger_.pending();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, pending.size());
    CPPUNIT_ASSERT(pending[0].id == first.id() && pending[1].id == second.id());
    CPPUNIT_ASSERT(pending[0].kind == kind::lease && pending[0].what == "card");
    CPPUNIT_ASSERT(pending[0].state == state::reserved);
    CPPUNIT_ASSERT(pending[0].who == lock_holder::this_thread());
    first.commit();
    second.abort("no room");
    CPPUNIT_ASSERT(ledger_.is_clean() && leaks_.told.empty());
    CPPUNIT_ASSERT((ledger_.stats() == obligation_stats{2, 1, 1, 0}));
    CPPUNIT_ASSERT((ledger_.stats(kind::lease) == obligation_stats{1, 1, 0, 0}));
    CPPUNIT_ASSERT(ledger_.history().back().reason == "no room");
  }

  void is_resolved_once() {
    obligation o = ledger_.reserve(kind::ack);
    o.commit();
    CPPUNIT_ASSERT(o && !o.try_commit() && !o.try_abort());
    CPPUNIT_ASSERT_THROW(o.commit(), std::logic_error);
    CPPUNIT_ASSERT_THROW(o.abort(), std::logic_error);
    CPPUNIT_ASSERT_THROW(ledger_.commit(o.id()), std::logic_error);
    CPPUNIT_ASSERT_THROW(ledger_.abort(o.id()), std::logic_error);
    CPPUNIT_ASSERT(!ledger_.mark_leaked(o.id()));
    CPPUNIT_ASSERT((ledger_.stats() == obligation_stats{1, 1, 0, 0}));
  }

  void leaks_if_nobody_resolves_it() {
    { const obligation o = ledger_.reserve(kind::io, "read"); }
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, leaks_.told.size());
    CPPUNIT_ASSERT(leaks_.told[0].state == state::leaked && leaks_.told[0].what == "read");
    CPPUNIT_ASSERT((ledger_.stats() == obligation_stats{1, 0, 0, 1}));
  }

  void a_record_tells_where_and_how_old() {
    const unsigned line = __LINE__ + 1;
    { const obligation o = ledger_.reserve(kind::lease, "card 3"); }
    const obligation_record& told = leaks_.told.at(0);
    CPPUNIT_ASSERT_EQUAL(line, static_cast<unsigned>(told.where.line()));
    CPPUNIT_ASSERT(told.age >= pawl::steady_clock::duration::zero());
    const std::string text = to_text(told);
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, text.find("lease \"card 3\", taken at "));
    CPPUNIT_ASSERT(text.find("obligation_ledger_test.cpp:" + std::to_string(line) + ", ") !=
                   std::string::npos);
    CPPUNIT_ASSERT(text.ends_with(" ms ago, is leaked"));
  }

  void moves_with_its_owner() {
    obligation o = ledger_.reserve(kind::ack);
    const obligation_id id = o.id();
    obligation other = std::move(o);
    CPPUNIT_ASSERT(!o && other.id() == id && ledger_.count_pending() == 1);
    other = ledger_.reserve(kind::lease);
    CPPUNIT_ASSERT(leaks_.told.size() == 1 && leaks_.told[0].id == id);
    other.commit();
  }

  void one_of_no_ledger_is_nothing() {
    obligation none;
    CPPUNIT_ASSERT(!none && none.id() == 0 && !none.try_commit() && !none.try_abort());
    CPPUNIT_ASSERT_THROW(none.commit(), std::logic_error);
    CPPUNIT_ASSERT_EQUAL(obligation_id{0}, std::move(none).detach());
  }

  void a_detached_one_is_a_number() {
    const obligation_id id = ledger_.reserve(kind::send_permit).detach();
    CPPUNIT_ASSERT(leaks_.told.empty() && ledger_.count_pending() == 1);
    ledger_.commit(id);
    CPPUNIT_ASSERT(!ledger_.try_abort(id));
    const obligation_id lost = ledger_.reserve(kind::send_permit).detach();
    CPPUNIT_ASSERT(ledger_.mark_leaked(lost) && leaks_.told.at(0).id == lost);
  }

  void filters_choose() {
    obligation a = ledger_.reserve(kind::lease), b = ledger_.reserve(kind::ack);
    pawl::thread([&] { b = (b.commit(), ledger_.reserve(kind::lease)); }).join();
    const auto me = lock_holder::this_thread();
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, ledger_.count_pending({.kind = kind::lease}));
    CPPUNIT_ASSERT(ledger_.is_clean({.kind = kind::ack}));
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, ledger_.count_pending({.who = me}));
    CPPUNIT_ASSERT(ledger_.pending({.kind = kind::lease, .who = me}).at(0).id == a.id());
    a.commit();
    b.commit();
  }

  void aborts_what_is_pending() {
    obligation a = ledger_.reserve(kind::lease), b = ledger_.reserve(kind::ack);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, ledger_.abort_pending({.kind = kind::lease}, "shutdown"));
    CPPUNIT_ASSERT(!a.try_commit() && b.try_commit());
    CPPUNIT_ASSERT(ledger_.history().at(0).reason == "shutdown");
  }

  void leaks_are_told_once() {
    const obligation a = ledger_.reserve(kind::lease), b = ledger_.reserve(kind::lease);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, ledger_.check_leaks());
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, ledger_.check_leaks());
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, leaks_.told.size());
  }

  void the_end_of_the_ledger_tells() {
    {
      obligation_ledger other(&leaks_);
      static_cast<void>(other.reserve(kind::io, "detached").detach());
    }
    CPPUNIT_ASSERT(leaks_.told.size() == 1 && leaks_.told[0].what == "detached");
  }

  void a_region_closes_when_it_is_clean() {
    obligation_region region(ledger_, "request");
    obligation inside = region.reserve(kind::transaction, "update");
    obligation outside = ledger_.reserve(kind::transaction);
    CPPUNIT_ASSERT(region.name() == "request" && region.count_pending() == 1);
    CPPUNIT_ASSERT(!region.close() && !region.is_closed() && !region.is_clean());
    inside.commit();
    CPPUNIT_ASSERT(region.close() && region.is_closed() && region.is_clean());
    const auto refused = region.try_reserve(kind::ack);
    CPPUNIT_ASSERT(!refused && refused.error().code == errc::closed);
    CPPUNIT_ASSERT_THROW(static_cast<void>(region.reserve(kind::ack)), std::logic_error);
    outside.commit();
    CPPUNIT_ASSERT((ledger_.stats() == obligation_stats{2, 2, 0, 0}));
  }

  void the_end_of_a_region_tells() {
    std::optional<obligation_region> region(std::in_place, ledger_, "request");
    obligation a = region->reserve(kind::transaction);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, region->abort_pending("gone"));
    obligation b = region->reserve(kind::transaction);
    region.reset();
    CPPUNIT_ASSERT(!a.try_commit() && !b.try_commit());
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, leaks_.told.size());
  }

  void history_keeps_the_latest() {
    for (int i = 0; i < 5; ++i) ledger_.reserve(kind::ack).commit();
    const auto all = ledger_.history();
    CPPUNIT_ASSERT_EQUAL(std::size_t{3}, all.size());
    CPPUNIT_ASSERT(all[0].id + 1 == all[1].id && all[1].id + 1 == all[2].id);
    CPPUNIT_ASSERT(all[2].id == 5 && all[2].state == state::committed);
    obligation_ledger none(&leaks_);
    none.reserve(kind::ack).commit();
    CPPUNIT_ASSERT(none.history().empty());
  }

  void reset_forgets() {
    obligation o = ledger_.reserve(kind::ack);
    ledger_.reserve(kind::ack).commit();
    ledger_.reset();
    CPPUNIT_ASSERT(ledger_.is_clean() && ledger_.history().empty());
    CPPUNIT_ASSERT((ledger_.stats() == obligation_stats{}));
    CPPUNIT_ASSERT(!o.try_commit() && leaks_.told.empty());
    ledger_.reserve(kind::ack).commit();
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, ledger_.history().size());
  }

  void threads_lose_nothing() {
    constexpr unsigned threads = 4, times = 500;
    std::deque<pawl::thread> all;
    for (unsigned i = 0; i < threads; ++i) {
      all.emplace_back([&] {
        for (unsigned n = 0; n < times; ++n) {
          obligation o = ledger_.reserve(kind::io);
          n % 2 == 0 ? o.commit() : o.abort();
        }
      });
    }
    for (pawl::thread& each : all) each.join();
    const std::uint64_t half = threads * times / 2;
    CPPUNIT_ASSERT((ledger_.stats() == obligation_stats{2 * half, half, half, 0}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(obligation_ledger_test);

}  // namespace
