/* For tests: the table of dialects as the documents hold it. Knows no document. */
#ifndef RENGA_TESTS_HOUSE_TABLES_DIALECTS_H
#define RENGA_TESTS_HOUSE_TABLES_DIALECTS_H

void print_dialects(void); /* a row of the manual and lines of the manual page for each */

#endif
