# Fails if a tier's object file defines a symbol that another tier's might define too.
#
#   cmake -DNM=nm -DOBJECTS=a.o;b.o -P tier_symbols.cmake
#
# The linker keeps one of several weak definitions.  If two tiers define the same template, a tier
# without AVX-512 may call code that was compiled with it.  So everything that a tier's object offers
# to the linker has to carry the tier's namespace: spp::<tier> or xsimd_<tier>.
# It must not run anything before main() either, on a processor that cannot execute it.
cmake_minimum_required(VERSION 3.22)

set(checked 0)
set(leaks "")
foreach(object IN LISTS OBJECTS)
  if(NOT object MATCHES "/tiers/([a-z0-9]+)(_[a-z]+)?\\.cpp\\.o$")
    continue()
  endif()
  set(tier ${CMAKE_MATCH_1})
  string(LENGTH ${tier} length)
  execute_process(COMMAND ${NM} --defined-only ${object}
    OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" lines "${symbols}")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "[A-Za-z] [^ ]+$" symbol "${line}")
    if(symbol MATCHES "_GLOBAL__sub_I_")
      list(APPEND leaks "${tier}: runs before main(): ${symbol}")
    elseif(symbol MATCHES "^[A-TV-Zuvw] "
           AND NOT symbol MATCHES "3spp${length}${tier}|xsimd_${tier}")
      list(APPEND leaks "${tier}: not in the tier's namespace: ${symbol}")
    endif()
  endforeach()
  math(EXPR checked "${checked} + 1")
endforeach()

if(checked EQUAL 0)
  message(FATAL_ERROR "no tier's object file among: ${OBJECTS}")
endif()
if(leaks)
  list(JOIN leaks "\n  " text)
  message(FATAL_ERROR "symbols that tiers would share:\n  ${text}")
endif()
message("${checked} tiers")
