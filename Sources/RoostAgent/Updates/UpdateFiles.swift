import CRoostLinux
import FoundationEssentials
import Glibc
import RoostModel

/// The files of an agent's versions.
///
/// A version that runs lives in `bin`, which from the first update on is a link to `bin.VERSION`; the one before stays beside it. What is being prepared is in `_update`
/// and touches nothing else: whatever happens until the switch, the next start is of the version that worked. Slots of one agent have one program: each switches to a version
/// for itself, and those that come later find it there.
struct UpdateFiles: Sendable {
    let root: AgentRoot

    private var home: String { root.home }

    var folder: String { "\(home)/_update" }
    func prepared(_ release: AgentRelease) -> String { "\(folder)/\(release)" }
    func archive(_ release: AgentRelease) -> String { "\(folder)/\(release).tar.gz" }
    private func kept(_ part: String, _ release: AgentRelease) -> String { "\(home)/\(part).\(release)" }
    private func place(_ part: String) -> String { "\(home)/\(part)" }
    private func draft(_ part: String) -> String { "\(home)/.\(part).next" }

    static let program = "roost-agent"
    /// What of a package goes into folders of its own version.
    private static let parts = ["bin", "externals"]

    /// The program of a version that is on this machine, and was checked when it came.
    ///
    /// - Parameters:
    ///   - release: the version.
    ///   - digest: SHA-256 of the package that it must have come from; nil for any.
    /// - Returns: its path; nil when there is none.
    func keptProgram(_ release: AgentRelease, from digest: String?) -> String? {
        let folder = kept("bin", release)
        guard FileTree.isFile("\(folder)/\(Self.program)") else { return nil }
        let known = SmallFile.read("\(folder)/\(Self.digestFile)")
        return digest == nil || known == digest ? "\(folder)/\(Self.program)" : nil
    }

    /// Beside the program: from which package it came.
    private static let digestFile = "package"

    // MARK: What became of updates

    /// What is told the server before the next session.
    struct Outcome: Codable, Hashable, Sendable {
        var release: AgentRelease
        var digest: String
        /// See ``AgentUpdate/Fault``.
        var fault: AgentUpdate.Fault
        var reason: String
    }

    private var outcomeFile: String { "\(root.diagnostics)/update-outcome.json" }

    func write(_ outcome: Outcome) {
        guard let text = try? JSONEncoder().encode(outcome) else { return }
        _ = SmallFile.write(String(decoding: text, as: UTF8.self), to: outcomeFile, mode: 0o644)
    }

    func outcome() -> Outcome? {
        SmallFile.read(outcomeFile).flatMap { try? JSONDecoder().decode(Outcome.self, from: Data($0.utf8)) }
    }

    func forgetOutcome() { FileTree.delete(outcomeFile) }

    // MARK: Switching

    /// Makes a prepared version, or one that was kept, the one that starts; the one before is kept, older ones go.
    ///
    /// A crash at any point leaves one of the two in `bin`, whole.
    ///
    /// - Parameters:
    ///   - release: what is to start from now on.
    ///   - digest: SHA-256 of the package that it came from; empty where nobody knows.
    ///   - old: what runs now.
    /// - Throws: ``UpdateFailure/notWritable(path:error:)``.
    func switchOver(
        to release: AgentRelease,
        of digest: String,
        from old: AgentRelease
    ) throws(UpdateFailure) {
        for part in Self.parts {
            let new = "\(prepared(release))/\(part)"
            guard FileTree.isRealFolder(new) else { continue }
            let target = kept(part, release)
            guard FileTree.isRealFolder(target) else {
                try rename(new, target)
                continue
            }
            // What stands there may be what starts now, for another slot: there is no moment without it.
            let swapped = roost_exchange(new, target)
            guard swapped == 0 else { throw .notWritable(path: target, error: swapped) }
            FileTree.delete(new)
        }
        if !digest.isEmpty {
            let path = "\(kept("bin", release))/\(Self.digestFile)"
            let error = SmallFile.write(digest, to: path, mode: 0o644)
            guard error == 0 else { throw .notWritable(path: path, error: error) }
        }
        for name in FileTree.names(in: prepared(release)) where name.hasSuffix(".sh") {
            try rename("\(prepared(release))/\(name)", place(name))
        }
        for part in Self.parts where FileTree.isFolder(kept(part, release)) {
            try link(part, release, old)
        }
        FileTree.delete(folder)
        clear(keeping: [release, old])
    }

    private func link(_ part: String, _ release: AgentRelease, _ old: AgentRelease) throws(UpdateFailure) {
        let draft = draft(part)
        FileTree.delete(draft)
        let error = FileTree.link(draft, to: "\(part).\(release)")
        guard error == 0 else { throw .notWritable(path: draft, error: error) }
        guard FileTree.isRealFolder(place(part)) else { return try rename(draft, place(part)) }
        // A folder and a link change places in one step: there is no moment without either.
        let swapped = roost_exchange(draft, place(part))
        guard swapped == 0 else { throw .notWritable(path: place(part), error: swapped) }
        FileTree.delete(kept(part, old))
        try rename(draft, kept(part, old))
    }

    private func rename(_ path: String, _ target: String) throws(UpdateFailure) {
        let error = FileTree.rename(path, to: target)
        guard error == 0 else { throw .notWritable(path: target, error: error) }
    }

    private func clear(keeping releases: Set<AgentRelease>) {
        let inUse = Set(ProcessEntry.all().compactMap { FileTree.resolved("/proc/\($0.pid)/exe") })
        for name in FileTree.names(in: home) {
            for part in Self.parts where name.hasPrefix("\(part).") {
                guard let release = AgentRelease(String(name.dropFirst(part.count + 1))) else { continue }
                // A slot, or a worker, may still run one.
                guard !releases.contains(release), !inUse.contains(where: { $0.hasPrefix("\(place(name))/") }) else {
                    continue
                }
                FileTree.delete(place(name))
            }
        }
    }

    /// Removes what an update left that was interrupted.
    func sweep() {
        for part in Self.parts { FileTree.delete(draft(part)) }
        FileTree.delete(folder)
    }
}
