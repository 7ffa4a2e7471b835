// A run as JSON, for programs.
#pragma once

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include <pawl/check/model.hpp>
#include <pawl/check/report.hpp>

namespace pawl::check::reporting {

/// {"models":[{"name","shows","verdict","complete","blocked","pruned","seconds",
/// "executions_per_second","memory_model","strategy","resumption","bounds":{…},"error":{…}|null}]}.
/// The error of a refused request has the kind "refused" and a sentence. Bytes that are not UTF-8
/// are replaced.
[[nodiscard]] nlohmann::ordered_json to_json(std::span<const report>);

/// {"models":[{"name","shows","file","line","bounds":{…}}]}, for `--list --json`.
[[nodiscard]] nlohmann::ordered_json to_json(std::span<model* const>);

/// The text of a JSON file: indented, with a final line break.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json&);

}  // namespace pawl::check::reporting
