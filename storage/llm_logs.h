/* The log of Simon Willison's `llm`, an SQLite file: its conversations as lines of a bundle. Reads it only, and runs nothing in it. */
#ifndef RENGA_STORAGE_LLM_LOGS_H
#define RENGA_STORAGE_LLM_LOGS_H

#include "storage/bundle.h"

/* Whether the bytes begin an SQLite file at all. */
bool sqlite_file(struct span first_bytes);
/* Feeds the import; each conversation becomes a piece in `project`. False with a sentence: another kind of file, or a damaged one. */
bool llm_logs_import(struct bundle_import *b, const char *path, struct span project, struct err *e) MUST_USE;

#endif
