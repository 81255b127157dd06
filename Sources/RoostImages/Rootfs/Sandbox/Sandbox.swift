import CRoostLinux
import Foundation
import Synchronization

/// Processes that live apart from the machine, with a root file system of their own.
///
/// Its first process holds everything: mounts and processes go with it. It ends when this object is dropped or this process ends in
/// whatever way. Requests are answered one after the other; only signals overtake.
final class Sandbox: Sendable {
    /// A stream of a program.
    enum Stream: Sendable { case output, errors }

    let users: SandboxUsers
    /// The first process, by its number outside.
    let pid: pid_t
    private let control: Int32
    private let queue = DispatchQueue(label: "roost.sandbox")
    private let isOpen = Mutex(true)

    /// Makes one in the best way that this process can offer.
    ///
    /// - Throws: ``SandboxFailure/notMade(step:error:)`` of the last way that was tried.
    static func make(_ plan: SandboxPlan, account: SandboxUsers.Account = .own) throws(SandboxFailure) -> Sandbox {
        var last = SandboxFailure.notMade(step: "begin", error: EPERM)
        for users in SandboxUsers.offered(by: account) {
            do throws(SandboxFailure) {
                return try Sandbox(plan, users)
            } catch { last = error }
        }
        throw last
    }

    init(_ plan: SandboxPlan, _ users: SandboxUsers) throws(SandboxFailure) {
        (control, pid) = try Self.start(plan, users)
        self.users = users
        do throws(SandboxFailure) {
            try Self.map(pid, users)
            var step: UnsafePointer<CChar>?
            let error = roost_sandbox_begin(control, &step)
            guard error == 0 else {
                throw .notMade(step: step.map { String(cString: $0) } ?? "begin", error: error)
            }
        } catch {
            Glibc.close(control)
            roost_sandbox_wait(pid)
            isOpen.withLock { $0 = false }
            throw error
        }
    }

    deinit { if stop() { Glibc.close(control) } }

    /// Ends everything inside, and waits until it is gone; not from what `waiting` does.
    func end() {
        guard stop() else { return }
        // Nobody may be waiting on the descriptor when its number becomes free for others.
        queue.sync {}
        Glibc.close(control)
    }

    /// Whether it was still there.
    private func stop() -> Bool {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        guard wasOpen else { return false }
        Glibc.shutdown(control, Int32(SHUT_RDWR))
        roost_sandbox_wait(pid)
        return true
    }

    /// Sends a signal to everything inside but the first process.
    func signal(_ number: Int32) {
        isOpen.withLock { isOpen in
            guard isOpen else { return }
            var request = roost_sandbox_request()
            request.kind = ROOST_SANDBOX_SIGNAL
            request.flags = number
            _ = roost_sandbox_send(control, &request, "\0", 1, nil, 0)
        }
    }

    /// Does something that waits for the sandbox, away from the threads of tasks.
    func waiting<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }

    // MARK: Requests

    /// Opens a file inside; the caller closes it.
    func open(_ path: String, _ flags: Int32, mode: UInt32 = 0o644) throws(SandboxFailure) -> Int32 {
        var request = roost_sandbox_request()
        request.kind = ROOST_SANDBOX_OPEN
        request.flags = flags
        request.mode = mode
        let (error, descriptor) = try ask(request, SandboxTexts([path]))
        guard error == 0, descriptor >= 0 else { throw .file(path: path, error: error) }
        return descriptor
    }

    /// Makes a folder inside, unless there is one.
    func makeFolder(_ path: String, mode: UInt32 = 0o755) throws(SandboxFailure) {
        var request = roost_sandbox_request()
        request.kind = ROOST_SANDBOX_FOLDER
        request.mode = mode
        let (error, _) = try ask(request, SandboxTexts([path]))
        guard error == 0 else { throw .file(path: path, error: error) }
    }

    /// Removes a file or link inside.
    func remove(_ path: String) throws(SandboxFailure) {
        var request = roost_sandbox_request()
        request.kind = ROOST_SANDBOX_REMOVE
        let (error, _) = try ask(request, SandboxTexts([path]))
        guard error == 0 else { throw .file(path: path, error: error) }
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - program: what is run.
    ///   - receive: gets what it writes, on the thread of this call.
    /// - Returns: its exit code; 128 and the signal for one that was ended by a signal.
    /// - Throws: ``SandboxFailure``.
    func run(_ program: SandboxProgram, _ receive: (Stream, [UInt8]) -> Void) throws(SandboxFailure) -> Int32 {
        var pipes = try SandboxPipes(standardOutput: program.output)
        defer { pipes.close() }
        var request = roost_sandbox_request()
        request.kind = ROOST_SANDBOX_RUN
        request.user = program.user.number
        request.group = program.user.group
        request.groups = UInt32(program.user.groups.count)
        request.arguments = UInt32(program.arguments.count)
        request.variables = UInt32(program.environment.count)
        let texts = SandboxTexts(
            [program.folder, program.path] + program.arguments
                + program.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            groups: program.user.groups
        )
        let (error, _) = try ask(request, texts, pipes.inside)
        guard error == 0 else { throw .notRun(program: program.path, error: error) }
        pipes.closeInside()
        return try collect(&pipes, receive)
    }

    /// Reads what a program writes until it has ended; what it left running may hold its streams for longer.
    private func collect(
        _ pipes: inout SandboxPipes,
        _ receive: (Stream, [UInt8]) -> Void
    ) throws(SandboxFailure)
        -> Int32
    {
        while true {
            let isAnswered = pipes.wait(for: control)
            pipes.drain(receive)
            guard isAnswered else { continue }
            var answer = roost_sandbox_answer()
            var descriptor: Int32 = -1
            guard roost_sandbox_receive(control, &answer, &descriptor) == 0, answer.is_end == 1 else { throw .ended }
            pipes.drain(receive)
            let signal = answer.value & 0x7f
            return signal == 0 ? answer.value >> 8 & 0xff : 128 + signal
        }
    }

    private func ask(
        _ request: roost_sandbox_request,
        _ texts: SandboxTexts,
        _ descriptors: [Int32] = []
    )
        throws(SandboxFailure) -> (error: Int32, descriptor: Int32)
    {
        var request = request
        let error = roost_sandbox_send(
            control,
            &request,
            texts.bytes,
            texts.bytes.count,
            descriptors,
            descriptors.count
        )
        guard error == 0 else {
            throw error == EPIPE || error == ECONNRESET ? .ended : .notRun(program: "A command", error: error)
        }
        var answer = roost_sandbox_answer()
        var descriptor: Int32 = -1
        guard roost_sandbox_receive(control, &answer, &descriptor) == 0, answer.is_end == 0 else { throw .ended }
        return (answer.error, descriptor)
    }
}

// MARK: Its begin

extension Sandbox {
    private static func start(_ plan: SandboxPlan, _ users: SandboxUsers) throws(SandboxFailure) -> (Int32, pid_t) {
        let texts = CTexts()
        let mounts = plan.mounts.map {
            roost_sandbox_mount(
                source: texts.add($0.source),
                target: texts.add($0.target),
                read_only: $0.isReadOnly ? 1 : 0
            )
        }
        var control: Int32 = -1
        var pid: pid_t = 0
        let error = mounts.withUnsafeBufferPointer { mounts in
            var form = roost_sandbox_plan()
            form.own_users = users == .same ? 2 : users.areOwn ? 1 : 0
            form.host_network = plan.hostNetwork ? 1 : 0
            form.folder = texts.add(plan.folder)
            form.overlay = texts.add(plan.overlayOptions(ownUsers: users.areOwn))
            form.root = texts.add(plan.overlay?.root)
            form.sees_machine = plan.seesMachine ? 1 : 0
            form.host_name = texts.add(plan.hostName)
            form.resolver = texts.add(plan.resolver)
            form.mounts = mounts.baseAddress
            form.mount_count = mounts.count
            return roost_sandbox_start(&form, &control, &pid)
        }
        guard error == 0 else { throw .notMade(step: "make namespaces", error: error) }
        return (control, pid)
    }

    private static func map(_ pid: pid_t, _ users: SandboxUsers) throws(SandboxFailure) {
        switch users {
        case .machine: return
        case .same:
            let error = roost_map_same(pid)
            guard error == 0 else { throw .notMade(step: "map its users", error: error) }
        case .alone:
            let error = roost_sandbox_map_alone(pid)
            guard error == 0 else { throw .notMade(step: "map its user", error: error) }
        case .mapped(let users, let groups):
            try map(pid, SubordinateRange.programs[0], own: geteuid(), users)
            try map(pid, SubordinateRange.programs[1], own: getegid(), groups)
        }
    }

    private static func map(
        _ pid: pid_t,
        _ program: String,
        own: UInt32,
        _ range: SubordinateRange
    )
        throws(SandboxFailure)
    {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["\(pid)", "0", "\(own)", "1", "1", "\(range.first)", "\(range.count)"]
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { throw .notMade(step: "run \(program)", error: ENOENT) }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw .notMade(step: "map users with \(program)", error: EPERM) }
    }
}
