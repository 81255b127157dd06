import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

/// What an identity may do.
struct IdentityRightOptions: ParsableArguments {
    @Option(help: "What it may do, such as vso.build_execute; may be repeated.")
    var scope: [String] = []

    @Option(help: "Pool in which it may register agents, and nothing else; may be repeated.")
    var pool: [String] = []

    @Option(help: ArgumentHelp("Address a browser may be sent back to; may be repeated.", valueName: "url"))
    var redirect: [String] = []

    func validate() throws {
        guard scope.isEmpty || pool.isEmpty else {
            throw ValidationError("Give --scope or --pool; 'vso.agentpools_manage' includes registering agents.")
        }
        if let wrong = scope.first(where: { !TokenScope.all.contains(TokenScope(rawValue: $0)) }) {
            let known = TokenScope.all.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("There is no scope '\(wrong)'. Give one of \(known).")
        }
    }

    /// What is given, as the server takes it; what is not given stays.
    func wire(_ server: Connection) async throws -> DirectoryIdentityWire {
        var pools: [Int] = []
        for name in pool { pools.append(try await server.pool(name).id) }
        let isGiven = !scope.isEmpty || !pools.isEmpty
        return DirectoryIdentityWire(
            scopes: isGiven ? scope : nil,
            pools: isGiven ? pools : nil,
            redirects: redirect.isEmpty ? nil : redirect
        )
    }
}

struct IdentityCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a service principal, or the identity of a machine.",
        discussion: """
            With --pool it may register agents in these pools and do nothing else.

            Example:
              roost identity create deployer --scope vso.build_execute
              roost identity create joiner --pool linux
            """
    )

    @Argument(help: "Its name.")
    var name: String

    @Flag(help: "It stands for a machine and gets its tokens there.")
    var managed = false

    @OptionGroup var rights: IdentityRightOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !rights.scope.isEmpty || !rights.pool.isEmpty else {
            throw ValidationError("Say what it may do with --scope or --pool.")
        }
    }

    func run(on server: Connection) async throws {
        var wanted = try await rights.wire(server)
        wanted.name = name
        wanted.kind = (managed ? IdentityKind.managedIdentity : .servicePrincipal).rawValue
        let identity = try await server.client.createIdentity(wanted)
        try output.print(identity) { IdentityFacts.render(identity, $0) }
    }
}
