import CRoostLinux
import Foundation
import RoostModel

/// The folder of a machine.
///
/// ```
/// machine.json   whose it is
/// making         locked by who makes it
/// keeper.lock    locked by its keeper: locked is alive; with the keeper's number
/// control        socket of the keeper
/// console        what its program wrote; console.1 is older
/// g1, g2, …      the files of each generation
/// ```
struct MachinePlace: Hashable, Sendable {
    let path: String

    var recordFile: String { "\(path)/machine.json" }
    var makingFile: String { "\(path)/making" }
    var lockFile: String { "\(path)/keeper.lock" }

    func generation(_ number: Int) -> String { "\(path)/g\(number)" }

    /// What was written down; nil when there is no such machine.
    var record: MachineRecord? {
        FileManager.default.contents(atPath: recordFile).flatMap {
            try? JSONDecoder().decode(MachineRecord.self, from: $0)
        }
    }

    /// Writes it so that there is the old one or the new one at every moment.
    func write(_ record: MachineRecord) throws(ProviderFailure) {
        let staged = "\(recordFile).new"
        do {
            try JSONEncoder().encode(record).write(to: URL(filePath: staged))
        } catch {
            throw .fullDisk(error, staged) ?? .failed("\(staged) cannot be written: \(error.localizedDescription)")
        }
        guard rename(staged, recordFile) == 0 else { throw ProviderFailure(file: recordFile, errno) }
    }

    var isAlive: Bool { roost_machine_is_locked(lockFile) == 1 }
    var isBeingMade: Bool { roost_machine_is_locked(makingFile) == 1 }

    /// The number of the keeper's process, when it has one.
    var keeper: pid_t? {
        guard isAlive, let text = try? String(contentsOfFile: lockFile, encoding: .utf8) else { return nil }
        return pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The last lines of what its program wrote.
    var console: [String] {
        let texts = ["console.1", "console"].map { name in
            FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return texts.joined().split(separator: "\n").suffix(Self.shownLines).map(String.init)
    }

    /// A person reads them; the whole is in the file.
    private static let shownLines = 100
}

extension ProviderFailure {
    /// What the system says about a file.
    init(file: String, _ error: Int32) {
        let text = "\(file): \(String(cString: strerror(error)))"
        self = error == ENOSPC || error == EDQUOT ? .quota(room: 0, text) : .failed(text)
    }
}
