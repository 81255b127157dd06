import Foundation

extension RootfsMachine {
    /// How long what is cancelled may take to end by itself.
    private static let patience = DispatchTimeInterval.seconds(5)

    func run(_ command: MachineCommand, output: @escaping @Sendable (MachineOutput) -> Void) async throws -> Int32 {
        let sandbox = try sandbox()
        try Task.checkCancellation()
        let environment = build.settings.environment
        let isRunning = Gathered(true)
        let code = try await withTaskCancellationHandler {
            try await sandbox.waiting {
                defer { isRunning.change { $0 = false } }
                return try Self.run(command, environment, in: sandbox, output)
            }
        } onCancel: {
            Self.stop(sandbox, while: isRunning)
        }
        try Task.checkCancellation()
        return code
    }

    /// Asks everything inside to end, and ends it when the command has not heard; others that come after it are left alone.
    private static func stop(_ sandbox: Sandbox, while isRunning: Gathered<Bool>) {
        sandbox.signal(SIGTERM)
        DispatchQueue.global().asyncAfter(deadline: .now() + patience) { [weak sandbox] in
            if isRunning.value { sandbox?.signal(SIGKILL) }
        }
    }

    private static func run(
        _ command: MachineCommand,
        _ environment: [String: String],
        in sandbox: Sandbox,
        _ output: (MachineOutput) -> Void
    ) throws -> Int32 {
        let user = try command.user.map { try Self.user($0, in: sandbox) } ?? .root
        let own = ["PATH": SandboxProgram.searchPath, "HOME": user.home, "USER": user.name, "LOGNAME": user.name]
        let program = SandboxProgram(
            path: "/bin/sh",
            arguments: ["sh", "-c", command.line],
            environment: own.merging(environment) { $1 }.merging(command.environment) { $1 },
            user: user
        )
        var (lines, errors) = (LineSplitter(), LineSplitter())
        let code = try sandbox.run(program) { stream, bytes in
            switch stream {
            case .output: lines.add(bytes) { output(.output($0)) }
            case .errors: errors.add(bytes) { output(.errors($0)) }
            }
        }
        lines.end { output(.output($0)) }
        errors.end { output(.errors($0)) }
        return code
    }

    private static func user(_ name: String, in sandbox: Sandbox) throws -> SandboxUser {
        guard name != "root", name != "0" else { return .root }
        let text = { (path: String) in (try? sandbox.contents(path)) ?? "" }
        guard let user = SandboxUser.named(name, passwd: text("/etc/passwd"), group: text("/etc/group")) else {
            throw SandboxFailure.unknownUser(name)
        }
        return user
    }
}

extension Sandbox {
    /// More than any file of users has.
    private static let mostText = 1 << 22

    /// The text of a small file inside.
    func contents(_ path: String) throws -> String {
        let file = FileHandle(fileDescriptor: try open(path, O_RDONLY), closeOnDealloc: true)
        return String(decoding: try file.read(upToCount: Self.mostText) ?? Data(), as: UTF8.self)
    }
}

/// Makes lines out of bytes that come in pieces.
struct LineSplitter {
    /// A line that is longer is given in parts.
    private static let longest = 1 << 16
    private var rest: [UInt8] = []

    mutating func add(_ bytes: [UInt8], _ receive: (String) -> Void) {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            rest += bytes[start..<end]
            give(receive)
            start = end + 1
        }
        rest += bytes[start...]
        if rest.count >= Self.longest { give(receive) }
    }

    /// Gives what has no end of line.
    mutating func end(_ receive: (String) -> Void) { if !rest.isEmpty { give(receive) } }

    private mutating func give(_ receive: (String) -> Void) {
        if rest.last == 0x0D { rest.removeLast() }
        receive(String(decoding: rest, as: UTF8.self))
        rest.removeAll(keepingCapacity: true)
    }
}
