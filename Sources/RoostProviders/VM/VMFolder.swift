import CRoostLinux
import Foundation
import RoostModel

/// The folder of a machine: its disk, what it is handed, and what its process holds.
struct VMFolder: Sendable {
    let name: VMName
    let path: String

    init(_ name: VMName, in machines: String) {
        self.name = name
        path = "\(machines)/\(name.text)"
    }

    /// Over the disk of the image.
    var disk: String { "\(path)/disk.qcow2" }
    /// For cloud-init.
    var seed: String { "\(path)/seed.img" }
    /// For the agent; gone once the machine has it.
    var values: String { "\(path)/boot" }
    var console: String { "\(path)/console" }
    /// QEMU has it locked as long as the machine is on.
    var process: String { "\(path)/process" }
    /// The digest of its image.
    private var image: String { "\(path)/image" }
    private var mark: String { "\(path)/started" }

    var isThere: Bool { access(path, F_OK) == 0 }
    /// Whether it was whole once.
    var wasStarted: Bool { access(mark, F_OK) == 0 }

    func make(image digest: String) throws {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try Data(digest.utf8).write(to: URL(filePath: image))
    }

    /// Writes a file that nobody else can read.
    func write(_ text: String, to path: String) throws(ProviderFailure) {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        let isMade = FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: attributes)
        guard isMade else { throw .failed("\(path) cannot be written") }
    }

    func markStarted() throws(ProviderFailure) { try write("", to: mark) }

    func remove() throws {
        guard isThere else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    /// What it is now; `isBusy` when a call about it is under way in this process.
    func listed(isBusy: Bool) -> ListedMachine {
        let state: ListedMachine.State
        if name.isDeparting {
            state = .deleting
        } else if VMProcess.holder(of: process) != nil {
            state = .running
        } else if wasStarted {
            state = .stopped
        } else {
            state = isBusy ? .creating : .failed("it was left before it was started")
        }
        let digest = FileManager.default.contents(atPath: image).map { String(decoding: $0, as: UTF8.self) }
        return ListedMachine(id: name.id, tag: name.tag, state: state, image: digest)
    }
}
