#include "CRoostLinux.h"
