import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostPipeline

/// The installed tasks of a server.
struct TaskLibrary: Sendable {
    private(set) var tasks: [InstalledTask] = []
    /// Another one after each change.
    private(set) var revision = UUID()

    init() {}

    init(settings: [String: Data]) {
        let decoder = JSONDecoder()
        tasks = settings.filter { $0.key.hasPrefix(InstalledTask.prefix) }.values
            .compactMap { try? decoder.decode(InstalledTask.Row.self, from: $0) }.compactMap(InstalledTask.init)
        sort()
    }

    private mutating func sort() {
        tasks.sort {
            ($0.manifest.name.lowercased(), $0.manifest.id, $0.manifest.version)
                < ($1.manifest.name.lowercased(), $1.manifest.id, $1.manifest.version)
        }
    }

    /// For the compiler.
    var installed: InstalledTasks {
        InstalledTasks(tasks.map { InstalledTasks.Item($0.manifest, contribution: $0.row.contribution) })
    }

    func task(id: String, version: String) -> InstalledTask? {
        tasks.first { $0.manifest.id == id && $0.manifest.version.description == version }
    }

    mutating func put(_ task: InstalledTask) {
        remove(task)
        tasks.append(task)
        sort()
    }

    mutating func remove(_ task: InstalledTask) {
        tasks.removeAll { $0.settingName == task.settingName }
        revision = UUID()
    }
}
