/// How a disk is laid out: a partition table (GPT), with a loader the places of its two forms, and the root file system.
struct DiskPlan: Sendable, Hashable {
    struct Partition: Sendable, Hashable {
        var name: String
        /// The type of the partition in the table.
        var type: String
        var start: DiskSize
        var size: DiskSize
        var id: String
    }

    /// The whole disk.
    let size: DiskSize
    let partitions: [Partition]
    let id: String
    /// The journal of the root file system.
    let journal: DiskSize
    /// How many files the root file system can have.
    let files: Int

    var root: Partition { partitions[partitions.count - 1] }

    static let biosType = "21686148-6449-6E6F-744E-656564454649"
    static let efiType = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
    /// Root of x86-64, as the specification of discoverable partitions has it.
    static let rootType = "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709"

    private static let efiSize = DiskSize(mebibytes: 8)
    private static let inode = 256
    /// One file for so many bytes, as mke2fs has it.
    private static let bytesPerFile = 16384

    /// Lays out a disk.
    ///
    /// - Parameters:
    ///   - content: what goes into the root file system.
    ///   - settings: sizes.
    ///   - hasLoader: whether it boots by itself.
    ///   - ids: numbers of the parts.
    /// - Throws: ``RootfsFailure/diskTooSmall(needed:given:)``.
    init(_ content: DiskContent, _ settings: DiskSettings, hasLoader: Bool, ids: DiskIDs) throws(RootfsFailure) {
        // The first MiB and the last are for the table and its copy.
        let before = DiskSize(mebibytes: 1 + (hasLoader ? 1 + Self.efiSize.mebibytes : 0))
        let around = before + DiskSize(mebibytes: 1)
        let journal = DiskSize(mebibytes: content.bytes < 1 << 30 ? 16 : 64)
        let least = Self.least(content, journal)
        let root: DiskSize
        if let size = settings.size {
            guard size >= least + around else {
                throw .diskTooSmall(needed: (least + around).mebibytes, given: size.mebibytes)
            }
            root = DiskSize(mebibytes: size.mebibytes - around.mebibytes)
        } else {
            root = least + settings.free
        }
        self.journal = journal
        size = root + around
        files = max(root.bytes / Self.bytesPerFile, content.files * 2 + 1024)
        id = ids["disk"]
        let loader = hasLoader ? Self.loader(ids) : []
        let rootPart = Partition(name: "root", type: Self.rootType, start: before, size: root, id: ids["partition"])
        partitions = loader + [rootPart]
    }

    private static func loader(_ ids: DiskIDs) -> [Partition] {
        let one = DiskSize(mebibytes: 1)
        return [
            Partition(name: "bios", type: biosType, start: one, size: one, id: ids["bios"]),
            Partition(name: "efi", type: efiType, start: one + one, size: efiSize, id: ids["efi"]),
        ]
    }

    /// Files, their inodes (twice as many as there are), the journal, and what describes groups of blocks.
    private static func least(_ content: DiskContent, _ journal: DiskSize) -> DiskSize {
        let bytes = content.bytes + (content.files * 2 + 1024) * inode + journal.bytes
        return DiskSize(holding: bytes + bytes / 24) + DiskSize(mebibytes: 8)
    }

    /// The table, as sfdisk(8) reads it.
    var table: String {
        let lines = partitions.map { part in
            "start=\(part.start.sectors), size=\(part.size.sectors), type=\(part.type), uuid=\(part.id), name=\"\(part.name)\""
        }
        return (["label: gpt", "label-id: \(id)"] + lines).joined(separator: "\n") + "\n"
    }
}
