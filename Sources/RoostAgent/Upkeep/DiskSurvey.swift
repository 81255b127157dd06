import FoundationEssentials
import Glibc
import RoostModel

/// Finds what is on an agent's disk and could go: who uses it, since when nobody does, and what it costs to get it again.
struct DiskSurvey {
    /// What was measured, and for which use of it.
    struct Measured: Sendable {
        var lastUse: Date
        var bytes: Int
    }

    let root: AgentRoot
    let folders: AgentFolders
    /// Sizes of earlier surveys; nobody changes an item without using it.
    var measured: [UpkeepItem.ID: Measured]
    /// What is in use is measured too; it grows, and cannot go anyway.
    let measuresAll: Bool
    /// Nobody waits for it any more: nothing else is measured.
    private let isStopped: @Sendable () -> Bool
    private let now = Date()
    private let device: dev_t
    private let rates: FetchRates

    init(
        root: AgentRoot,
        folders: AgentFolders,
        measured: [UpkeepItem.ID: Measured] = [:],
        measuresAll: Bool,
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        self.measuresAll = measuresAll
        self.isStopped = isStopped
        self.root = root
        self.folders = folders
        self.measured = measured
        device = Self.status(folders.work)?.st_dev ?? 0
        rates = FetchRates(in: folders.mirrors)
    }

    /// Everything but images of containers, which only their engine knows.
    mutating func items() -> [UpkeepItem] {
        guard FileTree.isFolder(folders.work) else { return [] }
        return workspaces() + mirrors() + tasks() + tools() + logs() + temporary()
    }

    // MARK: Facts

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    private static func date(_ time: timespec) -> Date {
        Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }

    private func changed(_ path: String) -> Date? { Self.status(path).map { Self.date($0.st_mtim) } }

    private func lastUse(_ id: UpkeepItem.ID, _ others: Date?...) -> Date {
        let known = [UseLocks.lastUse(id, in: folders).map(Self.date)] + others
        return known.compactMap { $0 }.max() ?? now
    }

    /// Bytes that come from elsewhere in a second.
    private var network: Double { rates.origin ?? 10_000_000 }
    /// Bytes that a checkout writes in a second.
    private static let writing = 200_000_000.0
    /// What a request to fetch something costs beside its bytes.
    private static let request = 0.2

    private mutating func size(_ id: UpkeepItem.ID, _ lastUse: Date, _ use: UpkeepItem.Use, _ paths: [String]) -> Int {
        if use == .held, !measuresAll { return measured[id]?.bytes ?? 0 }
        if use != .held, let known = measured[id], known.lastUse == lastUse { return known.bytes }
        guard !isStopped() else { return 0 }
        let bytes = paths.reduce(0) { $0 + FolderSize.bytes(of: $1) }
        // What was measured in use is measured again after it.
        measured[id] = Measured(lastUse: use == .held ? .distantPast : lastUse, bytes: bytes)
        return bytes
    }

    private func use(_ id: UpkeepItem.ID) -> UpkeepItem.Use {
        UseLocks.isHeld(id, in: folders) ? .held : .free
    }

    private func isOnDisk(_ path: String) -> Bool { Self.status(path)?.st_dev == device }

    // MARK: Kinds

    private struct Tracking: Decodable {
        var agent_builddirectory: String?
        var definitionName: String?
        var lastRunOn: String?
    }

    /// Which folder belongs to which pipeline, by the files that ``Workspace`` writes.
    private func tracked() -> [String: (name: String, lastRun: Date?)] {
        var found: [String: (name: String, lastRun: Date?)] = [:]
        for collection in FileTree.names(in: folders.mappings) where collection != "GC" {
            for definition in FileTree.names(in: "\(folders.mappings)/\(collection)") {
                let file = "\(folders.mappings)/\(collection)/\(definition)/SourceFolder.json"
                guard let text = SmallFile.read(file),
                    let tracking = try? JSONDecoder().decode(Tracking.self, from: Data(text.utf8)),
                    let number = tracking.agent_builddirectory
                else { continue }
                found[number] = (tracking.definitionName ?? "", changed(file))
            }
        }
        return found
    }

    /// A folder without a file that names it is one whose pipeline has another by now; a new one is named within moments.
    private static let youth: TimeInterval = 3600

    private mutating func workspaces() -> [UpkeepItem] {
        let tracked = tracked()
        return FileTree.names(in: folders.work).sorted().compactMap { name in
            let path = "\(folders.work)/\(name)"
            guard !name.isEmpty, name.utf8.allSatisfy({ (48...57).contains($0) }), FileTree.isRealFolder(path) else {
                return nil
            }
            let id = UpkeepItem.ID(.workspace, name)
            let lastUse = lastUse(id, tracked[name]?.lastRun, tracked[name] == nil ? changed(path) : nil)
            let use = use(id)
            let bytes = size(id, lastUse, use, [path])
            let isAbandoned = tracked[name] == nil && now.timeIntervalSince(lastUse) > Self.youth
            return UpkeepItem(
                id,
                label: tracked[name]?.name ?? "",
                bytes: bytes,
                lastUse: lastUse,
                cost: Self.request + Double(bytes) / Self.writing,
                use: use,
                standing: isAbandoned ? .abandoned : .current,
                leansOn: Set(
                    RepositoryMirror.rooms(lentTo: path, in: folders.mirrors).map { UpkeepItem.ID(.mirror, $0) }
                ),
                isOnDisk: isOnDisk(path)
            )
        }
    }

    private mutating func mirrors() -> [UpkeepItem] {
        FileTree.names(in: folders.mirrors).sorted().flatMap { room -> [UpkeepItem] in
            let path = "\(folders.mirrors)/\(room)"
            guard !room.hasPrefix("."), FileTree.isRealFolder(path) else { return [] }
            let id = UpkeepItem.ID(.mirror, room)
            let (lastUse, use) = (lastUse(id, UseLocks.lastUse(id, in: folders) == nil ? changed(path) : nil), use(id))
            let names = FileTree.names(in: path).sorted()
            let trees = names.filter { RepositoryMirror.treeNames.contains($0) }
            let bytes = size(id, lastUse, use, names.filter { !trees.contains($0) }.map { "\(path)/\($0)" })
            let mirror = UpkeepItem(
                id,
                bytes: bytes,
                lastUse: lastUse,
                cost: Self.request + Double(bytes) / network,
                use: use,
                isOnDisk: isOnDisk(path)
            )
            return [mirror]
                + trees.map { name in
                    let tree = UpkeepItem.ID(.tree, "\(room)/\(name)")
                    let bytes = size(tree, lastUse, use, ["\(path)/\(name)"])
                    return UpkeepItem(
                        tree,
                        bytes: bytes,
                        lastUse: lastUse,
                        cost: Self.request + Double(bytes) / Self.writing,
                        use: use,
                        leansOn: [id],
                        isOnDisk: mirror.isOnDisk
                    )
                }
        }
    }

    private mutating func tasks() -> [UpkeepItem] {
        FileTree.names(in: folders.tasks).sorted().flatMap { home -> [UpkeepItem] in
            let path = "\(folders.tasks)/\(home)"
            let names = FileTree.names(in: path).sorted().filter { FileTree.isRealFolder("\(path)/\($0)") }
            let versions = names.compactMap { ToolVersion($0) }
            return names.compactMap { name in
                let id = UpkeepItem.ID(.task, "\(home)/\(name)")
                let isDraft = name.hasPrefix(".")
                let folder = "\(path)/\(name)"
                let lastUse = lastUse(id, UseLocks.lastUse(id, in: folders) == nil ? changed(folder) : nil)
                // One that a job is unpacking just now has no lock.
                if isDraft, now.timeIntervalSince(lastUse) < Self.youth { return nil }
                let use = use(id)
                let bytes = size(id, lastUse, use, [folder])
                return UpkeepItem(
                    id,
                    bytes: bytes,
                    lastUse: lastUse,
                    cost: Self.request + Double(bytes) / network,
                    use: use,
                    standing: isDraft ? .abandoned : Self.standing(name, among: versions),
                    isOnDisk: isOnDisk(folder)
                )
            }
        }
    }

    /// Pipelines name a major version and get its newest; other majors are others' business.
    private static func standing(_ name: String, among versions: [ToolVersion]) -> UpkeepItem.Standing {
        guard let version = ToolVersion(name) else { return .current }
        let major = { (version: ToolVersion) in version.description.prefix { $0 != "." } }
        let newest = versions.filter { major($0) == major(version) }.max()
        guard let newest, version < newest else { return .current }
        return .superseded(by: newest.description)
    }

    /// Where the tool cache is another's, nothing of it is the agent's.
    private var ownsTools: Bool { folders.tools.hasPrefix("\(folders.work)/") && isOnDisk(folders.tools) }

    private mutating func tools() -> [UpkeepItem] {
        guard ownsTools else { return [] }
        return ToolCache(folder: folders.tools).all().map { tool in
            let id = UpkeepItem.ID(.tool, tool.name)
            let status = Self.status(tool.mark)
            let lastUse =
                [status.map { Self.date($0.st_atim) }, status.map { Self.date($0.st_mtim) }]
                .compactMap { $0 }.max() ?? now
            let use: UpkeepItem.Use =
                FileTree.exists("\(folders.broughtTools)/\(tool.noteName)")
                ? use(id) : .kept("no job has brought it here, so that none could bring it again")
            let bytes = size(id, lastUse, use, [tool.folder])
            return UpkeepItem(
                id,
                bytes: bytes,
                lastUse: lastUse,
                cost: 5 + Double(bytes) / network,
                use: use,
                isOnDisk: isOnDisk(tool.folder)
            )
        }
    }

    private mutating func logs() -> [UpkeepItem] {
        let active = Set(JobJournal.all(root).map(\.job))
        return FileTree.names(in: folders.pages).sorted().compactMap { name in
            let path = "\(folders.pages)/\(name)"
            guard let lastUse = changed(path) else { return nil }
            let id = UpkeepItem.ID(.log, name)
            let use: UpkeepItem.Use = active.contains(name) ? .held : .free
            let bytes = size(id, lastUse, use, [path])
            return UpkeepItem(
                id,
                bytes: bytes,
                lastUse: lastUse,
                // Nobody can get it again; it is small, and what is of use in it is of use soon.
                cost: 600,
                use: use,
                isOnDisk: isOnDisk(path)
            )
        }
    }

    private mutating func temporary() -> [UpkeepItem] {
        guard FileTree.isRealFolder(folders.temp), !FileTree.names(in: folders.temp).isEmpty else { return [] }
        let id = UpkeepItem.ID(.temporary, "_temp")
        let (lastUse, use) = (changed(folders.temp) ?? now, use(id))
        let bytes = size(id, lastUse, use, [folders.temp])
        return [UpkeepItem(id, bytes: bytes, lastUse: lastUse, use: use, isOnDisk: isOnDisk(folders.temp))]
    }
}

/// The room of a file system.
enum FileSpace {
    /// For who is not root; nil when it cannot be asked.
    static func disk(of path: String) -> UpkeepDisk? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        let block = Int(facts.f_frsize)
        return UpkeepDisk(size: Int(facts.f_blocks) * block, free: Int(facts.f_bavail) * block)
    }
}
