#pragma once
// The names of the backends: PAWL_BEGIN and PAWL_END open and close the namespace that all library
// code lives in. See backend.hpp.

#if defined(PAWL_BACKEND_MODEL) && defined(PAWL_BACKEND_RELACY)
#error \
    "pawl: one binary has one backend; PAWL_BACKEND_MODEL and PAWL_BACKEND_RELACY are both defined"
#endif

#if defined(PAWL_BACKEND_MODEL)
#define PAWL_BACKEND_NAMESPACE model
#elif defined(PAWL_BACKEND_RELACY)
#define PAWL_BACKEND_NAMESPACE relacy
#elif defined(PAWL_DEBUG) && !defined(__PAWL__)
// The native backend that looks for mistakes of its callers. The checker needs no help.
#define PAWL_BACKEND_DEBUG
#define PAWL_BACKEND_NAMESPACE native_debug
#else
#define PAWL_BACKEND_NAMESPACE native
#endif

// clang-format off
#define PAWL_BEGIN namespace pawl { inline namespace PAWL_BACKEND_NAMESPACE {
#define PAWL_END } }
// clang-format on
