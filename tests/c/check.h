/* Checks for the C tests: a failure is printed and counted, and main() returns whether there was
 * one. */
#ifndef SPP_TESTS_C_CHECK_H
#define SPP_TESTS_C_CHECK_H

#include <stdbool.h>

#include "spp.h"

extern int failures;

void check(bool fine, const char *what, const char *file, int line);
#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)

/*
 * That a call gave this status, and that spp_last_error() contains both words: the argument's name
 * and its value.
 */
void check_failure(spp_status got, spp_status wanted, const char *name, const char *value,
                   const char *call, const char *file, int line);
#define FAILS(call, wanted, name, value) \
  check_failure((call), (wanted), (name), (value), #call, __FILE__, __LINE__)

void test_handles(void);
void test_queries(void);
void test_argmax(void);
void test_backward(void);
void test_batches(void);
void test_ragged(void);
void test_regions(void);
void test_region_gradients(void);
void test_executions(void);
void test_tiers(void);
void test_last_error(void);

#endif
