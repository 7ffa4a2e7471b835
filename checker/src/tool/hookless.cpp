#include "tool/hookless.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "report/demangled.hpp"

namespace pawl::check::tool {
namespace {

struct end_elf {
  void operator()(Elf* e) const { elf_end(e); }
};
using elf = std::unique_ptr<Elf, end_elf>;

/// What is known of an object: its symbols that other objects may have, too.
struct object {
  std::string name;
  bool is_taken = true;  ///< By the linker.
  bool has_code = false, has_hooks = false;
  std::vector<std::string> variables, others, needed;  ///< Defined: two kinds; undefined.
};

bool defines(const object& o, const std::string& symbol) {
  const auto has = [&](const std::vector<std::string>& all) {
    return std::find(all.begin(), all.end(), symbol) != all.end();
  };
  return has(o.variables) || has(o.others);
}

/// Something that the program can write to. The compiler's own data is written by the loader.
bool is_variable(Elf* e, std::size_t names, const GElf_Sym& symbol, std::string_view name) {
  if (symbol.st_shndx == SHN_COMMON) return true;
  const int type = GELF_ST_TYPE(symbol.st_info);
  if ((type != STT_OBJECT && type != STT_NOTYPE) || name.starts_with("DW.ref.") ||
      name.starts_with("_ZGV"))
    return false;
  GElf_Shdr section;
  if (gelf_getshdr(elf_getscn(e, symbol.st_shndx), &section) == nullptr) return false;
  const char* const in = elf_strptr(e, names, section.sh_name);
  return (section.sh_flags & SHF_WRITE) != 0 && (section.sh_flags & SHF_EXECINSTR) == 0 &&
         in != nullptr && !std::string_view(in).starts_with(".data.rel.ro");
}

void read_symbols(Elf* e, std::size_t names, Elf_Scn* table, const GElf_Shdr& header, object& o) {
  Elf_Data* const data = elf_getdata(table, nullptr);
  if (data == nullptr || header.sh_entsize == 0) return;
  const auto count = static_cast<int>(header.sh_size / header.sh_entsize);
  for (int i = static_cast<int>(header.sh_info); i < count; ++i) {  // Local ones come first.
    GElf_Sym symbol;
    if (gelf_getsym(data, i, &symbol) == nullptr) return;
    const char* const text = elf_strptr(e, header.sh_link, symbol.st_name);
    if (text == nullptr || *text == '\0') continue;
    const std::string name = text;
    if (name.starts_with("__tsan_")) {
      o.has_hooks = true;
    } else if (symbol.st_shndx == SHN_UNDEF) {
      o.needed.push_back(name);
    } else {
      (is_variable(e, names, symbol, name) ? o.variables : o.others).push_back(name);
    }
  }
}

/// Nothing, if it is none.
std::optional<object> read_object(Elf* e, std::string name) {
  GElf_Ehdr header;
  std::size_t names = 0;
  if (elf_kind(e) != ELF_K_ELF || gelf_getehdr(e, &header) == nullptr || header.e_type != ET_REL ||
      elf_getshdrstrndx(e, &names) != 0)
    return std::nullopt;
  object o{.name = std::move(name), .variables = {}, .others = {}, .needed = {}};
  for (Elf_Scn* s = nullptr; (s = elf_nextscn(e, s)) != nullptr;) {
    GElf_Shdr section;
    if (gelf_getshdr(s, &section) == nullptr) return std::nullopt;
    if ((section.sh_flags & SHF_EXECINSTR) != 0 && section.sh_size > 0) o.has_code = true;
    if (section.sh_type == SHT_SYMTAB) read_symbols(e, names, s, section, o);
  }
  return o;
}

void read_file(const linked_file& file, std::vector<object>& to) {
  const int fd = open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  if (const elf whole{elf_begin(fd, ELF_C_READ, nullptr)}; elf_kind(whole.get()) == ELF_K_AR) {
    Elf_Cmd next = ELF_C_READ;
    while (const elf part{elf_begin(fd, next, whole.get())}) {
      const Elf_Arhdr* const header = elf_getarhdr(part.get());
      auto o = read_object(
          part.get(), fmt::format("{}({})", file.name, header == nullptr ? "" : header->ar_name));
      if (o) {
        o->is_taken = false;
        to.push_back(*std::move(o));
      }
      next = elf_next(part.get());
    }
  } else if (auto o = read_object(whole.get(), file.name)) {
    to.push_back(*std::move(o));
  }
  close(fd);
}

/// Takes of archives what others need.
void take_needed(std::vector<object>& all) {
  std::set<std::string> needed{"main"};
  std::set<std::string> defined;
  const auto take = [&](object& o) {
    o.is_taken = true;
    needed.insert(o.needed.begin(), o.needed.end());
    defined.insert(o.variables.begin(), o.variables.end());
    defined.insert(o.others.begin(), o.others.end());
  };
  for (object& o : all)
    if (o.is_taken) take(o);
  for (bool more = true; std::exchange(more, false);) {
    for (object& o : all) {
      if (o.is_taken || std::none_of(needed.begin(), needed.end(), [&](const std::string& symbol) {
            return !defined.contains(symbol) && defines(o, symbol);
          }))
        continue;
      take(o);
      more = true;
    }
  }
}

bool is_assembler(const std::string& name) {
  const std::string suffix = std::filesystem::path(name).extension();
  return suffix == ".s" || suffix == ".S";
}

}  // namespace

void warn_of_hookless(std::ostream& out, std::string_view who, std::string_view by,
                      const std::vector<linked_file>& files) {
  elf_version(EV_CURRENT);
  std::vector<object> all;
  for (const linked_file& file : files) read_file(file, all);
  take_needed(all);
  std::erase_if(all, [](const object& o) { return !o.is_taken; });

  std::map<std::string, int> defined, used;  // By how many objects.
  for (const object& o : all) {
    for (const std::string& symbol : o.variables) ++defined[symbol], ++used[symbol];
    for (const std::string& symbol : o.needed) ++used[symbol];
  }
  for (const object& o : all) {
    if (o.has_hooks || !o.has_code) continue;
    std::vector<std::string> shared;
    for (const auto* symbols : {&o.variables, &o.needed})
      std::copy_if(symbols->begin(), symbols->end(), std::back_inserter(shared),
                   [&](const std::string& s) { return defined.contains(s) && used[s] > 1; });
    if (shared.empty()) continue;
    const std::string more =
        shared.size() == 1 ? "" : fmt::format(" and {} more", shared.size() - 1);
    const std::string remedy = is_assembler(o.name) ? "" : fmt::format(" (compile it with {})", by);
    out << fmt::format(
        "{}: warning: {} was compiled without hooks; what it does to '{}'{} is not "
        "seen{}\n",
        who, o.name, reporting::demangled(shared[0]), more, remedy);
  }
}

}  // namespace pawl::check::tool
