import Crypto
import FoundationEssentials
import Glibc
import Logging
import RoostClient
import RoostModel
import RoostWire

/// A version that lies ready on the machine.
struct PreparedUpdate: Hashable, Sendable {
    var release: AgentRelease
    /// SHA-256 of the package, hexadecimal; empty for a version that was kept.
    var digest: String
    /// The program that is to be tried.
    var program: String
}

/// Gets another version of the agent ready: fetches the package, checks it, unpacks it, and starts it once to hear its version.
///
/// Jobs run meanwhile; nothing that they or this agent use is touched.
struct AgentUpdater: Sendable {
    let root: AgentRoot
    let client: RoostClient
    let environment: [String: String]
    let logger: Logger

    /// How long a version may take to tell its number, on a machine whose jobs keep it busy.
    private static let patience = Duration.seconds(60)
    /// A package takes so many times its size: itself, and what is in it.
    private static let room = 5

    private var files: UpdateFiles { UpdateFiles(root: root) }

    /// - Parameter release: the version that the server wants.
    /// - Returns: what can be tried.
    /// - Throws: ``UpdateFailure``; what it left is removed.
    func prepare(_ release: AgentRelease) async throws(UpdateFailure) -> PreparedUpdate {
        let platform = UpdateBlocker.platform ?? MachineFacts.architecture
        let offered = try await offer(release, platform)
        // The version before is kept even when its package is gone; another package of the same version takes its place.
        if let program = files.keptProgram(release, from: offered?.hashValue?.lowercased()) {
            try await greet(program, release)
            return PreparedUpdate(release: release, digest: offered?.hashValue?.lowercased() ?? "", program: program)
        }
        guard let offered else { throw .noPackage(release, platform: platform) }
        do throws(UpdateFailure) {
            let package = try await checked(offered, release, platform)
            let archive = try await fetch(package, release)
            try await unpack(archive, release)
            FileTree.delete(archive)
            let program = "\(files.prepared(release))/bin/\(UpdateFiles.program)"
            guard ExecutableSearch.isExecutable(program) else { throw .noProgram(release) }
            try await greet(program, release)
            return PreparedUpdate(release: release, digest: package.hashValue?.lowercased() ?? "", program: program)
        } catch {
            files.sweep()
            throw error
        }
    }

    // MARK: Steps

    /// What the server says of the version's package; nil when it has none.
    private func offer(
        _ release: AgentRelease,
        _ platform: String
    ) async throws(UpdateFailure) -> PackageMetadataWire? {
        do throws(ClientError) {
            return try await client.agentPackage(platform: platform, version: release.description)
        } catch { throw .notFetched(release, reason: error.summary) }
    }

    /// The same when somebody whom this agent trusts vouches for it.
    private func checked(
        _ found: PackageMetadataWire,
        _ release: AgentRelease,
        _ platform: String
    ) async throws(UpdateFailure) -> PackageMetadataWire {
        let keys: [PackageKeyWire]
        do throws(ClientError) { keys = try await PackageKeys(root: root).learn(client) } catch {
            throw .notFetched(release, reason: error.summary)
        }
        guard let hash = found.hashValue, let size = found.size else {
            throw .noPackage(release, platform: platform)
        }
        // What is signed is what this agent asked for, not what the answer says of itself.
        let statement = AgentPackageStatement(platform: platform, release: release, sha256: hash, size: size)
        let isSigned = (found.signatures ?? []).contains { signature in
            keys.contains { $0.id == signature.keyId && $0.vouches(for: statement.bytes, signature.value) }
        }
        guard isSigned else { throw .notSigned(release, keyFile: root.file(.packageKeys)) }
        return found
    }

    private func fetch(_ package: PackageMetadataWire, _ release: AgentRelease) async throws(UpdateFailure) -> String {
        files.sweep()
        let error = FileTree.make(files.folder)
        guard error == 0 else { throw .notWritable(path: files.folder, error: error) }
        var facts = statvfs()
        let needed = (package.size ?? 0) * Self.room
        if statvfs(files.folder, &facts) == 0 {
            let free = Int(facts.f_bavail) * Int(facts.f_frsize)
            guard free >= needed else { throw .noRoom(path: root.path, needed: needed, free: free) }
        }
        let archive = files.archive(release)
        do throws(ClientError) {
            try await client.downloadAgentPackage(
                platform: package.platform ?? "",
                version: release.description,
                to: archive
            )
        } catch { throw .notFetched(release, reason: error.summary) }
        guard let found = Self.hash(archive) else { throw .notFetched(release, reason: "\(archive) cannot be read.") }
        let told = (package.hashValue ?? "").lowercased()
        guard found == told else { throw .otherBytes(release, told: told, found: found) }
        return archive
    }

    /// Piece by piece: a package is large.
    private static func hash(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            hash.update(data: buffer[..<count])
        }
        return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func unpack(_ archive: String, _ release: AgentRelease) async throws(UpdateFailure) {
        let folder = files.prepared(release)
        let error = FileTree.make(folder)
        guard error == 0 else { throw .notWritable(path: folder, error: error) }
        let arguments = ["-x", "-z", "-f", archive, "--force-local", "-C", folder, "--no-same-owner"]
        let ended = await call("tar", arguments, limit: .seconds(600))
        guard ended.code == 0 else { throw .notUnpacked(release, reason: ended.text) }
    }

    /// A version that does not know its own number would do nothing else either.
    private func greet(_ program: String, _ release: AgentRelease) async throws(UpdateFailure) {
        let ended = await call(program, ["--version"], limit: Self.patience)
        guard ended.code == 0, AgentRelease(ended.text) == release else {
            throw .doesNotStart(release, says: ended.text)
        }
    }

    /// What a program writes, in short, and its exit code; -1 when it has none.
    private func call(_ program: String, _ arguments: [String], limit: Duration) async -> (code: Int32, text: String) {
        let path = program.hasPrefix("/") ? program : ExecutableSearch.find(program, path: environment["PATH"])
        guard let path else { return (-1, "'\(program)' is not on this machine") }
        let launch = ProcessLaunch(
            executable: path,
            arguments: arguments,
            environment: environment,
            workingDirectory: root.path
        )
        let (control, output) = (StopControl(), CapturedOutput())
        let clock = Task {
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            control.stop(.none)
        }
        defer { clock.cancel() }
        do {
            let outcome = try await StepProcess.run(launch, control: control, output: output)
            let text = output.text.split(whereSeparator: \.isNewline).suffix(3).joined(separator: " ")
            if outcome.stopped { return (-1, "nothing for \(limit.components.seconds) s") }
            return (outcome.exitCode, String(text.prefix(500)))
        } catch {
            return (-1, (error as? ProcessFailure)?.summary ?? "\(error)")
        }
    }
}
