#include "client_of.hpp"

namespace mutex_programs {

template class client_of<mutex>;

}  // namespace mutex_programs
