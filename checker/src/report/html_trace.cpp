// The interleaving as SVG: a lane per thread, a box per row, an arrow from each store to its
// readers.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "report/describe.hpp"
#include "report/html.hpp"
#include "report/junit.hpp"
#include "report/utf8.hpp"

namespace pawl::check::reporting {
namespace {

constexpr int gutter = 40, lane = 290, box_width = 250, box_height = 34, row_height = 42, top = 34;
constexpr std::size_t letters = 31;  ///< Characters that fit into a box.

class picture {
 public:
  explicit picture(const failure& f) : f_(f) {
    for (std::size_t i = 0; i < f.steps.size(); ++i) index_of_row_.emplace(f.steps[i].row, i);
    for (const step& s : f.steps) threads_.push_back(s.thread);
    std::sort(threads_.begin(), threads_.end());
    threads_.erase(std::unique(threads_.begin(), threads_.end()), threads_.end());
  }

  std::string draw() const {
    const int width = gutter + lane * static_cast<int>(threads_.size());
    const int height = top + row_height * static_cast<int>(f_.steps.size());
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
        "{1}\">\n"
        "<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
        "markerHeight=\"7\" orient=\"auto\"><path class=\"head\" d=\"M0 0L8 4L0 "
        "8z\"/></marker></defs>\n",
        width, height);
    for (const unsigned t : threads_) svg += title(t, height);
    for (std::size_t i = 0; i < f_.steps.size(); ++i) svg += box(i);
    for (std::size_t i = 0; i < f_.steps.size(); ++i) svg += arrow(i);
    return svg + "</svg>\n";
  }

 private:
  [[nodiscard]] int left(unsigned thread) const {
    const auto found = std::find(threads_.begin(), threads_.end(), thread);
    return gutter + lane * static_cast<int>(found - threads_.begin());
  }
  [[nodiscard]] static int upper(std::size_t index) {
    return top + row_height * static_cast<int>(index);
  }

  [[nodiscard]] std::string title(unsigned thread, int height) const {
    const int x = left(thread), middle = x + box_width / 2;
    return fmt::format(
        "<text class=\"title\" x=\"{}\" y=\"18\">{}</text>"
        "<line class=\"lane\" x1=\"{}\" y1=\"26\" x2=\"{}\" y2=\"{}\"/>\n",
        x, xml(cut(thread_title(f_, thread), letters)), middle, middle, height);
  }

  [[nodiscard]] std::string box(std::size_t index) const {
    const step& s = f_.steps[index];
    const int x = left(s.thread), y = upper(index);
    const std::string what = describe(s, "→"), where = place(f_, s), odd = remark(f_, s);
    const std::string detail = s.order + (s.order.empty() || where.empty() ? "" : "  ") + where;
    const std::string hint = what + (odd.empty() ? "" : "\n" + odd) + "\n" + detail;
    const bool failing = index == failing_step(f_) || waits_for_ever(s);
    return fmt::format(
        "<a href=\"#s{0}\"><g class=\"{1}\"><title>{2}</title>"
        "<text class=\"small\" x=\"{3}\" y=\"{4}\" text-anchor=\"end\">{0}</text>"
        "<rect x=\"{5}\" y=\"{6}\" width=\"{7}\" height=\"{8}\" rx=\"4\"/>"
        "<text x=\"{9}\" y=\"{10}\">{11}</text><text class=\"small\" x=\"{9}\" "
        "y=\"{12}\">{13}</text>"
        "</g></a>\n",
        s.row,
        failing   ? "failing"
        : s.stale ? "old"
                  : "step",
        xml(hint), gutter - 12, y + 21, x, y, box_width, box_height, x + 8, y + 15,
        xml(cut(what, letters)), y + 28, xml(cut(detail, letters + 5)));
  }

  /// From the store that `index` reads, if another thread made it or it is not the newest.
  [[nodiscard]] std::string arrow(std::size_t index) const {
    const step& reader = f_.steps[index];
    if (!reader.reads_from) return {};
    const auto found = index_of_row_.find(*reader.reads_from);
    if (found == index_of_row_.end()) return {};
    const step& writer = f_.steps[found->second];
    if (writer.thread == reader.thread && !reader.stale) return {};
    const int from = left(writer.thread), to = left(reader.thread);
    const int x1 = from <= to ? from + box_width : from, x2 = from < to ? to : to + box_width;
    const int y1 = upper(found->second) + box_height / 2, y2 = upper(index) + box_height / 2;
    const int bend = from <= to ? 36 : -36, arrive = from < to ? -36 : 36;
    return fmt::format(
        "<path class=\"flow{}\" marker-end=\"url(#head)\" d=\"M{} {}C{} {} {} {} {} {}\"/>\n",
        reader.stale ? " past" : "", x1, y1, x1 + bend, y1, x2 + arrive, y2, x2, y2);
  }

  const failure& f_;
  std::vector<unsigned> threads_;
  std::unordered_map<unsigned, std::size_t> index_of_row_;
};

}  // namespace

std::string html_trace(const failure& f) { return picture(f).draw(); }

}  // namespace pawl::check::reporting
