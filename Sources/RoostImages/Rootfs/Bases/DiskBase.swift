import Foundation

/// The root file system of a disk as a base, taken out without mounting it.
struct DiskBase {
    let build: RootfsBuild
    /// The file.
    let disk: String
    let form: DiskForm

    private var folder: String { "\(build.cache.folder)/\(build.place)" }

    /// Fills a folder.
    func fill(_ tree: String) async throws {
        let raw = form == .raw ? disk : try await unpacked()
        guard let (root, boot) = DiskTable.chosen(try await places(raw)) else { throw RootfsFailure.noRoot(path: disk) }
        try await take(raw, root.offset, tree)
        guard let boot else { return }
        try FileManager.default.createDirectory(atPath: "\(tree)/boot", withIntermediateDirectories: true)
        try await take(raw, boot.offset, "\(tree)/boot")
    }

    /// The disk as it is.
    private func unpacked() async throws -> String {
        let information = try await MachineTool("qemu-img", ["info", "--output=json", "-f", form.name, disk])
            .text(in: build.cache.folder)
        // Other files of this machine would be read as parts of it.
        guard !information.contains("\"backing-filename\""), !information.contains("\"data-file\"") else {
            throw RootfsFailure.baseMissing(path: disk, reason: "it is only a part of a disk, and names another file")
        }
        let raw = "\(folder)/base.raw"
        try await MachineTool("qemu-img", ["convert", "-f", form.name, "-O", "raw", disk, raw])
            .run(in: build.cache.folder)
        return raw
    }

    /// Where file systems that can be read are.
    private func places(_ raw: String) async throws -> [DiskTable.Place] {
        let file = try FileHandle(forReadingFrom: URL(filePath: raw))
        defer { try? file.close() }
        let whole = DiskTable.Place(offset: 0, type: "")
        if try Self.isExt4(file, whole) { return [whole] }
        let text = try await MachineTool("sfdisk", ["--json", raw]).text(in: build.cache.folder)
        let table = try JSONDecoder().decode(DiskTable.self, from: Data(text.utf8))
        return try table.places.filter { try Self.isExt4(file, $0) }
    }

    private static func isExt4(_ file: FileHandle, _ place: DiskTable.Place) throws -> Bool {
        try file.seek(toOffset: UInt64(place.offset))
        return Ext4.isOne(Array(try file.read(upToCount: Ext4.headSize) ?? Data()))
    }

    // MARK: Files

    private func take(_ raw: String, _ offset: Int, _ tree: String) async throws {
        let place = "\(raw)?offset=\(offset)"
        let head = try await MachineTool("dumpe2fs", ["-h", place]).text(in: folder)
        guard !head.contains("needs_recovery") else {
            throw RootfsFailure.baseMissing(
                path: disk,
                reason: "its file system was not unmounted; start it and shut it down"
            )
        }
        guard let line = head.split(separator: "\n").first(where: { $0.hasPrefix("Inode count:") }),
            let count = line.split(separator: " ").last.flatMap({ Int($0) })
        else { throw RootfsFailure.noRoot(path: disk) }
        try await copyOut(place, tree)
        try await MachineTool("rm", ["-rf", "--", "lost+found"]).run(in: tree)
        try await repair(place, count, tree)
    }

    /// It tells of errors, and ends well all the same.
    private func copyOut(_ place: String, _ tree: String) async throws {
        let errors = "\(folder)/errors"
        // The name of the target may have no blank there, so it is the folder where this runs.
        let line = #"exec debugfs -R "rdump / ." "$1" 2>"$2""#
        try await MachineTool("sh", ["-c", line, "sh", place, errors]).run(in: tree)
        let said = try FileHandle(forReadingFrom: URL(filePath: errors)).read(upToCount: 4096) ?? Data()
        let lines = String(decoding: said, as: UTF8.self).split(separator: "\n")
        let problem = lines.first { line in
            // Where root is the only user, files cannot be given to others; that was said before.
            !line.hasPrefix("debugfs ") && !(build.users == .alone && line.contains("while changing ownership"))
        }
        guard let problem else { return }
        throw RootfsFailure.baseMissing(path: disk, reason: String(problem))
    }

    private func repair(_ place: String, _ count: Int, _ tree: String) async throws {
        try DebugScript.write(Array(2...max(2, count)), to: "\(folder)/questions", FileTimes.question)
        let repairs = Gathered(FileRepairs())
        try await MachineTool("debugfs", ["-f", "\(folder)/questions", place]).lines(in: folder) { line in
            repairs.change { $0.read(line) }
        }
        repairs.change { $0.end() }
        let names = try await names(of: repairs.value.files.keys.sorted(), place)
        let commands = repairs.value.commands(names: names)
        try await all("ln -f --", commands.links, tree)
        try await all("chmod", commands.modes, tree)
        if !commands.capabilities.isEmpty, !MachineTool.isThere("setfattr") {
            throw RootfsFailure.programMissing("setfattr", package: "attr")
        }
        try await all("setfattr -n security.capability -v", commands.capabilities, tree)
    }

    /// Names in the tree by inodes.
    private func names(of inodes: [Int], _ place: String) async throws -> [Int: [String]] {
        guard !inodes.isEmpty else { return [:] }
        let names = Gathered<[Int: [String]]>([:])
        let lines = stride(from: 0, to: inodes.count, by: 500).map { start in
            "ncheck " + inodes[start..<min(inodes.count, start + 500)].map(String.init).joined(separator: " ") + "\n"
        }
        try Data(lines.joined().utf8).write(to: URL(filePath: "\(folder)/names"))
        try await MachineTool("debugfs", ["-f", "\(folder)/names", place]).lines(in: folder) { line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            guard parts.count == 2, let inode = Int(parts[0]) else { return }
            names.change { $0[inode, default: []].append("." + parts[1]) }
        }
        return names.value
    }

    /// Runs a command for each pair of arguments.
    private func all(_ command: String, _ pairs: [[String]], _ tree: String) async throws {
        let line = "while [ $# -gt 1 ]; do \(command) \"$1\" \"$2\" || exit; shift 2; done"
        for start in stride(from: 0, to: pairs.count, by: 200) {
            let part = pairs[start..<min(pairs.count, start + 200)].flatMap(\.self)
            try await MachineTool("sh", ["-c", line, "sh"] + part).run(in: tree)
        }
    }
}
