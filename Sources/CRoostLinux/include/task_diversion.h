#ifndef ROOST_TASK_DIVERSION_H
#define ROOST_TASK_DIVERSION_H

/// Gives all tasks of the process that are ready to run to a function instead of the threads of the concurrency runtime; NULL ends that.
///
/// The function gets a reference to a job, the representation of Swift's `UnownedJob`, and sees that it is run once. Only for a process that
/// must stay with one thread.
void roost_divert_tasks(void (*sink)(void *job));

#endif
