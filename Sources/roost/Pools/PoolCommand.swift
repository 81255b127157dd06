import ArgumentParser

struct PoolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool",
        abstract: "Make, show and change agent pools.",
        discussion: """
            Example:
              roost pool create linux --concurrency 8
            """,
        subcommands: [
            PoolList.self, PoolShow.self, PoolCreate.self, PoolUpdate.self, PoolDelete.self,
            PoolCreateEnrollmentToken.self, PoolListEnrollmentTokens.self, PoolRevokeEnrollmentToken.self,
            PoolCloudInit.self,
        ]
    )
}
