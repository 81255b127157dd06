import FoundationEssentials
import Glibc
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite(
    "Jobs with containers",
    .enabled(if: ContainerGround.obstacle == nil, "podman and busybox are needed"),
    .serialized,
    .timeLimit(.minutes(4))
)
struct ContainerJobTests {
    @Test("steps run inside with the job's folders, variables and secrets; a step with target host runs on the machine")
    func insideAndOutside() async throws {
        try await ContainerGround.with { ground in
            ground.bench.containers = [
                JobContainer(
                    alias: "box",
                    image: "$(image)",
                    options: "--hostname inner --env \"OPTION=a b\"",
                    environment: ["OWN": "of the $(who)", "HOME": "/home/$(who)"]
                )
            ]
            ground.bench.container = "box"
            ground.bench.variables["image"] = OutputVariable(value: ContainerGround.image)
            ground.bench.variables["who"] = OutputVariable(value: "container")
            ground.bench.variables["password"] = OutputVariable(value: "p4ss w0rd", isSecret: true)
            let inside = ground.bench.script(
                """
                echo "host=$(hostname) pwd=$PWD sources=$(Build.SourcesDirectory) env=$BUILD_SOURCESDIRECTORY"
                echo "secret=$SECRET length=${#SECRET}"
                echo "own=$OWN option=$OPTION origin=$ORIGIN home=$HOME path=$PATH user=$(id -u)"
                grep -c p4ss /proc/[0-9]*/cmdline | grep -v ':0' ; echo file > from-inside.txt
                echo "##vso[task.setvariable variable=where]$PWD/from-inside.txt"
                echo "##vso[task.prependpath]$PWD/tools"
                """,
                environment: ["SECRET": "$(password)"]
            )
            let path = ground.bench.script("echo path=$PATH; echo where=$(where)")
            let outside = ground.bench.script("echo host=$(hostname) where=$(where); cat $(where)")
            ground.bench.steps[2].target = "host"
            let outcome = try await ground.bench.run()
            let work = ground.settings.folders.work
            let lines = ground.bench.lines(inside)
            #expect(outcome.result == .succeeded, "\(ground.bench.reporter.everything)")
            #expect(lines.contains("host=inner pwd=/__w/1/s sources=/__w/1/s env=/__w/1/s"), "\(lines)")
            #expect(lines.contains("secret=*** length=9"))
            #expect(
                lines.contains("own=of the container option=a b origin=image home=/home/container path=/bin user=0")
            )
            #expect(ground.bench.lines(path).contains("path=/__w/1/s/tools:/bin"))
            #expect(ground.bench.lines(path).contains("where=/__w/1/s/from-inside.txt"))
            #expect(
                ground.bench.lines(outside).contains("host=\(MachineFacts.hostName) where=\(work)/1/s/from-inside.txt")
            )
            #expect(ground.bench.lines(outside).contains("file"))
            let records = ground.bench.reporter.kept.value.records.values
            let names = records.sorted { ($0.order ?? 0) < ($1.order ?? 0) }.compactMap(\.name)
            #expect(
                names.suffix(7) == [
                    "Initialize job", "Initialize containers", "step 1", "step 2", "step 3", "Stop Containers",
                    "Finalize Job",
                ]
            )
            #expect(records.allSatisfy { $0.state == "completed" })
            #expect(!ground.bench.reporter.everything.contains("p4ss"))
            #expect(try await ground.leftovers() == [])
            #expect(FileTree.names(in: ground.settings.folders.temp).isEmpty)
        }
    }

    @Test(
        "installed tasks run inside with the image's Node.js, their inputs, outputs and paths; programs of a task, too"
    )
    func tasks() async throws {
        try await ContainerGround.with { ground in
            ground.bench.containers = [
                JobContainer(alias: "box", image: ContainerGround.image, options: "--hostname inner")
            ]
            ground.bench.container = "box"
            let task = try ScratchTask(
                ground.bench.folder,
                members: """
                    "inputs": [{ "name": "file", "type": "filePath" }],
                    "execution": { "Node20_1": { "target": "main.js" } },
                    "postjobexecution": { "Process": { "target": "after.sh", "argumentFormat": "\\"a b\\" c" } }
                    """,
                files: [
                    "main.js": """
                    echo "on $(hostname) at $PWD with $INPUT_FILE: $(cat "$INPUT_FILE")"
                    echo "##vso[task.setvariable variable=place;isoutput=true]$INPUT_FILE"
                    """,
                    "after.sh": "#!/bin/sh\necho \"after on $(hostname): $1|$2\"",
                ]
            )
            ground.bench.host = try task.host()
            _ = ground.bench.script(
                """
                mkdir programs; echo content > data.txt
                printf '#!/bin/sh\\nif [ "$1" = --version ]; then echo v20.1.0; else exec sh "$@"; fi\\n' > programs/node
                chmod +x programs/node; echo "##vso[task.prependpath]$PWD/programs"
                """
            )
            let step = ground.bench.add(task.reference, ["file": "data.txt"], name: "made")
            let outside = ground.bench.script("cat $(made.place)")
            ground.bench.steps[2].target = "host"
            let outcome = try await ground.bench.run()
            #expect(outcome.result == .succeeded, "\(ground.bench.reporter.everything)")
            #expect(ground.bench.lines(step).contains("on inner at /__w/1/s with /__w/1/s/data.txt: content"))
            #expect(ground.bench.lines(JobRecords.postRecord(of: step)).contains("after on inner: a b|c"))
            #expect(ground.bench.lines(outside).contains("content"))
            #expect(try await ground.leftovers() == [])
        }
    }

    @Test("a service answers on its alias for the container and on its port for the machine")
    func service() async throws {
        try await ContainerGround.with { ground in
            let port = String(20_000 + Int.random(in: 0..<9_000))
            ground.bench.containers = [
                JobContainer(alias: "box", image: ContainerGround.image),
                JobContainer(
                    alias: "web",
                    image: ContainerGround.image,
                    options: "--health-cmd 'wget -q -O /dev/null http://127.0.0.1:\(port)/' --health-interval disable",
                    environment: ["PORT": port],
                    ports: [port]
                ),
            ]
            ground.bench.container = "box"
            ground.bench.sidecars = ["db": "web"]
            let inside = ground.bench.script("wget -q -O - http://db:\(port)/")
            let outside = ground.bench.script(
                "python3 -c 'import urllib.request as u; print(u.urlopen(\"http://127.0.0.1:$(agent.services.db.ports.\(port))/\").read().decode())'"
            )
            ground.bench.steps[1].target = "host"
            let outcome = try await ground.bench.run()
            #expect(outcome.result == .succeeded, "\(ground.bench.reporter.everything)")
            #expect(ground.bench.lines(inside).contains("it serves"))
            #expect(ground.bench.lines(outside).contains("it serves"))
            #expect(try await ground.leftovers() == [])
        }
    }

    @Test("a cancel reaches the processes inside, and nothing survives it")
    func cancel() async throws {
        try await ContainerGround.with { ground in
            ground.bench.containers = [JobContainer(alias: "box", image: ContainerGround.image)]
            ground.bench.container = "box"
            let mark = "86399\(Int.random(in: 1000..<9999))"
            let step = ground.bench.script("trap 'echo caught; exit 3' INT TERM\necho begun\nsleep \(mark) & wait")
            let bench = ground.bench
            let outcome = try await ground.bench.run { runner in
                await bench.waitForLine("begun", in: step)
                runner.cancel(.requested, timeout: .seconds(60))
            }
            #expect(outcome.result == .canceled)
            #expect(ground.bench.lines(step).contains("caught"))
            #expect(!ProcessEntry.all().contains { SmallFile.read("/proc/\($0.pid)/cmdline")?.contains(mark) == true })
            #expect(try await ground.leftovers() == [])
        }
    }

    @Test("files that users of a container leave do not block the next job, even when the worker was killed")
    func leftFiles() async throws {
        try await ContainerGround.with { ground in
            ground.bench.containers = [JobContainer(alias: "box", image: ContainerGround.image)]
            ground.bench.container = "box"
            ground.bench.cleaning = .all
            ground.bench.script(
                "mkdir -p deep/er /__w/_temp/t && echo x > deep/er/f && echo x > /__w/_temp/t/f && chown -R 1234:1234 deep /__w/_temp/t && chmod 500 deep/er"
            )
            #expect(try await ground.bench.run().result == .succeeded)
            #expect(FileTree.names(in: ground.settings.folders.temp).isEmpty)
            #expect(FileTree.delete("\(ground.settings.folders.work)/1/s/deep") == [])

            // A job whose worker was killed: its container runs on, and its files are another user's.
            let engine = PodmanEngine(
                profile: try await PodmanProbe(settings: ground.settings).find(),
                settings: ground.settings
            )
            ContainerJournal(ground.settings).note()
            let work = ground.settings.folders.work
            let start = ContainerStart(
                name: "left",
                alias: "left",
                image: ContainerGround.image,
                labels: [ContainerJournal(ground.settings).label, "roost.job=other"],
                network: nil,
                hosts: [:],
                options: [],
                environment: ClientEnvironment([:], folder: ground.settings.folders.temp),
                ports: [],
                volumes: ["\(work):/__w"],
                waitsForCalls: true
            )
            let id = try await engine.start(start, control: StopControl())
            let call = ContainerCall(
                command: ["sh", "-c", "mkdir -p /__w/1/s/left/in && chown -R 77 /__w/1/s/left"],
                environment: ClientEnvironment([:], folder: ground.settings.folders.temp),
                workingDirectory: "/",
                user: "0:0"
            )
            _ = try await StepProcess.run(engine.exec(id, call), control: StopControl(), output: CollectedOutput())
            (ground.bench.container, ground.bench.steps) = (nil, [])
            let next = ground.bench.script("ls")
            #expect(try await ground.bench.run().result == .succeeded)
            #expect(!ground.bench.lines(next).contains("left"))
            #expect(try await ground.leftovers() == [])
            #expect(FileTree.names(in: "\(work)/1/s").isEmpty)
        }
    }

    @Test("a container that cannot be had fails 'Initialize containers' and says why; no step runs")
    func failures() async throws {
        try await ContainerGround.with { (ground: inout ContainerGround) async throws -> Void in
            ground.bench.container = "box"
            let never = ground.bench.script("echo no")
            let record = JobRecords.OwnRecord.initializeContainers.id(in: ground.bench.job)
            let wrong: [(JobContainer, String)] = [
                (JobContainer(alias: "box", image: "localhost/nosuch:9"), "[container.local-image-missing]"),
                (
                    JobContainer(alias: "box", image: ContainerGround.image, options: "--privileged"),
                    "[container.option-refused]"
                ),
                (
                    JobContainer(alias: "box", image: ContainerGround.image, volumes: ["/run/docker.sock:/d"]),
                    "[container.socket-refused]"
                ),
                (JobContainer(alias: "other", image: ContainerGround.image), "[container.unknown]"),
            ]
            for (container, code) in wrong {
                ground.bench.containers = [container]
                #expect(try await ground.bench.run().result == .failed)
                #expect(
                    ground.bench.issues(record).first?.message?.contains(code) == true,
                    "\(ground.bench.issues(record))"
                )
                #expect(ground.bench.result(never) == "skipped")
            }
            #expect(try await ground.leftovers() == [])
        }
    }

    @Test("an image of a registry that wants a password is pulled with that of the connection, which nobody sees")
    func registry() async throws {
        try await ContainerGround.with { (ground: inout ContainerGround) async throws -> Void in
            let client = try await ground.client()
            try await client.require(["push", ContainerGround.image, "oci:\(ground.store)/layout:1"])
            let registry = try await PasswordRegistry(folder: "\(ground.store)/layout", account: "ci:s3same op3n")
            defer { registry.stop() }
            ground.bench.clock = InstantClock()
            ground.bench.container = "box"
            let image = "127.0.0.1:\(registry.port)/team/box:1"
            let endpoint = UUID()
            ground.bench.containers = [JobContainer(alias: "box", image: image, endpoint: endpoint.uuidString)]
            var step = UUID()
            let record = JobRecords.OwnRecord.initializeContainers.id(in: ground.bench.job)
            for (password, result) in [("wrong", TaskResult.failed), ("s3same op3n", .succeeded)] {
                ground.bench.endpoints = [
                    JobEndpoint(
                        id: endpoint.uuidString,
                        name: "images",
                        url: "http://127.0.0.1:\(registry.port)",
                        scheme: "UsernamePassword",
                        parameters: ["username": "ci", "password": password]
                    )
                ]
                ground.bench.steps = []
                step = ground.bench.script("echo \"from $ORIGIN\"")
                let outcome = try await ground.bench.run()
                #expect(outcome.result == result, "\(ground.bench.lines(record))")
            }
            let lines = ground.bench.lines(record)
            #expect(lines.contains("Try 2 of 3 failed; the next follows in 2 s."))
            #expect(ground.bench.lines(step).contains("from image"))
            #expect(!ground.bench.reporter.everything.contains("s3same"))
            #expect(FileTree.names(in: ground.settings.folders.temp).isEmpty)
        }
    }
}
