// What decode() promises of instructions, as the assembler makes them.
#if defined(__x86_64__)

#include "engine/machine_code.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace pawl::check::tests {
namespace {

using namespace engine::machine;

struct code {
  const char* text;
  const std::byte *begin, *end;
};

// It begins at .Lbegin%=.
#define PAWL_CODE(text)                                                  \
  [] {                                                                   \
    code made{text, nullptr, nullptr};                                   \
    asm(".pushsection .rodata\n.intel_syntax noprefix\n.Lbegin%=: " text \
        "\n.Lend%=: .att_syntax prefix\n.popsection\n"                   \
        "lea .Lbegin%=(%%rip), %0\nlea .Lend%=(%%rip), %1"               \
        : "=r"(made.begin), "=r"(made.end));                             \
    return made;                                                         \
  }()

instruction known(const code& c) {
  const instruction i = decode(c.begin);
  CPPUNIT_ASSERT_MESSAGE(c.text, i.kind != form::unknown);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(c.text, static_cast<int>(c.end - c.begin), int{i.length});
  return i;
}

instruction is(form kind, const code& c) {
  const instruction i = known(c);
  CPPUNIT_ASSERT_MESSAGE(c.text, i.kind == kind);
  return i;
}

void is_unknown(const code& c) {
  CPPUNIT_ASSERT_MESSAGE(c.text, decode(c.begin).kind == form::unknown);
}

constexpr reg_set all_of(auto... r) { return static_cast<reg_set>((0u | ... | only(r))); }

void registers(const code& c, reg_set uses, reg_set sets, reg_set addressing = 0) {
  const instruction i = known(c);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(c.text) + ": uses", uses, i.uses);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(c.text) + ": sets", sets, i.sets);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(c.text) + ": addressing", addressing, i.addressing);
}

struct access {
  bool reads, writes;
  unsigned size;
};

void memory(const code& c, access expected, std::uint8_t base, std::int32_t offset) {
  const operand m = known(c).memory;
  CPPUNIT_ASSERT_MESSAGE(c.text, m.is_used && !m.is_address);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(c.text, expected.reads, m.is_read);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(c.text, expected.writes, m.is_written);
  CPPUNIT_ASSERT_EQUAL_MESSAGE(c.text, expected.size, unsigned{m.size});
  CPPUNIT_ASSERT_EQUAL_MESSAGE(c.text, int{base}, int{m.base});
  CPPUNIT_ASSERT_EQUAL_MESSAGE(c.text, offset, m.offset);
}

}  // namespace

class machine_code_test : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(machine_code_test);
  CPPUNIT_TEST(a_part_that_stays_is_used);
  CPPUNIT_TEST(what_may_stay_is_used);
  CPPUNIT_TEST(registers_that_are_not_named_count);
  CPPUNIT_TEST(zeroing_uses_nothing);
  CPPUNIT_TEST(moves_name_both_sides);
  CPPUNIT_TEST(addresses_are_not_accesses);
  CPPUNIT_TEST(accesses_have_a_place_and_a_size);
  CPPUNIT_TEST(what_may_not_be_written_entirely_is_not_written);
  CPPUNIT_TEST(memory_that_no_operand_describes_is_unknown);
  CPPUNIT_TEST(string_instructions_name_their_registers);
  CPPUNIT_TEST(the_stack_pointer_is_followed);
  CPPUNIT_TEST(other_changes_of_the_frame_are_unknown);
  CPPUNIT_TEST(calls_have_a_target_or_a_cell);
  CPPUNIT_TEST(jumps_have_a_target);
  CPPUNIT_TEST(what_does_nothing_uses_nothing);
  CPPUNIT_TEST(what_leaves_the_program_is_unknown);
  CPPUNIT_TEST_SUITE_END();

 public:
  void a_part_that_stays_is_used() {
    registers(PAWL_CODE("mov al, cl"), all_of(rax, rcx), 0);
    registers(PAWL_CODE("mov ah, cl"), all_of(rax, rcx), 0);
    registers(PAWL_CODE("mov dil, 1"), only(rdi), 0);
    registers(PAWL_CODE("mov ax, cx"), all_of(rax, rcx), 0);
    registers(PAWL_CODE("sete r9b"), only(r9), 0);
    registers(PAWL_CODE("movzx ax, cl"), all_of(rax, rcx), 0);
    registers(PAWL_CODE("mov eax, ecx"), only(rcx), only(rax));
    registers(PAWL_CODE("movzx eax, ch"), only(rcx), only(rax));
    registers(PAWL_CODE("movmskps eax, xmm0"), 0, only(rax));
  }
  void what_may_stay_is_used() {
    registers(PAWL_CODE("cmovz eax, ecx"), all_of(rax, rcx), 0);
    registers(PAWL_CODE("bsf rax, rcx"), all_of(rax, rcx), 0);
    registers(PAWL_CODE("bsr rax, rcx"), all_of(rax, rcx), 0);
    registers(PAWL_CODE("tzcnt rax, rcx"), all_of(rax, rcx), 0);
    registers(PAWL_CODE("popcnt rax, rcx"), only(rcx), only(rax));
    registers(PAWL_CODE("lock cmpxchg [rdi], ecx"), all_of(rax, rcx), 0, only(rdi));
  }
  void registers_that_are_not_named_count() {
    registers(PAWL_CODE("mul rcx"), all_of(rax, rcx), all_of(rax, rdx));
    registers(PAWL_CODE("mul cl"), all_of(rax, rcx), 0);
    registers(PAWL_CODE("div ecx"), all_of(rax, rcx, rdx), all_of(rax, rdx));
    registers(PAWL_CODE("cqo"), only(rax), only(rdx));
    registers(PAWL_CODE("cdqe"), only(rax), only(rax));
    registers(PAWL_CODE("shl rbx, cl"), all_of(rbx, rcx), only(rbx));
    registers(PAWL_CODE("shl rbx, 3"), only(rbx), only(rbx));
    registers(PAWL_CODE("lock cmpxchg16b [rdi]"), all_of(rax, rbx, rcx, rdx), 0, only(rdi));
    registers(PAWL_CODE("lock xadd [rdi], rcx"), only(rcx), only(rcx), only(rdi));
    registers(PAWL_CODE("mulx rax, rbx, rcx"), all_of(rcx, rdx), all_of(rax, rbx));
  }
  void zeroing_uses_nothing() {
    registers(PAWL_CODE("xor eax, eax"), 0, only(rax));
    registers(PAWL_CODE("xor r9, r9"), 0, only(r9));
    registers(PAWL_CODE("sub eax, eax"), 0, only(rax));
    registers(PAWL_CODE("xor al, al"), only(rax), 0);
    registers(PAWL_CODE("xor eax, ecx"), all_of(rax, rcx), only(rax));
    registers(PAWL_CODE("cmp eax, eax"), only(rax), 0);
  }
  void moves_name_both_sides() {
    const instruction copy = is(form::move, PAWL_CODE("mov rbx, r12"));
    CPPUNIT_ASSERT(copy.to == rbx && copy.from == r12);
    for (const code& c : {PAWL_CODE("mov ebx, [rdi]"), PAWL_CODE("movzx ebx, byte ptr [rdi]"),
                          PAWL_CODE("movsxd rbx, dword ptr [rdi]")}) {
      const instruction load = is(form::move, c);
      CPPUNIT_ASSERT_MESSAGE(c.text, load.to == rbx && load.from == operand::none);
    }
    is(form::other, PAWL_CODE("mov bx, r12w"));
    is(form::other, PAWL_CODE("mov bl, [rdi]"));
    is(form::other, PAWL_CODE("mov [rdi], rbx"));
    is(form::other, PAWL_CODE("mov ebx, 1"));
  }
  void addresses_are_not_accesses() {
    const instruction i = is(form::move, PAWL_CODE("lea rax, [rbp + rcx * 8 - 16]"));
    CPPUNIT_ASSERT(i.to == rax && i.from == operand::none);
    CPPUNIT_ASSERT(i.memory.is_used && i.memory.is_address);
    CPPUNIT_ASSERT(!i.memory.is_read && !i.memory.is_written);
    CPPUNIT_ASSERT(i.memory.base == rbp && i.memory.index == rcx);
    CPPUNIT_ASSERT_EQUAL(-16, i.memory.offset);
    registers(PAWL_CODE("lea rax, [rbp + rcx * 8 - 16]"), 0, only(rax), all_of(rbp, rcx));
    registers(PAWL_CODE("lea rax, [rip + 16]"), 0, only(rax));
    is_unknown(PAWL_CODE("lea ax, [rbp]"));
  }
  void accesses_have_a_place_and_a_size() {
    memory(PAWL_CODE("mov rax, [rsp + 8]"), {true, false, 8}, rsp, 8);
    memory(PAWL_CODE("cmp byte ptr [rbp - 1], 0"), {true, false, 1}, rbp, -1);
    memory(PAWL_CODE("mov [rbp - 4], ecx"), {false, true, 4}, rbp, -4);
    memory(PAWL_CODE("mov word ptr [rbp - 4], 1"), {false, true, 2}, rbp, -4);
    memory(PAWL_CODE("sete [rbp - 1]"), {false, true, 1}, rbp, -1);
    memory(PAWL_CODE("add [rbp - 4], ecx"), {true, true, 4}, rbp, -4);
    memory(PAWL_CODE("xchg [rbp - 8], rcx"), {true, true, 8}, rbp, -8);
    memory(PAWL_CODE("movups [rsp + 256], xmm0"), {false, true, 16}, rsp, 256);
    memory(PAWL_CODE("movhps [rsp], xmm0"), {false, true, 8}, rsp, 0);
    memory(PAWL_CODE("vmovups [rsp], ymm0"), {false, true, 32}, rsp, 0);
    memory(PAWL_CODE("movsd xmm0, qword ptr [rsp]"), {true, false, 8}, rsp, 0);
    memory(PAWL_CODE("fstp tbyte ptr [rsp]"), {false, true, 10}, rsp, 0);
    CPPUNIT_ASSERT(!is(form::move, PAWL_CODE("mov rax, fs:[40]")).memory.is_used);
  }
  void what_may_not_be_written_entirely_is_not_written() {
    memory(PAWL_CODE("cmpxchg [rbp - 4], ecx"), {true, false, 4}, rbp, -4);
    memory(PAWL_CODE("bts qword ptr [rbp - 8], 3"), {true, true, 8}, rbp, -8);
    is_unknown(PAWL_CODE("vmaskmovps [rbp - 16], xmm1, xmm2"));
    is_unknown(PAWL_CODE("vpmaskmovd [rbp - 16], xmm1, xmm2"));
    is_unknown(PAWL_CODE("maskmovdqu xmm1, xmm2"));
  }
  void memory_that_no_operand_describes_is_unknown() {
    is_unknown(PAWL_CODE("bts [rbp - 8], rax"));
    is_unknown(PAWL_CODE("vpgatherdd xmm0, [rbp + xmm1 * 4], xmm2"));
    is_unknown(PAWL_CODE("fxsave [rbp - 512]"));
    is_unknown(PAWL_CODE("xsave [rbp - 1024]"));
    is_unknown(PAWL_CODE("mov eax, [esp + 8]"));
  }
  void string_instructions_name_their_registers() {
    registers(PAWL_CODE("rep movsb"), all_of(rcx, rsi, rdi), 0, all_of(rsi, rdi));
    registers(PAWL_CODE("rep stosq"), all_of(rax, rcx, rdi), 0, only(rdi));
    registers(PAWL_CODE("movsq"), all_of(rsi, rdi), all_of(rsi, rdi), all_of(rsi, rdi));
    CPPUNIT_ASSERT(!known(PAWL_CODE("rep movsb")).memory.is_used);
  }
  void the_stack_pointer_is_followed() {
    const instruction push = is(form::push, PAWL_CODE("push r12"));
    CPPUNIT_ASSERT(push.from == r12 && push.uses == only(r12) && push.sets == 0);
    const instruction pop = is(form::pop, PAWL_CODE("pop r12"));
    CPPUNIT_ASSERT(pop.to == r12 && pop.uses == 0 && pop.sets == only(r12));
    CPPUNIT_ASSERT_EQUAL(-24, is(form::adjust, PAWL_CODE("sub rsp, 24")).constant);
    CPPUNIT_ASSERT_EQUAL(4096, is(form::adjust, PAWL_CODE("add rsp, 4096")).constant);
    is(form::leave, PAWL_CODE("leave"));
    is(form::ret, PAWL_CODE("ret"));
    const instruction begin = is(form::move, PAWL_CODE("mov rbp, rsp"));
    CPPUNIT_ASSERT(begin.to == rbp && begin.from == rsp);
    const instruction end = is(form::move, PAWL_CODE("lea rsp, [rbp - 8]"));
    CPPUNIT_ASSERT(end.to == rsp && end.memory.is_address && end.memory.offset == -8);
    registers(PAWL_CODE("cmp rsp, 8"), only(rsp), 0);
  }
  void other_changes_of_the_frame_are_unknown() {
    is_unknown(PAWL_CODE("and rsp, -16"));
    is_unknown(PAWL_CODE("sub rsp, rax"));
    is_unknown(PAWL_CODE("add esp, 8"));
    is_unknown(PAWL_CODE("mov rsp, [rax]"));
    is_unknown(PAWL_CODE("mov ebp, esp"));
    is_unknown(PAWL_CODE("lea ebp, [rbp - 8]"));
    is_unknown(PAWL_CODE("add rbp, 8"));
    is_unknown(PAWL_CODE("sete bpl"));
    is_unknown(PAWL_CODE("xchg rbp, rax"));
    is_unknown(PAWL_CODE("push ax"));
    is_unknown(PAWL_CODE("pop qword ptr [rbp - 8]"));
    is_unknown(PAWL_CODE("pushfq"));
    is_unknown(PAWL_CODE("enter 8, 0"));
    is_unknown(PAWL_CODE("ret 8"));
  }
  // What a called function changes is a matter of conventions, not of the instruction.
  void calls_have_a_target_or_a_cell() {
    const code direct = PAWL_CODE("call .Lbegin%= + 32");
    const instruction i = is(form::call, direct);
    CPPUNIT_ASSERT(i.target == direct.begin + 32 && i.cell == nullptr);
    registers(direct, 0, 0);
    const code table = PAWL_CODE("call [rip + 64]");
    const instruction j = is(form::call, table);
    CPPUNIT_ASSERT(j.target == nullptr && j.cell == table.end + 64);
    const instruction k = is(form::call, PAWL_CODE("call [rbx + 8]"));
    CPPUNIT_ASSERT(k.target == nullptr && k.cell == nullptr);
    registers(PAWL_CODE("call [rbx + 8]"), 0, 0, only(rbx));
    memory(PAWL_CODE("call [rbp - 8]"), {true, false, 8}, rbp, -8);
    registers(PAWL_CODE("call rax"), only(rax), 0);
  }
  void jumps_have_a_target() {
    for (const code& c : {PAWL_CODE("jmp .Lbegin%= + 100"), PAWL_CODE("jmp .Lbegin%= + 1000")})
      CPPUNIT_ASSERT_MESSAGE(c.text, is(form::jump, c).target > c.end);
    const code back = PAWL_CODE("jnz .Lbegin%= - 16");
    CPPUNIT_ASSERT(is(form::branch, back).target == back.begin - 16);
    is(form::branch, PAWL_CODE("jb .Lbegin%= + 1000"));
    is(form::branch, PAWL_CODE("loop .Lbegin%= + 4"));
    registers(PAWL_CODE("jrcxz .Lbegin%= + 4"), only(rcx), 0);
    is_unknown(PAWL_CODE("jmp rax"));
    is_unknown(PAWL_CODE("jmp [rip + 64]"));
    is_unknown(PAWL_CODE("xbegin .Lbegin%= + 6"));
  }
  void what_does_nothing_uses_nothing() {
    for (const code& c : {PAWL_CODE("nop"), PAWL_CODE("nop dword ptr [rbp + rax + 8]"),
                          PAWL_CODE("endbr64"), PAWL_CODE("pause"), PAWL_CODE("mfence")}) {
      registers(c, 0, 0);
      CPPUNIT_ASSERT_MESSAGE(c.text, !is(form::other, c).memory.is_used);
    }
    is_unknown(PAWL_CODE(".byte 0xf3, 0x41, 0x90"));  // Processors exchange r8 and rax.
  }
  void what_leaves_the_program_is_unknown() {
    is_unknown(PAWL_CODE("syscall"));
    is_unknown(PAWL_CODE("int3"));
    is_unknown(PAWL_CODE("ud2"));
    is_unknown(PAWL_CODE("hlt"));
    is_unknown(PAWL_CODE(".byte 0x06"));  // No instruction.
  }
};
CPPUNIT_TEST_SUITE_REGISTRATION(machine_code_test);

}  // namespace pawl::check::tests

#endif
