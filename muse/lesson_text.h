/* One text cut into documents; what lesson.c and its two readers of texts share. */
#ifndef RENGA_MUSE_LESSON_TEXT_H
#define RENGA_MUSE_LESSON_TEXT_H

#include "muse/lesson.h"

#define DOCUMENT_MAX 512 /* tokens of a document, at most */

/* A document being made. */
struct document {
    int tokens[DOCUMENT_MAX];
    int count;
};
void document_begin(struct document *d); /* with <bos> */
void document_add(struct document *d, int token); /* −1 adds nothing; a full document takes no more */
/* Adds it to the lesson, ended by <eos>, unless its body (what follows <sep>) has fewer than four tokens; counts it. */
void document_end(struct document *d, struct lesson *l, struct intake *in, const struct pack *p);

/* A stretch of lines between empty ones. */
struct stanza {
    struct span text;   /* its lines, without the last line break */
    int lines;
    int gap;            /* empty lines before it */
    bool heading;       /* a line alone that looks like a title */
};
/* Takes the next one off the front of `rest`; false when nothing but white space is left. */
bool stanza_next(struct span *rest, struct stanza *out);
/* A heading's words: without # and 《》. */
struct span heading_text(struct span line);

void lesson_add_zh(struct lesson *l, struct intake *in, const struct pack *p, const struct vocab *v, struct span text);
void lesson_add_en(struct lesson *l, struct intake *in, const struct pack *p, const struct vocab *v, struct span text);

#endif
