import FoundationEssentials
import Glibc

/// What a plan of walls depends on.
struct WallFacts: Hashable, Sendable {
    var folders: AgentFolders
    /// The folder of the job's pipeline.
    var build: String
    /// The work folder, where a link leads.
    var realWork: String
    /// Names in the work folder.
    var workNames: [String] = []
    /// Folders of other agents and what else no job may see.
    var hidden: [String] = []
    /// Folders of the mirrors whose repositories are the job's own, and of what is measured of all.
    var mirrors: [String] = []
    /// The folder of the job's log pages, which only the worker needs.
    var pages: String?
    /// What the job needs for reading: its repositories on this machine, the authority, programs, externals.
    var readable: [String] = []
    /// What it needs for writing: its user's home.
    var writable: [String] = []
    /// The folder of the user's session, with sockets of programs that work outside; nil when there is none.
    var session: String?
    /// Folders of files that must be the user's own or root's to be trusted.
    var trusted: [String] = []
}

extension WallFacts {
    /// Folders whose files OpenSSH includes; it refuses those that belong to neither the user nor root, and root has no number inside.
    private static let sshFolders = ["/etc/ssh/ssh_config.d", "/etc/crypto-policies/back-ends"]

    /// Looks at the machine.
    ///
    /// - Parameters:
    ///   - settings: of the worker.
    ///   - job: the folder of its pipeline.
    ///   - order: the job.
    ///   - hides: folders that the configuration names.
    init(_ settings: WorkerSettings, _ job: JobFolders, _ order: JobOrder, hides: [String]) {
        let folders = settings.folders
        self.init(folders: folders, build: job.build, realWork: FileTree.resolved(folders.work) ?? folders.work)
        workNames = FileTree.names(in: folders.work).sorted()
        let credentials = settings.environment["CREDENTIALS_DIRECTORY"].map { [$0] } ?? []
        let root = AgentRoot(folders.root)
        // A slot's walls hide the whole of its agent, and that agent's neighbours.
        let homes = root.home == folders.root ? [] : [root.home] + Self.otherAgents(root.home)
        hidden = (hides + credentials + Self.otherAgents(folders.root) + homes).compactMap(FileTree.resolved)
        mirrors = order.repositories.filter { Self.localPath($0.url) == nil && !$0.url.isEmpty }.map {
            RepositoryMirror(url: $0.url, in: folders.mirrors).room
        }
        mirrors = (Set(mirrors).union([FetchRates.folder(folders.mirrors)])).sorted()
        let pages = "\(folders.pages)/\(order.job)"
        self.pages = FileTree.isFolder(pages) ? pages : nil
        let path = (settings.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        readable = order.repositories.compactMap { Self.localPath($0.url) } + path
        readable += [folders.externals] + settings.network.files
        readable += [root.handedAuthority, root.allAuthorities]
        readable = readable.filter { $0.hasPrefix("/") && FileTree.exists($0) }
        writable = [settings.environment["HOME"]].compactMap { $0 }.filter(FileTree.isFolder)
        let session = "/run/user/\(getuid())"
        self.session = FileTree.isFolder(session) ? session : nil
        trusted = Self.sshFolders.filter { FileTree.isFolder($0) && !FileTree.names(in: $0).isEmpty }
    }

    /// The path of a repository on this machine.
    private static func localPath(_ url: String) -> String? {
        if url.hasPrefix("file://") { return String(url.dropFirst(7)) }
        return url.hasPrefix("/") ? url : nil
    }

    /// Agents beside this one, and where their jobs work.
    private static func otherAgents(_ root: String) -> [String] {
        guard let slash = root.lastIndex(of: "/"), slash > root.startIndex else { return [] }
        let parent = root[..<slash]
        return FileTree.names(in: String(parent)).sorted().flatMap { name -> [String] in
            let path = "\(parent)/\(name)"
            guard path != root, let text = SmallFile.read("\(path)/\(AgentRoot.File.settings.rawValue)") else {
                return []
            }
            let settings = try? JSONDecoder().decode(AgentSettings.self, from: Data(text.utf8))
            let work = settings.map { AgentFolders(root: path, work: $0.workFolder).work }
            return [path] + (work.map { [$0] } ?? [])
        }
    }
}
