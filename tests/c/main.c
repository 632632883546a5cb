/* Bad input (docs/values.md, section 8), from C11: every call says what is wrong and writes
 * nothing. */
#include <stdio.h>
#include <string.h>

#include "check.h"

int failures = 0;

void check(bool fine, const char *what, const char *file, int line) {
  if (fine) return;
  ++failures;
  printf("%s:%d: failed: %s\n", file, line, what);
}

void check_failure(spp_status got, spp_status wanted, const char *name, const char *value,
                   const char *call, const char *file, int line) {
  const char *sentence = spp_last_error();
  if (got != wanted) {
    ++failures;
    printf("%s:%d: %s gave %s instead of %s (%s)\n", file, line, call, spp_status_name(got),
           spp_status_name(wanted), sentence);
  } else if (strstr(sentence, name) == NULL || strstr(sentence, value) == NULL) {
    ++failures;
    printf("%s:%d: %s: \"%s\" does not name %s and %s\n", file, line, call, sentence, name, value);
  }
}

int main(void) {
  test_handles();
  test_queries();
  test_batches();
  test_argmax();
  test_backward();
  test_ragged();
  test_regions();
  test_region_gradients();
  test_executions();
  test_tiers();
  test_last_error();
  if (failures != 0) printf("%d failures\n", failures);
  return failures != 0;
}
