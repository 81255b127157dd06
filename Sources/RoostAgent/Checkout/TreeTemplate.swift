import FoundationEssentials
import Glibc

/// The files of a repository as an earlier checkout wrote them, to be copied where the file system can copy without writing (Btrfs, XFS).
///
/// A new working folder begins as such a copy with the index that belongs to it, and git then changes only what differs. The tree lies beside the
/// mirror: the two stand on one file system with the working folders. It holds the files of one commit at a time.
struct TreeTemplate: Sendable {
    let path: String
    let session: GitSession

    private var files: String { "\(path)/files" }
    private var index: String { "\(path)/index" }
    private var recordFile: String { "\(path)/record.json" }
    private var work: StepWork { session.work }

    /// - Parameters:
    ///   - mirror: of the repository.
    ///   - lfs: files of Git LFS are there themselves, not their pointers; that is another tree.
    ///   - session: of the checkout.
    init(beside mirror: RepositoryMirror, lfs: Bool, session: GitSession) {
        path = mirror.path + (lfs ? ".tree-lfs" : ".tree")
        self.session = session
    }

    var record: TreeRecord? {
        guard let text = SmallFile.read(recordFile) else { return nil }
        return try? JSONDecoder().decode(TreeRecord.self, from: Data(text.utf8))
    }

    // MARK: Taking

    /// Lets a new repository's folder begin as a copy of the tree.
    ///
    /// - Parameter folder: has its `.git` and nothing else.
    /// - Returns: false when there is no tree, or it could not be copied; the folder is then as it was.
    /// - Throws: ``ProcessFailure``, ``StepStopped``.
    func fill(_ folder: String) async throws -> Bool {
        guard FileTree.isFolder(files), FileTree.isFile(index) else { return false }
        let start = ContinuousClock.now
        let copied = try await copy(["\(files)/."], to: "\(folder)/")
        guard copied, try await copy([index], to: "\(folder)/.git/index"), trustTimes(in: folder) else {
            clear(folder)
            FileTree.delete(path)
            return false
        }
        let took = CheckoutTimes.milliseconds(ContinuousClock.now - start)
        work.output.writeLine("The folder begins as a copy-on-write copy of an earlier checkout (\(took) ms).")
        return true
    }

    /// Empties a folder again.
    func clear(_ folder: String) {
        FileTree.empty(folder, keeping: [".git"])
        FileTree.delete("\(folder)/.git/index")
    }

    /// A copied file has the size and the time of change that the index knows, but is another inode.
    private func trustTimes(in folder: String) -> Bool {
        let configuration = "\(folder)/.git/config"
        guard let text = SmallFile.read(configuration) else { return false }
        let section = "[core]\n\tcheckStat = minimal\n\ttrustctime = false\n"
        return SmallFile.write(text + section, to: configuration, mode: 0o600) == 0
    }

    // MARK: Making

    /// Keeps the files of a folder, as git has just written them, when that is worth it.
    ///
    /// Whatever goes wrong here costs later jobs some time and nothing else.
    ///
    /// - Throws: ``StepStopped``.
    func keep(_ folder: String, after facts: TreeFacts) async throws {
        guard planTree(facts), try await canCopy(folder) else { return }
        let new = TreeTemplate(path: "\(path).\(UUID().uuidString.lowercased())", session: session)
        defer { FileTree.delete(new.path) }
        let start = ContinuousClock.now
        guard FileTree.make(new.files) == 0, try await new.take(folder) else { return }
        let copied = CheckoutTimes.milliseconds(ContinuousClock.now - start)
        let written = facts.began ? facts.record?.written ?? facts.written : facts.written
        let record = TreeRecord(written: written, copied: copied)
        if !record.isUseful, facts.wish != .always { FileTree.delete(new.files) }
        guard new.note(record) else { return }
        FileTree.delete(path)
        _ = FileTree.rename(new.path, to: path)
    }

    private init(path: String, session: GitSession) {
        self.path = path
        self.session = session
    }

    private func take(_ folder: String) async throws -> Bool {
        let names = FileTree.names(in: folder).filter { $0 != ".git" }.map { "\(folder)/\($0)" }
        // A command line holds so many names, and no more.
        for begin in stride(from: 0, to: names.count, by: 500) {
            let some = Array(names[begin..<min(begin + 500, names.count)])
            guard try await copy(some, to: "\(files)/") else { return false }
        }
        return try await copy(["\(folder)/.git/index"], to: index) && age()
    }

    /// Dates the index after its files, which no one has touched since git wrote them; git would read them all again if they were of the same second.
    private func age() -> Bool {
        let later = timespec(tv_sec: time(nil) + 1, tv_nsec: 0)
        return utimensat(AT_FDCWD, index, [later, later], 0) == 0
    }

    private func note(_ record: TreeRecord) -> Bool {
        guard let data = try? JSONEncoder().encode(record) else { return false }
        return SmallFile.write(String(decoding: data, as: UTF8.self), to: recordFile, mode: 0o644) == 0
    }

    /// Whether files of a folder can stand beside the mirrors as copies that share their blocks.
    private func canCopy(_ folder: String) async throws -> Bool {
        let probe = "\(path).probe-\(UUID().uuidString.lowercased())"
        defer { FileTree.delete(probe) }
        return try await copy(["\(folder)/.git/HEAD"], to: probe)
    }

    // MARK: Copying

    /// Copies without writing the contents; false when that cannot be done here, which is no news for the log.
    private func copy(_ sources: [String], to target: String) async throws -> Bool {
        guard let program = ExecutableSearch.find("cp", path: work.environment["PATH"]) else { return false }
        let launch = ProcessLaunch(
            executable: program,
            arguments: ["-a", "--reflink=always", "--"] + sources + [target],
            environment: work.environment,
            workingDirectory: "/"
        )
        let outcome = try await work.execute(launch, receiver: CapturedOutput(), errors: CapturedOutput())
        if outcome.stopped { throw StepStopped() }
        return outcome.exitCode == 0
    }
}
