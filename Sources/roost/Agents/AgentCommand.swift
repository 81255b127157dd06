import ArgumentParser

struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Show, pause and wait for agents.",
        discussion: """
            Agents are set up on their machines, with 'roost-agent configure'.

            Examples:
              roost agent wait --online build-1 --timeout 5m
              roost agent drain 'build-*' --reason "new disks" --timeout 2h
            """,
        subcommands: [
            AgentList.self,
            AgentShow.self,
            AgentPause.self,
            AgentResume.self,
            AgentDrain.self,
            AgentEnable.self,
            AgentDisable.self,
            AgentWait.self,
            AgentUpdateCommand.self,
            AgentPin.self,
            AgentUnpin.self,
            AgentCapabilities.self,
            AgentDelete.self,
        ]
    )
}

/// The agent that a command is about.
struct AgentArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("Name or number of the agent.", valueName: "agent"))
    var name: String

    @Option(help: "Its pool; needed when several pools have an agent of that name.")
    var pool: String?
}
