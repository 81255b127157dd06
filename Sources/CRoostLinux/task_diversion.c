#include "task_diversion.h"

#include <stddef.h>

#define SWIFT_CALL __attribute__((swiftcall))

typedef SWIFT_CALL void (*enqueue)(void *job);

// The runtime's own place for this, see "Hooks to override executors" in swift/Runtime/Concurrency.h.
extern SWIFT_CALL void (*swift_task_enqueueGlobal_hook)(void *job, enqueue original);

static void (*task_sink)(void *job) = NULL;

static SWIFT_CALL void divert(void *job, enqueue original) {
    if (task_sink != NULL)
        task_sink(job);
    else
        original(job);
}

void roost_divert_tasks(void (*sink)(void *job)) {
    task_sink = sink;
    swift_task_enqueueGlobal_hook = sink != NULL ? divert : NULL;
}
