import Foundation
import RoostModel

/// The folder that takes what a machine writes, with what it finds in it at its start.
struct SandboxUpper: Sendable {
    let folder: String
    /// The layer below.
    let base: String

    /// Makes it.
    ///
    /// - Parameters:
    ///   - hostName: of the machine.
    ///   - serverName: the name by which the machine finds the server; nil when it has an address.
    /// - Throws: ``ProviderFailure``.
    func make(hostName: String, serverName: String?) throws(ProviderFailure) {
        let parent = folder.split(separator: "/").dropLast().joined(separator: "/")
        guard mkdir("/\(parent)", 0o755) == 0 || errno == EEXIST else {
            throw ProviderFailure(file: "/\(parent)", errno)
        }
        try makeFolder("")
        var status = stat()
        // What is something else than a folder in the image stays as it is.
        if lstat("\(base)/etc", &status) == 0, status.st_mode & S_IFMT != S_IFDIR { return }
        try makeFolder("/etc")
        let names = [hostName, serverName].compactMap { $0 }.filter { $0 != "localhost" }
        try write("127.0.0.1 localhost\n::1 localhost\n127.0.0.1 \(names.joined(separator: " "))\n", to: "/etc/hosts")
        try write("\(hostName)\n", to: "/etc/hostname")
    }

    /// A folder with the mode that it has in the layer below.
    private func makeFolder(_ path: String) throws(ProviderFailure) {
        var status = stat()
        let mode = stat("\(base)\(path)", &status) == 0 ? status.st_mode & 0o7777 : 0o755
        guard mkdir("\(folder)\(path)", 0o755) == 0 || errno == EEXIST, chmod("\(folder)\(path)", mode) == 0 else {
            throw ProviderFailure(file: "\(folder)\(path)", errno)
        }
    }

    private func write(_ text: String, to path: String) throws(ProviderFailure) {
        let file = "\(folder)\(path)"
        do { try Data(text.utf8).write(to: URL(filePath: file)) } catch {
            throw .failed("\(file) cannot be written: \(error.localizedDescription)")
        }
        chmod(file, 0o644)
    }
}
