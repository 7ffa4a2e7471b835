#include "golden.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

void check_golden(const std::string& name, std::string_view text) {
  const std::string path = PAWL_GOLDEN_DIRECTORY "/" + name;
  if (std::getenv("PAWL_APPROVE")) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream stream(path, std::ios::binary);
  CPPUNIT_ASSERT_MESSAGE(path + " is missing; PAWL_APPROVE=1 writes it", stream.is_open());
  std::ostringstream approved;
  approved << stream.rdbuf();
  CPPUNIT_ASSERT_EQUAL_MESSAGE(path + " differs; PAWL_APPROVE=1 replaces it", approved.str(),
                               std::string(text));
}
