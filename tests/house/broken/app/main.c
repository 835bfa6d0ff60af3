#include "app/app.h"
int main(void)
{
}
