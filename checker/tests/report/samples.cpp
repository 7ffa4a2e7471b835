#include "samples.hpp"

namespace samples {

using namespace pawl::check;

namespace {

/// Builds a trace row by row.
class trace {
 public:
  explicit trace(const char* file) : file_(file) {}

  step& add(unsigned thread, const char* operation, const char* object = "") {
    step s;
    s.row = static_cast<unsigned>(steps_.size()) + 1;
    s.thread = thread;
    s.operation = operation;
    s.object = object;
    s.file = file_;
    s.function = "body";
    s.line = 10 + s.row;
    s.column = 5;
    steps_.push_back(s);
    return steps_.back();
  }
  step& load(unsigned thread, const char* object, const char* value, unsigned from,
             const char* order) {
    step& s = add(thread, "load", object);
    s.read = value;
    s.reads_from = from;
    s.order = order;
    return s;
  }
  step& store(unsigned thread, const char* object, const char* value, const char* order) {
    step& s = add(thread, "store", object);
    s.written = std::string(value);
    s.order = order;
    return s;
  }
  step& update(unsigned thread, const char* operation, const char* object, const char* before,
               const char* after, unsigned from) {
    step& s = add(thread, operation, object);
    s.read = before;
    s.written = after;
    s.reads_from = from;
    s.order = "acq_rel";
    return s;
  }

  std::vector<step> take() { return std::move(steps_); }

 private:
  const char* file_;
  std::vector<step> steps_;
};

report failed(const char* model, const char* shows, failure f) {
  report r;
  r.model = model;
  r.summary = shows;
  r.verdict = verdict::bug;
  r.complete = 41;
  r.blocked = 2;
  r.pruned = 1;
  r.seconds = 0.5;
  r.options.bounds.threads = 3;
  r.error = std::move(f);
  return r;
}

}  // namespace

report stale_read() {
  trace t("/home/user/models/message_passing.cpp");
  t.add(0, "spawn", "producer");
  t.add(0, "spawn", "consumer");
  t.store(1, "data", "1", "relaxed");
  t.store(1, "flag", "1", "relaxed");
  for (unsigned i = 0; i < 8; ++i) {
    const std::string before = std::to_string(i), after = std::to_string(i + 1);
    t.update(1, "fetch_add", "sent", before.c_str(), after.c_str(), i == 0 ? 0 : 4 + i);
  }
  step& seen = t.load(2, "flag", "1", 4, "acquire");
  seen.operation = "await";
  t.load(2, "data", "0", 0, "relaxed").stale = true;
  step& swap = t.update(2, "compare_exchange_strong", "state", "{permits 1, waiters 2}", "", 0);
  swap.failed = true;
  t.add(2, "require").file = "/home/user/models/claims.cpp";

  failure f;
  f.kind = failure_kind::assertion;
  f.sentence = "the consumer saw flag = 1, but data = 0";
  f.threads = {"main", "producer", "consumer"};
  f.steps = t.take();
  f.end = {"data = 1", "flag = 1", "main waits for producer to end, at message_passing.cpp:31"};
  f.notes = {
      "the load of row 14 is not ordered after the store of row 3: flag is stored relaxed, so "
      "the acquire of row 13 synchronizes with nothing"};
  f.row = 16;
  f.token = "1:5f2a91c0:0123456789abcdef";
  return failed("message.relaxed", "who sees the flag sees the data", std::move(f));
}

report deadlock() {
  trace t("transfer.cpp");
  t.add(0, "spawn", "left");
  t.add(0, "spawn", "right");
  t.update(1, "lock", "a", "free", "held", 0);
  t.update(2, "lock", "b", "free", "held", 0);
  step& first = t.add(1, "await", "b");
  first.read = "held";
  first.reads_from = 4;
  first.order = "acquire";
  first.failed = true;
  step& second = t.add(2, "await", "a");
  second.read = "held";
  second.reads_from = 3;
  second.order = "acquire";
  second.failed = true;
  t.add(0, "join", "left").failed = true;

  failure f;
  f.kind = failure_kind::deadlock;
  f.sentence = "left waits for b, which right holds, and right waits for a, which left holds";
  f.threads = {"main", "left", "right"};
  f.steps = t.take();
  f.end = {"a = held", "b = held"};
  f.token = "1:77:ab";
  report r = failed("transfer.opposite_orders", "", std::move(f));
  r.options.memory_model = memory_model::sc;
  r.options.resumption = resumption::in_waker;
  r.options.weak_cas_fails = true;
  return r;
}

report race_of_many() {
  trace t("/src/eight.cpp");
  failure f;
  f.threads = {"main"};
  for (unsigned i = 1; i < 8; ++i) {
    t.add(0, "spawn", ("worker " + std::to_string(i)).c_str());
    f.threads.push_back("worker " + std::to_string(i));
  }
  for (unsigned i = 1; i < 8; ++i)
    t.store(i, ("slot#" + std::to_string(i)).c_str(), "1", "release");
  step& write = t.add(4, "write", "total");
  write.written = "9";
  step& read = t.add(7, "read", "total");
  read.read = "0";
  f.kind = failure_kind::data_race;
  f.sentence = "worker 4 writes total while worker 7 reads it";
  f.steps = t.take();
  f.notes = {"write of total by worker 4 at eight.cpp:25",
             "read of total by worker 7 at eight.cpp:26"};
  f.row = 16;
  f.token = "1:0:0";
  return failed("eight.total", "each worker keeps to its slot", std::move(f));
}

report leak() {
  trace t("list.cpp");
  t.add(0, "allocate", "48 bytes");
  failure f;
  f.kind = failure_kind::leak;
  f.sentence = "48 bytes are still allocated when main returns";
  f.threads = {"main"};
  f.steps = t.take();
  f.notes = {"allocated at list.cpp:11"};
  return failed("list.push", "the list frees its nodes", std::move(f));
}

report clean() {
  report r;
  r.model = "semaphore.fifo";
  r.summary = "grants in call order";
  r.complete = 1912;
  r.seconds = 0.125;
  r.options.bounds.threads = 3;
  r.options.bounds.note = "2 tasks, weights 1 and 2";
  return r;
}

report limited() {
  report r = clean();
  r.model = "semaphore.cancel";
  r.verdict = verdict::limited;
  r.complete = 2'310'477;
  r.blocked = 12;
  r.seconds = 75;
  r.message = "after 75 seconds, by --time";
  return r;
}

report refused() {
  report r;
  r.model = "semaphore.fifo";
  r.verdict = verdict::refused;
  r.message = "the token was made by another program: it names model 'mutex.fifo'";
  return r;
}

report over_bound() {
  failure f;
  f.kind = failure_kind::limit;
  f.sentence = "the model declares 3 threads, but spawns a fourth";
  f.threads = {"main"};
  return failed("semaphore.many", "", std::move(f));
}

}  // namespace samples
