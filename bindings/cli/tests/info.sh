# `spp info`, `spp --version` and the help: what must be there on every machine.
. "$(dirname "$0")/common.sh"

version=$("$tool" --version)
expect_equal '--version is three numbers' "$(echo "$version" | sed 's/^[0-9]*\.[0-9]*\.[0-9]*$/v/')" v

expect_equal 'a portable tier' "$("$tool" info | grep -c '^tiers  *portable  available')" 1
expect_equal 'one tier in use' "$("$tool" info | grep -c 'available, in use$')" 1
expect_equal 'version' "$("$tool" info | sed -n 's/^libspp *//p')" "$version"
expect_equal 'version in JSON' "$("$tool" info --json | sed -n 's/.*"version": "\(.*\)",/\1/p')" \
  "$version"
expect_equal 'four tiers in JSON' "$("$tool" info --json | grep -c '"available": ')" 4
expect_equal 'a reason for each refusal' "$("$tool" info --json | grep -c '"reason": ".')" \
  "$("$tool" info --json | grep -c '"available": false')"

# tier_with VALUE: the tier in use with the environment variable SPP_TIER.
tier_with() {
  SPP_TIER=$1 "$tool" info --json | sed -n 's/.*"default_tier": \(.*\),/\1/p'
}
expect_equal 'SPP_TIER forces a tier' "$(tier_with portable)" '"portable"'
expect_equal 'an unknown tier is no tier' "$(tier_with nonsense)" null
expect_equal 'the reason is said' "$(SPP_TIER=nonsense "$tool" info | grep -c '^no tier    .')" 1

# The help of a command says what holds where an option is left out.
help=$("$tool" pool --help | tr -s ' \n' ' ')
for default in rounded nhwc bins_channels propagate error auto; do
  expect_equal "the default $default" "$(echo "$help" | grep -c ": $default (default)")" 1
done
expect_equal 'the default of --threads' "$(echo "$help" | grep -c '0, the default: one per core')" 1
finish
