#include <sys/prctl.h>
#include "agent_listener.h"
#include "agent_process.h"
#include "agent_template.h"
#include "task_diversion.h"
#include "store_files.h"
#include "agent_search.h"
#include "content.h"
