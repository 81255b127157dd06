import Foundation
import RoostModel
import RoostTesting

/// What sandboxes of a run are made of: a few files with busybox, packed once.
struct FaultImage: Sendable {
    let folder: String

    private var archive: String { "\(folder)/rootfs.tar" }

    var image: MachineImage {
        MachineImage(name: "faults/busybox/1.0.0", digest: "busybox of the fault run") { [archive] target in
            try FileManager.default.copyItem(atPath: archive, toPath: "\(target)/rootfs.tar")
        }
    }

    /// - Throws: ``FaultFailure`` when busybox or tar is missing.
    func pack() throws {
        let tree = "\(folder)/tree"
        guard BusyboxTree.program != nil else { throw FaultFailure("install busybox-static: sandboxes are made of it") }
        defer { try? FileManager.default.removeItem(atPath: tree) }
        try BusyboxTree.make(tree)
        for name in ["var/tmp", "opt", "home", "usr/bin"] {
            try FileManager.default.createDirectory(atPath: "\(tree)/\(name)", withIntermediateDirectories: true)
        }
        try Data("Package: base\n".utf8).write(to: URL(filePath: "\(tree)/var/lib/dpkg/status"))
        let words = ["tar", "--owner=0", "--group=0", "-cf", archive, "-C", tree, "."]
        guard try ShortCommand.run(words).code == 0 else { throw FaultFailure("tar failed") }
    }
}
