import Crypto
import Glibc
import RoostModel
import RoostWire
import Synchronization

/// Begins a mirror with the server's packs as they are: nothing has to be worked out for them, which takes longer than the network for a large repository.
struct MirrorSeed: Sendable {
    let session: GitSession
    let pool: PoolMirror
    private var work: StepWork { session.work }

    /// Packs that are fetched at once.
    private static let atOnce = 4

    /// Fills a new mirror; what cannot be had this way is left to the fetch that follows.
    ///
    /// - Throws: ``StepStopped``.
    func fill(_ mirror: RepositoryMirror) async throws {
        do {
            try await session.clock.measure(.seed) {
                let content = try await pool.host.content(pool.path)
                guard !content.packs.isEmpty else { return }
                work.output.writeLine(
                    "Taking \(content.packs.count) packs with \(content.size) bytes from the pool's copy."
                )
                try await fetch(content.packs, into: "\(mirror.objects)/pack")
                session.clock.noteSeeded(content.size)
                try name(content.refs, in: mirror)
            }
        } catch let stopped as StepStopped {
            throw stopped
        } catch {
            work.output.writeLine("The packs of the pool's copy cannot be had (\(error)); they are fetched by git.")
            FileTree.empty("\(mirror.objects)/pack")
        }
        if work.stop.reason != nil { throw StepStopped() }
    }

    // MARK: Packs

    private func fetch(_ packs: [MirrorContentWire.Pack], into folder: String) async throws {
        let files = packs.flatMap { ["\($0.name).pack", "\($0.name).idx"] }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, file) in files.enumerated() {
                if index >= Self.atOnce { try await group.next() }
                group.addTask { try await fetch(file, into: folder) }
            }
            try await group.waitForAll()
        }
        // An index makes its pack known, so that it comes last.
        for pack in packs {
            for ending in ["pack", "idx"] {
                let path = "\(folder)/\(pack.name).\(ending)"
                guard rename("\(path).new", path) == 0 else {
                    throw WorkspaceFailure.notWritable(path: path, error: errno)
                }
            }
        }
    }

    private func fetch(_ name: String, into folder: String) async throws {
        guard MirrorSeed.isSafe(name) else { throw PackFault.badName(name) }
        let path = "\(folder)/\(name).new"
        let file = try PackFile(path)
        try await pool.host.read(name, of: pool.path) { bytes in
            if work.stop.reason != nil { throw StepStopped() }
            try file.append(bytes)
        }
        try file.finish()
    }

    /// The server is trusted with jobs, but a name must not lead out of the folder.
    static func isSafe(_ name: String) -> Bool {
        name.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 46 }
            && name.hasPrefix("pack-")
    }

    // MARK: Names

    /// Gives the mirror the names of what came with the packs, so that the fetch that follows asks for the rest only.
    private func name(_ refs: [MirrorContentWire.Ref], in mirror: RepositoryMirror) throws(WorkspaceFailure) {
        let isSafe: (MirrorContentWire.Ref) -> Bool = { ref in
            ref.name.hasPrefix("refs/") && !ref.name.contains { $0.isNewline || $0 == " " }
                && ref.objectId.utf8.count == 40 && ref.objectId.allSatisfy(\.isHexDigit)
        }
        let lines = refs.filter(isSafe).sorted { $0.name < $1.name }.map { "\($0.objectId) \($0.name)\n" }
        let path = "\(mirror.path)/packed-refs"
        let error = SmallFile.write(lines.joined(), to: path, mode: 0o644)
        if error != 0 { throw .notWritable(path: path, error: error) }
    }
}

/// A pack or an index while it comes; its last 20 bytes are the hash of all before them (gitformat-pack(5)).
private final class PackFile: Sendable {
    private struct State: ~Copyable {
        var descriptor: Int32
        var hash = Insecure.SHA1()
        var tail: [UInt8] = []
    }

    private let path: String
    private let state: Mutex<State>

    init(_ path: String) throws(WorkspaceFailure) {
        self.path = path
        let descriptor = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o444)
        guard descriptor >= 0 else { throw .notWritable(path: path, error: errno) }
        state = Mutex(State(descriptor: descriptor))
    }

    deinit { state.withLock { _ = close($0.descriptor) } }

    func append(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            try Self.write(bytes, to: state.descriptor, path)
            // The hash itself is not part of what it is of.
            state.tail += bytes
            guard state.tail.count > 20 else { return }
            state.hash.update(data: state.tail.dropLast(20))
            state.tail = Array(state.tail.suffix(20))
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(WorkspaceFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .notWritable(path: path, error: errno) }
            done += count
        }
    }

    func finish() throws {
        try state.withLock { state in
            guard state.tail.elementsEqual(state.hash.finalize()) else { throw PackFault.damaged(path) }
        }
    }
}

/// Why a file of a pack is of no use.
enum PackFault: Error, CustomStringConvertible {
    case badName(String)
    case damaged(String)

    var description: String {
        switch self {
        case .badName(let name): "'\(name)' is no name of a pack"
        case .damaged(let path): "'\(path)' is not what its hash says"
        }
    }
}
