// The checker's public interface.
#pragma once

#include <pawl/check/claims.hpp>
#include <pawl/check/explore.hpp>
#include <pawl/check/model.hpp>
#include <pawl/check/options.hpp>
#include <pawl/check/report.hpp>
#include <pawl/check/symmetric.hpp>
