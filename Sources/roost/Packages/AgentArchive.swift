import Crypto
import Foundation
import RoostAgent
import RoostModel
import RoostWire

/// A package of the agent in a file, with what its name says.
struct AgentArchive {
    let path: String
    let platform: String
    let release: AgentRelease

    var name: String { Self.name(platform, release) }

    static func name(_ platform: String, _ release: AgentRelease) -> String {
        "roost-agent-\(platform)-\(release).tar.gz"
    }

    /// Reads platform and version of a name such as `roost-agent-linux-x64-4.271.0.tar.gz`, where they are not given.
    init(path: String, platform: String?, version: String?) throws {
        self.path = path
        guard FileManager.default.isReadableFile(atPath: path) else { throw CommandFailure.fileUnreadable(path: path) }
        var stem = URL(fileURLWithPath: path).lastPathComponent
        for end in [".tar.gz", ".tgz"] where stem.hasSuffix(end) { stem.removeLast(end.count) }
        let parts = stem.split(separator: "-").map(String.init)
        let isNamed = parts.count == 5 && parts[0] == "roost" && parts[1] == "agent"
        guard let platform = platform ?? (isNamed ? "\(parts[2])-\(parts[3])" : nil) else {
            throw AgentArchiveFailure.unnamed(path: path, what: "platform")
        }
        guard let text = version ?? (isNamed ? parts[4] : nil) else {
            throw AgentArchiveFailure.unnamed(path: path, what: "version")
        }
        guard let release = AgentRelease(text) else { throw AgentArchiveFailure.noVersion(text) }
        (self.platform, self.release) = (platform, release)
    }

    /// What a signature vouches for.
    func statement() throws -> AgentPackageStatement {
        guard let file = FileHandle(forReadingAtPath: path) else { throw CommandFailure.fileUnreadable(path: path) }
        defer { try? file.close() }
        var (hash, size) = (SHA256(), 0)
        while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
            hash.update(data: part)
            size += part.count
        }
        let hex = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return AgentPackageStatement(platform: platform, release: release, sha256: hex, size: size)
    }

    /// Looks whether there is an agent in it.
    ///
    /// - Throws: ``AgentArchiveFailure``.
    func check() throws {
        let names: String
        do { names = try Self.run("/usr/bin/env", ["tar", "-tzf", path, "--force-local"]) } catch {
            throw AgentArchiveFailure.noArchive(path: path)
        }
        let program = names.split(separator: "\n").contains { $0 == "bin/roost-agent" || $0 == "./bin/roost-agent" }
        guard program else { throw AgentArchiveFailure.noAgent(folder: path) }
    }

    // MARK: Making

    /// Packs an agent's folder: its programs and scripts, not what belongs to one machine.
    ///
    /// The same files give the same bytes.
    ///
    /// - Parameters:
    ///   - folder: as `agent/assemble` makes it.
    ///   - version: a version of the packer's own; nil is the program's.
    ///   - target: a file, or a folder in which the file gets the usual name.
    /// - Returns: the package.
    /// - Throws: ``AgentArchiveFailure``, and what files are refused with.
    static func make(_ folder: String, version: String?, target: String) throws -> AgentArchive {
        let program = "\(folder)/bin/roost-agent"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw AgentArchiveFailure.noAgent(folder: folder)
        }
        let platform = try platform(of: program)
        let text = try version ?? run(program, ["--version"]).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let release = AgentRelease(text) else { throw AgentArchiveFailure.noVersion(text) }
        let stage = FileManager.default.temporaryDirectory.appendingPathComponent("roost-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: stage, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: stage) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        for name in names where name == "bin" || name == "externals" || name.hasSuffix(".sh") {
            // An agent that has updated itself has links there.
            let source = URL(fileURLWithPath: "\(folder)/\(name)").resolvingSymlinksInPath().path
            try FileManager.default.copyItem(atPath: source, toPath: "\(stage)/\(name)")
        }
        try Data("\(release)\n".utf8).write(to: URL(fileURLWithPath: "\(stage)/bin/version"))
        var path = target
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: target, isDirectory: &isFolder), isFolder.boolValue {
            path = "\(target)/\(name(platform, release))"
        }
        let tar = [
            "--create", "--gzip", "--file", path, "--directory", stage, "--sort=name", "--owner=0", "--group=0",
            "--numeric-owner", "--mtime=@315532800", "--force-local", ".",
        ]
        _ = try run("/usr/bin/env", ["tar"] + tar)
        return try AgentArchive(path: path, platform: platform, version: release.description)
    }

    /// By the machine that an ELF file is for.
    private static func platform(of program: String) throws -> String {
        guard let file = FileHandle(forReadingAtPath: program) else {
            throw CommandFailure.fileUnreadable(path: program)
        }
        defer { try? file.close() }
        let head = [UInt8](try file.read(upToCount: 20) ?? Data())
        if head.starts(with: [0x7f, 0x45, 0x4c, 0x46]), head.count == 20 {
            switch head[18] {
            case 0x3e: return "linux-x64"
            case 0xb7: return "linux-arm64"
            default: break
            }
        }
        throw AgentArchiveFailure.noProgram(program)
    }

    /// What a program writes to its standard output.
    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let (out, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (out, errors)
        try process.run()
        let text = try out.fileHandleForReading.readToEnd() ?? Data()
        let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let words = String(decoding: complaint.prefix(500), as: UTF8.self)
            throw AgentArchiveFailure.failed(program: arguments.first == "tar" ? "tar" : program, words: words)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Why a file or a folder is no package of the agent.
enum AgentArchiveFailure: UserFacingError {
    case unnamed(path: String, what: String)
    case noVersion(String)
    case noAgent(folder: String)
    case noArchive(path: String)
    case noProgram(String)
    case failed(program: String, words: String)
    case noKey(path: String)
    case noSignature(path: String)

    var code: String {
        switch self {
        case .unnamed: "package.unnamed"
        case .noVersion: "package.no-version"
        case .noAgent: "package.no-agent"
        case .noArchive: "package.no-archive"
        case .noProgram: "package.no-program"
        case .failed: "package.program-failed"
        case .noKey: "package.no-key"
        case .noSignature: "package.no-signature"
        }
    }

    var summary: String {
        switch self {
        case .unnamed(let path, let what): "The name of \(path) does not tell the \(what) of the agent."
        case .noVersion(let text): "'\(text)' is no version of the agent."
        case .noArchive(let path): "\(path) is no tar archive compressed with gzip."
        case .noAgent(let folder): "There is no agent in \(folder): it has no bin/roost-agent that can be run."
        case .noProgram(let path): "\(path) is no Linux program for x64 or arm64."
        case .failed(let program, let words): "'\(program)' failed: \(words)"
        case .noKey(let path): "\(path) holds no Ed25519 key in base 64."
        case .noSignature(let path): "\(path) holds no signature that 'roost package sign' made."
        }
    }

    var location: String? { nil }

    var advice: String? {
        switch self {
        case .unnamed(_, let what): "Give it with --\(what), or name the file as 'roost package make' does."
        case .noVersion: "Write it as 4.271.0."
        case .noAgent: "Put a folder together with 'agent/assemble FOLDER ROOST-AGENT'."
        case .noArchive: "Make it with 'roost package make'."
        case .noProgram, .failed: nil
        case .noKey: "Make one with 'roost package sign --new-key FILE'."
        case .noSignature: "Sign the package with 'roost package sign PACKAGE --key FILE'."
        }
    }
}
