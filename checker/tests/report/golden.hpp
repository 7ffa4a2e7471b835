// Comparison with approved files.
#pragma once

#include <string>
#include <string_view>

/// Fails unless `text` is the content of golden/`name`. With PAWL_APPROVE set in the environment it
/// writes the file instead; look at the difference before you commit it.
void check_golden(const std::string& name, std::string_view text);
