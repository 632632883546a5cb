// `spp info`: what this machine gives the library.
#include <fmt/format.h>
#include <spp.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "commands.hpp"

namespace {

struct Info {
  std::string processor;     // "" if the system does not say
  std::string default_tier;  // "" if there is none
  std::string default_refusal;
};

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind("model name", 0) != 0) continue;
    const size_t name = line.find_first_not_of(" \t:", line.find(':'));
    return name == std::string::npos ? "" : line.substr(name);
  }
  return "";
}

Info gather() {
  Info info;
  info.processor = processor_name();
  if (const char *refusal = spp_tier_refusal(SPP_TIER_AUTO)) {
    info.default_refusal = refusal;
    return info;
  }
  PoolingChoice choice;
  choice.levels = {{1, 1}};
  info.default_tier = spp_tier_name(spp_pooling_tier(make_pooling(choice).get()));
  return info;
}

void print_json(const Info &info) {
  nlohmann::ordered_json json;
  json["version"] = spp_version();
  json["processor"] = info.processor;
  json["threads"] = spp_thread_count();
  json["default_tier"] = nullptr;
  if (!info.default_tier.empty()) json["default_tier"] = info.default_tier;
  for (const NamedValue &tier : tiers()) {
    if (tier.value == SPP_TIER_AUTO) continue;
    const char *refusal = spp_tier_refusal(tier.value);
    nlohmann::ordered_json entry = {{"name", tier.name}, {"available", refusal == nullptr}};
    if (refusal != nullptr) entry["reason"] = refusal;
    json["tiers"].push_back(entry);
  }
  fmt::print("{}\n", json.dump(2));
}

void print_text(const Info &info) {
  fmt::print("libspp     {}\n", spp_version());
  fmt::print("processor  {}\n", info.processor.empty() ? "unknown" : info.processor);
  fmt::print("threads    {}\n", spp_thread_count());
  for (const NamedValue &tier : tiers()) {
    if (tier.value == SPP_TIER_AUTO) continue;
    const char *refusal = spp_tier_refusal(tier.value);
    const char *state = refusal != nullptr               ? refusal
                        : tier.name == info.default_tier ? "available, in use"
                                                         : "available";
    fmt::print("{:<10} {:<9} {}\n", tier.value == SPP_TIER_PORTABLE ? "tiers" : "", tier.name,
               state);
  }
  if (const char *forced = std::getenv("SPP_TIER"); forced != nullptr && *forced != '\0') {
    fmt::print("SPP_TIER   {}\n", forced);
  }
  if (!info.default_refusal.empty()) fmt::print("no tier    {}\n", info.default_refusal);
}

}  // namespace

void InfoCommand::run() const {
  const Info info = gather();
  if (json) {
    print_json(info);
  } else {
    print_text(info);
  }
}
