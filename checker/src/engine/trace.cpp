#include "trace.hpp"
namespace pawl::check::engine {
failure tell_failure(runtime& r) { failure f; f.kind = r.error->kind; f.sentence = r.error->sentence; f.notes = r.error->notes; return f; }
report replay(std::function<void()>, const options&) { return {}; }
}
