import Foundation
import Glibc

/// Faults of a provider, each written down when it happens: one file for all servers of a run, which are killed.
struct FaultLedger: Sendable {
    let folder: String

    private var file: String { "\(folder)/provider-faults" }
    private var calmFile: String { "\(folder)/calm" }

    /// While it is calm no call goes wrong.
    var isCalm: Bool { access(calmFile, F_OK) == 0 }

    func setCalm(_ isCalm: Bool) {
        if isCalm { close(open(calmFile, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)) } else { unlink(calmFile) }
    }

    func note(_ fault: ProviderFault) {
        let descriptor = open(file, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let line = "\(fault.rawValue)\n"
        _ = write(descriptor, line, line.utf8.count)
        close(descriptor)
    }

    /// How often each happened.
    var counts: [String: Int] {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return Dictionary(text.split(separator: "\n").map { (String($0), 1) }, uniquingKeysWith: +)
    }
}
