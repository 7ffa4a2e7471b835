// The checker's public interface.
#pragma once

#if __cplusplus < 202002L
#error "pawl/check.hpp needs C++20 (-std=c++20)"
#endif

#include <pawl/check/claims.hpp>
#include <pawl/check/explore.hpp>
#include <pawl/check/model.hpp>
#include <pawl/check/options.hpp>
#include <pawl/check/report.hpp>
#include <pawl/check/symmetric.hpp>
