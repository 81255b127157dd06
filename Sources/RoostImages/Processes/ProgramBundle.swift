import Crypto
import Foundation

/// A program of this computer in a folder with everything that it is linked with, so that it runs over any root file system.
public struct ProgramBundle: Sendable, Hashable {
    /// Absolute.
    public let folder: String
    private let loader: String
    private let name: String

    /// Makes one, unless it is there already.
    ///
    /// - Parameters:
    ///   - program: an absolute path.
    ///   - parent: the bundle is a folder in it whose name follows from the files.
    /// - Throws: ``ImageBuildFailure``, and what copying meets.
    public init(_ program: String, in parent: String) async throws {
        let files = try await Self.files(of: program)
        guard let loader = files.first(where: { Self.isLoader($0) }) else {
            throw ImageBuildFailure.notStarted(program: program, reason: "it is no program that is linked with others")
        }
        self.loader = Self.lastName(loader)
        name = Self.lastName(program)
        folder = "\(parent)/\(Self.digest([program] + files))"
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        try Self.fill(folder, program, files)
    }

    /// The words that start it, the first an absolute path, where the folder is seen at another place.
    public func words(at place: String) -> [String] {
        ["\(place)/lib/\(loader)", "--library-path", "\(place)/lib", "\(place)/bin/\(name)"]
    }

    private static func lastName(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

    private static func isLoader(_ path: String) -> Bool { lastName(path).hasPrefix("ld-") }

    /// The files that it is linked with, as ldd(1) tells them.
    private static func files(of program: String) async throws -> [String] {
        let command = HostCommand(
            program: try HostPrograms.find("ldd", [:]),
            arguments: [program],
            environment: ["PATH": HostPrograms.defaultPath, "LC_ALL": "C"],
            folder: "/"
        )
        let (end, lines, errors) = try await HostProcess.text(command)
        guard end == .exited(0) else {
            throw ImageBuildFailure.notStarted(program: program, reason: (errors + lines).joined(separator: " "))
        }
        return lines.compactMap { line in
            line.split(separator: " ").map { $0.trimmingCharacters(in: .whitespaces) }.last { $0.hasPrefix("/") }
        }
    }

    private static func digest(_ files: [String]) -> String {
        let facts = files.sorted().map { path -> String in
            var status = stat()
            stat(path, &status)
            return "\(path) \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec) \(status.st_ino)"
        }
        return LayerKey.hexadecimal(SHA256.hash(data: Data(facts.joined(separator: "\n").utf8)).prefix(12))
    }

    /// There is all of it, or nothing.
    private static func fill(_ folder: String, _ program: String, _ files: [String]) throws {
        let manager = FileManager.default
        let staged = "\(folder).\(UUID().uuidString)"
        // What a full disk cut short would keep that disk full. When all is there it has another name.
        defer { try? manager.removeItem(atPath: staged) }
        for name in ["bin", "lib"] {
            try manager.createDirectory(atPath: "\(staged)/\(name)", withIntermediateDirectories: true)
        }
        // Root of the sandbox may be another user, who must be able to read them.
        for part in [staged, "\(staged)/bin", "\(staged)/lib"] { chmod(part, 0o755) }
        try take(program, "\(staged)/bin/\(lastName(program))")
        for file in files { try take(file, "\(staged)/lib/\(lastName(file))") }
        guard rename(staged, folder) != 0 else { return }
        let error = errno
        guard error == EEXIST || error == ENOTEMPTY else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: folder])
        }
    }

    private static func take(_ file: String, _ target: String) throws {
        let real = URL(filePath: file).resolvingSymlinksInPath().path
        // A link costs no room; it is not possible between file systems, or to files of others.
        if link(real, target) == 0 { return }
        try FileManager.default.copyItem(atPath: real, toPath: target)
    }
}
