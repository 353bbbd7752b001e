#include "tests/bench/sample.hpp"

#include <algorithm>

#include "tests/bench/agreement.hpp"
#include "tests/bench/people.hpp"
#include "tests/bench/regimes.hpp"

namespace tiao::bench {
namespace {

enum Stream : std::uint64_t { count_stream = 21, person_rows = 22 };

/// Deals out exactly so many incidents: most persons have few, some have many.
class Dealer {
 public:
  Dealer(const SampleOptions& options) : random_(options.seed, count_stream), incidents_(options.incidents), persons_(options.practitioners) {}

  std::uint32_t deal(bool quiet, std::uint32_t wanted) {
    const std::uint64_t persons = persons_--;
    if (quiet) return 0;
    if (persons == 1) return static_cast<std::uint32_t>(incidents_);
    // Quiet persons take nothing: the others have so much more.
    const std::uint64_t mean = incidents_ * 1000 / persons * 100 / 88;
    std::uint64_t n = 0;
    for (const std::uint64_t most = std::max<std::uint64_t>(12, 4 * mean / 1000); n < most && random_.below(1000 + mean) < mean;) ++n;
    n = std::min(wanted != 0 ? wanted : n, incidents_);
    incidents_ -= n;
    return static_cast<std::uint32_t>(n);
  }

 private:
  Random random_;
  std::uint64_t incidents_, persons_;
};

template <class Regime>
void run(const World& world, Tables& tables) {
  const SampleOptions& options = world.options();
  Regime regime(world, tables);
  regime.parameters();
  Dealer dealer(options);
  std::vector<std::uint32_t> heads(options.facilities);
  for (std::uint32_t i = 0; i < options.practitioners; ++i) {
    const PersonInfo person = world.person(i);
    for (const std::uint32_t site : person.sites) ++heads[site];
    Random random(options.seed, person_rows, i);
    regime.person(random, person, dealer.deal(person.quiet != Quiet::no, i == World::example ? 5 : 0));
  }
  put_facilities(world, tables, heads);
}

}  // namespace

SampleOptions settled(SampleOptions options) {
  if (options.practitioners == 0) options.practitioners = std::max(50u, static_cast<std::uint32_t>(std::uint64_t{options.incidents} * 3 / 10));
  if (options.facilities == 0)
    options.facilities = of_facilities(options.regime) ? std::max(20u, static_cast<std::uint32_t>(std::uint64_t{options.incidents} * 3 / 20))
                                                       : std::max(3u, options.practitioners / 17);
  return options;
}

std::string_view regime_name(Regime regime) {
  constexpr std::string_view names[]{"tianjin", "jining", "region", "tianjin_facility"};
  return names[static_cast<std::size_t>(regime)];
}

void generate(const SampleOptions& wanted, Sink& sink) {
  if (of_facilities(wanted.regime)) return agreement::generate(settled(wanted), sink);
  const World world(settled(wanted));
  Tables tables(world.options().regime, practitioner_tables(world.options()), sink);
  if (world.options().regime == Regime::tianjin) run<TianjinSample>(world, tables);
  else run<JiningSample>(world, tables);
}

}  // namespace tiao::bench
