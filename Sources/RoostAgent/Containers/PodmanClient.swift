import Glibc

/// Starts podman.
struct PodmanClient: Sendable {
    let program: String
    let globalArguments: [String]
    /// What podman itself is given.
    let environment: [String: String]
    let folder: String

    /// - Parameters:
    ///   - program: path of podman.
    ///   - globalArguments: before each command.
    ///   - settings: of the agent; its variable ``storageVariable`` moves images and containers.
    init(program: String, globalArguments: [String], settings: WorkerSettings) {
        self.program = program
        // Warnings of podman about its surroundings would stand among the lines of steps.
        self.globalArguments =
            ["--log-level=fatal"] + globalArguments + Self.storage(settings.environment[Self.storageVariable])
        environment = Self.environment(settings.network.completing(settings.environment))
        folder = settings.folders.work
    }

    /// A folder for images and containers in place of the user's own.
    static let storageVariable = "ROOST_CONTAINER_STORAGE"

    private static func storage(_ folder: String?) -> [String] {
        folder.map { ["--root", "\($0)/storage", "--runroot", "\($0)/run"] } ?? []
    }

    /// Names of variables that concern podman itself; steps cannot change them for it.
    static func isOwn(_ name: String) -> Bool {
        ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "SHELL", "PWD"]
            .contains(name)
            || [
                "LD_", "GO", "XDG_", "DBUS_", "CONTAINER", "_CONTAINERS", "REGISTRY_", "STORAGE_", "BUILDAH_",
                "PODMAN_", "DOCKER_",
            ]
            .contains { name.hasPrefix($0) } || isAboutPulling(name)
    }

    /// By which podman reaches registries; what it has of a proxy it also gives to containers.
    private static func isAboutPulling(_ name: String) -> Bool {
        name.lowercased().hasSuffix("_proxy") || name.hasPrefix("SSL_CERT_")
    }

    private static func environment(_ all: [String: String]) -> [String: String] {
        var own = all.filter { isOwn($0.key) || $0.key == "LANG" }
        own["PATH"] = "\(all["PATH"] ?? ExecutableSearch.defaultPath):/usr/sbin:/sbin"
        // The folder of another user, as after su, is of no use to podman.
        if let runtime = own["XDG_RUNTIME_DIR"], !isOwnFolder(runtime) { own["XDG_RUNTIME_DIR"] = nil }
        own["CONTAINER_HOST"] = nil
        own["DOCKER_HOST"] = nil
        return own
    }

    private static func isOwnFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_uid == getuid()
    }

    func launch(_ arguments: [String], adding more: [String: String] = [:]) -> ProcessLaunch {
        ProcessLaunch(
            executable: program,
            arguments: globalArguments + arguments,
            environment: environment.merging(more) { own, _ in own },
            workingDirectory: FileTree.isFolder(folder) ? folder : "/"
        )
    }

    /// How a command ended and what it wrote.
    struct Answer: Sendable {
        var code: Int32
        var output: CollectedOutput
        var errors: CollectedOutput

        var isSuccess: Bool { code == 0 }

        /// The last line podman wrote about a failure, without its own prefix.
        var reason: String {
            let line = errors.lines.last ?? output.lines.last ?? "it ended with code \(code)"
            return line.hasPrefix("Error: ") ? String(line.dropFirst(7)) : line
        }
    }

    /// Runs a command to its end; one that takes longer than the limit is stopped.
    func run(
        _ arguments: [String],
        adding more: [String: String] = [:],
        control: StopControl = StopControl(),
        limit: Duration = .seconds(120)
    ) async throws -> Answer {
        let (output, errors) = (CollectedOutput(), CollectedOutput())
        let launch = launch(arguments, adding: more)
        let code = try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                try await StepProcess.run(launch, control: control, output: output, errors: errors).exitCode
            }
            group.addTask {
                if (try? await Task.sleep(for: limit)) != nil { control.stop(.none) }
                return nil
            }
            var code: Int32 = -1
            while let ended = try await group.next() {
                guard let ended else { continue }
                code = ended
                group.cancelAll()
            }
            return code
        }
        return Answer(code: code, output: output, errors: errors)
    }

    /// As ``run(_:adding:control:limit:)``, for commands that must succeed; gives what it wrote.
    ///
    /// - Throws: ``ContainerFailure/engineFailed(command:reason:)``.
    @discardableResult
    func require(_ arguments: [String], control: StopControl = StopControl()) async throws -> String {
        let answer = try await run(arguments, control: control)
        guard answer.isSuccess else {
            throw ContainerFailure.engineFailed(
                command: arguments.prefix(2).joined(separator: " "),
                reason: answer.reason
            )
        }
        return answer.output.text
    }
}
