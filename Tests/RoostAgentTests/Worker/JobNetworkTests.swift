import FoundationEssentials
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

@testable import RoostAgent

@Suite("How jobs reach others")
struct JobNetworkTests {
    // MARK: Proxies

    struct Address: Sendable {
        var text: String
        var url: String?
        var user: String?
        var password: String?
        var whole: String?
    }

    @Test(
        "a proxy is read with and without scheme, port and login, and other kinds are refused",
        arguments: [
            Address(text: "http://p:3128", url: "http://p:3128", whole: "http://p:3128"),
            Address(text: " p:3128 ", url: "http://p:3128", whole: "http://p:3128"),
            Address(text: "http://p", url: "http://p:80", whole: "http://p:80"),
            Address(text: "http://[::1]:8/", url: "http://[::1]:8", whole: "http://[::1]:8"),
            Address(
                text: "http://me%40x:p%3Aw@p:1",
                url: "http://p:1",
                user: "me@x",
                password: "p:w",
                whole: "http://me%40x:p%3Aw@p:1"
            ),
            Address(text: "http://me@p:1", url: "http://p:1", user: "me", whole: "http://me:@p:1"),
            Address(text: "https://p:1"), Address(text: "socks5://p:1"), Address(text: ""), Address(text: "http://"),
        ]
    )
    func addresses(_ wanted: Address) {
        let proxy = Proxy(wanted.text)
        #expect(proxy?.url == wanted.url)
        #expect(proxy?.user == wanted.user && proxy?.password?.exposed == wanted.password)
        #expect(proxy?.wholeURL.exposed == wanted.whole)
        #expect(proxy.map { "\($0)".contains("p:w") } != true)
    }

    @Test("user and password that are given apart win over those in the address")
    func logins() {
        let proxy = Proxy("http://a:b@p:1", user: "c", password: Secret("d e"))
        #expect(proxy?.wholeURL.exposed == "http://c:d%20e@p:1")
        #expect(Proxy("http://a:b@p:1", user: "c")?.wholeURL.exposed == "http://c:@p:1")
    }

    // MARK: Exceptions

    struct Exception: Sendable {
        var list = ""
        var lines = ""
        var covered: [String] = []
        var notCovered: [String] = []
    }

    @Test(
        "names, ports, ranges and patterns except what they mean",
        arguments: [
            Exception(
                list: "example.org, .corp, *.lab",
                covered: ["https://example.org/a", "http://git.Example.org", "http://a.corp", "http://b.lab:8"],
                notCovered: ["https://ample.org", "https://example.org.evil", "http://x/?example.org"]
            ),
            Exception(list: "h:8080", covered: ["http://h:8080/"], notCovered: ["http://h/", "https://h/"]),
            Exception(list: "h:443", covered: ["https://h/"], notCovered: ["http://h/"]),
            Exception(
                list: "10.0.0.0/8,192.168.1.7",
                covered: ["https://10.1.2.3:8/", "http://192.168.1.7/"],
                notCovered: ["https://11.1.2.3/", "http://192.168.1.8/"]
            ),
            Exception(list: "*", covered: ["https://anything/"]),
            Exception(
                lines: "git.*\\.example\\.org\n10.0.0.0/8\n[unclosed\n",
                covered: ["https://git-1.Example.org/x", "http://10.9.9.9/"],
                notCovered: ["https://example.org/"]
            ),
        ]
    )
    func exceptions(_ wanted: Exception) {
        var bypass = ProxyBypass(lines: wanted.lines)
        bypass.names += ProxyBypass(list: wanted.list).names
        for url in wanted.covered { #expect(bypass.covers(url), "\(url)") }
        for url in wanted.notCovered { #expect(!bypass.covers(url), "\(url)") }
        // What is written to the file means the same.
        let written = ProxyBypass(lines: bypass.lines.joined(separator: "\n"))
        for url in wanted.covered where !url.contains("[") { #expect(written.covers(url), "\(url) by the file") }
        for url in wanted.notCovered { #expect(!written.covers(url), "\(url) by the file") }
    }

    @Test("patterns that mean a name become one for no_proxy, and others are left out")
    func names() {
        let lines = [
            "github\\.com", "^https?://build\\.example\\.org/", "https://a.b$", ".*\\.corp", "git-[0-9]+\\.org",
            "10.0.0.0/8", ".*",
        ]
        let bypass = ProxyBypass(lines: lines.joined(separator: "\n"))
        #expect(bypass.list == ["10.0.0.0/8", "github.com", "build.example.org", "a.b", "corp", "*"])
        let names = ProxyBypass(names: ["x.y", ".z", "h:8"])
        #expect(ProxyBypass(lines: names.lines.joined(separator: "\n")).list == ["h:8", "x.y", "z"])
    }

    // MARK: What jobs find

    private static let proxied: JobNetwork = {
        var settings = ConnectionSettings()
        settings.proxy = Proxy("http://p:1", user: "me", password: Secret("pass word"))
        settings.bypass = ProxyBypass(patterns: ["github\\.com"], names: ["10.0.0.0/8"])
        settings.authorityFile = "/a/ca.pem"
        return JobNetwork(settings, authorities: "/a/all.pem")
    }()

    @Test("steps find proxy, exceptions and authorities under all the names that programs read, and keep what is set")
    func environment() {
        let values = Self.proxied.completing(["PATH": "/bin"], services: ["db"])
        let address = "http://me:pass%20word@p:1"
        for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"] { #expect(values[name] == address) }
        #expect(values["no_proxy"] == "localhost,127.0.0.1,::1,169.254.169.254,10.0.0.0/8,github.com,db")
        #expect(values["NO_PROXY"] == values["no_proxy"] && values["NODE_USE_ENV_PROXY"] == "1")
        for name in ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "REQUESTS_CA_BUNDLE"] {
            #expect(values[name] == "/a/all.pem")
        }
        #expect(values["NODE_EXTRA_CA_CERTS"] == "/a/ca.pem" && values["ROOST_CACERT"] == "/a/ca.pem")
        let own = Self.proxied.completing([
            "HTTPS_PROXY": "http://q:2", "NO_PROXY": "x", "CURL_CA_BUNDLE": "/mine",
            "PIP_CERT": "/etc/ssl/certs/ca-certificates.crt",
        ])
        #expect(own["PIP_CERT"] == "/a/all.pem" && own["SSL_CERT_FILE"] == "/a/all.pem")
        #expect(own["HTTPS_PROXY"] == "http://q:2" && own["https_proxy"] == nil && own["http_proxy"] == address)
        #expect(own["no_proxy"] == "x" && own["CURL_CA_BUNDLE"] == "/mine")
        #expect(JobNetwork().completing(["A": "b"], services: ["db"]) == ["A": "b"])
    }

    @Test("a job has the variables of the vendor's agent, the password as a secret, and no log shows it")
    func variables() async throws {
        try await JobBench.with { bench in
            bench.network = Self.proxied
            bench.network.verifiesCertificates = false
            bench.agentEnvironment = [
                "VSTS_HTTP_PROXY_PASSWORD": "of the agent", "all_proxy": "socks5://x:other-secret@y:1",
                "ftp_proxy": "http://x:third-secret@y:1",
            ]
            let step = bench.script(
                """
                printenv | grep -i -E '^(agent_|secret_|vsts_http|https_proxy)' | sort
                echo "[$(Agent.ProxyPassword)] pass%20word third-secret"
                """
            )
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            let lines = bench.lines(step)
            for line in [
                "AGENT_PROXYURL=http://p:1", "AGENT_PROXYUSERNAME=me", "AGENT_CAINFO=/a/ca.pem",
                "AGENT_SKIPCERTVALIDATION=True", "https_proxy=http://me:***@p:1", "[***] *** ***",
                #"AGENT_PROXYBYPASSLIST=["github\\.com","10.0.0.0/8"]"#,
            ] {
                #expect(lines.contains(line), "\(line) in \(lines)")
            }
            #expect(!lines.contains { $0.hasPrefix("SECRET_") || $0.hasPrefix("VSTS_HTTP") || $0.contains("word") })
        }
    }

    // MARK: git

    @Test(
        "a checkout over https goes through the proxy and trusts the authority; a wrong password is told",
        .enabled(if: ProxyProgram.isPossible, "tinyproxy is needed")
    )
    func checkout() async throws {
        // Not the address that no proxy is asked for.
        let host = "127.0.0.2"
        try await JobBench.with { bench in
            let files = try AuthorityFiles(in: bench.folder, names: [host])
            let folder = bench.folder
            try await ProxyProgram.with { proxy in
                let hosts = try await InternalHosts(files, host: host)
                let result: Result<Void, any Error>
                do { result = .success(try await checkOut(folder, proxy, hosts, files, from: host)) } catch {
                    result = .failure(error)
                }
                await hosts.stop()
                try result.get()
            }
        }
    }

    private func checkOut(
        _ folder: String,
        _ proxy: ProxyProgram,
        _ hosts: InternalHosts,
        _ files: AuthorityFiles,
        from host: String
    ) async throws {
        let url = "https://\(host):\(hosts.port)/inner.git"
        let bundle = "\(folder)/all.pem"
        #expect(SmallFile.write(AuthorityBundle.text(adding: SmallFile.read(files.authority) ?? ""), to: bundle) == 0)
        func bench(_ password: String) -> JobBench {
            var settings = ConnectionSettings()
            settings.authorityFile = files.authority
            settings.proxy = Proxy(proxy.url, user: proxy.user, password: Secret(password))
            var bench = JobBench(folder: folder)
            bench.network = JobNetwork(settings, authorities: bundle)
            bench.repositories = [
                JobRepository(
                    alias: "self",
                    id: "self",
                    name: "inner",
                    url: url,
                    ref: "refs/heads/main",
                    version: hosts.commit
                )
            ]
            return bench
        }
        var refused = bench("wrong-password")
        let wrong = refused.add(.checkout, ["repository": "self"])
        let failed = try await refused.run()
        #expect(failed.result == .failed)
        #expect(
            refused.lines(wrong).contains { $0.contains("CONNECT") && $0.contains("401") },
            "\(refused.lines(wrong))"
        )
        #expect(!proxy.requests.isEmpty && !refused.lines(wrong).contains { $0.contains("wrong-password") })

        var good = bench(proxy.password)
        let step = good.add(.checkout, ["repository": "self"])
        let show = good.script(
            """
            cat b
            git ls-remote --heads \(url)
            env -u GIT_SSL_CAINFO git ls-remote \(url) 2>&1 | grep -i -o 'certificate verification failed'
            """
        )
        let succeeded = try await good.run()
        #expect(succeeded.result == .succeeded, "\(good.lines(step)) \(good.lines(show))")
        let lines = good.lines(show)
        #expect(lines.contains("inner") && lines.contains { $0.hasPrefix(hosts.commit) }, "\(lines)")
        #expect(lines.contains("certificate verification failed"), "\(lines)")
        let asked = proxy.requests
        #expect(asked.allSatisfy { $0 == "CONNECT \(host):\(hosts.port) HTTP/1.1" }, "\(asked)")
    }
}
