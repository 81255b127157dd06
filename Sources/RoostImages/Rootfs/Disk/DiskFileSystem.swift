import Foundation

/// The root file system of a disk, made where it is on the disk.
struct DiskFileSystem {
    let disk: String
    let plan: DiskPlan
    /// The number of the file system.
    let id: String
    /// Where it works.
    let folder: String
    /// No time is later.
    let moment: Int

    /// Features by name, so that neither the machine's settings nor its version decide them; boot loaders know all of these.
    private static let features = [
        "none", "has_journal", "ext_attr", "resize_inode", "dir_index", "filetype", "extent", "64bit", "flex_bg",
        "sparse_super", "large_file", "huge_file", "dir_nlink", "extra_isize", "metadata_csum",
    ]

    private var environment: [String: String] { ["E2FSPROGS_FAKE_TIME": "\(moment)"] }
    private var place: String { "\(disk)?offset=\(plan.root.start.bytes)" }

    /// Makes it, and puts everything in it that layers of a cache have.
    func fill(from view: SandboxPlan.Overlay, in cache: String) async throws {
        let options = [
            "-q", "-F", "-t", "ext4", "-b", "4096", "-I", "256", "-m", "1", "-L", "root", "-U", id,
            "-O", Self.features.joined(separator: ","), "-N", "\(plan.files)", "-J", "size=\(plan.journal.mebibytes)",
            "-E", "hash_seed=\(id),offset=\(plan.root.start.bytes),nodiscard,lazy_itable_init=0,lazy_journal_init=0",
        ]
        let size = "\(plan.root.size.bytes / 1024)k"
        var tool = MachineTool("mke2fs", options + ["-d", view.root, disk, size], over: view)
        tool.environment = environment
        try await tool.run(in: cache)
        try await settle()
    }

    /// Sets times.
    private func settle() async throws {
        let count = Gathered<[String: Int]>([:])
        try await MachineTool("dumpe2fs", ["-h", place]).lines(in: folder) { line in
            let parts = line.split(separator: ":")
            guard parts.count == 2, let number = Int(parts[1].trimmingCharacters(in: .whitespaces)) else { return }
            count.change { $0[String(parts[0])] = number }
        }
        guard let all = count.value["Inode count"], let free = count.value["Free inodes"] else {
            throw RootfsFailure.outputFailed(path: disk, reason: "dumpe2fs does not say how many files it has")
        }
        let inodes = FileTimes.inodes(count: all - free)
        let times = Gathered(FileTimes(moment: moment))
        try DebugScript.write(inodes, to: "\(folder)/questions", FileTimes.question)
        try await debug(["-f", "\(folder)/questions", place]) { line in times.change { $0.read(line) } }
        let settled = times.value
        try DebugScript.write(inodes, to: "\(folder)/commands", settled.command)
        try await debug(["-w", "-f", "\(folder)/commands", place]) { _ in }
    }

    private func debug(_ arguments: [String], _ receive: @escaping @Sendable (String) -> Void) async throws {
        var tool = MachineTool("debugfs", arguments)
        tool.environment = environment
        try await tool.lines(in: folder, receive)
    }
}
