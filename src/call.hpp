// One pooling call: checked arguments in, pieces run, output rows written.
#pragma once

#include <spp.h>

#include "images.hpp"
#include "parallel.hpp"
#include "pooling.hpp"

namespace spp {

// `argmax`: nullptr, or where the positions of the maxima go.
spp_status pool(const Pooling &pooling, const Images &images, const spp_output *output,
                const spp_argmax *argmax, const spp_execution *execution);

// What every kind of call shares: how it is run, checked, and the report on it.
spp_status read_execution(const Pooling &pooling, const spp_execution *given, Execution &execution,
                          spp_report *&report);
void write_report(spp_report *report, std::int32_t tier, std::int64_t tasks);

}  // namespace spp
