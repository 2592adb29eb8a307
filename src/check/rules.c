#include "check/check.h"

const struct check_rule check_rules[] = {
#define RULE(ID, id, severity, source, text) {id, severity, source, text},
#include "check/rule_table.h"
#undef RULE
};

const size_t check_rule_count = sizeof check_rules / sizeof *check_rules;
