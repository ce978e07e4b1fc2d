// What the server asks for, and its own build makes up from git.
#include "build-info.h"

int llama_build_number(void) { return 0; }
const char * llama_commit(void) { return ""; }
const char * llama_compiler(void) { return ""; }
const char * llama_build_target(void) { return ""; }
const char * llama_build_info(void) { return ""; }
void llama_print_build_info(const char *, FILE *) {}
