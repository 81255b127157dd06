import ArgumentParser
import RoostAgent
import RoostLanguage
import RoostPipeline

/// Tasks of this machine that count as installed.
struct TaskFolderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder, ZIP archive or VSIX file of a task that counts as installed; may be repeated.",
            valueName: "path"
        )
    )
    var taskFolder: [String] = []

    /// Reads them; they live as long as the answer does.
    func read() throws -> [TaskPackages] { try taskFolder.map { try TaskPackages(path: $0) } }
}

extension [TaskPackages] {
    private var all: [TaskPackage] { flatMap(\.packages) }

    /// For the compiler.
    var installed: InstalledTasks {
        InstalledTasks(all.map { InstalledTasks.Item($0.manifest, contribution: $0.contribution) })
    }

    /// For the agent.
    var folders: [(manifest: TaskManifest, folder: String)] { all.map { ($0.manifest, $0.folder) } }
}
