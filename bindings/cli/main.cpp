// spp: the command-line tool of libspp.  Exit status: 0, 1 for a failure (one line on standard
// error), 2 for a wrong command line.
#include <spp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <limits>
#include <new>
#include <string>
#include <vector>

#include "commands.hpp"
#include "failure.hpp"

namespace {

constexpr int exit_failure = 1;
constexpr int exit_usage = 2;

// An option whose value is a whole number from `least` to what its type holds.  CLI11 by itself reads
// 010 as 8 and 0x10 as 16, and takes the largest number for one that is too large.
template <typename Number>
CLI::Option *add_number(CLI::App &command, const std::string &flag, const std::string &help,
                        Number least, Number &target) {
  return command
      .add_option_function<std::string>(
          flag,
          [&target](const std::string &text) {
            std::from_chars(text.data(), text.data() + text.size(), target);
          },
          help)
      ->type_name("N")
      ->check([least](const std::string &text) {
        Number number = 0;
        const char *end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, number);
        if (error == std::errc() && rest == end && number >= least) return std::string();
        return "'" + text + "' is not a whole number from " + std::to_string(least) + " to " +
               std::to_string(std::numeric_limits<Number>::max());
      });
}

// An option whose value is one of a few names, the default first.
template <typename Names>
void add_named(CLI::App &command, const std::string &flag, const std::string &help,
               const Names &choices, int32_t &target) {
  std::vector<std::string> names;
  for (const NamedValue &choice : choices) names.emplace_back(choice.name);
  const std::string list = CLI::detail::join(names, ", ");
  command
      .add_option_function<std::string>(
          flag,
          [choices, &target](const std::string &name) {
            for (const NamedValue &choice : choices) {
              if (name == choice.name) target = choice.value;
            }
          },
          help + ": " + names.front() + " (default)" + list.substr(names.front().size()))
      ->type_name("NAME")
      ->check([names, list](const std::string &name) {
        const bool known = std::find(names.begin(), names.end(), name) != names.end();
        return known ? std::string() : "'" + name + "' is not one of " + list;
      });
}

void add_levels(CLI::App &command, PoolingChoice &choice) {
  command
      .add_option_function<std::string>(
          "--levels", [&choice](const std::string &text) { choice.levels = parse_levels(text); },
          "Levels of the pyramid, n for n x n bins or RxS: 1,2,4 or 1,2x3")
      ->type_name("LEVELS")
      ->required()
      ->check([](const std::string &text) {
        try {
          parse_levels(text);
        } catch (const Failure &failure) {
          return std::string(failure.what());
        }
        return std::string();
      });
  add_named(command, "--bins", "Rule for the edges of bins", bin_rules, choice.bin_rule);
}

void add_pool(CLI::App &app, PoolCommand &pool) {
  CLI::App &command =
      *app.add_subcommand("pool", "Pool maps of any sizes into one matrix of vectors");
  PoolingChoice &choice = pool.choice;
  command
      .add_option("files", pool.files,
                  ".npy files of maps of one type, (H, W, C) or (N, H, W, C), or as --layout says")
      ->type_name("FILES")
      ->required();
  command
      .add_option("-o,--output", pool.output, "Where the vectors go, one row per map: a .npy file")
      ->type_name("FILE")
      ->required();
  add_levels(command, choice);
  add_named(command, "--layout", "Order of the axes: channels last, or first", layouts,
            choice.layout);
  add_named(command, "--order", "Order of the numbers in a vector", orders, choice.order);
  add_named(command, "--nan", "What a NaN does to its bin", nan_policies, choice.nan_policy);
  add_named(command, "--empty", "What a bin without cells gives", empty_policies,
            choice.empty_policy);
  add_named(command, "--tier", "Instruction set", tiers(), choice.tier);
  add_number(command, "--threads", "Threads at most; 0, the default: one per core", 0,
             choice.thread_limit);
  command.callback([&pool] { pool.run(); });
}

void add_bins(CLI::App &app, BinsCommand &bins) {
  CLI::App &command = *app.add_subcommand("bins", "Show where the bins of a pyramid lie");
  add_number(command, "--height", "Rows of the map", int64_t{1}, bins.height)->required();
  add_number(command, "--width", "Columns of the map", int64_t{1}, bins.width)->required();
  add_levels(command, bins.choice);
  command.add_flag("--json", bins.json, "Print JSON");
  command.callback([&bins] { bins.run(); });
}

void add_info(CLI::App &app, InfoCommand &info) {
  CLI::App &command = *app.add_subcommand("info", "Show version, processor, tiers and threads");
  command.add_flag("--json", info.json, "Print JSON");
  command.callback([&info] { info.run(); });
}

int run(int argc, char **argv) {
  CLI::App app("Spatial pyramid max pooling: maps of any size in, vectors of one length out.",
               "spp");
  app.set_version_flag("--version", spp_version());
  app.require_subcommand(1);
  PoolCommand pool;
  BinsCommand bins;
  InfoCommand info;
  add_pool(app, pool);
  add_bins(app, bins);
  add_info(app, info);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::Success &asked) {
    return app.exit(asked);  // --help and --version
  } catch (const CLI::Error &error) {
    const std::vector<CLI::App *> command = app.get_subcommands();
    const std::string asked = command.empty() ? "spp" : "spp " + command.front()->get_name();
    std::fprintf(stderr, "spp: %s (%s --help says more)\n", error.what(), asked.c_str());
    return exit_usage;
  }
}

}  // namespace

int main(int argc, char **argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc &) {
    std::fputs("spp: out of memory\n", stderr);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "spp: %s\n", error.what());
  }
  return exit_failure;
}
