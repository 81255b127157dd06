import ArgumentParser
import Foundation
import RoostClient
import RoostLanguage
import RoostWire

struct TaskInstall: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install a task, or all tasks of an extension.",
        discussion: """
            A task is a folder with a task.json and what it runs. All that is wrong with it is told before anything is sent. Steps name \
            it as NAME@MAJOR and get the newest version there is of that major version when their run is queued.

            Example:
              roost task install ./my-task
              roost task install ./publisher.extension-1.2.0.vsix
            """
    )

    @Argument(
        help: ArgumentHelp("Folder or ZIP archive with a task.json at its top, or VSIX file.", valueName: "path"),
        completion: .file()
    )
    var path: String

    @Flag(help: "Take the place of the same version.")
    var overwrite = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let source = try TaskPackages(path: path)
        var installed: [TaskDefinitionWire] = []
        for package in source.packages {
            for warning in package.warnings { Terminal.printError("\(warning)") }
            installed.append(try await install(package, server))
        }
        try output.print(installed) { _ in
            installed.map { "Task '\($0.reference)' is installed in version \($0.versionText)." }.joined(
                separator: "\n"
            )
        }
    }

    private func install(_ package: TaskPackage, _ server: Connection) async throws -> TaskDefinitionWire {
        let archive = FileManager.default.temporaryDirectory.appendingPathComponent("roost-\(UUID().uuidString).zip")
            .path
        defer { try? FileManager.default.removeItem(atPath: archive) }
        try TaskArchive.write(package.folder, to: archive)
        return try await server.client.installTask(
            id: package.manifest.id,
            archive: archive,
            overwrite: overwrite,
            contribution: package.contribution
        )
    }
}
