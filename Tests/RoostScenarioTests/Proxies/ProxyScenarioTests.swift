import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// A company's network: agents see one proxy that wants a password, the server's certificate is of a private authority, and there is no internet.
@Suite(
    "Agents behind a proxy, without internet",
    .enabled(
        if: LonelyNetwork.isPossible && ProxyProgram.isPossible,
        "root, network namespaces, tcpdump and tinyproxy are needed"
    ),
    .serialized,
    .timeLimit(.minutes(8))
)
struct ProxyScenarioTests {
    private static let names = ["build.internal", "git.internal", "registry.internal"]

    /// All that a test needs.
    struct Ground: Sendable {
        let network: LonelyNetwork
        let proxy: ProxyProgram
        let cluster: TestCluster
        let hosts: InternalHosts
        let files: AuthorityFiles
        let agent: AgentFolder

        /// The server as the agent knows it; only the proxy knows the name.
        var address: String {
            "https://build.internal:\(URL(string: cluster.address)?.port ?? 0)/"
        }

        /// Runs a script of the agent's folder to its end, inside.
        func run(
            _ words: [String],
            environment: [String: String] = [:]
        ) async throws -> (code: Int32, output: String) {
            try await start(words, environment: environment).finished()
        }

        func start(_ words: [String], environment: [String: String] = [:]) throws -> ChildProgram {
            let more = environment.merging(["AGENT_ALLOW_RUNASROOT": "1"]) { $1 }
            return try network.start(words, environment: more, folder: agent.path)
        }

        func configure(password: String) async throws -> (code: Int32, output: String) {
            try await run(
                [
                    "./config.sh", "--unattended", "--url", address, "--auth", "pat", "--pool", "Default", "--agent",
                    "lonely", "--proxyurl", proxy.url, "--proxyusername", proxy.user, "--sslcacert", files.authority,
                    "--isolation", "off",
                ],
                environment: [
                    "VSTS_AGENT_INPUT_TOKEN": cluster.token.exposed, "VSTS_AGENT_INPUT_PROXYPASSWORD": password,
                ]
            )
        }

        /// Lets the agent listen while something is done.
        func listening(environment: [String: String] = [:], _ body: () async throws -> Void) async throws {
            let agent = try start(["./run.sh", "--grace", "0"], environment: environment)
            let result: Result<Void, any Error>
            do {
                try await agent.line(with: "Listening for Jobs")
                try await body()
                result = .success(())
            } catch {
                result = .failure(error)
            }
            agent.send(SIGTERM)
            await agent.end()
            try result.get()
        }
    }

    private static func with(
        image: String? = nil,
        _ body: @Sendable @escaping (Ground) async throws -> Void
    ) async throws {
        let keys = try ScratchFolder()
        defer { keys.remove() }
        let files = try AuthorityFiles(in: keys.path, names: names)
        try await LonelyNetwork.with { network in
            try await ProxyProgram.with(host: network.outside, names: names) { proxy in
                let hosts = try await InternalHosts(files, image: image)
                let result: Result<Void, any Error>
                do {
                    try await TestCluster.with(authority: files) { cluster in
                        let agent = try AgentFolder("\(cluster.folder.path)/agent")
                        try await body(
                            Ground(
                                network: network,
                                proxy: proxy,
                                cluster: cluster,
                                hosts: hosts,
                                files: files,
                                agent: agent
                            )
                        )
                    }
                    result = .success(())
                } catch { result = .failure(error) }
                await hosts.stop()
                try result.get()
            }
        }
    }

    // MARK: The whole of it

    /// A task as the vendor's library makes them: it finds the proxy in variables of the agent and asks it for a tunnel.
    private static let tunneler = """
        const http = require('http'), tls = require('tls'), fs = require('fs');
        const proxy = new URL(process.env.AGENT_PROXYURL);
        const login = process.env.AGENT_PROXYUSERNAME + ':' + process.env.SECRET_AGENT_PROXYPASSWORD;
        const place = process.env.INPUT_PLACE;
        const request = http.request({
          host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: place,
          headers: { 'Proxy-Authorization': 'Basic ' + Buffer.from(login).toString('base64') }
        });
        request.on('connect', (answer, socket) => {
          const options = { socket, servername: place.split(':')[0], ca: fs.readFileSync(process.env.AGENT_CAINFO) };
          const secure = tls.connect(options, () => secure.write('GET /hello HTTP/1.0\\r\\n\\r\\n'));
          secure.on('data', (data) => console.log(String(data)));
          secure.on('end', () => console.log('node is done, by ' + login));
        });
        request.end();
        """

    private static func pipeline(_ port: Int) -> String {
        """
        steps:
        - checkout: self
        - task: Cache@2
          inputs: { key: "deps | v1", path: "$(Pipeline.Workspace)/deps", cacheHitVar: CACHED }
        - bash: |
            mkdir -p "$(Pipeline.Workspace)/deps" out
            echo "cached=$(CACHED) a=$(cat a)"
            date >"$(Pipeline.Workspace)/deps/made"
            echo published >out/p
        - bash: |
            set -e
            url=https://git.internal:\(port)
            echo "curl $(curl -sS $url/hello)"
            python3 -c "import urllib.request as r; print('python', r.urlopen('$url/hello').read().decode())"
            rm -rf cloned got
            git clone --quiet $url/inner.git cloned && echo "git $(cat cloned/b)"
            if python3 -m pip --version >/dev/null 2>&1; then
                python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-cache-dir --index-url $url/simple/ --dest got probe
                echo "pip $(ls got)"
            fi
            ! command -v npm >/dev/null || echo "npm $(npm --globalconfig "$PWD/none" --userconfig /dev/null --cache "$PWD/.npm" --no-update-notifier view probe version --registry $url/npm/)"
            echo "they read $https_proxy, but not for $no_proxy"
            echo "the bypass is $AGENT_PROXYBYPASSLIST"
            ! printenv | grep -i password
          displayName: Programs
        - task: Tunneler@1
          inputs: { place: "git.internal:\(port)" }
        - publish: out
          artifact: app
        - download: current
          artifact: app
        - bash: echo "downloaded=$(cat "$(Pipeline.Workspace)/app/p")"
        """
    }

    @Test("configure, run, checkout, cache, artifacts, tasks and programs reach the proxy and nothing else")
    func everything() async throws {
        try await Self.with { ground in
            let cluster = ground.cluster
            let repository = try ScratchRepository([
                "azure-pipelines.yml": Self.pipeline(ground.hosts.port), "a": "first",
            ])
            defer { repository.remove() }
            try cluster.folder.write(
                """
                { "id": "7f1c6a52-0f0e-4a5c-8d9a-0d7f5f1b2c01", "name": "Tunneler", "friendlyName": "Tunneler",
                  "version": { "Major": 1, "Minor": 0, "Patch": 0 }, "inputs": [{ "name": "place", "type": "string" }],
                  "execution": { "Node10": { "target": "main.js" } } }
                """,
                to: "task/task.json"
            )
            try cluster.folder.write(Self.tunneler, to: "task/main.js")
            let installed = try await ChildProgram(
                "roost",
                ["task", "install", "task"],
                environment: [
                    "ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed,
                    "ROOST_CACERT": ground.files.authority,
                ],
                folder: cluster.folder.path
            ).finished()
            #expect(installed.code == 0, "\(installed.output)")
            try UpdateGround(cluster).install(in: ground.agent)
            try ground.agent.bypass("nothing\\.example")
            // A host of the server's own network: the agent cannot reach it.
            try await GitDaemon.with(repository) { daemon in
                let pipeline = try await cluster.pipeline(repository, url: daemon.url)
                let packets = try await ground.network.watch {
                    let configured = try await ground.configure(password: ground.proxy.password)
                    #expect(configured.code == 0, "\(configured.output)")
                    try await ground.listening {
                        // Whatever else an agent fetches belongs here, where every packet is seen.
                        try await Self.runTwice(pipeline, ground)
                        try await Self.update(ground.cluster)
                        let doctor = try await ground.run(["bin/roost-agent", "doctor", "--root", "."])
                        #expect(doctor.code == 0, "\(doctor.output)")
                        #expect(doctor.output.contains("\(ground.proxy.url) takes requests"), "\(doctor.output)")
                    }
                    let removed = try await ground.run(["./config.sh", "remove", "--unattended"])
                    #expect(removed.code == 0, "\(removed.output)")
                }
                #expect(packets.count > 200)
                let strangers = ground.network.strangers(packets, port: ground.proxy.port)
                #expect(strangers.isEmpty, "\(strangers.prefix(20).joined(separator: "\n"))")
            }
            // The capture sees what goes elsewhere.
            let packets = try await ground.network.watch {
                _ = try await ground.run(["timeout", "2", "getent", "hosts", "somebody.example"])
                _ = try await ground.run(["timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/10.99.1.1/443"])
            }
            let strangers = ground.network.strangers(packets, port: ground.proxy.port)
            #expect(strangers.contains { $0.contains("\(LonelyNetwork.nameServer).53") })
            #expect(strangers.contains { $0.contains("10.99.1.1.443") })
            #expect(ground.agent.files(with: ground.proxy.password).isEmpty)
        }
    }

    private static func update(_ cluster: TestCluster) async throws {
        let ground = try UpdateGround(cluster)
        try await ground.set { $0.gate = 0 }
        try await ground.add(try ground.good("4.271.0"), "4.271.0")
        try await ground.waitUntilAll(have: "4.271.0")
    }

    /// The second run finds what the first one cached.
    private static func runTwice(_ pipeline: Pipeline, _ ground: Ground) async throws {
        for cached in ["false", "true"] {
            let run = try await ground.cluster.queue(pipeline)
            let view = try await ground.cluster.finished(run.id)
            let output = try await ground.cluster.output(of: run.id)
            #expect(view.run.state == .completed(.succeeded), "\(output)")
            var lines = [
                "cached=\(cached) a=first", "curl hello from outside", "python hello from outside", "git inner",
                "downloaded=published", "node is done, by agent:***", "hello from outside",
                "they read http://agent:***@\(ground.network.outside):\(ground.proxy.port), but not for localhost,127.0.0.1,::1",
                "the bypass is [\"nothing\\\\.example\"]",
            ]
            if has("npm") { lines.append("npm 1.0.0") }
            if try ShortCommand.run(["python3", "-m", "pip", "--version"]).code == 0 {
                lines.append("pip probe-1.0-py3-none-any.whl")
            }
            for line in lines { #expect(output.contains(line), "\(line) in \(output)") }
            #expect(!output.contains(ground.proxy.password))
        }
        let checkouts = try await ground.cluster.client.checkouts(repository: "ci")
        #expect(checkouts.map(\.source) == ["folder", "pool"], "\(checkouts.map(\.reason))")
    }

    private static func has(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains { folder in
            FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)")
        }
    }

    // MARK: Containers

    private static func boxes(_ hosts: InternalHosts) -> String {
        """
        resources:
          containers:
          - container: box
            image: "registry.internal:\(hosts.port)/box:1"
        jobs:
        - job: Inside
          container: box
          steps:
          - checkout: none
          - script: |
              echo "through $http_proxy, not for $no_proxy"
              echo "page $(wget -q -O - http://git.internal:\(hosts.plainPort)/hello)"
              grep -c 'BEGIN CERTIFICATE' "$SSL_CERT_FILE" >/dev/null && echo "authorities are there"
              test -s "$NODE_EXTRA_CA_CERTS" && grep -q BEGIN "$AGENT_CAINFO" && echo "authority is there"
        """
    }

    @Test(
        "a container is pulled from a private registry, and its programs reach out, through the proxy alone",
        .enabled(if: BoxStore.isPossible, "podman and busybox are needed")
    )
    func containers() async throws {
        let store = try await BoxStore()
        _ = try await store.podman(["push", "localhost/box:1", "oci:\(store.path)/oci:1"])
        _ = try await store.podman(["rmi", "--force", "localhost/box:1"])
        try await Self.with(image: "\(store.path)/oci") { ground in
            let cluster = ground.cluster
            let repository = try ScratchRepository(["azure-pipelines.yml": Self.boxes(ground.hosts)])
            defer { repository.remove() }
            let pipeline = try await cluster.pipeline(repository)
            let packets = try await ground.network.watch {
                let configured = try await ground.configure(password: ground.proxy.password)
                #expect(configured.code == 0, "\(configured.output)")
                try await ground.listening(environment: store.environment) {
                    let run = try await cluster.queue(pipeline)
                    let view = try await cluster.finished(run.id)
                    let output = try await cluster.output(of: run.id)
                    #expect(view.run.state == .completed(.succeeded), "\(output)")
                    let lines = [
                        "Pulling 'registry.internal:\(ground.hosts.port)/box:1'", "page hello from outside",
                        "through http://agent:***@", "authorities are there", "authority is there",
                    ]
                    for line in lines { #expect(output.contains(line), "\(line) in \(output)") }
                }
            }
            let strangers = ground.network.strangers(packets, port: ground.proxy.port)
            #expect(strangers.isEmpty, "\(strangers.prefix(20).joined(separator: "\n"))")
            let asked = ground.proxy.requests
            #expect(asked.contains { $0.hasPrefix("CONNECT registry.internal:\(ground.hosts.port)") })
            #expect(asked.contains { $0.hasPrefix("GET http://git.internal:\(ground.hosts.plainPort)/hello") })
        }
        try await store.remove()
    }

    // MARK: What goes wrong

    @Test("a wrong password and a proxy that is away are named by config.sh, the doctor and the listener")
    func troubles() async throws {
        try await Self.with { ground in
            let refused = try await ground.configure(password: "wrong")
            let cause = "The proxy \(ground.proxy.url) refuses the user 'agent' or the password."
            #expect(refused.code == 1 && refused.output.contains(cause), "\(refused.output)")
            #expect(ground.agent.added.isEmpty, "\(ground.agent.added)")

            let configured = try await ground.configure(password: ground.proxy.password)
            #expect(configured.code == 0, "\(configured.output)")
            let credentials = "\(ground.agent.path)/.proxycredentials"
            let mode = try FileManager.default.attributesOfItem(atPath: credentials)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            try "username=agent\npassword=changed\n".write(toFile: credentials, atomically: true, encoding: .utf8)
            let doctor = try await ground.run(["bin/roost-agent", "doctor", "--root", "."])
            #expect(doctor.code == 1 && doctor.output.contains("✗ proxy          \(cause)"), "\(doctor.output)")
            #expect(doctor.output.contains(".proxycredentials"), "\(doctor.output)")
            let listener = try ground.start(["./run.sh", "--grace", "0"])
            try await listener.line(with: "Agent connect error: \(cause) Retrying until reconnected.")
            listener.send(SIGTERM)
            await listener.end()

            await ground.proxy.stop()
            let away = try await ground.run(["bin/roost-agent", "doctor", "--root", "."])
            #expect(away.code == 1 && away.output.contains("✗ proxy"), "\(away.output)")
            #expect(away.output.contains("The proxy \(ground.proxy.url) cannot be reached."), "\(away.output)")
        }
    }
}

extension AgentFolder {
    /// Excepts addresses from the proxy, as a person does it.
    fileprivate func bypass(_ pattern: String) throws {
        try "\(pattern)\n".write(toFile: "\(path)/.proxybypass", atomically: true, encoding: .utf8)
    }
}
