public import ArgumentParser
import Foundation
import RoostClient
public import RoostModel
import RoostWire

struct PermissionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permission",
        abstract: "Say which pipelines may use a service connection, variable group, secure file, environment or pool.",
        discussion: """
            A pipeline that is not permitted waits before the stage that uses it, until somebody permits it.

            Example:
              roost permission permit service-connection production --pipeline deploy
            """,
        subcommands: [PermissionShow.self, PermissionPermit.self, PermissionRevoke.self]
    )
}

/// What a permission is about.
struct ProtectedResourceArguments: ParsableArguments {
    @Argument(help: "service-connection, variable-group, secure-file, environment or pool.")
    var kind: ProtectedResource.Kind

    @Argument(help: "Its name or id.")
    var name: String
}

/// Whose permission it is.
struct PermittedPipelines: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Name or id of a pipeline; may be repeated.", valueName: "name"))
    var pipeline: [String] = []

    @Flag(help: "Every pipeline of the project, those to come as well; without it only those permitted by name.")
    var allPipelines = false

    func validate() throws {
        if pipeline.isEmpty, !allPipelines { throw ValidationError("Give --pipeline NAME or --all-pipelines.") }
    }
}

extension ProtectedResource.Kind: ExpressibleByArgument {
    public static var allValueStrings: [String] { allCases.map(\.argument) }

    public init?(argument: String) {
        let found = Self.allCases.first { $0.argument == argument.lowercased() }
        guard let found else { return nil }
        self = found
    }
}

struct PermissionShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show which pipelines may use something, since when and by whom.",
        discussion: """
            Example:
              roost permission show variable-group release
            """
    )

    @OptionGroup var resource: ProtectedResourceArguments
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.client.pipelinePermissions(
            project: server.project(),
            type: resource.kind.rawValue,
            id: resource.name
        )
        try await found.print(resource.kind, output, server)
    }
}

struct PermissionPermit: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "permit",
        abstract: "Let pipelines use something; runs that wait for it go on.",
        discussion: """
            Example:
              roost permission permit service-connection production --pipeline deploy
              roost permission permit pool linux --all-pipelines
            """
    )

    @OptionGroup var resource: ProtectedResourceArguments
    @OptionGroup var whom: PermittedPipelines
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws { try await server.change(resource, whom, to: true, output) }
}

struct PermissionRevoke: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Let pipelines no longer use something; --all-pipelines leaves it to those that are named.",
        discussion: """
            Example:
              roost permission revoke service-connection production --pipeline deploy
              roost permission revoke variable-group release --all-pipelines
            """
    )

    @OptionGroup var resource: ProtectedResourceArguments
    @OptionGroup var whom: PermittedPipelines
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws { try await server.change(resource, whom, to: false, output) }
}

extension Connection {
    fileprivate func change(
        _ resource: ProtectedResourceArguments,
        _ whom: PermittedPipelines,
        to isGiven: Bool,
        _ output: OutputOptions
    ) async throws {
        var draft = ResourcePipelinePermissionsWire(allPipelines: whom.allPipelines ? .init(authorized: isGiven) : nil)
        var named: [ResourcePipelinePermissionsWire.Pipeline] = []
        for name in whom.pipeline { named.append(.init(id: try await pipeline(name).id, authorized: isGiven)) }
        draft.pipelines = named
        let changed = try await client.setPipelinePermissions(
            project: project(),
            type: resource.kind.rawValue,
            id: resource.name,
            draft
        )
        try await changed.print(resource.kind, output, self)
    }
}

extension ResourcePipelinePermissionsWire {
    fileprivate func print(
        _ kind: ProtectedResource.Kind,
        _ output: OutputOptions,
        _ server: Connection
    ) async throws {
        let named = pipelines ?? []
        let project = try await server.project()
        let known = named.isEmpty ? [] : try await server.client.definitions(project: project)
        let what = "the \(kind.word) '\(resource?.name ?? "")'"
        try output.print(self) { terminal in
            if allPipelines?.authorized == true { return "Every pipeline of the project may use \(what)." }
            if named.isEmpty { return "No pipeline may use \(what)." }
            var table = Table("PIPELINE", "SINCE", "BY")
            for pipeline in named {
                table.add(
                    known.first { $0.id == pipeline.id }?.name ?? "\(pipeline.id)",
                    pipeline.authorizedOn.map { $0.formatted(.iso8601) } ?? "",
                    pipeline.authorizedBy?.displayName ?? ""
                )
            }
            return "Only these pipelines may use \(what):\n\(table.render(terminal))"
        }
    }
}
