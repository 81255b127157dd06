import Glibc
import RoostModel
import Synchronization

/// What a job uses of the agent's disk, told to upkeep by locks that end with the process that has them.
///
/// A lock is a file in `_work/_upkeep/use`, locked together by all jobs that use an item (flock(2)); its time of change is when the item was last used. Upkeep
/// takes the lock alone before it removes the item. Files are found from a folder that was opened before walls stand, so that the worker of an isolated job
/// reaches them and its steps do not.
final class UseLocks: Sendable {
    private struct State {
        var folder: OwnedDescriptor?
        var held: [String: LockedFile] = [:]
    }

    private let path: String
    private let images: String
    private let state = Mutex(State())

    init(_ folders: AgentFolders) { (path, images) = (folders.uses, folders.images) }

    /// Items of these kinds have no lock of their own: any job may use them.
    private static let ofAllJobs = "jobs"

    /// The name of the file that guards an item; nil for items that are guarded otherwise.
    static func name(_ id: UpkeepItem.ID) -> String? {
        switch id.kind {
        case .workspace, .mirror, .task, .image: return "\(id.kind.rawValue)-\(fileName(id.name))"
        case .tree: return "\(UpkeepItem.Kind.mirror.rawValue)-\(id.name.prefix { $0 != "/" })"
        case .tool, .temporary: return ofAllJobs
        case .log: return nil
        }
    }

    /// A name that a file can have.
    static func fileName(_ name: String) -> String { String(name.map { $0 == "/" ? "@" : $0 }) }

    // MARK: In a job

    /// A job begins that may use whatever all jobs may use.
    ///
    /// - Throws: ``WorkspaceFailure``.
    func begin() throws(WorkspaceFailure) { try hold(file: Self.ofAllJobs) }

    /// Holds an item until this process ends; waits while upkeep removes it.
    ///
    /// - Throws: ``WorkspaceFailure``.
    func hold(_ id: UpkeepItem.ID) throws(WorkspaceFailure) {
        if let name = Self.name(id) { try hold(file: name) }
    }

    /// Whether it was noted who brought an image.
    func knows(image: String) -> Bool { FileTree.exists("\(images)/\(Self.fileName(image))") }

    /// Notes whether a job fetches an image that was not there: only then upkeep may remove it again.
    func note(image: String, isBrought: Bool) {
        guard FileTree.make(images, mode: 0o700) == 0 else { return }
        _ = SmallFile.write(isBrought ? image : "", to: "\(images)/\(Self.fileName(image))")
    }

    private func hold(file name: String) throws(WorkspaceFailure) {
        let error = state.withLock { state in
            guard state.held[name] == nil else { return Int32(0) }
            if state.folder == nil {
                let error = FileTree.make(path, mode: 0o700)
                guard error == 0 else { return error }
                let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                guard folder >= 0 else { return errno }
                state.folder = OwnedDescriptor(folder)
            }
            guard let folder = state.folder else { return ENOENT }
            switch Self.lock(name, in: folder.number, LOCK_SH, makes: true) {
            case .success(let file): state.held[name] = file
            case .failure(let fault): return fault.number
            }
            return 0
        }
        guard error == 0 else { throw .notWritable(path: "\(path)/\(name)", error: error) }
    }

    // MARK: For upkeep

    private struct Fault: Error { var number: Int32 }

    /// Locks a file of the folder; one that upkeep has removed meanwhile guards nothing any more, so that the next of its name is taken.
    private static func lock(
        _ name: String,
        in folder: Int32,
        _ operation: Int32,
        makes: Bool
    ) -> Result<LockedFile, Fault> {
        while true {
            let descriptor = openat(folder, name, (makes ? O_CREAT : 0) | O_RDWR | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return .failure(Fault(number: errno)) }
            let file = LockedFile(descriptor)
            while flock(descriptor, operation) != 0 {
                guard errno == EINTR else { return .failure(Fault(number: errno)) }
            }
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { return .failure(Fault(number: errno)) }
            guard status.st_nlink > 0 else { continue }
            if operation & LOCK_SH != 0 { futimens(descriptor, nil) }
            return .success(file)
        }
    }

    /// Whether a job uses an item now.
    static func isHeld(_ id: UpkeepItem.ID, in folders: AgentFolders) -> Bool {
        guard let name = name(id) else { return false }
        let folder = OwnedDescriptor(open(folders.uses, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        guard folder.number >= 0 else { return false }
        switch lock(name, in: folder.number, LOCK_EX | LOCK_NB, makes: false) {
        case .success: return false
        // A lock that cannot be looked at may be held.
        case .failure(let fault): return fault.number != ENOENT
        }
    }

    /// When a job last said that it uses an item; nil when none has.
    static func lastUse(_ id: UpkeepItem.ID, in folders: AgentFolders) -> timespec? {
        guard let name = name(id) else { return nil }
        var status = stat()
        return stat("\(folders.uses)/\(name)", &status) == 0 ? status.st_mtim : nil
    }

    /// An item that no job can begin to use until this is gone.
    final class Taken: Sendable {
        private let file: LockedFile?

        fileprivate init(_ file: LockedFile?) { self.file = file }
    }

    /// Takes an item away from jobs; one that wants it waits.
    ///
    /// - Returns: nil when a job uses it, or when that cannot be known.
    static func take(_ id: UpkeepItem.ID, in folders: AgentFolders) -> Taken? {
        guard let name = name(id) else { return Taken(nil) }
        guard FileTree.make(folders.uses, mode: 0o700) == 0 else { return nil }
        let folder = OwnedDescriptor(open(folders.uses, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        guard folder.number >= 0,
            case .success(let file) = lock(name, in: folder.number, LOCK_EX | LOCK_NB, makes: true)
        else { return nil }
        return Taken(file)
    }

    /// Says that an item which is taken is gone: what guarded it is of no use any more.
    static func forget(_ id: UpkeepItem.ID, in folders: AgentFolders) {
        // What guards several items stays for those that are left or come.
        guard let name = name(id), name != ofAllJobs, id.kind != .tree else { return }
        unlink("\(folders.uses)/\(name)")
    }

    /// Names of images that jobs have brought.
    static func images(in folders: AgentFolders) -> [String] {
        FileTree.names(in: folders.images).sorted().compactMap { name in
            SmallFile.read("\(folders.images)/\(name)").flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}

/// A file whose lock ends with it, also when a process that is just being started has a copy of the descriptor.
private final class LockedFile: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit {
        flock(number, LOCK_UN)
        close(number)
    }
}

extension AgentFolders {
    /// What upkeep needs beside what it looks after.
    var upkeep: String { "\(work)/_upkeep" }
    /// Locks of what jobs use.
    var uses: String { "\(upkeep)/use" }
    /// What is being removed: it was renamed to here, and goes with the next start at the latest.
    var trash: String { "\(upkeep)/trash" }
    /// Tools that jobs have brought, one empty file for each.
    var broughtTools: String { "\(upkeep)/tools" }
    /// Images of containers that jobs have used, a file for each: with its name when a job has brought it, else empty.
    var images: String { "\(upkeep)/images" }
    /// What the last jobs needed.
    var needs: String { "\(upkeep)/needs.json" }
}
