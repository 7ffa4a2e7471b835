#include "report/output_file.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "scratch_directory.hpp"

using namespace pawl::check::reporting;

namespace {

std::string content(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

class output_file_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(output_file_test);
  CPPUNIT_TEST(replaces_longer_content);
  CPPUNIT_TEST(leaves_no_trace_without_a_write);
  CPPUNIT_TEST(names_the_path_and_the_reason);
  CPPUNIT_TEST(a_full_device_is_an_error);
  CPPUNIT_TEST(a_dash_is_the_stream);
  CPPUNIT_TEST(makes_directories);
  CPPUNIT_TEST(a_file_is_no_directory);
  CPPUNIT_TEST_SUITE_END();

 public:
  void replaces_longer_content() {
    const std::string path = directory_.file("old");
    std::ofstream(path) << "long old content";
    output_file file("--json", path, out_);
    CPPUNIT_ASSERT_EQUAL(std::string("long old content"), content(path));
    file.write("new");
    CPPUNIT_ASSERT_EQUAL(std::string("new"), content(path));
  }
  void leaves_no_trace_without_a_write() {
    const std::string fresh = directory_.file("fresh"), old = directory_.file("old");
    std::ofstream(old) << "kept";
    {
      const output_file a("--json", fresh, out_), b("--json", old, out_);
      CPPUNIT_ASSERT(std::filesystem::exists(fresh));
    }
    CPPUNIT_ASSERT(!std::filesystem::exists(fresh));
    CPPUNIT_ASSERT_EQUAL(std::string("kept"), content(old));
  }
  void names_the_path_and_the_reason() {
    try {
      const output_file file("--json", "/nonexistent/x.json", out_);
      CPPUNIT_FAIL("opened");
    } catch (const output_error& error) {
      CPPUNIT_ASSERT_EQUAL(
          std::string("--json: cannot write '/nonexistent/x.json': No such file or directory"),
          std::string(error.what()));
    }
    CPPUNIT_ASSERT_THROW(output_file("--json", directory_.path(), out_), output_error);
  }
  void a_full_device_is_an_error() {
    output_file file("--json", "/dev/full", out_);
    CPPUNIT_ASSERT_THROW(file.write("text"), output_error);
  }
  void a_dash_is_the_stream() {
    output_file("--json", "-", out_).write("text");
    CPPUNIT_ASSERT_EQUAL(std::string("text"), out_.str());
  }
  void makes_directories() {
    const std::string path = directory_.file("a/b/c");
    prepare_directory("--report", path);
    CPPUNIT_ASSERT(std::filesystem::is_directory(path));
    CPPUNIT_ASSERT(std::filesystem::is_empty(path));
  }
  void a_file_is_no_directory() {
    const std::string path = directory_.file("plain");
    std::ofstream(path) << "x";
    try {
      prepare_directory("--report", path);
      CPPUNIT_FAIL("accepted");
    } catch (const output_error& error) {
      CPPUNIT_ASSERT_EQUAL("--report: cannot write into '" + path + "': Not a directory",
                           std::string(error.what()));
    }
  }

 private:
  scratch_directory directory_;
  std::ostringstream out_;
};

CPPUNIT_TEST_SUITE_REGISTRATION(output_file_test);
