import ArgumentParser
import Foundation
import RoostClient
import RoostModel
import RoostWire

struct TrustTest: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Judge a token by the server's rules, here: the token is sent nowhere.",
        discussion: """
            Claims and times are judged, the signature is not. Ends with 1 when no rule accepts the token.

            Example:
              roost trust test token.txt --pool linux
            """
    )

    @Argument(help: ArgumentHelp("File with the token; - is standard input.", valueName: "path"))
    var file: String

    @Option(help: "The pool in which an agent is to be registered.")
    var pool: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let token = try ForeignToken(try SecretFile.read(file))
        var target: PoolID?
        if let pool { target = PoolID(try await server.pool(pool).id) }
        let now = Date()
        let rules = try await server.client.trustRules().compactMap(\.model)
        let verdicts = rules.map { TrustVerdict($0, $0.failures(of: token.claims, pool: target, at: now)) }
        let isAccepted = verdicts.contains { $0.failures.isEmpty }
        try output.print(verdicts) { terminal in Self.text(verdicts, terminal) }
        if !isAccepted { throw RoostExit.failed.code }
    }

    private static func text(_ verdicts: [TrustVerdict], _ terminal: Terminal) -> String {
        guard !verdicts.isEmpty else { return "There are no trust rules." }
        return verdicts.map { verdict in
            guard !verdict.failures.isEmpty else { return "\(terminal.styled("accepted", .green))  \(verdict.name)" }
            let lines = verdict.failures.map { "\n            \($0.text)" }.joined()
            return "\(terminal.styled("refused", .red))   \(verdict.name)\(lines)"
        }.joined(separator: "\n")
    }
}
