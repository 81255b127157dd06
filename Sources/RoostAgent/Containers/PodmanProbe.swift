import FoundationEssentials
import Glibc
import RoostModel

/// Finds out by doing how podman runs containers on this machine.
///
/// It runs the machine's own `true` in a container whose root file system is an empty folder with the machine's `/usr` in it, so it needs no image.
/// What works is kept in a file of the work folder and tried no more until podman, its user or the machine's boot is another.
struct PodmanProbe: Sendable {
    let settings: WorkerSettings

    private struct Cache: Codable {
        var key: String
        var profile: PodmanProfile
    }

    private var folder: String { "\(settings.folders.work)/_containers" }
    private var cacheFile: String { "\(folder)/engine.json" }

    /// - Throws: ``ContainerFailure/noEngine(tried:)``.
    func find() async throws -> PodmanProfile {
        guard let program = ExecutableSearch.find("podman", path: settings.environment["PATH"]) else {
            throw ContainerFailure.noEngine(tried: ["podman is not on PATH"])
        }
        let client = PodmanClient(program: program, globalArguments: [], settings: settings)
        _ = FileTree.make(folder, mode: 0o700)
        let answer = try await client.run(["version", "--format", "{{.Client.Version}}"])
        guard answer.isSuccess else { throw ContainerFailure.noEngine(tried: ["podman version: \(answer.reason)"]) }
        let key = cacheKey(program, answer.output.text)
        if let known = cached(key) { return known }
        let profile = try await probe(program, version: answer.output.text)
        store(Cache(key: key, profile: profile))
        return profile
    }

    /// What was found last in a work folder, whether or not it still holds; nil when nobody has looked.
    static func lastFound(work: String) -> PodmanProfile? {
        guard let text = SmallFile.read("\(work)/_containers/engine.json") else { return nil }
        return (try? JSONDecoder().decode(Cache.self, from: Data(text.utf8)))?.profile
    }

    /// What was found no longer works.
    func forget() { FileTree.delete(cacheFile) }

    // MARK: Attempts

    /// One way to try.
    struct Attempt: Hashable, Sendable {
        var globalArguments: [String]
        var runArguments: [String]
    }

    /// All ways, the plainest first; pure.
    ///
    /// - Parameters:
    ///   - isRoot: whether podman is run by root.
    ///   - files: how many files may be open.
    ///   - processes: how many there may be.
    ///   - job: the most that the job may use. Containers then make no control groups but stay in that of their job, which crun can do; elsewhere each
    ///     gets these limits for itself.
    /// - Returns: the ways.
    static func attempts(isRoot: Bool, files: UInt64, processes: UInt64, job: MachineSize? = nil) -> [Attempt] {
        let globals = [
            [], ["--cgroup-manager=cgroupfs"], ["--cgroup-manager=cgroupfs", "--runtime=crun"],
            ["--cgroup-manager=cgroupfs", "--runtime=runc"],
        ]
        // The user namespace has root's own numbers and none of its rights.
        let namespace = isRoot ? ["--uidmap=0:0:65536", "--gidmap=0:0:65536"] : []
        // Where limits cannot be raised, podman's defaults are refused.
        let limits = ["--ulimit=nofile=\(files):\(files)", "--ulimit=nproc=\(processes):\(processes)"]
        let groups = job.map { [["--cgroups=disabled"], containerLimits($0)] } ?? [[]]
        return groups.flatMap { group in
            [[], limits].flatMap { more in
                globals.map { Attempt(globalArguments: $0, runArguments: namespace + group + more) }
            }
        }
    }

    /// The limits of a job as podman's own.
    private static func containerLimits(_ size: MachineSize) -> [String] {
        [
            size.memory.map { "--memory=\($0)b" }, size.memory.map { "--memory-swap=\($0)b" },
            size.milliProcessors.map { "--cpus=\(MachineSize.processors($0))" },
            size.processes.map { "--pids-limit=\($0)" },
        ].compactMap(\.self)
    }

    private func probe(_ program: String, version: String) async throws -> PodmanProfile {
        let root = try rootFolder()
        defer { FileTree.delete(root.path) }
        let isRoot = geteuid() == 0
        let driver = try await driverArguments(program)
        var tried: [String] = []
        let attempts = Self.attempts(
            isRoot: isRoot,
            files: Self.limit(Self.openFiles),
            processes: Self.processLimit,
            job: settings.fence?.limits
        )
        for attempt in attempts {
            let globals = driver + attempt.globalArguments
            let client = PodmanClient(program: program, globalArguments: globals, settings: settings)
            let command = ["run", "--rm", "--network=none"] + attempt.runArguments + root.arguments
            let answer = try await client.run(command, limit: .seconds(30))
            guard answer.isSuccess else {
                tried.append("podman \((globals + attempt.runArguments).joined(separator: " ")): \(answer.reason)")
                continue
            }
            return PodmanProfile(
                program: program,
                version: version,
                globalArguments: globals,
                runArguments: attempt.runArguments,
                network: try await network(client, attempt, root.arguments),
                isRootless: !isRoot
            )
        }
        throw ContainerFailure.noEngine(tried: tried)
    }

    /// Podman falls back to copying whole file systems where overlays work all the same.
    private func driverArguments(_ program: String) async throws -> [String] {
        let question = ["info", "--format", "{{.Store.GraphDriverName}}"]
        let plain = try await PodmanClient(program: program, globalArguments: [], settings: settings).run(question)
        guard plain.output.text == "vfs" else { return [] }
        let overlay = ["--storage-driver=overlay"]
        let other = try await PodmanClient(program: program, globalArguments: overlay, settings: settings).run(question)
        return other.output.text == "overlay" ? overlay : []
    }

    /// Whether a network of its own can be made and used.
    private func network(
        _ client: PodmanClient,
        _ attempt: Attempt,
        _ arguments: [String]
    ) async throws -> PodmanProfile.Network {
        let name = "roost-probe-\(UUID().uuidString.lowercased().prefix(8))"
        guard try await client.run(["network", "create", name]).isSuccess else { return .machine }
        let command = ["run", "--rm", "--network=\(name)"] + attempt.runArguments + arguments
        let works = try await client.run(command, limit: .seconds(30)).isSuccess
        _ = try await client.run(["network", "rm", "-f", name])
        return works ? .own : .machine
    }

    /// A root file system of links and of folders to mount the machine's programs on, and the arguments that use it.
    private func rootFolder() throws -> (path: String, arguments: [String]) {
        let path = "\(folder)/probe-\(UUID().uuidString.lowercased())"
        for name in ["usr", "proc", "sys", "dev", "etc", "tmp", "run", "var"] { _ = FileTree.make("\(path)/\(name)") }
        var volumes = ["--volume=/usr:/usr:ro"]
        for name in ["bin", "sbin", "lib", "lib64"] where FileTree.exists("/\(name)") {
            if FileTree.isLink("/\(name)") {
                _ = FileTree.link("\(path)/\(name)", to: "usr/\(name)")
            } else {
                _ = FileTree.make("\(path)/\(name)")
                volumes.append("--volume=/\(name):/\(name):ro")
            }
        }
        return (path, volumes + ["--rootfs", path, "true"])
    }

    /// RLIMIT_NOFILE and RLIMIT_NPROC of Linux, which the C library's module gives as enumerations of C or not at all.
    private static let openFiles: __rlimit_resource_t = 7
    private static let processes: __rlimit_resource_t = 6

    /// Half of what is allowed, because podman's own processes count too.
    private static var processLimit: UInt64 { max(256, min(limit(processes) / 2, 32_768)) }

    private static func limit(_ resource: __rlimit_resource_t) -> UInt64 {
        var limits = rlimit()
        guard getrlimit(resource, &limits) == 0 else { return 1024 }
        return min(UInt64(limits.rlim_max), 1 << 20)
    }

    // MARK: What is known

    private func cacheKey(_ program: String, _ version: String) -> String {
        let boot = SmallFile.read("/proc/sys/kernel/random/boot_id")?.trimmingWhitespace ?? ""
        let storage = settings.environment[PodmanClient.storageVariable] ?? ""
        let group = settings.fence.map { "|at most \($0.limits.sentence)" } ?? ""
        return [program, version, boot, String(geteuid()), settings.environment["HOME"] ?? "", storage]
            .joined(separator: "|") + group
    }

    private func cached(_ key: String) -> PodmanProfile? {
        guard let text = SmallFile.read(cacheFile),
            let cache = try? JSONDecoder().decode(Cache.self, from: Data(text.utf8)), cache.key == key
        else { return nil }
        return cache.profile
    }

    private func store(_ cache: Cache) {
        guard let data = try? JSONEncoder().encode(cache) else { return }
        // Without the file the next job tries again, which costs a moment.
        _ = SmallFile.write(String(decoding: data, as: UTF8.self), to: cacheFile)
    }
}
