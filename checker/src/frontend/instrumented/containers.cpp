// Functions of the C++ library that are compiled without hooks: what maps, sets and lists do to
// their nodes, and what hashes and streams do to strings. These note the accesses, and then call
// those behind. Where a function might go on to further nodes, those at which it begins stand for
// all: who reads the others has come by them.
#include <cstddef>
#include <initializer_list>
#include <istream>
#include <ostream>
#include <string>

#include "accesses.hpp"

using namespace pawl::check::instrumented;

// Defines `name`, whose symbol is `symbol`; `accesses` may use its arguments and the access `a`.
#define PAWL_NOTES(result, name, symbol, parameters, arguments, ...) \
  extern "C" result name parameters __asm__(symbol);                 \
  PAWL_HOOK result name parameters {                                 \
    static constinit decltype(&::name) behind = nullptr;             \
    const access_by a(__builtin_return_address(0));                  \
    if (active() != nullptr) __VA_ARGS__;                            \
    return find_behind(behind, symbol) arguments;                    \
  }

namespace {

// ---- trees --------------------------------------------------------------------------------------

struct tree_node {
  int colour;
  tree_node *parent, *left, *right;
};

void reads_links(const access_by& a, const tree_node* n) {
  a.reads(&n->parent, 3 * sizeof n->parent);
}
void writes(const access_by& a, const tree_node* n) {
  if (n != nullptr) a.writes(n, sizeof *n);
}

// Of the node after, or before.
void reads_way(const access_by& a, const tree_node* n, tree_node* tree_node::* down,
               tree_node* tree_node::* then) {
  reads_links(a, n);
  if (n->*down == nullptr) return reads_links(a, n->parent);
  for (n = n->*down; n != nullptr; n = n->*then) reads_links(a, n);
}

void inserts(const access_by& a, const tree_node* n, const tree_node* parent,
             const tree_node* header) {
  for (const tree_node* each : {n, parent, header}) writes(a, each);
}

void erases(const access_by& a, const tree_node* n, const tree_node* header) {
  for (const tree_node* each :
       std::initializer_list<const tree_node*>{n, n->parent, n->left, n->right, header})
    writes(a, each);
}

// ---- lists --------------------------------------------------------------------------------------

struct list_node {
  list_node *next, *previous;
};

void writes(const access_by& a, list_node* const* link) { a.writes(link, sizeof *link); }
void rewrites(const access_by& a, list_node* const* link) {
  a.reads(link, sizeof *link);
  writes(a, link);
}

void hooks(const access_by& a, const list_node* n, const list_node* before) {
  a.writes(n, sizeof *n);
  rewrites(a, &before->previous);
  writes(a, &before->previous->next);
}

void unhooks(const access_by& a, const list_node* n) {
  a.reads(n, sizeof *n);
  writes(a, &n->next->previous);
  writes(a, &n->previous->next);
}

void transfers(const access_by& a, const list_node* to, const list_node* first,
               const list_node* last) {
  if (to == last) return;
  for (const list_node* each : {to, first, last}) {
    rewrites(a, &each->previous);
    writes(a, &each->previous->next);
  }
}

void changes_neighbours(const access_by& a, const list_node* n) {
  writes(a, &n->next->previous);
  writes(a, &n->previous->next);
  a.writes(n, sizeof *n);
}

void reverses(const access_by& a, const list_node* header) {
  const list_node* n = header;
  do {
    a.writes(n, sizeof *n);
    n = n->next;
  } while (n != header);
}

// ---- strings ------------------------------------------------------------------------------------

void writes(const access_by& a, const std::string* s) {
  a.writes(s, sizeof *s);
  a.writes(s->data(), s->size() + 1);
}

}  // namespace

PAWL_NOTES(void, tree_insert, "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_",
           (bool left, tree_node* n, tree_node* parent, tree_node* header),
           (left, n, parent, header), inserts(a, n, parent, header))
PAWL_NOTES(tree_node*, tree_erase, "_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_",
           (tree_node * n, tree_node* header), (n, header), erases(a, n, header))
PAWL_NOTES(tree_node*, tree_next, "_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base",
           (tree_node * n), (n), reads_way(a, n, &tree_node::right, &tree_node::left))
PAWL_NOTES(tree_node*, tree_next_constant, "_ZSt18_Rb_tree_incrementPKSt18_Rb_tree_node_base",
           (tree_node * n), (n), reads_way(a, n, &tree_node::right, &tree_node::left))
PAWL_NOTES(tree_node*, tree_previous, "_ZSt18_Rb_tree_decrementPSt18_Rb_tree_node_base",
           (tree_node * n), (n), reads_way(a, n, &tree_node::left, &tree_node::right))
PAWL_NOTES(tree_node*, tree_previous_constant, "_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base",
           (tree_node * n), (n), reads_way(a, n, &tree_node::left, &tree_node::right))

PAWL_NOTES(void, list_hook, "_ZNSt8__detail15_List_node_base7_M_hookEPS0_",
           (list_node * n, list_node* before), (n, before), hooks(a, n, before))
PAWL_NOTES(void, list_unhook, "_ZNSt8__detail15_List_node_base9_M_unhookEv", (list_node * n), (n),
           unhooks(a, n))
PAWL_NOTES(void, list_transfer, "_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_",
           (list_node * to, list_node* first, list_node* last), (to, first, last),
           transfers(a, to, first, last))
PAWL_NOTES(void, list_reverse, "_ZNSt8__detail15_List_node_base10_M_reverseEv",
           (list_node * header), (header), reverses(a, header))
PAWL_NOTES(void, list_swap, "_ZNSt8__detail15_List_node_base4swapERS0_S1_",
           (list_node * one, list_node* other), (one, other),
           (changes_neighbours(a, one), changes_neighbours(a, other)))

PAWL_NOTES(std::size_t, hash_bytes, "_ZSt11_Hash_bytesPKvmm",
           (const void* p, std::size_t n, std::size_t seed), (p, n, seed), a.reads(p, n))
PAWL_NOTES(std::ostream*, insert_text,
           "_ZSt16__ostream_insertIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_PKS3_l",
           (std::ostream * to, const char* text, std::streamsize n), (to, text, n),
           a.reads(text, static_cast<std::size_t>(n)))
PAWL_NOTES(std::istream*, extract_string,
           "_ZStrsIcSt11char_traitsIcESaIcEERSt13basic_istreamIT_T0_ES7_"
           "RNSt7__cxx1112basic_stringIS4_S5_T1_EE",
           (std::istream * from, std::string* to), (from, to), writes(a, to))
PAWL_NOTES(std::istream*, extract_line,
           "_ZSt7getlineIcSt11char_traitsIcESaIcEERSt13basic_istreamIT_T0_ES7_"
           "RNSt7__cxx1112basic_stringIS4_S5_T1_EE",
           (std::istream * from, std::string* to), (from, to), writes(a, to))
PAWL_NOTES(std::istream*, extract_line_until,
           "_ZSt7getlineIcSt11char_traitsIcESaIcEERSt13basic_istreamIT_T0_ES7_"
           "RNSt7__cxx1112basic_stringIS4_S5_T1_EES4_",
           (std::istream * from, std::string* to, char end), (from, to, end), writes(a, to))
