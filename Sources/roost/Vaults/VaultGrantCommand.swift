import ArgumentParser
import RoostClient
import RoostLanguage
import RoostModel
import RoostWire

struct VaultGrantCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Say what somebody may do with the secrets of a vault; it replaces what was said before.",
        discussion: """
            WHO is user:NAME, identity:ID, or pool:NAME for the jobs and machines of a pool. Rights are \
            \(VaultRight.allCases.map(\.rawValue).joined(separator: ", ")), or 'all'.

            Example:
              roost vault grant team pool:linux get
            """
    )

    @Argument(help: "Name of the vault.")
    var vault: String

    @Argument(help: "To whom.")
    var who: String

    @Argument(help: "Rights.")
    var rights: [String]

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let known = VaultRight.allCases.map(\.rawValue)
        for right in rights where right != "all" && !known.contains(right) {
            let advice = nearName(right, among: known).map { "Did you mean '\($0)'?" }
            throw ValidationError(
                "There is no right '\(right)'. \(advice ?? "Known are \(known.joined(separator: ", ")).")"
            )
        }
    }

    func run(on server: Connection) async throws {
        let all = rights.contains("all") ? VaultRight.allCases.map(\.rawValue) : rights
        let changed = try await server.client.grant(.init(grantee: who, rights: all), in: vault)
        try output.print(changed) { _ in "\(who) may \(all.joined(separator: ", ")) in the vault '\(vault)'." }
    }
}
