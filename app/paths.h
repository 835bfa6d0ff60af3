/* Where config, library, state and their parts live: the XDG folders, worked out once. Makes nothing. */
#ifndef RENGA_APP_PATHS_H
#define RENGA_APP_PATHS_H

struct paths {
    char *config_dir;  /* $XDG_CONFIG_HOME/renga */
    char *config;      /* …/config */
    char *themes;      /* …/themes */
    char *keys;        /* …/keys */
    char *templates;   /* …/templates */
    char *data_dir;    /* $XDG_DATA_HOME/renga */
    char *library;     /* …/renga.db */
    char *voices;      /* …/voices: what the muse has learnt */
    char *state_dir;   /* $XDG_STATE_HOME/renga */
    char *muse;        /* the muse's packs, which come with the program: $RENGA_MUSEDIR, or where it was installed */
};
void paths_init(struct paths *p);
void paths_release(struct paths *p);

#endif
