import FoundationEssentials

/// Podman, in the way that ``PodmanProbe`` has found.
struct PodmanEngine: ContainerEngine {
    let profile: PodmanProfile
    private let client: PodmanClient

    init(profile: PodmanProfile, settings: WorkerSettings) {
        self.profile = profile
        client = PodmanClient(
            program: profile.program,
            globalArguments: profile.globalArguments,
            settings: settings
        )
    }

    var summary: String { profile.summary }
    var usesMachineNetwork: Bool { profile.network == .machine }

    func hasImage(_ image: String) async throws -> Bool {
        try await client.run(["image", "exists", image]).isSuccess
    }

    func pull(_ image: ImageName, authFile: String?, control: StopControl, output: any ProcessOutput) async throws {
        var arguments = ["pull"]
        if let authFile { arguments.append("--authfile=\(authFile)") }
        if image.isOnLoopback { arguments.append("--tls-verify=false") }
        let errors = TeeOutput(output)
        let launch = client.launch(arguments + [image.qualified])
        let outcome = try await StepProcess.run(launch, control: control, output: errors)
        guard outcome.exitCode == 0 else {
            let reason = errors.collected.lines.last ?? "podman ended with code \(outcome.exitCode)."
            throw ContainerFailure.pullFailed(image: image.text, reason: reason)
        }
    }

    func createNetwork(_ name: String, labels: [String]) async throws {
        try await client.require(["network", "create"] + labels.map { "--label=\($0)" } + [name])
    }

    // MARK: Containers

    func start(_ start: ContainerStart, control: StopControl) async throws -> String {
        try start.environment.prepare()
        defer { start.environment.remove() }
        let answer = try await client.run(arguments(start), adding: start.environment.carried, control: control)
        guard answer.isSuccess, let id = answer.output.lines.last else {
            throw ContainerFailure.startFailed(alias: start.alias, image: start.image, reason: answer.reason)
        }
        return id
    }

    /// The command line that starts a container.
    func arguments(_ start: ContainerStart) -> [String] {
        var words = ["run", "--detach", "--pull=never", "--name=\(start.name)"] + start.labels.map { "--label=\($0)" }
        words += profile.runArguments + ["--security-opt=label=disable"]
        // What a service says is kept for errors only.
        words += ["--log-driver=k8s-file", "--log-opt=max-size=10mb"]
        if let network = start.network {
            words += ["--network=\(network)", "--network-alias=\(start.alias)"] + start.ports.map { "--publish=\($0)" }
        } else {
            words.append("--network=host")
        }
        words += start.hosts.sorted { $0.key < $1.key }.map { "--add-host=\($0.key):\($0.value)" }
        words += start.volumes.map { "--volume=\($0)" } + start.environment.arguments
        if let folder = start.workingDirectory { words.append("--workdir=\(folder)") }
        words += start.options
        guard start.waitsForCalls else { return words + [start.image] }
        let user = ContainerOptions(parsed: start.options).hasUser ? [] : ["--user=0:0"]
        return words + user + ["--entrypoint=/bin/sh", start.image, "-c", Self.waiting]
    }

    /// Ends at once when it is asked to, and collects ended children of others.
    private static let waiting = "trap 'exit 0' TERM INT; while :; do sleep 86400 & wait $!; done"

    private struct Inspection: Decodable {
        struct State: Decodable {
            var Running: Bool?
            var ExitCode: Int32?
        }
        struct Config: Decodable {
            struct Check: Decodable { var Test: [String]? }
            var Env: [String]?
            var Healthcheck: Check?
        }
        struct NetworkSettings: Decodable {
            struct Network: Decodable { var IPAddress: String? }
            var Networks: [String: Network]?
        }
        var State: State?
        var Config: Config?
        var NetworkSettings: NetworkSettings?
    }

    func state(_ id: String) async throws -> ContainerState {
        let text = try await client.require(["container", "inspect", id])
        guard let found = try? JSONDecoder().decode([Inspection].self, from: Data(text.utf8)).first else {
            throw ContainerFailure.engineFailed(command: "container inspect", reason: "its answer cannot be read")
        }
        let path = found.Config?.Env?.last { $0.hasPrefix("PATH=") }.map { String($0.dropFirst(5)) }
        let test = found.Config?.Healthcheck?.Test ?? []
        return ContainerState(
            isRunning: found.State?.Running ?? false,
            exitCode: found.State?.ExitCode ?? 0,
            hasHealthCheck: !test.isEmpty && test.first?.uppercased() != "NONE",
            address: found.NetworkSettings?.Networks?.values.compactMap(\.IPAddress).first { !$0.isEmpty } ?? "",
            path: path ?? ExecutableSearch.defaultPath
        )
    }

    func isHealthy(_ id: String, control: StopControl) async throws -> Bool {
        try await client.run(["healthcheck", "run", id], control: control, limit: .seconds(60)).isSuccess
    }

    func log(_ id: String, lines: Int) async throws -> String {
        let answer = try await client.run(["logs", "--tail=\(lines)", id], limit: .seconds(20))
        return [answer.output.text, answer.errors.text].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Lines such as `5432/tcp -> 0.0.0.0:40001`.
    func ports(_ id: String) async throws -> [(inside: String, outside: String)] {
        try await client.run(["port", id]).output.lines.compactMap { line in
            guard let inside = line.split(separator: "/").first, let colon = line.lastIndex(of: ":") else { return nil }
            return (String(inside), String(line[line.index(after: colon)...]))
        }
    }

    func exec(_ id: String, _ call: ContainerCall) -> ProcessLaunch {
        var words = ["exec"]
        if let user = call.user { words.append("--user=\(user)") }
        words += ["--workdir=\(call.workingDirectory)"] + call.environment.arguments
        var launch = client.launch(words + [id] + call.command, adding: call.environment.carried)
        launch.isClient = true
        return launch
    }

    // MARK: Images

    private struct ImageLine: Decodable {
        var Names: [String]?
        var Size: Int?
    }

    /// Bytes of all images, by each of their names.
    func imageSizes() async throws -> [String: Int] {
        let text = try await client.require(["images", "--format=json"])
        let lines = (try? JSONDecoder().decode([ImageLine].self, from: Data(text.utf8))) ?? []
        return Dictionary(lines.flatMap { line in (line.Names ?? []).map { ($0, line.Size ?? 0) } }) { first, _ in first
        }
    }

    /// The folder where images are.
    func storage() async throws -> String {
        try await client.require(["info", "--format={{.Store.GraphRoot}}"]).trimmingWhitespace
    }

    /// False when a container has it.
    func removeImage(_ name: String) async throws -> Bool { try await client.run(["image", "rm", name]).isSuccess }

    // MARK: The end

    func remove(label: String) async throws -> [String] {
        let filter = "--filter=label=\(label)"
        let ids = try await client.require(["ps", "--all", "--quiet", "--no-trunc", filter]).wordsByLine
        if !ids.isEmpty { try await client.require(["rm", "--force", "--time=0", "--volumes"] + ids) }
        guard profile.network == .own else { return ids }
        let networks = try await client.require(["network", "ls", "--quiet", filter]).wordsByLine
        if !networks.isEmpty { try await client.require(["network", "rm", "--force"] + networks) }
        return ids
    }

    func reclaim(_ folders: [String]) async {
        let folders = folders.filter(FileTree.isFolder)
        // As root every number is the agent's own.
        guard profile.isRootless, !folders.isEmpty else { return }
        let condition = ["!", "-uid", "0", "-exec", "chown", "-h", "0:0", "{}", "+"]
        _ = try? await client.run(["unshare", "find"] + folders + condition, limit: .seconds(600))
    }
}

/// Passes output on and keeps the end of it.
private struct TeeOutput: ProcessOutput {
    let next: any ProcessOutput
    let collected = CollectedOutput(limit: 64 << 10)

    init(_ next: any ProcessOutput) { self.next = next }

    func receive(_ bytes: UnsafeRawBufferPointer) {
        collected.receive(bytes)
        next.receive(bytes)
    }

    func pause() { next.pause() }
}

extension String {
    fileprivate var wordsByLine: [String] {
        split(separator: "\n").map { String($0).trimmingWhitespace }.filter { !$0.isEmpty }
    }
}
