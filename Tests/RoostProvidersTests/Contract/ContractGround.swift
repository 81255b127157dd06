import Foundation
import RoostModel
import RoostProviders
import RoostTesting

/// A provider with a folder and a server of its own, for one test; everything is deleted after it.
struct ContractGround: Sendable {
    let kind: ContractKind
    let folder: String
    let provider: any MachineProvider
    let shells: ShellServer
    let server = UUID()
    let pool = PoolID(7)

    static func with(
        _ kind: ContractKind,
        in given: String? = nil,
        _ body: (ContractGround) async throws -> Void
    ) async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let folder = "\(given ?? scratch.path)/machines"
        let ground = try ContractGround(
            kind: kind,
            folder: folder,
            provider: kind.make(folder),
            shells: ShellServer()
        )
        let result: Result<Void, any Error>
        do { result = .success(try await body(ground)) } catch { result = .failure(error) }
        for machine in try await ground.machines() { try await ground.provider.delete(machine.id) }
        try result.get()
    }

    func tag(_ instance: Int, generation: Int = 1) -> MachineTag {
        MachineTag(server: server, pool: pool, instance: instance, generation: generation)
    }

    func order(
        _ instance: Int,
        generation: Int = 1,
        size: MachineSize = MachineSize(),
        tag given: MachineTag? = nil
    ) throws -> MachineOrder {
        let tag = given ?? tag(instance, generation: generation)
        return MachineOrder(
            tag: tag,
            image: kind.image,
            size: size == MachineSize() ? kind.size : size,
            joining: MachineJoining(
                url: shells.url,
                pool: "builds",
                agent: "\(tag.name)-\(tag.generation)",
                token: Secret("token-\(tag.instance)-\(tag.generation)")
            )
        )
    }

    func machines(_ given: (any MachineProvider)? = nil) async throws -> [ListedMachine] {
        try await (given ?? provider).machines(of: server, in: pool)
    }

    /// Waits until a machine that has been made runs what it is made of.
    ///
    /// - Returns: its shell, where it has one: the machine goes on as long as somebody has that.
    func isUp(_ machine: ListedMachine) async throws -> MachineShell? {
        guard let greeting = kind.greeting else { return try await shell(machine) }
        let watch = try FolderWatch("\(folder)/machines/\(machine.id)")
        while await !provider.console(of: machine.id).contains(where: { $0.contains(greeting) }) {
            try await watch.next()
        }
        return nil
    }

    /// The shell of a machine that has been made.
    func shell(_ machine: ListedMachine) async throws -> MachineShell {
        try await shells.shell(of: "\(machine.tag.name)-\(machine.tag.generation)")
    }

    /// Processes of this computer with a text in their environment or command line.
    func processes(_ text: String, in files: [String] = ["environ", "cmdline"]) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let wanted = Data(text.utf8)
        return names.compactMap { Int32($0) }.filter { process in
            files.contains { name in
                FileManager.default.contents(atPath: "/proc/\(process)/\(name)")?.range(of: wanted) != nil
            }
        }
    }

    /// Everything of machines that is on the disk.
    var leftovers: [String] {
        ["machines", "graveyard"].flatMap { name in
            (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []
        }
    }

    /// Control groups of machines of this server.
    var groups: [String] {
        let mark = "roost-\(server.uuidString.lowercased())"
        let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        let points = mounts.split(separator: "\n").filter { $0.contains(" - cgroup") }
            .compactMap { $0.split(separator: " ").dropFirst(4).first.map(String.init) }
        let own = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        let paths = own.split(separator: "\n").compactMap { $0.split(separator: ":").last.map(String.init) } + ["/"]
        return Set(points.flatMap { point in paths.map { "\(point)\($0)" } }).flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.contains(mark) }
        }
    }
}
