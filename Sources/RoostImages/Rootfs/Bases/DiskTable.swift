/// The partitions of a disk, as sfdisk(8) tells them.
struct DiskTable: Decodable, Sendable, Hashable {
    struct Table: Decodable, Sendable, Hashable {
        var sectorsize: Int?
        var partitions: [Partition]?
    }

    struct Partition: Decodable, Sendable, Hashable {
        var start: Int
        var size: Int
        var type: String
    }

    var partitiontable: Table

    /// Where a file system begins, in bytes.
    struct Place: Sendable, Hashable {
        var offset: Int
        var type: String
    }

    /// The type of partitions that hold `/boot`.
    private static let bootType = "BC13C2FF-59E6-4262-A352-B275FD6F7172"

    /// The partitions, the largest first.
    var places: [Place] {
        let sector = partitiontable.sectorsize ?? 512
        return (partitiontable.partitions ?? []).filter { $0.start >= 0 && $0.start < 1 << 50 }
            .sorted { $0.size > $1.size }.map { Place(offset: $0.start * sector, type: $0.type.uppercased()) }
    }

    /// Which of those that hold a file system is the root, and which `/boot`.
    static func chosen(_ places: [Place]) -> (root: Place, boot: Place?)? {
        let others = places.filter { $0.type != bootType }
        guard let root = others.first(where: { $0.type == DiskPlan.rootType }) ?? others.first else { return nil }
        return (root, places.first { $0.type == bootType })
    }
}
