import ArgumentParser

struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Let machines join pools with the tokens of other issuers.",
        discussion: """
            Example:
              roost trust create github --issuer https://token.actions.githubusercontent.com \
            --audience https://build.example.com/ --subject 'repo:contoso/*' --pool linux
            """,
        subcommands: [
            TrustList.self, TrustShow.self, TrustCreate.self, TrustUpdate.self, TrustEnable.self, TrustDisable.self,
            TrustDelete.self, TrustTest.self, TrustPolicy.self,
        ]
    )
}
