import ArgumentParser

struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Service principals and machines' identities, and what they prove themselves with.",
        discussion: """
            Example:
              roost identity create deployer --scope vso.build_execute
              roost identity add-secret deployer --days 90 > secret.txt
            """,
        subcommands: [
            IdentityCreate.self, IdentityList.self, IdentityShow.self, IdentityUpdate.self, IdentityDelete.self,
            IdentityEnable.self, IdentityDisable.self, IdentityAddSecret.self, IdentityRemoveSecret.self,
            IdentityAddCertificate.self, IdentityRemoveCertificate.self, IdentityAddFederated.self,
            IdentityRemoveFederated.self, IdentityRotateSigningKey.self,
        ]
    )
}
