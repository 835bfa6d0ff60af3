#include <sqlite3.h>
#include <cjson/cJSON.h>
