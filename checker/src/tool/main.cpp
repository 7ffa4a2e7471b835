// The main() of model executables.
#include <pawl/check/model.hpp>

int main(int argc, char** argv) { return pawl::check::run_models(argc, argv); }
