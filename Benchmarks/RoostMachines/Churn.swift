import ArgumentParser
import Foundation
import Glibc
import RoostModel
import RoostProviders

/// Makes, reimages and deletes machines until it is killed, or nobody is there any more who could.
struct Churn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make and delete machines until it is killed.")

    @Argument(help: "The provider's folder.")
    var folder: String
    @Option(help: "The server in the machines' tags.")
    var server: String
    @Option(help: "A root file system in a tar archive, for sandboxes; without one the machines are processes.")
    var image: String?
    @Option(help: "The program that keeps machines.")
    var keeper: String

    func run() async throws {
        guard let server = UUID(uuidString: server), let url = URL(string: "http://127.0.0.1:1/") else {
            throw ValidationError("--server takes a UUID.")
        }
        let provider = try provider()
        let parent = getppid()
        var kept: [String] = []
        for instance in 1... {
            guard getppid() == parent else { return }
            let tag = MachineTag(server: server, pool: PoolID(1), instance: instance)
            let joining = MachineJoining(url: url, pool: "p", agent: tag.name, token: Secret("t"))
            var order = MachineOrder(tag: tag, image: machineImage, joining: joining)
            let machine = try await provider.create(order)
            print("made \(instance)")
            fflush(nil)
            order.tag.generation = 2
            _ = try await provider.reimage(machine.id, order)
            kept.append(machine.id)
            // Whoever is to kill it may be slow: the machines do not become more and more.
            if instance % 2 == 0 || kept.count > Self.most { try await provider.delete(kept.removeFirst()) }
        }
    }

    private static let most = 6

    private var machineImage: MachineImage? {
        image.map { image in
            MachineImage(name: image, digest: image) { folder in
                try FileManager.default.copyItem(atPath: image, toPath: "\(folder)/rootfs.tar")
            }
        }
    }

    private func provider() throws -> any MachineProvider {
        let program = MachineProgramChoice(executable: "/bin/busybox", words: ["sleep", "86400"])
        let keeper = KeeperProgram(executable: keeper)
        if image != nil { return try SandboxProvider(folder: folder, program: .image(program), keeper: keeper) }
        return try ProcessProvider(folder: folder, program: program, keeper: keeper)
    }
}
