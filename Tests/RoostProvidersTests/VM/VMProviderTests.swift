import Foundation
import RoostImages
import RoostModel
import RoostTesting
import Synchronization
import Testing

@testable import RoostProviders

@Suite(
    "Virtual machines as machines of a pool",
    .enabled(if: VMNeeds.obstacle == nil, "\(VMNeeds.obstacle ?? "")"),
    .timeLimit(.minutes(3))
)
struct VMProviderTests {
    @Test(
        "one order makes one machine, which is listed by whoever looks, lives by itself, and is gone when it is deleted"
    )
    func life() async throws {
        try await VMGround.with { ground in
            let order = try ground.order(BootSector(line: "it is up").image("ab12"))
            async let first = ground.provider.create(order)
            async let second = ground.provider.create(order)
            let (one, two) = try await (first, second)
            #expect(one.id == two.id && one.tag == order.tag && one.image == "ab12")
            try await ground.line("it is up", of: one.id)
            // Another process sees the same.
            let other = ground.other()
            #expect(try await other.machines(of: ground.server, in: PoolID(7)) == ground.listed())
            #expect(try await ground.listed().map(\.state) == [.running])
            #expect(try await other.machines(of: UUID(), in: nil) == [])
            #expect(try await other.machines(of: ground.server, in: PoolID(8)) == [])

            let place = try ground.place(one.id)
            let pid = try #require(VMProcess.holder(of: place.process))
            #expect(getsid(pid) != getsid(0))
            let command = try #require(FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"))
            #expect(command.range(of: Data("s3cr3t".utf8)) == nil)
            #expect(!FileManager.default.fileExists(atPath: place.values))

            try await other.delete(one.id)
            #expect(kill(pid, 0) != 0 || VMProcess.holder(of: place.process) == nil)
            #expect(try await ground.listed() == [] && ground.entries == [])
            try await ground.provider.delete(one.id)
            try await ground.provider.delete("../images")
        }
    }

    @Test("a machine that switches itself off is stopped, which wakes; its clean successor has nothing of it")
    func reimage() async throws {
        try await VMGround.with { ground in
            let wakes = ground.provider.wakes()
            let image = BootSector(line: "bye", switchesOff: true).image("01")
            let made = try await ground.provider.create(try ground.order(image))
            for await _ in wakes { break }
            #expect(try await ground.listed().map(\.state) == [.stopped])
            // As it is, it stays.
            #expect(try await ground.provider.create(try ground.order(image)).state == .stopped)
            let place = try ground.place(made.id)
            try Data("left behind".utf8).write(to: URL(filePath: "\(place.path)/trace"))

            let next = try ground.order(BootSector(line: "again").image("02"), generation: 2)
            let clean = try await ground.provider.reimage(made.id, next)
            #expect(clean.tag.generation == 2 && clean.image == "02" && clean.id != made.id)
            try await ground.line("again", of: clean.id)
            #expect(try await ground.listed().map(\.id) == [clean.id])
            let own = try ground.place(clean.id)
            #expect(!place.isThere && !FileManager.default.fileExists(atPath: "\(own.path)/trace"))
            // A reimage that is repeated changes nothing.
            #expect(try await ground.provider.reimage(clean.id, next).id == clean.id)
            #expect(try await ground.listed().map(\.state) == [.running])
        }
    }

    @Test("what half a call left is listed, and finished by the same call or deleted")
    func halves() async throws {
        try await VMGround.with { ground in
            let order = try ground.order(BootSector(line: "up").image("03"))
            let name = VMName(order.tag)
            let place = VMFolder(name, in: "\(ground.folder)/machines")
            try place.make(image: "03")
            #expect(try await ground.listed().map(\.state) == [.failed("it was left before it was started")])
            #expect(try await ground.provider.create(order).state == .running)
            // Killed between the two halves of a delete.
            try FileManager.default.moveItem(
                atPath: place.path,
                toPath: VMFolder(name.asDeparting, in: "\(ground.folder)/machines").path
            )
            #expect(try await ground.listed().map(\.state) == [.deleting])
            try await ground.provider.delete(name.id)
            #expect(try await ground.listed() == [] && ground.entries == [])
        }
    }

    @Test("images without a disk, fetches that fail, and orders without an image say so and leave nothing")
    func refused() async throws {
        try await VMGround.with { ground in
            let empty = MachineImage(name: "a/b/1.0.0", digest: "04") { folder in
                try Data("text".utf8).write(to: URL(filePath: "\(folder)/rootfs.tar"))
            }
            await #expect(throws: ProviderFailure.image(name: "a/b/1.0.0", "it holds no disk")) {
                try await ground.provider.create(try ground.order(empty))
            }
            let broken = MachineImage(name: "a/b/1.0.1", digest: "05") { _ in throw TestFailure("the store is away") }
            let failure = await #expect(throws: ProviderFailure.self) {
                try await ground.provider.create(try ground.order(broken))
            }
            #expect(failure?.summary.contains("the store is away") == true)
            await #expect(throws: ProviderFailure.self) { try await ground.provider.create(try ground.order(nil)) }
            #expect(ground.entries == [])
            let parts = try FileManager.default.contentsOfDirectory(atPath: "\(ground.folder)/images")
            #expect(parts == ["04"])
        }
    }

    @Test("each machine has its own number for cloud-init, and an image is fetched once for many at a time")
    func seeds() async throws {
        try await VMGround.with { ground in
            let fetched = Mutex(0)
            let disk = BootSector(line: "up").disk
            let image = MachineImage(name: "a/b/1.0.0", digest: "06") { folder in
                fetched.withLock { $0 += 1 }
                try disk.write(to: URL(filePath: "\(folder)/disk.raw"))
            }
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for instance in 1...3 {
                    let order = try ground.order(image, instance: instance, network: .host)
                    group.addTask { try await ground.provider.create(order).id }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(ids.count == 3 && fetched.withLock { $0 } == 1)
            var numbers: Set<String> = []
            for id in ids {
                let place = try ground.place(id)
                let (code, text) = try ShortCommand.run(["mtype", "-i", place.seed, "::meta-data"])
                #expect(code == 0)
                numbers.insert(String(decoding: text, as: UTF8.self))
            }
            #expect(numbers.count == 3 && numbers.allSatisfy { $0.hasPrefix("instance-id: ") })
        }
    }

    @Test("names of machines are read back, and nothing else is a name")
    func names() throws {
        let tag = MachineTag(server: UUID(), pool: PoolID(3), instance: 12, generation: 4)
        let name = VMName(tag)
        #expect(VMName(name.text) == name && VMName(name.asDeparting.text) == name.asDeparting)
        #expect(name.asDeparting.id == name.id && name.asDeparting.text != name.text)
        for text in [
            "", "..", "a.1.2.3", "\(name.id).5", "\(name.id)/..", "x\(name.id)", name.id.uppercased(), "gone.",
        ] {
            #expect(VMName(text) == nil, "\(text)")
        }
    }

    @Test("machines of the same machine's network find a server on it, others find it behind the door")
    func values() throws {
        let folder = VMFolder(VMName(MachineTag(server: UUID(), pool: PoolID(1), instance: 1)), in: "/m")
        var order = MachineOrder(
            tag: folder.name.tag,
            image: nil,
            network: .host,
            joining: MachineJoining(
                url: try #require(URL(string: "http://127.0.0.1:81/")),
                pool: "p",
                agent: "a",
                token: Secret("t")
            )
        )
        func text() throws -> String {
            let launch = VMLaunch(place: folder, order: order, door: "/roost", shape: VMShape(order, isFast: false))
            return try launch.values(try launch.machine())
        }
        #expect(try text() == "ROOST_URL=http://10.0.2.2:81/\nROOST_TOKEN=t\nROOST_POOL=p\nROOST_AGENT=a\n")
        order.network = .server
        #expect(try text() == "ROOST_URL=http://10.0.2.100:81/\nROOST_TOKEN=t\nROOST_POOL=p\nROOST_AGENT=a\n")
    }
}
