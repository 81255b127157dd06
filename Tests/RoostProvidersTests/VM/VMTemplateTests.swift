import Foundation
import RoostImages
import RoostModel
import RoostTesting
import Testing

@testable import RoostProviders

@Suite(
    "Virtual machines that go on in a saved memory",
    .enabled(if: VMNeeds.obstacle == nil, "\(VMNeeds.obstacle ?? "")"),
    .timeLimit(.minutes(3))
)
struct VMTemplateTests {
    /// Starts the first machine of an image, and waits until it wishes for a memory and there is an answer.
    private func first(_ ground: VMGround, _ image: MachineImage) async throws -> ListedMachine {
        let machine = try await ground.provider.create(try ground.order(image))
        try await wish(of: try ground.place(machine.id))
        _ = try await ground.listed()
        await ground.provider.templates.settled()
        return machine
    }

    /// Waits until its system has said that it could wait.
    private func wish(of place: VMFolder) async throws {
        let watch = try FolderWatch(place.path)
        while place.wish == nil { try await watch.next() }
    }

    private func entries(_ ground: VMGround) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "\(ground.folder)/templates")) ?? []
        return all.filter { $0 != "making.lock" }
    }

    @Test(
        "the first machine starts from its disk; the next ones go on where one like it waited, each with a token and a clock of its own"
    )
    func wakes() async throws {
        try await VMGround.with { ground in
            let image = WaitingSector(text: "from the start").image("aa11")
            let cold = try await first(ground, image)
            try await ground.line("from the start", of: cold.id)
            let names = entries(ground)
            let key = try #require(names.first.flatMap(VMTemplateKey.init))
            #expect(names.count == 1 && key.image == "aa11" && key.shape.network == .server)
            let template = VMTemplate(path: "\(ground.folder)/templates/\(names[0])")
            #expect(template.isThere && VMProcess.holder(of: template.process) == nil)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: template.path).sorted() == [
                    "boot", "disk.qcow2", "memory",
                ]
            )

            var seeds: Set<String> = []
            for instance in 2...3 {
                var order = try ground.order(image, instance: instance)
                order.joining.token = Secret("t0k3n-\(instance)")
                let begin = Date.now
                let machine = try await ground.provider.create(order)
                #expect(machine.state == .running && machine.tag == order.tag)
                try await ground.line("go", of: machine.id)
                let lines = await ground.provider.console(of: machine.id)
                #expect(lines.contains { $0.hasPrefix("It goes on in a saved memory of its image") }, "\(lines)")
                #expect(!lines.contains { $0.contains("from the start") })
                func value(_ name: String) -> String? {
                    lines.last { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
                }
                #expect(value("ROOST_TOKEN") == "t0k3n-\(instance)" && value("ROOST_NAME") == order.tag.name)
                #expect(value("ROOST_URL") == "http://10.0.2.100:9/" && value("ROOST_POOL") == "vms")
                let now = try #require(value("ROOST_NOW").flatMap(Double.init))
                #expect(begin.timeIntervalSince1970 <= now && now <= Date.now.timeIntervalSince1970)
                seeds.insert(try #require(value("ROOST_SEED")))
                let place = try ground.place(machine.id)
                let pid = try #require(VMProcess.holder(of: place.process))
                let command = try #require(FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"))
                #expect(command.range(of: Data("t0k3n".utf8)) == nil)
                #expect(!FileManager.default.fileExists(atPath: place.values))
            }
            #expect(seeds.count == 2 && seeds.allSatisfy { $0.count == 128 })
            // The waiting one heard nothing, so that its memory has no token of any machine.
            let memory = try Data(contentsOf: URL(filePath: template.memory))
            #expect(memory.range(of: Data("ROOST_TOKEN".utf8)) == nil)
            #expect(try await ground.listed().map(\.state) == [.running, .running, .running])
        }
    }

    @Test("a clean machine goes on in it as well, and one of another size starts from its disk")
    func others() async throws {
        try await VMGround.with { ground in
            let image = WaitingSector(text: "from the start").image("aa12")
            let cold = try await first(ground, image)
            let clean = try await ground.provider.reimage(cold.id, try ground.order(image, generation: 2))
            try await ground.line("go", of: clean.id)
            // What a waiting machine wrote is no wish: nobody waits for a second memory.
            #expect(try ground.place(clean.id).wish == nil)
            var large = try ground.order(image, instance: 2)
            large.size.memory = 80 << 20
            let other = try await ground.provider.create(large)
            try await ground.line("from the start", of: other.id)
        }
    }

    @Test("a memory that cannot be read is not used again: the machine starts from its disk, and both are said")
    func broken() async throws {
        try await VMGround.with { ground in
            let image = WaitingSector(text: "from the start").image("aa13")
            _ = try await first(ground, image)
            let name = try #require(entries(ground).first)
            truncate("\(ground.folder)/templates/\(name)/memory", 200_000)
            for instance in 2...3 {
                let machine = try await ground.provider.create(try ground.order(image, instance: instance))
                try await ground.line("from the start", of: machine.id)
                let lines = await ground.provider.console(of: machine.id)
                #expect(lines.contains { $0.hasPrefix("It starts from its disk: ") } == (instance == 2), "\(lines)")
            }
            let limits = await ground.provider.readiness().limits
            let said = "Machines of image 'images/aa13/1.0.0' start from their disk each time: "
            #expect(limits.contains { $0.hasPrefix(said) }, "\(limits)")
        }
    }

    @Test(
        "images whose machines do not wait keep to their disk, and say so; those that know nothing of it are not asked"
    )
    func refused() async throws {
        try await VMGround.with { ground in
            let image = BootSector(line: "up", port: 2, switchesOff: true).image("aa14")
            _ = try await first(ground, image)
            let limits = await ground.provider.readiness().limits
            #expect(
                limits.contains {
                    $0.contains("'images/aa14/1.0.0' start from their disk each time: ") && $0.contains("QEMU")
                },
                "\(limits)"
            )
            #expect(entries(ground).allSatisfy { VMTemplateKey($0) != nil })
            let plain = try await ground.provider.create(
                try ground.order(BootSector(line: "old").image("aa15"), instance: 2)
            )
            try await ground.line("old", of: plain.id)
            _ = try await ground.listed()
            await ground.provider.templates.settled()
            #expect(!entries(ground).contains { $0.hasPrefix("aa15") })
        }
    }

    @Test("what somebody began who was killed is removed, its machine too, and made by the next")
    func interrupted() async throws {
        try await VMGround.with { ground in
            let image = WaitingSector(text: "from the start").image("aa16")
            let machine = try await ground.provider.create(try ground.order(image))
            let place = try ground.place(machine.id)
            try await wish(of: place)
            let key = try #require(place.key?.key)
            let begun = VMTemplate(path: "\(ground.folder)/templates/\(key.text)").begun
            try begun.make()
            // Another machine stands for the one that waited.
            let left = try await ground.provider.create(try ground.order(image, instance: 2))
            let process = try ground.place(left.id).process
            try FileManager.default.linkItem(atPath: process, toPath: begun.process)
            let pid = try #require(VMProcess.holder(of: begun.process))
            // While another process makes one, this one leaves it.
            var lock = MachineLock("\(ground.folder)/templates/making.lock")
            #expect(lock != nil)
            _ = try await ground.listed()
            await ground.provider.templates.settled()
            #expect(FileManager.default.fileExists(atPath: begun.path) && VMProcess.holder(of: begun.process) == pid)
            lock = nil
            _ = try await ground.listed()
            await ground.provider.templates.settled()
            #expect(VMProcess.holder(of: process) == nil)
            #expect(entries(ground) == [key.text])
        }
    }
}
