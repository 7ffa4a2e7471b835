// Replay tokens: what is written is read again, and what is damaged is refused.
#include "engine/token.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <pawl/check/token.hpp>

#include <vector>

namespace pawl::check::tests {
namespace {

using engine::prescribed_step;
using engine::read_token;
using engine::token;
using engine::write_token;

// Of several lengths, so that the last digit of the steps holds 6, 4 and 2 bits.
std::vector<token> samples() {
  std::vector<token> all;
  for (std::uint8_t length = 0; length < 6; ++length) {
    token t{.program = 0xfe451481u, .structure = 0x0099a27du, .explored = {}, .steps = {}};
    for (std::uint8_t i = 0; i < length; ++i) t.steps.push_back({i, std::uint32_t{i} * 7});
    all.push_back(t);
  }
  token long_one{.program = 1,
                 .memory_model = memory_model::tso,
                 .resumption = resumption::in_waker,
                 .weak_cas_fails = 300,
                 .stalled_thread = 2,
                 .stalled_at = 500,
                 .explores_races = true,
                 .explored = {{0, 1, 0}, {0x8000'0001u, 8, 7}},
                 .steps = std::vector<prescribed_step>(40, {1, 0})};
  long_one.steps.push_back({31, 100'000});
  all.push_back(long_one);
  return all;
}

class token_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(token_test);
  CPPUNIT_TEST(what_is_written_is_read);
  CPPUNIT_TEST(every_character_counts);
  CPPUNIT_TEST(every_length_counts);
  CPPUNIT_TEST(tells_its_options);
  CPPUNIT_TEST_SUITE_END();

 public:
  void what_is_written_is_read() {
    for (const token& t : samples()) {
      const auto read = read_token(write_token(t));
      CPPUNIT_ASSERT_MESSAGE(write_token(t), read.has_value());
      CPPUNIT_ASSERT(read->program == t.program && read->structure == t.structure);
      CPPUNIT_ASSERT(read->memory_model == t.memory_model && read->resumption == t.resumption);
      CPPUNIT_ASSERT_EQUAL(t.weak_cas_fails, read->weak_cas_fails);
      CPPUNIT_ASSERT_EQUAL(t.stalled_thread, read->stalled_thread);
      CPPUNIT_ASSERT_EQUAL(t.stalled_at, read->stalled_at);
      CPPUNIT_ASSERT_EQUAL(t.explores_races, read->explores_races);
      CPPUNIT_ASSERT(read->explored == t.explored);
      CPPUNIT_ASSERT(read->steps == t.steps);
    }
  }

  void every_character_counts() {
    for (const token& t : samples()) {
      const std::string whole = write_token(t);
      for (std::size_t at = 0; at < whole.size(); ++at)
        for (int c = 0; c < 256; ++c) {
          std::string damaged = whole;
          damaged[at] = static_cast<char>(c);
          if (damaged != whole)
            CPPUNIT_ASSERT_MESSAGE(whole + " as " + damaged, !read_token(damaged).has_value());
        }
    }
  }

  void every_length_counts() {
    for (const token& t : samples()) {
      const std::string whole = write_token(t);
      for (std::size_t size = 0; size < whole.size(); ++size)
        CPPUNIT_ASSERT(!read_token(whole.substr(0, size)).has_value());
      CPPUNIT_ASSERT(!read_token(whole + "A").has_value());
    }
    const std::string why = read_token(write_token(samples()[3]) + "A").error();
    CPPUNIT_ASSERT_MESSAGE(why, why.find("cut or changed") != std::string::npos);
  }

  void tells_its_options() {
    const auto made = recorded_under(write_token(samples().back()));
    CPPUNIT_ASSERT(made.has_value());
    CPPUNIT_ASSERT(made->memory_model == memory_model::tso);
    CPPUNIT_ASSERT(made->resumption == resumption::in_waker);
    CPPUNIT_ASSERT_EQUAL(300u, made->weak_cas_fails);
    CPPUNIT_ASSERT(made->stalled);
    CPPUNIT_ASSERT(!recorded_under(write_token(samples()[0]))->stalled);
    CPPUNIT_ASSERT(!recorded_under("p3-").has_value());
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(token_test);

}  // namespace
}  // namespace pawl::check::tests
