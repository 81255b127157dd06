import Foundation
import Synchronization

/// A program of this machine that works on files of layers, as the root that they belong to.
struct MachineTool: Sendable {
    /// Its name, or `sh`.
    var name: String
    var arguments: [String]
    var overlay: SandboxPlan.Overlay?
    var hostNetwork = false
    /// What it finds in its environment besides what all find.
    var environment: [String: String] = [:]

    init(_ name: String, _ arguments: [String], over overlay: SandboxPlan.Overlay? = nil, hostNetwork: Bool = false) {
        self.name = name
        self.arguments = arguments
        self.overlay = overlay
        self.hostNetwork = hostNetwork
    }

    private static let places = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"]
    /// What is kept of what it says when it fails.
    private static let mostText = 4000

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - folder: relative paths begin here.
    ///   - output: a descriptor for its standard output.
    ///   - receive: gets what it writes to its standard output, unless that goes to `output`.
    /// - Throws: ``SandboxFailure``.
    func run(
        in folder: String,
        output: Int32? = nil,
        _ receive: @escaping @Sendable ([UInt8]) -> Void = { _ in }
    )
        async throws
    {
        guard let path = Self.path(of: name) else {
            throw SandboxFailure.notRun(program: name, error: ENOENT)
        }
        let plan = SandboxPlan(folder: folder, overlay: overlay, seesMachine: true, hostNetwork: hostNetwork)
        let sandbox = try Sandbox.make(plan)
        defer { sandbox.end() }
        let program = SandboxProgram(
            path: path,
            arguments: [name] + arguments,
            environment: ["PATH": Self.places.joined(separator: ":"), "LC_ALL": "C.UTF-8", "HOME": "/"]
                .merging(environment) { $1 },
            folder: folder,
            output: output
        )
        try await withTaskCancellationHandler {
            try await sandbox.waiting { try Self.run(program, in: sandbox, receive) }
        } onCancel: {
            sandbox.signal(SIGKILL)
        }
        try Task.checkCancellation()
    }

    /// What it writes.
    func text(in folder: String) async throws -> String {
        let text = Gathered<[UInt8]>([])
        try await run(in: folder) { bytes in text.change { $0 += bytes } }
        return String(decoding: text.value, as: UTF8.self)
    }

    /// Runs it to its end, and hands on what it writes line by line.
    func lines(in folder: String, _ receive: @escaping @Sendable (String) -> Void) async throws {
        let splitter = Gathered(LineSplitter())
        try await run(in: folder) { bytes in splitter.change { $0.add(bytes, receive) } }
        splitter.change { $0.end(receive) }
    }

    /// Whether this machine has it.
    static func isThere(_ name: String) -> Bool { path(of: name) != nil }

    private static func path(of name: String) -> String? {
        for place in places {
            let path: String = "\(place)/\(name)"
            if access(path, X_OK) == 0 { return path }
        }
        return nil
    }

    private static func run(_ program: SandboxProgram, in sandbox: Sandbox, _ receive: ([UInt8]) -> Void) throws {
        var errors: [UInt8] = []
        let code = try sandbox.run(program) { stream, bytes in
            switch stream {
            case .output: receive(bytes)
            case .errors: errors += bytes.prefix(mostText - errors.count)
            }
        }
        guard code == 0 else {
            let said = String(decoding: errors, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            throw SandboxFailure.commandFailed(program: program.arguments[0], code: code, text: said)
        }
    }
}

/// Something that a closure gathers for who gave it.
final class Gathered<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) { state.withLock { body(&$0) } }
}
