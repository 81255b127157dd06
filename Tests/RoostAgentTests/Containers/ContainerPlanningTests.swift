import RoostModel
import Testing

@testable import RoostAgent

@Suite("What containers are planned from")
struct ContainerPlanningTests {
    @Test("paths are translated where a folder begins and ends a part, both ways")
    func paths() {
        let paths = ContainerPaths(AgentFolders(root: "/opt/agent"))
        #expect(paths.inside("cp /opt/agent/_work/1/s/a:/opt/agent/_work") == "cp /__w/1/s/a:/__w")
        #expect(paths.inside("/opt/agent/_work/_tool/node/bin") == "/__t/node/bin")
        #expect(paths.inside("/opt/agent/_workshop /x/opt/agent/_work") == "/opt/agent/_workshop /x/opt/agent/_work")
        #expect(
            paths.outside("##vso[x]/__w/1/s;/__t/node") == "##vso[x]/opt/agent/_work/1/s;/opt/agent/_work/_tool/node"
        )
        #expect(paths.outside("/__work") == "/__work")
    }

    @Test(
        "names of images get the registry and the namespace they mean",
        arguments: [
            ("ubuntu:24.04", "docker.io/library/ubuntu:24.04"), ("team/app", "docker.io/team/app"),
            ("registry.example.org/a/b:1", "registry.example.org/a/b:1"), ("127.0.0.1:5000/a", "127.0.0.1:5000/a"),
            ("localhost/box:1", "localhost/box:1"),
        ]
    )
    func images(_ text: String, _ qualified: String) { #expect(ImageName(text).qualified == qualified) }

    @Test("options are words of a shell; those that leave the job's namespaces are refused")
    func options() throws {
        let options = try ContainerOptions(#"--cpus 2 --env "A=b c" --label='x y' -v a\ b:/c"#, alias: "box")
        #expect(options.words == ["--cpus", "2", "--env", "A=b c", "--label=x y", "-v", "a b:/c"])
        #expect(throws: ContainerFailure.optionsUnreadable("--x 'y", alias: "box")) {
            try ContainerOptions("--x 'y", alias: "box")
        }
        for option in ["--privileged", "--userns=host", "--pid", "--network=host", "--security-opt"] {
            #expect(throws: ContainerFailure.optionRefused(option, alias: "box")) {
                try ContainerOptions("\(option) host", alias: "box")
            }
        }
        #expect(throws: ContainerFailure.socketRefused("/var/run/docker.sock:/s", alias: "box")) {
            try ContainerOptions("-v /var/run/docker.sock:/s", alias: "box")
        }
    }

    @Test("values travel in the environment of the engine's program or in a file, never on its command line")
    func environment() throws {
        let environment = ClientEnvironment(
            ["TOKEN": "hush", "HOME": "/h", "LD_PRELOAD": "x", "a=b": "no"],
            folder: "/t"
        )
        #expect(environment.carried == ["TOKEN": "hush"])
        #expect(environment.lines == ["HOME=/h", "LD_PRELOAD=x"])
        let file = try #require(environment.file)
        #expect(environment.arguments == ["--env-file=\(file)", "--env=TOKEN"])
    }

    @Test("root tries user namespaces only, and lowers limits when nothing else works")
    func attempts() {
        let root = PodmanProbe.attempts(isRoot: true, files: 100, processes: 50)
        #expect(root.allSatisfy { $0.runArguments.contains("--uidmap=0:0:65536") })
        #expect(root.first?.runArguments.contains { $0.hasPrefix("--ulimit") } == false)
        #expect(root.last?.runArguments.suffix(2) == ["--ulimit=nofile=100:100", "--ulimit=nproc=50:50"])
        let size = MachineSize(milliProcessors: 1500, memory: 512 << 20, processes: 64)
        let limited = PodmanProbe.attempts(isRoot: true, files: 100, processes: 50, job: size)
        #expect(limited.count == 2 * root.count)
        #expect(limited.prefix(root.count).allSatisfy { $0.runArguments.contains("--cgroups=disabled") })
        let own = ["--memory=536870912b", "--memory-swap=536870912b", "--cpus=1.5", "--pids-limit=64"]
        #expect(limited.dropFirst(root.count).allSatisfy { Set($0.runArguments).isSuperset(of: own) })
        let user = PodmanProbe.attempts(isRoot: false, files: 100, processes: 50)
        #expect(user.first == PodmanProbe.Attempt(globalArguments: [], runArguments: []))
    }

    @Test("a registry's host stands in its address with or without a scheme; Docker Hub has one name")
    func registries() {
        #expect(RegistryLogin.host("https://registry.example.org:5000/v2/") == "registry.example.org:5000")
        #expect(RegistryLogin.host("registry.example.org") == "registry.example.org")
        #expect(RegistryLogin.host("https://index.docker.io/v1/") == "docker.io")
        #expect(RegistryLogin.host("") == nil)
    }
}
