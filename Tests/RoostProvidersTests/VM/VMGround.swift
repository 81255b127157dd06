import Foundation
import RoostImages
import RoostModel
import RoostTesting
import Testing

@testable import RoostProviders

/// What virtual machines need of this machine.
enum VMNeeds {
    /// Why there can be none here; nil when there can.
    static let obstacle: String? = {
        do throws(ProviderFailure) {
            for tool in VMTool.all { _ = try tool.place() }
            return nil
        } catch { return error.summary }
    }()
}

/// A provider with a folder of its own, and a server whose machines are removed in the end.
struct VMGround: Sendable {
    let folder: String
    let server = UUID()
    let provider: VMProvider

    func other() -> VMProvider { VMProvider(folder: folder, program: "/bin/false", accelerator: .tcg) }

    func order(
        _ image: MachineImage?,
        instance: Int = 1,
        generation: Int = 1,
        network: MachineNetwork = .server
    ) throws -> MachineOrder {
        MachineOrder(
            tag: MachineTag(server: server, pool: PoolID(7), instance: instance, generation: generation),
            image: image,
            size: MachineSize(milliProcessors: 1000, memory: 64 << 20),
            network: network,
            joining: MachineJoining(
                url: try #require(URL(string: "http://127.0.0.1:9/")),
                pool: "vms",
                agent: "a",
                token: Secret("s3cr3t-t0k3n")
            )
        )
    }

    func listed() async throws -> [ListedMachine] { try await provider.machines(of: server, in: nil) }

    func place(_ id: String) throws -> VMFolder {
        VMFolder(try #require(VMName(id)), in: "\(folder)/machines")
    }

    /// Waits until the machine has written a line.
    func line(_ text: String, of id: String) async throws {
        let watch = try FolderWatch(place(id).path)
        while await !provider.console(of: id).contains(where: { $0.contains(text) }) { try await watch.next() }
    }

    var entries: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/machines")) ?? []
    }

    static func with(_ body: (VMGround) async throws -> Void) async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        // Commas stand for something in options of QEMU.
        let folder = "\(scratch.path)/v,m"
        let provider = VMProvider(folder: folder, program: "/bin/false", accelerator: .tcg)
        let ground = VMGround(folder: folder, provider: provider)
        let result: Result<Void, any Error>
        do { result = .success(try await body(ground)) } catch { result = .failure(error) }
        for machine in try await ground.listed() { try await provider.delete(machine.id) }
        #expect(ground.entries == [])
        try result.get()
    }
}
