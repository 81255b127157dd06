import ArgumentParser
import Foundation
import RoostClient
import RoostLanguage
import RoostWire

/// `roost secure-file`: keys and certificates that only jobs read.
struct SecureFileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secure-file",
        abstract: "Keep keys and certificates that steps get by DownloadSecureFile and tasks like it.",
        discussion: """
            Example:
              roost secure-file add ./signing.p12
            """,
        subcommands: [SecureFileList.self, SecureFileShow.self, SecureFileAdd.self, SecureFileDelete.self]
    )
}

extension Connection {
    /// A secure file by its name or id.
    func secureFile(_ nameOrID: String) async throws -> (file: SecureFileWire, id: UUID, project: String) {
        let project = try await project()
        let all = try await client.secureFiles(project: project)
        let wanted = nameOrID.lowercased()
        let found =
            all.first { $0.name?.lowercased() == wanted } ?? all.first { $0.id?.uuidString.lowercased() == wanted }
        guard let found, let id = found.id else {
            throw CommandFailure.notFound(
                kind: "secure file",
                name: nameOrID,
                near: nearName(nameOrID, among: all.compactMap(\.name)),
                list: "roost secure-file list"
            )
        }
        return (found, id, project)
    }
}

struct SecureFileList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List secure files.",
        discussion: """
            Example:
              roost secure-file list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let files = try await server.client.secureFiles(project: server.project())
        try output.print(list: files, empty: "There is no secure file yet.") { _ in
            var table = Table("NAME", "SIZE", "ADDED", "BY")
            for file in files {
                table.add(
                    file.name ?? "",
                    SizeText.of(file.size ?? 0),
                    TimeText.ago(file.createdOn),
                    file.createdBy ?? ""
                )
            }
            return table
        }
    }
}

struct SecureFileShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of a secure file; its content is for jobs only.",
        discussion: """
            Example:
              roost secure-file show signing.p12
            """
    )

    @Argument(help: "Name or id of the file.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let file = try await server.secureFile(name).file
        try output.print(file) { terminal in
            var facts = Facts()
            facts.add("Secure file", file.name)
            facts.add("ID", file.id?.uuidString.lowercased())
            facts.add("Size", file.size.map { SizeText.of($0) })
            facts.add("Added", TimeText.ago(file.createdOn))
            facts.add("By", file.createdBy)
            return facts.render(terminal)
        }
    }
}

struct SecureFileAdd: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Put a file into the library, sealed.",
        discussion: """
            At most 10 MiB. Nobody gets it back from the server but a job whose steps name it.

            Example:
              roost secure-file add ./id_ed25519 --name deploy-key
            """
    )

    @Argument(help: "The file.", completion: .file())
    var path: String

    @Option(help: "The name steps use; the file's own without it.")
    var name: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        guard FileManager.default.isReadableFile(atPath: path), !isFolder(path) else {
            throw CommandFailure.fileUnreadable(path: path)
        }
        let file = try await server.client.addSecureFile(
            project: server.project(),
            name: name ?? URL(fileURLWithPath: path).lastPathComponent,
            file: path
        )
        try output.print(file) { _ in "Secure file '\(file.name ?? path)' is added." }
    }
}

struct SecureFileDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a secure file.",
        discussion: """
            Example:
              roost secure-file delete signing.p12
            """
    )

    @Argument(help: "Name or id of the file.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.secureFile(name)
        try await server.client.deleteSecureFile(project: found.project, id: found.id)
        Terminal.print("Secure file '\(found.file.name ?? name)' is deleted.")
    }
}
