import ArgumentParser
import RoostClient
import RoostWire

struct EnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment",
        abstract: "Make, show and change environments, their checks and their machines.",
        discussion: """
            Example:
              roost environment add-check production approval --approver ann
            """,
        subcommands: [
            EnvironmentList.self, EnvironmentShow.self, EnvironmentCreate.self, EnvironmentUpdate.self,
            EnvironmentDelete.self, EnvironmentAddCheck.self, EnvironmentRemoveCheck.self, EnvironmentAddMachine.self,
            EnvironmentRemoveMachine.self,
        ]
    )
}
