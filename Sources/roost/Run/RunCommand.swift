import ArgumentParser

/// `roost run`: the group of commands about runs.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a pipeline here, or queue and watch runs on a server.",
        discussion: """
            Given a file, 'roost run' runs that pipeline on this machine, without a server.

            Examples:
              roost run azure-pipelines.yml
              roost run queue app --branch main --follow
              roost run logs 12 --follow
            """,
        subcommands: [
            RunQueue.self,
            RunList.self,
            RunShow.self,
            RunLogs.self,
            RunCancel.self,
            RunStartStage.self,
            RunSkipStage.self,
            RunResume.self,
            RunReject.self,
            RunRerun.self,
            LocalRunCommand.self,
        ],
        defaultSubcommand: LocalRunCommand.self
    )
}
