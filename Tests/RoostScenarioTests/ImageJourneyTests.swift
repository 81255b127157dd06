import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// From the template to the agent: a pipeline builds an image with tasks, the image starts out of its gallery, and a job of that pipeline runs
/// on it.
@Suite(
    "Images that pipelines build and run on",
    .serialized,
    .enabled(if: ImageBootNeeds.namespaces, "needs namespaces"),
    .timeLimit(.minutes(15))
)
struct ImageJourneyTests {
    /// A machine of an image.
    private struct Instance {
        var name: String
        var version: String
    }

    /// A server with a gallery, a pool for machines of its images, and an agent that builds.
    private struct Ground: Sendable {
        let cluster: TestCluster
        let folder: String

        var environment: [String: String] {
            [
                "ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1",
                "XDG_CACHE_HOME": "\(folder)/cache",
            ]
        }

        func roost(_ words: [String]) throws -> ChildProgram {
            try ChildProgram("roost", words, environment: environment, folder: folder)
        }

        func done(_ words: String) async throws {
            let (code, output) = try await roost(words.split(separator: " ").map(String.init)).finished()
            try #require(code == 0, "\(words): \(output)")
        }

        /// Begins the pipeline of a repository, and waits until its images are built and a person is asked.
        func built(_ files: [String: String]) async throws -> RunID {
            let repository = try ScratchRepository(files)
            defer { repository.remove() }
            let token = PipelineVariable(value: cluster.token.exposed, isSecret: true)
            let run = try await cluster.queue(try await cluster.pipeline(repository), variables: ["publisher": token])
            do {
                try await cluster.until(run.id) { _ in !cluster.plane.stagesToStart(in: run.id).isEmpty }
            } catch {
                throw TestFailure("\(error): \(try await cluster.output(of: run.id))")
            }
            return run.id
        }

        /// Starts a machine of a version; when it comes back, its agent is online.
        func start(_ instance: Instance, of definition: String, _ words: [String]) async throws -> ChildProgram {
            let command = ["image", "boot", "agents", definition, instance.version]
            let machine = try roost(command + words + ["--pool", "images", "--agent", instance.name])
            try await machine.line(with: "Listening for Jobs")
            return machine
        }

        /// Lets the rest of the run happen, on machines that are there.
        func used(_ run: RunID) async throws -> String {
            try await done("run start-stage \(run) use")
            let view = try await cluster.finished(run)
            let output = try await cluster.output(of: run)
            if view.run.state != .completed(.succeeded) {
                let shown = await (try roost(["run", "show", "\(run)"])).finished().output
                Issue.record("\(shown)\n\(output)")
            }
            return output
        }

        func ends(_ machines: [ChildProgram]) async throws {
            for machine in machines { machine.send(SIGTERM) }
            for machine in machines {
                let (code, output) = await machine.finished()
                #expect(code == 0, "\(output)")
            }
            for name in ["work", "ledger"] {
                let path = "\(folder)/cache/roost/image-layers/\(name)"
                #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
            }
        }
    }

    private static func with(_ body: @Sendable @escaping (Ground) async throws -> Void) async throws {
        try await TestCluster.with { cluster in
            let ground = Ground(cluster: cluster, folder: "\(cluster.folder.path)/images")
            let files = FileManager.default
            try files.createDirectory(atPath: ground.folder, withIntermediateDirectories: true)
            try await ground.done("gallery create agents")
            _ = try await cluster.plane.createPool(name: "images", by: .system)
            for name in ["agent", "disk"] {
                let kind = "--publisher contoso --offer agents --sku \(name) --os-type linux"
                try await ground.done("image-definition create agents \(name) \(kind)")
            }
            let result: Result<Void, any Error>
            do {
                try await cluster.withRealAgent { try await body(ground) }
                result = .success(())
            } catch { result = .failure(error) }
            // What was made in a sandbox may belong to others.
            _ = try ShortCommand.run(["unshare", "--user", "--map-root-user", "rm", "-rf", "\(ground.folder)/cache"])
            try result.get()
        }
    }

    /// The agent's folder, without what only who looks for faults needs.
    private static func agent(_ path: String) throws {
        let folder = try AgentFolder(path, copies: true)
        _ = try ShortCommand.run(["strip", "--strip-all", "\(folder.path)/bin/roost-agent"])
    }

    private static func pipeline(
        _ ground: Ground,
        _ definition: String,
        _ steps: String,
        _ instances: [Instance],
        more: [String] = []
    )
        -> String
    {
        let jobs = instances.map { instance in
            """
              - job: \(instance.name)
                pool:
                  name: images
                  demands:
                  - Roost.Image -equals /galleries/agents/images/\(definition)/versions/\(instance.version)
                  - Agent.Name -equals \(instance.name)
                steps:
                - checkout: none
                - bash: |
                    set -e
                    echo "it ran in $(cat /etc/image-name) as $(id -un)"
                    echo "own number $(cat /etc/machine-id)"
                    key=/etc/ssh/ssh_host_ed25519_key.pub
                    # A machine makes it beside everything else that starts, in whichever order they end.
                    if [ -e /etc/systemd/system/roost-host-keys.service ]; then
                      timeout 60 sh -c "until [ -s $key ]; do sleep 0.2; done"
                    fi
                    [ ! -e $key ] || echo "own key $(cat $key)"
                    test ! -e /run/roost/boot
            \(more.map { String(repeating: " ", count: 8) + $0 }.joined(separator: "\n"))
            """
        }
        return """
            variables:
              XDG_CACHE_HOME: \(ground.folder)/cache
            stages:
            - stage: build
              jobs:
              - job: image
                steps:
                - checkout: self
            \(steps)
            - stage: use
              trigger: manual
              jobs:
            \(jobs.joined(separator: "\n"))

            """
    }

    // MARK: Sandboxes

    private static let tasks = """
            - task: PackerBuild@1
              inputs:
                templateType: custom
                customTemplateLocation: image.pkr.hcl
                customTemplateParameters: '{"number": "1.0.1"}'
              env: { ROOST_URL: $(System.CollectionUri), ROOST_TOKEN: $(publisher) }
            - task: Packer@1
              inputs:
                connectedServiceType: none
                templatePath: image.json
                command: build
                variables: number=1.0.2
              env: { ROOST_URL: $(System.CollectionUri), ROOST_TOKEN: $(publisher) }
            - task: RoostImageBuild@1
              inputs:
                template: builder.json
                basesFile: bases.json
              env: { ROOST_URL: $(System.CollectionUri), ROOST_TOKEN: $(publisher) }
        """

    /// One recipe in three forms.
    private static func forms(_ base: String, _ lines: [String]) -> [String: String] {
        let place = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/agents/images/agent"
        let (blocks, steps, shells) = (
            lines.map { "  provisioner \"shell\" { inline = [\"\($0)\"] }" }.joined(separator: "\n"),
            lines.map { #"{"type": "shell", "inline": ["\#($0)"]}"# }.joined(separator: ", "),
            lines.map { #"{"type": "Shell", "inline": ["\#($0)"]}"# }.joined(separator: ", ")
        )
        return [
            "image.pkr.hcl": """
            variable "number" {}
            source "roost-rootfs" "agent" {
              base = "\(base)"
              shared_image_gallery_destination {
                gallery_name  = "agents"
                image_name    = "agent"
                image_version = var.number
              }
            }
            build {
              sources = ["source.roost-rootfs.agent"]
            \(blocks)
            }

            """,
            "image.json": """
            {"variables": {"number": ""},
             "builders": [{"type": "roost-rootfs", "base": "\(base)", "shared_image_gallery_destination":
               {"gallery_name": "agents", "image_name": "agent", "image_version": "{{user `number`}}"}}],
             "provisioners": [\(steps)]}
            """,
            "builder.json": """
            {"type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "location": "local",
             "identity": {"type": "None"},
             "properties": {"source": {"type": "PlatformImage", "publisher": "contoso", "offer": "base", "sku": "1"},
             "customize": [\(shells)],
             "distribute": [{"type": "SharedImage", "runOutputName": "agent", "galleryImageId": "\(place)/versions/1.0.3",
               "targetRegions": [{"name": "local"}]}]}}
            """,
            "bases.json": #"{"contoso:base:1": {"base": "\#(base)", "network": "none"}}"#,
        ]
    }

    @Test(
        "one recipe in HCL2, in JSON and for Image Builder, built by three tasks, is one image; its sandboxes join by themselves, no two alike, and run the jobs of the pipeline"
    )
    func sandboxes() async throws {
        // Where nobody else can be had in a sandbox, root runs the jobs.
        let user = geteuid() == 0 ? "agent" : "root"
        try await Self.with { ground in
            let base = "\(ground.folder)/base"
            let hasKeys = (try? ShortCommand.run(["sh", "-c", "command -v ssh-keygen"]).code) == 0
            let program = "\(ChildProgram.buildFolder)/roost-agent"
            try MachineFiles.make(base, for: program, with: hasKeys ? ["ssh-keygen"] : [])
            try Self.agent("\(base)/opt/agent")
            let lines = [
                "echo built >/etc/image-name",
                // Somebody has started it already.
                "mkdir -p /etc/ssh; touch /etc/ssh/sshd_config; echo k >/etc/ssh/ssh_host_ed25519_key; echo 0123 >/etc/machine-id",
                "/opt/agent/boot.sh install \(user)",
            ]
            let instances = [
                Instance(name: "hcl", version: "1.0.1"), Instance(name: "json", version: "1.0.2"),
                Instance(name: "builder", version: "1.0.3"), Instance(name: "again", version: "1.0.1"),
            ]
            let yaml = Self.pipeline(ground, "agent", Self.tasks, instances)
            let run = try await ground.built(Self.forms(base, lines).merging(["azure-pipelines.yml": yaml]) { $1 })
            #expect(try await Self.isOneImage(ground, ["1.0.1", "1.0.2", "1.0.3"]))

            var machines: [ChildProgram] = []
            for instance in instances { machines.append(try await ground.start(instance, of: "agent", [])) }
            let output = try await ground.used(run).split(separator: "\n").map(String.init)
            #expect(output.filter { $0.hasSuffix("it ran in built as \(user)") }.count == 4)
            for (own, isHere) in [("own number ", true), ("own key ", hasKeys)] {
                let found = output.compactMap { line in line.firstRange(of: own).map { line[$0.upperBound...] } }
                #expect(Set(found).count == (isHere ? 4 : 0), "\(found)")
                #expect(found.allSatisfy { $0.count >= 32 })
            }
            let uses = try await ground.cluster.client.imageUses(image: "/galleries/agents/images/agent/versions/1.0.1")
            #expect(uses.value.count == 2)
            try await ground.ends(machines)
        }
    }

    /// Whether versions have the same files but for the record of which version they are.
    private static func isOneImage(_ ground: Ground, _ versions: [String]) async throws -> Bool {
        var found: Set<Data> = []
        for version in versions {
            try await ground.done("image-version download agents agent \(version) --path \(version)")
            let line = """
                set -e
                tar --numeric-owner -tvf rootfs.tar.zst | grep -v image.json | awk '{ $4 = $5 = ""; print }'
                tar --exclude=./etc/roost/image.json -xOf rootfs.tar.zst | sha256sum
                """
            let (code, output) = try ShortCommand.run(["bash", "-c", line], in: "\(ground.folder)/\(version)")
            #expect(code == 0 && output.count > 1000)
            found.insert(output)
        }
        return found.count == 1
    }

    // MARK: Machines

    @Test(
        "a disk out of Debian's packages is published, starts out of its gallery as a virtual machine with either firmware, joins through the door to its server, and runs the jobs of the pipeline",
        .enabled(if: ImageBootNeeds.machines, "needs root, QEMU, the network and some minutes: ROOST_TEST_MACHINES=1")
    )
    func machines() async throws {
        try await Self.with { ground in
            try Self.machineFiles(ground)
            let instances = [Instance(name: "bios", version: "1.0.0"), Instance(name: "uefi", version: "1.0.0")]
            let files = [
                "image.pkr.hcl": Self.machineTemplate(ground.folder, []),
                "azure-pipelines.yml": Self.pipeline(ground, "disk", Self.machineTask, instances),
            ]
            let run = try await ground.built(files)
            var machines: [ChildProgram] = []
            for instance in instances {
                let words = ["--as", "machine", "--firmware", instance.name]
                machines.append(try await ground.start(instance, of: "disk", words))
            }
            let output = try await ground.used(run).split(separator: "\n").map(String.init)
            let consoles = machines.map { $0.lines.suffix(50).joined(separator: "\n") }
            #expect(output.filter { $0.hasSuffix("it ran in built as agent") }.count == 2, "\(consoles)")
            for own in ["own number ", "own key "] {
                let found = output.compactMap { line in line.firstRange(of: own).map { line[$0.upperBound...] } }
                #expect(Set(found).count == 2, "\(found)")
            }
            try await ground.ends(machines)
        }
    }

    @Test(
        "a machine of the provider for virtual machines, and one of plain QEMU with printed user data for cloud-init, join by themselves and run the jobs of the pipeline that built their disk",
        .enabled(if: ImageBootNeeds.machines, "needs root, QEMU, the network and some minutes: ROOST_TEST_MACHINES=1")
    )
    func providers() async throws {
        try await Self.with { ground in
            try Self.machineFiles(ground)
            let instances = [
                Instance(name: "ordered", version: "1.0.0"),
                Instance(name: "hand", version: "1.0.0"),
            ]
            let files = [
                "image.pkr.hcl": Self.machineTemplate(ground.folder, ["cloud-init", "python3"]),
                "azure-pipelines.yml": Self.pipeline(ground, "disk", Self.machineTask, instances),
            ]
            let run = try await ground.built(files)
            let images = try #require(ground.cluster.plane.pool(named: "images"))
            let events = ground.cluster.plane.agentEvents(pool: images.id)
            let provider = VMProvider(
                folder: "\(ground.folder)/machines",
                program: "\(ChildProgram.buildFolder)/roost"
            )
            let order = try await Self.order(ground, images.id)
            let machine = try await provider.create(order)
            let hand = try await Self.machineByHand(ground)
            var online: Set<String> = []
            for await event in events {
                if case .agent(let view) = event, view.online { online.insert(view.agent.name) }
                if online.count == 2 { break }
            }
            #expect(online == ["ordered", "hand"])
            let output = try await ground.used(run).split(separator: "\n").map(String.init)
            #expect(output.filter { $0.hasSuffix("it ran in built as agent") }.count == 2)
            #expect(await !provider.console(of: machine.id).isEmpty)
            #expect(try await provider.machines(of: order.tag.server, in: nil).map(\.state) == [.running])
            try await provider.delete(machine.id)
            #expect(try await provider.machines(of: order.tag.server, in: nil).isEmpty)
            // It has the mask of signals of this process.
            hand.send(SIGKILL)
            await hand.end()
        }
    }

    /// What a job tells of the machine besides, and that its clock is that of the server.
    private static let ownState = [
        "echo \"own chance $(od -An -N16 -tx1 /dev/urandom | tr -d ' ')\"",
        "echo \"own name $(uname -n)\"",
        "place=${SYSTEM_COLLECTIONURI#http://}; place=${place%%/*}",
        "exec 3<>\"/dev/tcp/${place%:*}/${place#*:}\"",
        "printf 'GET / HTTP/1.1\\r\\nHost: roost\\r\\nConnection: close\\r\\n\\r\\n' >&3",
        "then=$(sed -n 's/^[Dd]ate: //p' <&3 | tr -d '\\r'); now=$(date +%s)",
        "echo \"off by $((now - $(date -d \"$then\" +%s))) s\"",
    ]

    @Test(
        "machines that go on in a saved memory join sooner than the first one, and have a number, a key, a name, random numbers and a clock of their own",
        .enabled(if: ImageBootNeeds.machines, "needs root, QEMU, the network and some minutes: ROOST_TEST_MACHINES=1")
    )
    func memories() async throws {
        try await Self.with { ground in
            try Self.machineFiles(ground)
            let instances = ["one", "two", "three"].map { Instance(name: $0, version: "1.0.0") }
            let files = [
                "image.pkr.hcl": Self.machineTemplate(ground.folder, []),
                "azure-pipelines.yml": Self.pipeline(
                    ground,
                    "disk",
                    Self.machineTask,
                    instances,
                    more: Self.ownState
                ),
            ]
            let run = try await ground.built(files)
            let images = try #require(ground.cluster.plane.pool(named: "images"))
            var events = ground.cluster.plane.agentEvents(pool: images.id).makeAsyncIterator()
            let folder = "\(ground.folder)/machines"
            let keys = AgentKeyStock { Secret(String(decoding: try AgentKey.generate().fileContent, as: UTF8.self)) }
            let provider = VMProvider(folder: folder, program: "\(ChildProgram.buildFolder)/roost", keys: keys)
            let server = UUID()
            var times: [Duration] = []
            for (index, instance) in instances.enumerated() {
                var order = try await Self.order(ground, images.id, agent: instance.name)
                order.tag = MachineTag(server: server, pool: images.id, instance: index + 1)
                let begin = ContinuousClock.now
                let machine = try await provider.create(order)
                while let event = await events.next() {
                    if case .agent(let view) = event, view.online, view.agent.name == instance.name { break }
                }
                times.append(.now - begin)
                let words = await provider.console(of: machine.id).first {
                    $0.hasPrefix("It goes on in a saved memory")
                }
                #expect((words != nil) == (index > 0))
                print("Machine \(instance.name) was online after \(times[index]). \(words ?? "")")
                if index == 0 { try await Self.memory(in: "\(folder)/templates", provider, server) }
            }
            #expect(times[1] < times[0] && times[2] < times[0])
            let output = try await ground.used(run).split(separator: "\n").map(String.init)
            for own in ["own number ", "own key ", "own chance ", "own name "] {
                let found = output.compactMap { line in line.firstRange(of: own).map { line[$0.upperBound...] } }
                #expect(Set(found).count == 3, "\(own): \(found)")
            }
            let clocks = output.compactMap { line in line.firstRange(of: "off by ").map { line[$0.upperBound...] } }
            #expect(clocks.count == 3 && clocks.allSatisfy { ["0 s", "1 s", "-1 s"].contains($0) }, "\(clocks)")
            for machine in try await provider.machines(of: server, in: nil) { try await provider.delete(machine.id) }
        }
    }

    /// Waits until the provider has saved a memory.
    private static func memory(in folder: String, _ provider: VMProvider, _ server: UUID) async throws {
        while true {
            _ = try await provider.machines(of: server, in: nil)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            if names.contains(where: { !$0.hasSuffix(".part") && access("\(folder)/\($0)/memory", F_OK) == 0 }) {
                return
            }
            if let limit = await provider.readiness().limits.first(where: { $0.contains("each time") }) {
                throw TestFailure(limit)
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private static func order(
        _ ground: Ground,
        _ pool: PoolID,
        agent: String = "ordered"
    ) async throws -> MachineOrder {
        let made = try await ground.cluster.client.createEnrollmentToken(
            pool: pool.rawValue,
            EnrollmentTokenWire(uses: 1)
        )
        let version = try await ground.cluster.client.imageVersion("1.0.0", gallery: "agents", definition: "disk")
        let image = MachineImage(
            name: "agents/disk/1.0.0",
            digest: try #require(version.properties?.contentHash),
            fetch: { folder in try await ground.done("image-version download agents disk 1.0.0 --path \(folder)") }
        )
        return MachineOrder(
            tag: MachineTag(server: UUID(), pool: pool, instance: 1),
            image: image,
            joining: MachineJoining(
                url: try #require(URL(string: ground.cluster.address)),
                pool: "images",
                agent: agent,
                token: Secret(try #require(made.token))
            )
        )
    }

    /// As a person does it who has nothing but QEMU.
    private static func machineByHand(_ ground: Ground) async throws -> ChildProgram {
        try await ground.done("image-version download agents disk 1.0.0 --path hand")
        let port = try #require(URL(string: ground.cluster.address)?.port)
        let line = """
            set -e
            cd hand
            "$1" pool cloud-init images --agent hand --address http://10.0.2.2:\(port) >user-data
            printf 'instance-id: hand-1\\nlocal-hostname: hand\\n' >meta-data
            mformat -i seed.img -C -f 720 -v CIDATA ::
            mcopy -i seed.img user-data meta-data ::
            """
        let program = try ChildProgram(
            executable: "/bin/bash",
            ["-c", line, "bash", "\(ChildProgram.buildFolder)/roost"],
            environment: ground.environment,
            folder: ground.folder
        )
        let (code, output) = await program.finished()
        try #require(code == 0, "\(output)")
        let words = [
            "-m", "1024", "-smp", "2", "-accel", "tcg,thread=multi", "-cpu", "max", "-display", "none", "-snapshot",
            "-serial", "file:console", "-drive", "file=agent.qcow2,if=virtio", "-drive",
            "file=seed.img,format=raw,if=virtio", "-nic", "user,model=virtio",
        ]
        return try ChildProgram(executable: "/usr/bin/qemu-system-x86_64", words, folder: "\(ground.folder)/hand")
    }

    private static func machineFiles(_ ground: Ground) throws {
        try Self.agent("\(ground.folder)/agent")
        let libraries = """
            mkdir libraries
            ldd agent/bin/roost-agent | sed -n 's,.*=> \\(/[^ ]*swift[^ ]*\\) (.*,\\1,p; s,.*=> \\(/[^ ]*\\(dispatch\\|Blocks\\|Foundation\\)[^ ]*\\) (.*,\\1,p' |
                sort -u | xargs cp --parents -L -t libraries
            """
        #expect(try ShortCommand.run(["bash", "-ec", libraries], in: ground.folder).code == 0)
        let network = "[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n"
        try Data(network.utf8).write(to: URL(filePath: "\(ground.folder)/dhcp.network"))
    }

    private static let machineTask = """
            - task: PackerBuild@1
              inputs:
                templateType: custom
                customTemplateLocation: image.pkr.hcl
              env: { ROOST_URL: $(System.CollectionUri), ROOST_TOKEN: $(publisher) }
        """

    private static func machineTemplate(_ folder: String, _ packages: [String]) -> String {
        // With cloud-init, which is to run in each machine.
        let fromDisk = packages.isEmpty ? "" : ", \"touch /etc/roost/from-disk\""
        return """
            source "roost-rootfs" "agent" {
              bootstrap {
                suite    = "bookworm"
                packages = [
                  "linux-image-cloud-amd64", "systemd-sysv", "udev", "dbus", "ca-certificates", "kmod", "libzstd1", "libstdc++6", "zlib1g",
                  "openssh-server"\(packages.map { ", \"\($0)\"" }.joined())
                ]
              }
              format = "qcow2"
              output = "agent.qcow2"
              shared_image_gallery_destination {
                gallery_name  = "agents"
                image_name    = "disk"
                image_version = "1.0.0"
              }
            }
            build {
              sources = ["source.roost-rootfs.agent"]
              provisioner "file" {
                source      = "\(folder)/libraries/"
                destination = "/"
              }
              provisioner "file" {
                source      = "\(folder)/dhcp.network"
                destination = "/etc/systemd/network/dhcp.network"
              }
              provisioner "file" {
                source      = "\(folder)/agent"
                destination = "/opt"
              }
              provisioner "shell" {
                inline = [
                  "echo built >/etc/image-name", "systemctl enable systemd-networkd", "useradd --create-home agent",
                  "/opt/agent/boot.sh install agent"\(fromDisk), "mkdir -p /etc/cloud/cloud.cfg.d",
                  "echo 'network: {config: disabled}' >/etc/cloud/cloud.cfg.d/network.cfg"
                ]
              }
            }

            """
    }
}
