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
    /// What the machine said at its second serial line, when nobody was there to answer.
    var said: String { "\(path)/said" }
    /// QEMU has it locked as long as the machine is on.
    var process: String { "\(path)/process" }
    /// Is there until a machine that goes on in a saved memory has heard who it is.
    var waking: String { "\(path)/waking" }
    /// The digest of its image.
    private var image: String { "\(path)/image" }
    private var kind: String { "\(path)/kind" }
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
    static func write(_ text: String, to path: String) throws(ProviderFailure) {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        let isMade = FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: attributes)
        guard isMade else { throw .failed("\(path) cannot be written") }
    }

    /// Which memory it could have gone on in, and the name of its image.
    func write(_ key: VMTemplateKey, image name: String) throws(ProviderFailure) {
        try Self.write("\(key.text)\n\(name)\n", to: kind)
    }

    /// Which memory machines like this one can go on in; nil when its system does not say that it knows how to.
    var wish: VMTemplateWish? {
        guard let words = Self.begin(of: said), words.contains("up") else { return nil }
        return key.map { VMTemplateWish(key: $0.key, image: $0.image) }
    }

    /// What ``write(_:image:)`` kept.
    var key: (key: VMTemplateKey, image: String)? {
        guard let lines = Self.begin(of: kind), lines.count > 1, let key = VMTemplateKey(lines[0]) else { return nil }
        return (key, lines[1])
    }

    /// The machine may write to it without an end.
    func trimSaid() {
        let size = (try? FileManager.default.attributesOfItem(atPath: said)[.size] as? Int) ?? 0
        if size > 64 << 10 { truncate(said, 4096) }
    }

    private static func begin(of path: String) -> [String]? {
        guard let file = try? FileHandle(forReadingFrom: URL(filePath: path)) else { return nil }
        defer { try? file.close() }
        guard let bytes = try? file.read(upToCount: 4096) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }

    func markStarted() throws(ProviderFailure) { try Self.write("", to: mark) }

    func remove() throws {
        guard isThere else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    /// What it is now; `isBusy` when a call about it is under way in this process.
    func listed(isBusy: Bool) -> ListedMachine {
        let state: ListedMachine.State
        if name.isDeparting {
            state = .deleting
        } else if !isBusy, access(waking, F_OK) == 0 {
            state = .failed("it was left before it was told what to join")
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
