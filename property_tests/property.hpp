#pragma once
// Properties: statements about random programs, checked by RapidCheck.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

// Defining one registers it with the main() of the executable.
class property {
 public:
  using function = std::function<void()>;  // fails by throwing, as the RC_ASSERT macros do

  // `cases` is how many programs are tried unless RC_PARAMS says otherwise.
  property(std::string name, std::string_view claim, unsigned cases, function check);
  property(const property&) = delete;
  property& operator=(const property&) = delete;

  static const std::vector<const property*>& all();

  const std::string& name() const { return name_; }

  // Effects: tries the cases, shrinks a failing one and prints it. Returns: whether none failed.
  bool holds() const;

 private:
  std::string name_;
  std::string_view claim_;
  unsigned cases_;
  function check_;
};
