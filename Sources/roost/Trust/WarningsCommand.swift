import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

struct WarningsCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "warnings",
        abstract: "List credentials that expire soon or expired lately.",
        discussion: """
            With --fail it ends with 1 when there are any, for monitoring.

            Example:
              roost warnings
            """
    )

    @Flag(help: "End with 1 when there are warnings.")
    var fail = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let warnings = try await server.client.credentialWarnings()
        try output.print(list: warnings, empty: "No credential expires soon.") { terminal in
            var table = Table("EXPIRES", "WHAT", "NAME", "OF")
            for warning in warnings {
                let day = warning.expiresAt.map { TimeText.moment($0) } ?? "-"
                let isOver = warning.expired ?? false
                table.add(
                    terminal.styled(isOver ? "expired \(day)" : day, isOver ? .red : .yellow),
                    Self.word(warning.kind ?? "-"),
                    warning.name ?? "-",
                    warning.owner ?? "-"
                )
            }
            return table
        }
        if fail, !warnings.isEmpty { throw RoostExit.failed.code }
    }

    private static func word(_ kind: String) -> String {
        switch ExpiringCredential.Kind(rawValue: kind) {
        case .personalToken: "personal token"
        case .enrollmentToken: "enrollment token"
        case .identitySecret: "secret of an identity"
        case .identityCertificate: "certificate of an identity"
        case .connectionCertificate: "certificate of a service connection"
        case .pinnedKeys: "keys of a trust rule"
        case .serverCertificate: "the server's certificate"
        case nil: kind
        }
    }
}
