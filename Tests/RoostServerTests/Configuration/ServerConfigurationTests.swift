import Foundation
import RoostServer
import Testing

@Suite("The server's configuration")
struct ServerConfigurationTests {
    /// A configuration file that is removed after the test.
    private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        let path = FileManager.default.temporaryDirectory.appending(path: "roost-\(UUID().uuidString).conf").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    @Test("flags win over the environment, which wins over the file")
    func precedence() throws {
        let configuration = try withFile("port = 1\nhost = file\norganization = file\n") { file in
            try ServerConfiguration.load(
                file: file,
                environment: ["ROOST_PORT": "2", "ROOST_HOST": "environment", "PATH": "/bin"],
                flags: ["port": "3"]
            )
        }
        #expect(configuration.port == 3)
        #expect(configuration.host == "environment")
        #expect(configuration.organization == "file")
    }

    @Test("all problems are reported at once, each with its place")
    func problems() throws {
        let text = """
            # a comment
            port = seventy
            prot = 80
            just words
            long-poll-hold = "50s
            host = a
            host = b
            """
        let error = try withFile(text) { file in
            #expect(throws: ConfigurationError.self) {
                try ServerConfiguration.load(
                    file: file,
                    environment: ["ROOST_BODY_LIMIT": "lots"],
                    flags: ["log-level": "loud"]
                )
            }
        }
        let problems = try #require(error).problems
        #expect(
            problems.map(\.text) == [
                "expected 'key = value', found 'just words'",
                "the closing quote is missing",
                "'port': 'seventy' is no whole number",
                "there is no key 'prot'; did you mean 'port'?",
                "'host' is already set at \(problems.last { $0.text.contains("already") }?.place.replacing(/:7$/, with: ":6") ?? "")",
                "'body-limit': 'lots' is no size; write for example 64KiB or 16MiB",
                "'log-level': 'loud' is none of trace, debug, info, notice, warning, error, critical",
            ]
        )
        let places = problems.map { $0.place.split(separator: "/").last?.replacing(/^.*conf/, with: "conf") ?? "" }
        #expect(places == ["conf:4", "conf:5", "conf:2", "conf:3", "conf:7", "ROOST_BODY_LIMIT", "--log-level"])
    }

    @Test("values may be bare, quoted or followed by a comment")
    func syntax() throws {
        let text = """
            data = /srv/roost # where it lives
            organization="team-a"
            public-url = "https://build.example.com/"   # outside
            \tlong-poll-hold =  1m5s
            """
        let configuration = try withFile(text) { try ServerConfiguration.load(file: $0) }
        #expect(configuration.data == "/srv/roost")
        #expect(configuration.organization == "team-a")
        #expect(configuration.publicURL == "https://build.example.com/")
        #expect(configuration.longPollHold == .seconds(65))
    }

    @Test("a command line gives values by --name value, --name=value, and switches alone")
    func commandLine() throws {
        let configuration = try ServerConfiguration.load(
            arguments: ["--port", "0", "--host=::1", "--open-metrics", "--dashboard", "false"],
            environment: [:]
        )
        #expect(configuration.port == 0)
        #expect(configuration.host == "::1")
        #expect(configuration.openMetrics)
        #expect(!configuration.dashboard)
    }

    @Test(
        "a word that is no flag, and a flag without its value, are named",
        arguments: [
            (["serve"], "serve: a flag was expected, such as --port 8080"), (["--port"], "--port: a value must follow"),
        ]
    )
    func badCommandLine(words: [String], problem: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try ServerConfiguration.load(arguments: words, environment: [:])
        }
        #expect(error?.problems.map(\.description) == [problem])
    }

    @Test(
        "values out of range or of the wrong form are refused",
        arguments: [
            ("port", "65536"), ("port", "-1"), ("long-poll-hold", "91s"), ("long-poll-hold", "5"),
            ("public-url", "build.example.com"),
            ("public-url", "http:///x"), ("organization", "_apis"), ("organization", "a/b"), ("dashboard", "perhaps"),
            ("body-limit", "1B"), ("run-retention", "99999999999999999999d"), ("log-format", "xml"),
        ]
    )
    func refused(key: String, value: String) {
        #expect(throws: ConfigurationError.self) { try ServerConfiguration.load(flags: [key: value]) }
    }

    @Test("a certificate without its key is refused")
    func halfTLS() {
        let error = #expect(throws: ConfigurationError.self) {
            try ServerConfiguration.load(flags: ["tls-certificate": "c.pem"])
        }
        #expect(error?.problems.map(\.description) == ["tls-certificate: 'tls-key' must be given too"])
    }

    @Test("a file that is not there is named")
    func missingFile() {
        let error = #expect(throws: ConfigurationError.self) {
            try ServerConfiguration.load(file: "/nowhere/roost.conf")
        }
        #expect(error?.problems.map(\.description) == ["/nowhere/roost.conf: the file cannot be read"])
    }

    @Test("every property has a key, and every key an environment name, a flag, a type and a sentence")
    func completeness() {
        let properties = Mirror(reflecting: ServerConfiguration()).children.compactMap(\.label)
        #expect(properties.count == ServerConfiguration.keys.count)
        #expect(Set(ServerConfiguration.keys.map(\.name)).count == ServerConfiguration.keys.count)
        for key in ServerConfiguration.keys {
            #expect(key.environmentName.hasPrefix("ROOST_"))
            #expect(key.flag == "--\(key.name)")
            #expect(!key.kind.isEmpty)
            #expect(key.documentation.hasSuffix("."), "\(key.name)")
        }
    }

    @Test("every default can be read back", arguments: ServerConfiguration.keys.map(\.name))
    func defaults(name: String) throws {
        let key = try #require(ServerConfiguration.keys.first { $0.name == name })
        guard !key.defaultText.isEmpty else { return }
        #expect(try ServerConfiguration.load(flags: [name: key.defaultText]) == ServerConfiguration())
    }

    @Test("the documentation's table has a line for every key")
    func markdown() {
        let lines = ServerConfiguration.markdownTable().split(separator: "\n")
        #expect(lines.count == ServerConfiguration.keys.count + 2)
        #expect(
            lines.contains {
                $0.contains("`--long-poll-hold`") && $0.contains("`ROOST_LONG_POLL_HOLD`") && $0.contains("`50s`")
            }
        )
    }

    @Test(
        "the address is the public one, or made of scheme, host and port",
        arguments: [
            (["host": "0.0.0.0"], "http://localhost:81/"), (["host": "::1"], "http://[::1]:81/"),
            (["tls-certificate": "c", "tls-key": "k"], "https://127.0.0.1:81/"),
            (["public-url": "https://a/b"], "https://a/b/"),
        ]
    )
    func address(flags: [String: String], address: String) throws {
        #expect(try ServerConfiguration.load(flags: flags).address(port: 81) == address)
    }
}
