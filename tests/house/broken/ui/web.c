#include <curl/curl.h>
#include <utf8proc.h>
