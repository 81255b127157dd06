import ArgumentParser
import RoostClient
import RoostLanguage
import RoostWire

/// `roost package`: versions of the agent that the server has for its agents.
struct PackageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "package",
        abstract: "Make, sign and add packages of the agent, from which agents update themselves.",
        discussion: """
            Examples:
              roost package make agent-folder --output .
              roost package add roost-agent-linux-x64-4.271.0.tar.gz
              roost pool updates linux
            """,
        subcommands: [
            PackageList.self, PackageMake.self, PackageAdd.self, PackageDelete.self, PackageSign.self,
        ]
    )
}

struct PackageList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the packages that the server has, newest first."
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let packages = try await server.client.agentPackages()
        try output.print(list: packages, empty: "There are no packages. Add one with 'roost package add'.") { _ in
            var table = Table("VERSION", "PLATFORM", "SIZE", "SIGNED BY", "SHA-256", "ADDED", "BY")
            for package in packages {
                table.add(
                    package.versionText,
                    package.platform ?? "-",
                    SizeText.of(package.size ?? 0),
                    (package.signatures ?? []).map(\.keyId).joined(separator: ", "),
                    String((package.hashValue ?? "").prefix(12)),
                    TimeText.ago(package.createdOn),
                    package.createdBy ?? "-"
                )
            }
            return table
        }
    }
}

struct PackageDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a package; agents that have the version keep it, the others do not get it.",
        discussion: """
            Example:
              roost package delete 4.271.0
            """
    )

    @Argument(help: "Its version.")
    var version: String

    @Option(help: "Only that for this platform, such as linux-x64.")
    var platform: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.agentPackages()
        let found = all.filter { $0.versionText == version && (platform == nil || $0.platform == platform) }
        guard !found.isEmpty else {
            throw CommandFailure.notFound(
                kind: "package",
                name: version,
                near: nearName(version, among: all.map(\.versionText)),
                list: "roost package list"
            )
        }
        for package in found {
            try await server.client.deleteAgentPackage(platform: package.platform ?? "", version: package.versionText)
        }
        try output.print(found) { _ in
            found.map { "Version \($0.versionText) for \($0.platform ?? "?") is deleted." }.joined(separator: "\n")
        }
    }
}

extension PackageMetadataWire {
    var versionText: String { "\(version?.major ?? 0).\(version?.minor ?? 0).\(version?.patch ?? 0)" }
}
