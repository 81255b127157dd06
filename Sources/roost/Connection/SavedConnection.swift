import Foundation
import RoostModel

/// What `roost login` keeps in `cli.json`, which only its owner may read.
struct SavedConnection: Codable, Equatable {
    var url: String
    var token: String
    var project: String?
    var cacert: String?
    /// What `roost login --device` and `--browser` keep beside the token, which ends within the hour.
    var refreshToken: String?
    var expiresAt: Date?
    var tokenURL: String?

    /// `$XDG_CONFIG_HOME/roost/cli.json`, or below `~/.config`.
    static func path(_ environment: [String: String]) -> String {
        let base =
            environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? "\(environment["HOME"] ?? NSHomeDirectory())/.config"
        return "\(base)/roost/cli.json"
    }

    /// Nil when nobody has logged in.
    static func load(_ path: String) throws(CommandFailure) -> SavedConnection? {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            if !FileManager.default.fileExists(atPath: path) { return nil }
            throw .settingsUnreadable(path: path, reason: "it may not be read")
        }
        do { return try JSONDecoder().decode(SavedConnection.self, from: data) } catch {
            throw .settingsUnreadable(path: path, reason: "it is no JSON of 'roost login'")
        }
    }

    /// Writes the file beside the old one and puts it in its place, so that it is never half written nor readable by others.
    func save(_ path: String) throws(CommandFailure) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let temporary = "\(path).\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let data = try encoder.encode(self)
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw CocoaError(.fileWriteNoPermission) }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try file.write(contentsOf: data)
            try file.synchronize()
            try file.close()
            guard rename(temporary, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            unlink(temporary)
            throw .settingsUnwritable(path: path, reason: "the folder \(folder) cannot be written")
        }
    }

    /// Whether there was one to remove.
    static func remove(_ path: String) throws(CommandFailure) -> Bool {
        if unlink(path) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else {
            throw .settingsUnwritable(path: path, reason: "it may not be removed")
        }
        return false
    }
}
