#define UP_H
