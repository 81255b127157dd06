/// The tables of tasks, in the form ``TaskTableReader`` reads.
enum TaskTable {
    static let all = [scripts, files, artifacts, tests, tools, builds, machines]
}
