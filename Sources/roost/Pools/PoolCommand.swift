import ArgumentParser

struct PoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool",
        abstract: "Make, show and change agent pools.",
        discussion: """
            Examples:
              roost pool create linux --concurrency 8
              roost pool create builds --provider sandbox --image team/agents --max 10 --standby 1
            """,
        subcommands: [
            PoolList.self, PoolShow.self, PoolCreate.self, PoolUpdate.self, PoolDelete.self,
            PoolStatus.self, PoolPause.self, PoolResume.self, PoolDrain.self, PoolLog.self, PoolMachineCommand.self,
            PoolTrialCommand.self, PoolMaintenanceCommand.self,
            PoolUpdates.self, PoolUpdatePolicy.self, PoolRetryUpdates.self,
            PoolCreateEnrollmentToken.self, PoolListEnrollmentTokens.self, PoolRevokeEnrollmentToken.self,
            PoolCloudInit.self,
        ]
    )
}
