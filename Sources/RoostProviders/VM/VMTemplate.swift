import Foundation
import RoostModel

/// The folder of a saved memory, and of the disk as it was then.
struct VMTemplate: Sendable, Hashable {
    let path: String

    var disk: String { "\(path)/disk.qcow2" }
    var memory: String { "\(path)/memory" }
    /// What the machine was handed: that it waits.
    var values: String { "\(path)/boot" }
    var seed: String { "\(path)/seed.img" }
    var console: String { "\(path)/console" }
    /// QEMU has it locked while the memory is made.
    var process: String { "\(path)/process" }
    /// Why there is none.
    private var refusal: String { "\(path)/refusal" }

    /// Where Linux has the second serial line.
    static let port = "ttyS1"
    /// It names no server, so that a machine asks for one at its port.
    static let waiting = "ROOST_PORT=\(port)\n"

    var isThere: Bool { access(memory, F_OK) == 0 }

    /// The image's name and the reason; nil for a memory that is there.
    var refused: (image: String, reason: String)? {
        guard let text = FileManager.default.contents(atPath: refusal) else { return nil }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", maxSplits: 1).map(String.init)
        return lines.count == 2 ? (lines[0], lines[1].trimmingCharacters(in: .newlines)) : nil
    }

    func make() throws(ProviderFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch { throw .failed("\(path) cannot be made: \(error.localizedDescription)") }
    }

    func refuse(_ image: String, _ reason: String) throws(ProviderFailure) {
        try make()
        try VMFolder.write("\(image)\n\(reason)\n", to: refusal)
    }

    /// Under this name it is being made.
    var begun: VMTemplate { VMTemplate(path: "\(path)\(Self.part)") }

    static let part = ".part"
    static let gone = "gone."
}
