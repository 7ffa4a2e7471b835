// Clients drawn by choose_client, against all that there are.
#include <cppunit/extensions/HelperMacros.h>
#include <pawl/backend/backend.hpp>
#include <pawl/check.hpp>
#include <pawl/check/clients.hpp>

#include <algorithm>
#include <numeric>
#include <set>

namespace pawl::check::tests {
namespace {

std::size_t size_of(const client& c) {
  return std::accumulate(c.begin(), c.end(), std::size_t{0},
                         [](std::size_t n, const auto& thread) { return n + thread.size(); });
}

client in_one_order(client c) {
  std::erase_if(c, [](const auto& thread) { return thread.empty(); });
  std::sort(c.begin(), c.end());
  return c;
}

// Adds operations to any thread, whatever comes of it.
void add_all(client& c, const client_bounds& b, std::set<client>& out) {
  if (size_of(c) > 0) out.insert(in_one_order(c));
  if (size_of(c) == b.operations) return;
  for (auto& thread : c)
    for (std::uint32_t operation = 0; operation < b.kinds; ++operation) {
      thread.push_back(operation);
      add_all(c, b, out);
      thread.pop_back();
    }
}

class clients_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(clients_test);
  CPPUNIT_TEST(all_of_them_once);
  CPPUNIT_TEST(smaller_ones_first);
  CPPUNIT_TEST(what_is_wrong_is_shown_by_a_smallest_one);
  CPPUNIT_TEST_SUITE_END();

 public:
  void all_of_them_once() {
    for (const client_bounds b :
         {client_bounds{1, 1, 1}, client_bounds{1, 3, 2}, client_bounds{3, 1, 4},
          client_bounds{3, 4, 2}, client_bounds{2, 3, 3}, client_bounds{4, 3, 2}}) {
      std::multiset<client> drawn;
      const report r = explore([&] {
        const client c = choose_client(b);
        require(c.size() <= b.threads, "not too many threads");
        require(std::is_sorted(c.begin(), c.end(),
                               [](const auto& x, const auto& y) { return x.size() > y.size(); }),
                "long ones first");
        const unmodelled outside;
        drawn.insert(in_one_order(c));
      });
      CPPUNIT_ASSERT_MESSAGE(r.text(), r.verdict == verdict::clean);
      std::set<client> all;
      client none(b.threads);
      add_all(none, b, all);
      CPPUNIT_ASSERT(std::equal(drawn.begin(), drawn.end(), all.begin(), all.end()));
    }
  }

  void smaller_ones_first() {
    std::vector<std::size_t> sizes;
    const report r = explore([&] {
      const client c = choose_client({.threads = 2, .operations = 4, .kinds = 2});
      const unmodelled outside;
      sizes.push_back(size_of(c));
    });
    CPPUNIT_ASSERT(r.complete == sizes.size() && sizes.size() > 4);
    CPPUNIT_ASSERT(std::is_sorted(sizes.begin(), sizes.end()));
  }

  // A counter whose second operation does not count. It takes one of each, on two threads.
  void what_is_wrong_is_shown_by_a_smallest_one() {
    std::size_t size = 0;
    const report r = explore([&] {
      atomic<int> x{0};
      const client c = choose_client({.threads = 3, .operations = 4, .kinds = 2});
      std::vector<thread> threads;
      for (const auto& operations : c)
        threads.emplace_back([&] {
          for (const std::uint32_t operation : operations)
            if (operation == 0)
              x.fetch_add(1, memory_order_relaxed);
            else
              x.store(x.load(memory_order_relaxed) + 1, memory_order_relaxed);
        });
      for (thread& each : threads) each.join();
      size = size_of(c);
      require(x.load(memory_order_relaxed) == static_cast<int>(size), "all are counted");
    });
    CPPUNIT_ASSERT(r.verdict == verdict::bug && r.error->kind == failure_kind::assertion);
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, size);
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(clients_test);

}  // namespace
}  // namespace pawl::check::tests
